/*
 * How a peer lives: attempts and the waits between them, connections that end, collisions.
 */
#include "inside.h"

#include "base/log.h"
#include "base/num.h"

#include <unistd.h>

#define TRIES_MOST  50                 /* connects in one attempt */
#define TRIES_TIME  (30 * USEC_SECOND) /* and how long it takes at most */
#define TRIES_EVERY (100 * USEC_MSEC)
#define TRIES_SOON  (10 * USEC_MSEC)   /* the second, twice that the third ... */
#define OLD_ENOUGH  (10 * USEC_SECOND) /* a session that lived so long was no flap */
#define FLAPS_MOST  10                 /* sessions in a row that are let off the wait */

static void retry_due(struct timer *t);

static bool
is_passive(const struct peer *p)
{
	return p->conf->passive || p->globals->passive || peer_conf_is_range(p->conf);
}

usec
life_jitter(uint64_t *random, usec time)
{
	*random ^= *random << 13;
	*random ^= *random >> 7;
	*random ^= *random << 17;
	return time - (usec)(*random % (uint64_t)(time / 4 + 1)); /* a time is not negative */
}

static void
retry_in(struct peer *p, usec time)
{
	timer_start(&p->retry, p->loop, loop_now(p->loop) + time, retry_due, "peer retry");
}

/* The next attempt, after the wait that is due: 0, 1, 2, 3, 4, 5, 7 ... 60 seconds. */
void
life_attempt(struct peer *p)
{
	usec wait = (usec)p->wait * USEC_SECOND;

	p->tries = 0;
	tell_fsm(p, NULL, FSM_ACTIVE);
	if (is_passive(p))
		return;
	retry_in(p, life_jitter(&p->random, wait));
	p->wait = (10 + 12 * p->wait) / 10;
	if (p->wait > PEER_WAIT_MOST)
		p->wait = PEER_WAIT_MOST;
}

/* A connect failed: soon again, since who starts beside us listens in a moment, then each tenth of
 * a second, a few times, then the attempt has failed. */
static void
try_again(struct peer *p, const char *reason)
{
	usec took = loop_now(p->loop) - p->attempt_since;

	if (p->tries < TRIES_MOST && took < TRIES_TIME) {
		usec soon = p->tries * TRIES_SOON;

		retry_in(p, life_jitter(&p->random, soon < TRIES_EVERY ? soon : TRIES_EVERY));
		return;
	}
	log_say(LOG_INFO, LOG_NETWORK,
	    "peer=%s what=connect-failed tries=%u took=%lldms wait=%us error=\"%s\"", peer_name(p),
	    p->tries, (long long)(took / USEC_MSEC), p->wait, reason);
	life_attempt(p);
}

/* One connection is enough: what was accepted in the meantime comes first. */
static void
retry_due(struct timer *t)
{
	struct peer *p = owner_of(t, struct peer, retry);

	if (!list_empty(&p->conns))
		return;
	if (p->tries++ == 0)
		p->attempt_since = loop_now(p->loop);
	conn_step(conn_new(p, true), FSM_START, NULL);
}

static void
over_due(struct again *a)
{
	struct peer *p = owner_of(a, struct peer, over);

	p->over_told = true;
	p->hooks->over(p);
}

void
peer_settle(struct peer *p)
{
	if (p->stopping && !p->over_told && list_empty(&p->conns) && list_empty(&p->leaving))
		loop_again(&p->over, p->loop, over_due, "peer over");
}

static bool
any_connected(const struct peer *p)
{
	list_each (link, &p->conns)
		if (owner_of(link, struct conn, link)->connected)
			return true;
	return false;
}

bool
peer_unanswered(const struct peer *p)
{
	return p->up == NULL && (p->tries > 1 || (p->tries == 1 && !any_connected(p)));
}

/* Sessions that malformed UPDATEs ended, one after the other, wait longer each time: 1, 2, 4 ... */
static unsigned
spoilt_wait(struct peer *p, const struct conn *c, bool young)
{
	unsigned last = !young ? 0 : p->spoilt;

	p->spoilt = c->spoilt ? last + 1 : 0;
	if (p->spoilt == 0)
		return 0;
	return p->spoilt > 6 ? PEER_WAIT_MOST : 1U << (p->spoilt - 1);
}

static void
session_over(struct peer *p, const struct conn *c)
{
	usec now = loop_now(p->loop);
	unsigned wait = spoilt_wait(p, c, now - p->since < OLD_ENOUGH);

	speak_down(p);
	if (p->in != NULL)
		rib_in_clear(p->in, family_all());
	peer_tidy(p);
	p->counts.downs++;
	/* The first attempt after a session is at once, but not for one that flaps for ever. */
	if (now - p->since >= OLD_ENOUGH)
		p->short_ups = 0;
	else
		p->short_ups++;
	if (p->short_ups <= FLAPS_MOST)
		p->wait = 0;
	if (p->wait < wait)
		p->wait = wait;
	p->since = now;
}

/* What comes after a connection that was the last, and was not told to stay away. */
static void
go_on(struct peer *p, const struct conn *c, uint32_t todo, const char *reason)
{
	if (!(todo & FSM_DO_RETRY))
		return;
	if (c->connected && p->globals->attempts != 0 && ++p->lost >= p->globals->attempts)
		p->stopping = true;
	if (peer_conf_is_range(p->conf))
		p->stopping = true;
	if (p->stopping || !list_empty(&p->conns))
		return;
	if (!c->outgoing && timer_running(&p->retry))
		tell_fsm(p, NULL, FSM_ACTIVE); /* when we call is not for who calls us to say */
	else if (c->connected)
		life_attempt(p);
	else
		try_again(p, reason);
}

/* What led to a bad end is worth more than a talkative log before it. */
static void
log_end(const struct peer *p, const struct conn *c, enum fsm_state was, uint32_t todo,
    const char *reason)
{
	struct text history = { 0 };
	struct slice rest;
	struct slice line;

	log_say(LOG_INFO, LOG_NETWORK, "peer=%s what=closed state=%s direction=%s reason=\"%s\"",
	    peer_name(p), fsm_state_name(was), c->outgoing ? "out" : "in", reason);
	if (!(todo & FSM_DO_RETRY) || !log_wants(LOG_DEBUG, LOG_NETWORK))
		return;
	peer_history(p, &history);
	for (rest = text_view(&history); word_cut(rest, '\n', &line, &rest);)
		log_say(LOG_DEBUG, LOG_NETWORK, "peer=%s what=step %.*s", peer_name(p),
		    (int)line.len, (const char *)line.at); /* a line is short */
	text_free(&history);
}

/* RFC 4271 6.8: the connection that the speaker with the higher identifier made is kept; RFC 6286
 * 2.3: of equal ones that of the higher AS. Of two that the same side made, the text goes by order:
 * the new one if their identifier is higher. The OPENs of the old one are known. */
static bool
new_one_wins(const struct conn *old, const struct conn *new)
{
	uint32_t ours = old->ours.router_id;
	uint32_t theirs = old->theirs.router_id;
	bool we_win = ours > theirs || (ours == theirs && old->ours.asn > old->theirs.asn);

	if (old->outgoing != new->outgoing)
		return new->outgoing == we_win;
	return !we_win;
}

bool
peer_has_rival(const struct peer *p, const struct conn *c)
{
	list_each (link, &p->conns) {
		const struct conn *other = owner_of(link, struct conn, link);

		if (other != c && other->connected && other->state < FSM_OPENCONFIRM &&
		    other->outgoing != c->outgoing && new_one_wins(c, other))
			return true;
	}
	return false;
}

/*
 * By RFC 4271 6.8 the two sides may close both connections: one by the identifiers, the other
 * because a KEEPALIVE has made the wrong one established. So that one waits in OpenConfirm, unread,
 * for the OPEN that decides; not for long, for it may never come.
 */
void
conn_yield(struct conn *c)
{
	c->yields = true;
	conn_hold(c);
	timing_yield(c);
}

void
conn_go_on(struct conn *c)
{
	c->yields = false;
	timer_stop(&c->deadline);
	conn_release(c);
	conn_step(c, FSM_GOT_KEEPALIVE, NULL);
}

/* What waited for a connection that has ended now. */
static void
go_on_yielding(struct peer *p)
{
	list_each (link, &p->conns) {
		struct conn *c = owner_of(link, struct conn, link);

		if (c->yields && !p->stopping && !peer_has_rival(p, c)) {
			conn_go_on(c);
			return; /* the only one so far */
		}
	}
}

void
peer_ended(
    struct peer *p, struct conn *c, enum fsm_state was, uint32_t todo, const struct ending *why)
{
	if (was == FSM_ESTABLISHED)
		session_over(p, c);
	if (c->connected)
		log_end(p, c, was, todo, why->reason);
	if (p->connected_told && (was == FSM_ESTABLISHED || !any_connected(p))) {
		p->connected_told = any_connected(p);
		tell_state(p, c, "down", why);
		tell_fsm(p, c, FSM_IDLE);
	}
	go_on_yielding(p);
	go_on(p, c, todo, why->reason);
	peer_settle(p);
}

/* What our OPEN asked for counts where identifiers were agreed. */
static void
limit_paths(struct peer *p, const struct conn *c)
{
	uint16_t limits[FAMILY_MAX] = { 0 };

	for (unsigned i = 0; p->globals->audit_paths && i < c->session.families.count; i++) {
		const struct family *f = family_at(c->session.families.ids[i]);

		if (family_in(c->session.path_ids_in, f))
			limits[f->id] = c->ours.caps.paths_limit[f->id];
	}
	rib_in_limit(p->in, limits);
}

void
peer_came_up(struct peer *p, struct conn *c)
{
	p->up = c;
	p->since = loop_now(p->loop);
	timing_up(c);
	timer_stop(&p->retry);
	list_each (link, &p->conns) {
		struct conn *other = owner_of(link, struct conn, link);

		if (!other->connected) /* one that is still connecting: nobody hears of it */
			conn_step(other, FSM_COLLIDED, &(struct ending){ .reason = "connected" });
	}
	intake_up(p);
	if (p->in != NULL)
		limit_paths(p, c);
	log_say(LOG_INFO, LOG_NETWORK, "peer=%s what=up direction=%s hold_time=%us families=%u",
	    peer_name(p), c->outgoing ? "out" : "in", c->session.hold_time,
	    c->session.families.count);
	speak_up(p);
	tell_state(p, c, "up", NULL);
}

static void
collided(struct conn *loser)
{
	conn_step(loser, FSM_COLLIDED,
	    &(struct ending){ .note = { 6, 7, { NULL, 0 } },
		.reason = loser->outgoing
		    ? "closing outgoing connection as we have another incoming on with higher "
		      "router-id"
		    : "closing incoming connection as we have another outgoing connection with "
		      "higher router-id" });
}

bool
peer_resolve(struct peer *p, struct conn *c)
{
	list_each (link, &p->conns) {
		struct conn *other = owner_of(link, struct conn, link);

		if (other == c || other->state < FSM_OPENCONFIRM)
			continue;
		if (other->state == FSM_ESTABLISHED || !new_one_wins(other, c)) {
			collided(c);
			return false;
		}
		collided(other);
		break; /* no second one can be so far */
	}
	return !c->over;
}

void
peer_accept(struct peer *p, int fd, const struct addr *from)
{
	struct conn *c;

	if (!p->started || p->stopping) {
		conn_refuse(p, fd, 6, 5);
		return;
	}
	if (p->up != NULL) { /* RFC 4271 6.8: an established one is kept */
		conn_refuse(p, fd, 6, 7);
		return;
	}
	list_each (link, &p->conns) {
		struct conn *other = owner_of(link, struct conn, link);

		if (!other->outgoing && other->state < FSM_OPENCONFIRM) {
			collided(other); /* it said nothing yet, and the same side comes again */
			break;
		}
	}
	if (p->stopping) { /* somebody was told, and did not want any more */
		(void)close(fd);
		return;
	}
	c = conn_new(p, false);
	c->remote = *from;
	conn_accepted(c, fd);
}
