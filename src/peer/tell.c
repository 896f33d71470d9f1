/* News of a peer, with its envelope; and its lines in the log. */
#include "inside.h"

#include "base/log.h"

static void
tell(struct peer *p, const struct conn *c, struct event *e)
{
	struct event_peer who = {
		.local = c == NULL ? p->conf->local : c->local,
		.peer = c == NULL ? p->conf->peer.addr : c->remote,
		.local_as = p->conf->local_as,
		.peer_as = p->conf->peer_as,
		.router_id = p->conf->router_id,
	};

	if (c != NULL && c->has_ours) {
		who.local_as = c->ours.asn;
		who.router_id = c->ours.router_id;
	}
	if (who.peer_as == 0 && c != NULL && c->has_theirs)
		who.peer_as = c->theirs.asn;
	e->peer = &who;
	e->wall = loop_wall(p->loop);
	e->session = c != NULL && c->agreed ? &c->session : NULL;
	p->hooks->told(p, e);
}

void
tell_fsm(struct peer *p, struct conn *c, enum fsm_state s)
{
	struct event e = { .kind = EVENT_FSM, .state.name = fsm_state_name(s) };

	/* With two connections the one that is further speaks for the peer. */
	if (s == p->told || (s != FSM_IDLE && s < p->told && p->told > FSM_ACTIVE))
		return;
	p->told = s;
	tell(p, c, &e);
}

void
tell_state(struct peer *p, struct conn *c, const char *name, const struct ending *why)
{
	struct event e = { .kind = EVENT_STATE, .state.name = name };

	if (why != NULL) {
		e.state.reason = slice_on(why->reason);
		e.state.said = why->note.code == 0 ? why->heard : &why->note;
	}
	tell(p, c, &e);
}

void
tell_negotiated(struct conn *c)
{
	tell(c->peer, c, &(struct event){ .kind = EVENT_NEGOTIATED });
}

static void
message_event(struct event *e, struct slice message)
{
	struct reader r = reader_on(message);

	e->kind = EVENT_MESSAGE;
	e->header = read_slice(&r, BGP_HEADER);
	e->body = read_rest(&r);
	r = reader_on(e->header);
	read_skip(&r, BGP_HEADER - 1);
	e->type = read_u8(&r);
}

void
tell_heard(struct conn *c, struct slice message, struct event *e)
{
	message_event(e, message);
	e->direction = EVENT_RECEIVE;
	if (!c->over)
		tell(c->peer, c, e);
}

/* Our own bytes are read as the peer will read them; what is no leak from us looks like one to us.
 */
static void
tell_sent_update(struct conn *c, struct event *e)
{
	struct session mirror = c->session;
	struct arena a = { 0 };
	struct update u;

	mirror.path_ids_in = c->session.path_ids_out;
	mirror.path_ids_out = c->session.path_ids_in;
	mirror.role = ROLE_NONE;
	mirror.mirrored = true;
	update_decode(e->body, &mirror, &a, NULL, &u);
	e->parsed = u.verdict != VERDICT_RESET;
	e->update = &u;
	tell(c->peer, c, e);
	update_done(&u);
	arena_free(&a);
}

void
tell_sent(struct conn *c, struct slice message)
{
	struct peer *p = c->peer;
	struct event e = { .direction = EVENT_SEND };
	struct notification note;
	struct notification why;
	struct refresh refresh;

	message_event(&e, message);
	p->counts.sent[0]++;
	p->counts.sent[e.type]++;
	if (!(p->wants & PEER_WANT_SENT) ||
	    (e.type == MESSAGE_KEEPALIVE && !(p->wants & PEER_WANT_KEEPALIVES)))
		return;
	if (e.type == MESSAGE_UPDATE) {
		tell_sent_update(c, &e);
		return;
	}
	if (e.type == MESSAGE_OPEN) {
		e.open = &c->ours;
		e.parsed = true;
	} else if (e.type == MESSAGE_NOTIFICATION) {
		note = notify_decode(e.body);
		e.notification = &note;
		e.parsed = true;
	} else if (e.type == MESSAGE_REFRESH) {
		e.parsed = refresh_decode(e.body, &refresh, &why);
		e.refresh = &refresh;
	} else {
		e.parsed = true;
	}
	tell(p, c, &e);
}

void
tell_printable(struct text *to, struct slice s)
{
	struct reader r = reader_on(s);

	while (reader_more(&r)) {
		uint8_t b = read_u8(&r);

		if (b >= ' ' && b < 0x7f && b != '"' && b != '\\')
			text_char(to, (char)b); /* ASCII */
		else
			text_format(to, "\\x%02x", b);
	}
}
