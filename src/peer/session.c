/* The session of a connection: our OPEN, and what the table of the state machine says. */
#include "inside.h"

#include "base/must.h"

static uint32_t
router_id(const struct conn *c)
{
	uint32_t id = c->peer->conf->router_id;

	if (id == 0 && c->local.family == ADDR_IPV4)
		id = addr_u32(&c->local);
	if (id == 0) /* no IPv4 address to take: the last bytes of the other, never zero */
		id = load_u32(c->local.bytes + 12) | 1;
	return id;
}

/* Kept as it goes out and decoded from that, so that it outlives the configuration it is from. */
void
conn_make_open(struct conn *c)
{
	const struct peer_conf *conf = c->peer->conf;
	struct open o = {
		.version = 4,
		.asn = conf->local_as != 0 ? conf->local_as : c->theirs.asn,
		.hold_time = conf->hold_time,
		.router_id = router_id(c),
		.caps = conf->caps,
	};
	struct notification why;
	uint8_t room[BGP_MESSAGE_MAX];
	struct writer w = writer_on(room, sizeof(room));

	o.as_field = o.asn > UINT16_MAX ? 23456 : (uint16_t)o.asn; /* RFC 6793: AS_TRANS */
	o.caps.asn = o.asn;
	open_encode(&o, &w);
	MUST(writer_ok(&w));
	c->open_message = arena_copy(&c->opens, writer_slice(&w));
	if (!open_decode(message_body(c->open_message), &c->opens, &c->ours, &why))
		MUST(false);
	c->ours.asn = o.asn; /* without asn4 the message has AS_TRANS for it */
	c->has_ours = true;
}

static void
ends(struct conn *c, enum fsm_state was, uint32_t todo, const struct ending *why)
{
	static const struct ending none = { .note.code = 0 };
	const struct notification *heard = why == NULL ? NULL : why->heard;
	struct notification note = why == NULL ? none.note : why->note;
	const char *reason = why == NULL ? NULL : why->reason;
	struct text data = { 0 };
	struct text words = { 0 };

	if (todo & FSM_DO_BLAME)
		note = (struct notification){ 5, fsm_blame(was), { NULL, 0 } };
	if (reason == NULL || (todo & FSM_DO_BLAME)) {
		text_format(&words, "notification sent (%u,%u)", note.code, note.subcode);
		reason = text_chars(&words);
	}
	if (note.data.len == 0) {
		notify_default_data(note.code, note.subcode, &data);
		note.data = text_view(&data);
	}
	c->over = true;
	if (c->peer->up == c)
		intake_down(c->peer);
	list_cut(&c->link);
	timing_stop(c);
	if ((todo & (FSM_DO_NOTIFY | FSM_DO_BLAME)) && c->connected && note.code != 0)
		conn_leave(c, &note);
	else
		note.code = 0;
	peer_ended(c->peer, c, was, todo, &(struct ending){ note, reason, heard });
	if (!list_linked(&c->link))
		conn_bury(c);
	text_free(&data);
	text_free(&words);
}

static void
agreed(struct conn *c)
{
	c->agreed = true;
	c->framer = frame_bgp(c->session.message_max);
	timing_agreed(c);
	tell_negotiated(c);
}

static void
send_open(struct conn *c)
{
	if (!c->has_ours)
		conn_make_open(c);
	conn_say(c, c->open_message);
}

static void
begins(struct conn *c, uint32_t todo)
{
	if (todo & FSM_DO_CONNECT)
		conn_connect(c);
	if (todo & FSM_DO_TELL_TCP) {
		/* With a second connection the peer is not connected once more. */
		if (!c->peer->connected_told) {
			c->peer->connected_told = true;
			if (c->outgoing)
				tell_fsm(c->peer, c, FSM_IDLE); /* as the reference does */
			tell_state(c->peer, c, "connected", NULL);
		}
		if (!c->over)
			tell_fsm(c->peer, c, FSM_CONNECT);
	}
	if (!c->over && (todo & FSM_DO_WAIT))
		timing_wait(c);
	if (!c->over && (todo & FSM_DO_OPEN))
		send_open(c);
	if (!c->over && (todo & FSM_DO_AGREED))
		agreed(c);
}

void
conn_alive(struct conn *c)
{
	c->heard = loop_now(c->peer->loop);
	c->graced = false;
}

void
conn_step(struct conn *c, enum fsm_event event, const struct ending *why)
{
	enum fsm_state was = c->state;
	struct fsm_step step = fsm_step(was, event);

	if (c->over)
		return;
	peer_remember(c->peer, c, event, step.next);
	c->state = step.next;
	if (step.todo & FSM_DO_CLOSE) {
		ends(c, was, step.todo, why);
		return;
	}
	begins(c, step.todo);
	if (!c->over && step.next != was && step.next > FSM_ACTIVE)
		tell_fsm(c->peer, c, step.next);
	if (!c->over && (step.todo & FSM_DO_KEEPALIVE))
		conn_keepalive(c);
	if (!c->over && (step.todo & FSM_DO_HEARD))
		conn_alive(c);
	if (!c->over && (step.todo & FSM_DO_UP))
		peer_came_up(c->peer, c);
	if (!c->over && (step.todo & FSM_DO_TAKE))
		conn_take(c);
}
