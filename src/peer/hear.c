/* What a connection hears: frames to messages, messages to events of the state machine. */
#include "inside.h"

#include "base/log.h"

#include <stdio.h>

struct hearing {       /* of a call */
	size_t passed; /* messages that did not wait */
	size_t passed_bytes;
	bool queued; /* some others */
};

static void
refused(struct conn *c, enum fsm_event event, const struct notification *why)
{
	conn_step(c, event, &(struct ending){ .note = *why });
}

/* RFC 4271 6.1: the erroneous length is the data of 1/2. */
static void
bad_frame(struct conn *c, struct slice in)
{
	struct notification why = { 1, 1, { NULL, 0 } };

	if (c->framer.fault != FRAME_BAD_MARKER) {
		struct reader r = reader_on(in);

		read_skip(&r, BGP_MARKER_LEN);
		why = (struct notification){ 1, 2, read_slice(&r, 2) };
	}
	log_say(LOG_WARN, LOG_NETWORK, "peer=%s what=bad-header", peer_name(c->peer));
	refused(c, FSM_BAD_HEADER, &why);
}

/* Both OPENs stay until the connection is buried: they are asked for. */
static void
hear_open(struct conn *c, struct slice message)
{
	struct event e = { .parsed = false };
	struct open_rules rules = { .peer_as = c->peer->conf->peer_as,
		.aigp = c->peer->conf->aigp,
		.role = (enum role)c->peer->conf->role,
		.role_strict = c->peer->conf->role_strict };
	struct notification why;

	if (c->has_theirs) { /* a second one, or one after the time */
		tell_heard(c, message, &e);
		refused(c, FSM_GOT_OPEN, &(struct notification){ 5, 0, { NULL, 0 } });
		return;
	}
	message = arena_copy(&c->opens, message);
	c->has_theirs = open_decode(message_body(message), &c->opens, &c->theirs, &why);
	e.parsed = c->has_theirs;
	e.open = &c->theirs;
	tell_heard(c, message, &e);
	if (c->over)
		return;
	if (!c->has_theirs) {
		refused(c, FSM_BAD_OPEN, &why);
		return;
	}
	if (c->theirs.left_out != NULL)
		log_say(LOG_WARN, LOG_NETWORK, "peer=%s what=malformed-capability capability=%s",
		    peer_name(c->peer), c->theirs.left_out->word);
	if (!c->has_ours)
		conn_make_open(c);
	if (!session_agree(&c->ours, &c->theirs, &rules, &c->session, &why)) {
		refused(c, FSM_BAD_OPEN, &why);
		return;
	}
	c->session.local = c->local;
	c->session.peer = c->remote;
	c->session.disable_family = c->peer->conf->disable_family;
	if (c->peer->conf->ttl_out > 1)
		c->session.link_local_nexthop = false; /* a link-local next hop is one hop away */
	else
		c->session.link_local = c->peer->conf->link_local;
	if (peer_resolve(c->peer, c))
		conn_step(c, FSM_GOT_OPEN, NULL);
}

static void
hear_keepalive(struct conn *c, struct slice message)
{
	if (c->peer->wants & PEER_WANT_KEEPALIVES)
		tell_heard(c, message, &(struct event){ .parsed = true });
	if (!c->over && c->state == FSM_OPENCONFIRM && peer_has_rival(c->peer, c))
		conn_yield(c);
	else
		conn_step(c, FSM_GOT_KEEPALIVE, NULL);
}

static void
hear_notification(struct conn *c, struct slice message)
{
	struct notification note = notify_decode(message_body(message));
	struct event e = { .parsed = true, .notification = &note };
	struct text shown = { 0 };
	struct text words = { 0 };
	char reason[48];

	notify_display(&note, &shown);
	tell_printable(&words, text_view(&shown));
	log_say(LOG_WARN, LOG_NETWORK, "peer=%s what=notification-received code=%u/%u text=\"%s\"",
	    peer_name(c->peer), note.code, note.subcode, text_chars(&words));
	text_free(&words);
	text_free(&shown);
	(void)snprintf(
	    reason, sizeof(reason), "notification received (%u,%u)", note.code, note.subcode);
	tell_heard(c, message, &e);
	conn_step(c, FSM_GOT_NOTIFICATION, &(struct ending){ .reason = reason, .heard = &note });
}

/* Parts of a family that was disabled are dropped before anybody sees them; how many others are. */
static unsigned
drop_disabled(struct family_set disabled, struct update_part *parts)
{
	unsigned left = 0;

	for (unsigned i = 0; i < UPDATE_PARTS; i++) {
		if (parts[i].family != NULL && family_in(disabled, parts[i].family))
			parts[i].family = NULL;
		left += parts[i].family != NULL;
	}
	return left;
}

/* RFC 4760 7: its routes go, and those that come are ignored. False: u says nothing else. */
static bool
disable(struct conn *c, struct update *u)
{
	struct peer *p = c->peer;
	struct family_set fresh = { u->disable.bits & ~c->disabled.bits };
	unsigned left;

	if (fresh.bits != 0) {
		log_say(LOG_ERROR, LOG_MESSAGE, "peer=%s what=family-disabled verdict=\"%s\"",
		    peer_name(p), u->note);
		c->disabled.bits |= fresh.bits;
		if (p->in != NULL)
			rib_in_clear(p->in, fresh);
	}
	if (u->eor != NULL && family_in(c->disabled, u->eor))
		u->eor = NULL;
	left = drop_disabled(c->disabled, u->announce);
	left += drop_disabled(c->disabled, u->withdraw);
	left += drop_disabled(c->disabled, u->twisted);
	return left != 0 || fresh.bits != 0 || u->eor != NULL;
}

/* Powers of two only: a peer that sends nothing else does not fill the log. */
static void
log_malformed(struct conn *c, const struct update *u)
{
	struct text words = { 0 };

	c->malformed++;
	if ((c->malformed & (c->malformed - 1)) != 0)
		return;
	tell_printable(&words, slice_on(u->note == NULL ? "malformed" : u->note));
	log_say(LOG_WARN, LOG_MESSAGE,
	    "peer=%s what=malformed-update zone=%s count=%llu verdict=\"%s\"", peer_name(c->peer),
	    zone_name(ZONE_EXTRACT), (unsigned long long)c->malformed, text_chars(&words));
	text_free(&words);
}

static void
count(struct peer *p, const struct update *u)
{
	for (unsigned i = 0; i < UPDATE_PARTS; i++) {
		if (u->announce[i].family != NULL)
			p->counts.prefixes_in += nlri_count(&u->announce[i]);
		if (u->withdraw[i].family != NULL)
			p->counts.withdrawn_in += nlri_count(&u->withdraw[i]);
		if (u->twisted[i].family != NULL)
			p->counts.withdrawn_in += nlri_count(&u->twisted[i]);
	}
}

static void
hear_update(struct conn *c, struct slice message)
{
	struct peer *p = c->peer;
	bool wanted = (p->wants & PEER_WANT_UPDATES_IN) != 0;
	struct event e = { .parsed = false };
	struct update u;

	trace_stage(p, STAGE_TAKEN);
	if (c->state != FSM_ESTABLISHED || (!wanted && p->in == NULL)) {
		conn_step(c, FSM_GOT_UPDATE, NULL);
		trace_stage(p, STAGE_APPLIED);
		return;
	}
	if (c->cache == NULL)
		c->cache = attr_cache_new(0);
	update_decode(message_body(message), &c->session, &c->message, c->cache, &u);
	trace_stage(p, STAGE_DECODED);
	if (u.verdict != VERDICT_FINE)
		log_malformed(c, &u);
	if ((c->disabled.bits | u.disable.bits) != 0)
		wanted &= disable(c, &u);
	count(p, &u);
	e.parsed = u.verdict != VERDICT_RESET;
	e.update = &u;
	if (wanted)
		tell_heard(c, message, &e);
	trace_stage(p, STAGE_TOLD);
	c->update = &u;
	c->spoilt = u.verdict == VERDICT_RESET;
	if (c->spoilt)
		refused(c, FSM_BAD_MESSAGE, &u.why);
	else
		conn_step(c, FSM_GOT_UPDATE, NULL);
	trace_stage(p, STAGE_APPLIED);
	c->update = NULL;
	update_done(&u);
	arena_reset(&c->message);
}

static void
hear_refresh(struct conn *c, struct slice message)
{
	struct notification why;
	struct refresh asked;
	bool fine = refresh_decode(message_body(message), &asked, &why);
	struct event e = { .parsed = fine, .refresh = &asked };

	tell_heard(c, message, &e);
	if (!fine && c->state == FSM_ESTABLISHED) {
		refused(c, FSM_BAD_MESSAGE, &why);
		return;
	}
	c->refresh = fine ? &asked : NULL;
	conn_step(c, FSM_GOT_REFRESH, NULL);
	c->refresh = NULL;
}

/* RFC 4271 6.1: the type is the data of 1/3. The reference's coming line says 1/0 and a sentence.
 */
static void
refuse_type(struct conn *c, uint8_t type)
{
	struct text words = { 0 };

	if (!c->peer->globals->coming_line) {
		refused(c, FSM_BAD_HEADER, &(struct notification){ 1, 3, { &type, 1 } });
		return;
	}
	text_format(&words, "can not decode update message of type \"%u\"", type);
	refused(c, FSM_BAD_HEADER, &(struct notification){ 1, 0, text_view(&words) });
	text_free(&words);
}

/* A type that was not agreed is none. */
static void
hear_other(struct conn *c, struct slice message, uint8_t type)
{
	tell_heard(c, message, &(struct event){ .parsed = false });
	if (type == MESSAGE_OPERATIONAL && (!c->agreed || c->session.operational))
		conn_step(c, FSM_GOT_OPERATIONAL, NULL);
	else
		refuse_type(c, type);
}

void
conn_hear(struct conn *c, struct slice message, uint8_t type)
{
	struct notification why;

	c->peer->counts.received[0]++;
	if (type < sizeof(c->peer->counts.received) / sizeof(c->peer->counts.received[0]))
		c->peer->counts.received[type]++;
	if (message_of(type) == NULL) {
		tell_heard(c, message, &(struct event){ .parsed = false });
		refuse_type(c, type);
	} else if (!message_check(message, &why)) {
		tell_heard(c, message, &(struct event){ .parsed = false });
		refused(c, FSM_BAD_HEADER, &why);
	} else if (type == MESSAGE_OPEN) {
		hear_open(c, message);
	} else if (type == MESSAGE_UPDATE) {
		hear_update(c, message);
	} else if (type == MESSAGE_NOTIFICATION) {
		hear_notification(c, message);
	} else if (type == MESSAGE_KEEPALIVE) {
		hear_keepalive(c, message);
	} else if (type == MESSAGE_REFRESH) {
		hear_refresh(c, message);
	} else {
		hear_other(c, message, type);
	}
}

/* A KEEPALIVE that nobody is told of has nothing to wait for. */
static bool
waits(const struct conn *c, uint8_t type)
{
	return c->peer->up == c && !intake_passes(c) &&
	    (type != MESSAGE_KEEPALIVE || (c->peer->wants & PEER_WANT_KEEPALIVES));
}

/* Straight through the intake, or into it; false: it does not fit. */
static bool
take_one(struct conn *c, const struct frame *f, struct hearing *h)
{
	uint8_t type = (uint8_t)f->type; /* one byte */
	bool passes = c->peer->up == c && intake_passes(c);

	trace_framed(c, f->used, type);
	if (waits(c, type)) {
		intake_passed(c->peer, h->passed, h->passed_bytes);
		h->passed = h->passed_bytes = 0;
		h->queued = true;
		return intake_put(c, f->body, type);
	}
	conn_hear(c, f->body, type);
	h->passed += passes;
	h->passed_bytes += passes ? f->used : 0;
	return true;
}

/* What came, up to the size of a batch and while it is its turn. */
static enum frame_status
hear_all(struct conn *c, struct slice *rest, struct hearing *h)
{
	size_t most = (size_t)c->peer->conf->batch_size; /* 1 at least */
	enum frame_status status = FRAME_READY;
	size_t messages = 0;
	struct frame f;

	while (!c->over && !stream_held(&c->stream)) {
		status = frame_next(&c->framer, *rest, &f);
		if (status != FRAME_READY || !take_one(c, &f, h))
			break;
		*rest = slice_after(*rest, f.used);
		if (++messages < most && !loop_spent(c->peer->loop))
			continue;
		if (!c->over)
			stream_yield(&c->stream);
		break;
	}
	return status;
}

size_t
conn_bytes(struct stream *s, struct slice in)
{
	struct conn *c = owner_of(s, struct conn, stream);
	struct hearing h = { 0 };
	struct slice rest = in;
	enum frame_status status = hear_all(c, &rest, &h);

	intake_passed(c->peer, h.passed, h.passed_bytes);
	if (h.queued && c->peer->up == c)
		intake_settle(c);
	if (!c->over && status == FRAME_BAD && !intake_before_fault(c)) {
		bad_frame(c, rest);
		rest.len = 0;
	}
	return s->loop == NULL ? 0 : in.len - rest.len;
}

/* Nothing is refused; powers of two only, as above. */
static void
apply(struct peer *p, const struct update *u)
{
	uint64_t before = rib_in_over(p->in);
	uint64_t now;

	rib_in_apply(p->in, u);
	now = rib_in_over(p->in);
	if ((now ^ before) > before)
		log_say(LOG_WARN, LOG_ROUTES, "peer=%s what=paths-limit-exceeded paths=%llu",
		    peer_name(p), (unsigned long long)now);
}

void
conn_take(struct conn *c)
{
	const struct family *f;

	if (c->update != NULL && c->peer->in != NULL)
		apply(c->peer, c->update);
	if (c->refresh == NULL || c->refresh->subtype != REFRESH_QUERY)
		return; /* RFC 7313: the markers of the other side ask for nothing */
	f = family_of(c->refresh->afi, c->refresh->safi);
	if (f != NULL && c->session.refresh != REFRESH_ABSENT &&
	    family_in(c->session.family_bits, f))
		markers_refresh(c->peer, f);
}
