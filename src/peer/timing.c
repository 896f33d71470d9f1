/*
 * The clocks of one connection: connect, the wait for the OPEN, hold, keepalive, send-hold,
 * leaving.
 *
 * A message that is heard restarts no timer: it notes the time, and the timer looks at it when due.
 */
#include "inside.h"

#include "base/log.h"

#define CONNECT_MOST (30 * USEC_SECOND)
#define GRACE        USEC_SECOND /* for bytes that wait in the kernel when the hold timer is due */

static void hold_due(struct timer *t);

static usec
now(const struct conn *c)
{
	return loop_now(c->peer->loop);
}

static void
hold_start(struct conn *c, usec due)
{
	timer_start(&c->hold, c->peer->loop, due, hold_due, "peer hold");
}

/*
 * Silence that is ours is not charged to the peer: while reading is held, what waits is life. Else
 * what waits in the kernel gets one chance to be read; half a message for ever does not help.
 */
static void
hold_due(struct timer *t)
{
	struct conn *c = owner_of(t, struct conn, hold);
	usec due = c->heard + c->hold_limit;

	if (due > now(c)) {
		hold_start(c, due);
		return;
	}
	if (c->peer->intake.gone || (c->held && stream_waiting(&c->stream))) {
		hold_start(c, now(c) + c->hold_limit);
		return;
	}
	if (!c->graced && net_unread(c->stream.read_fd) > 0) {
		c->graced = true;
		hold_start(c, now(c) + GRACE);
		return;
	}
	log_say(LOG_WARN, LOG_TIMERS, "peer=%s what=hold-timer-expired after=%llds",
	    peer_name(c->peer), (long long)(c->hold_limit / USEC_SECOND));
	conn_step(c, FSM_HOLD_EXPIRED, &(struct ending){ .note = { 4, 0, { NULL, 0 } } });
}

static void
keep_due(struct timer *t)
{
	struct conn *c = owner_of(t, struct conn, keep);
	usec interval = c->session.hold_time / 3 * USEC_SECOND;

	timer_start(t, c->peer->loop, now(c) + interval, keep_due, "peer keepalive");
	conn_step(c, FSM_KEEPALIVE_DUE, NULL);
}

/* RFC 9687 4.4: the longer of 8 minutes and twice the hold time; none without hold time. */
static usec
stuck_limit(const struct conn *c)
{
	usec own = (usec)c->peer->globals->send_hold;
	usec twice = 2 * (usec)c->session.hold_time;

	if (own == 0)
		own = PEER_SEND_STUCK > twice ? PEER_SEND_STUCK : twice;
	return own * USEC_SECOND;
}

static void
stuck_due(struct timer *t)
{
	struct conn *c = owner_of(t, struct conn, stuck);
	usec since = stream_idle(&c->stream) ? now(c) : c->stream.last_progress;
	usec due = since + stuck_limit(c);

	if (due > now(c)) {
		timer_start(t, c->peer->loop, due, stuck_due, "peer send-hold");
		return;
	}
	log_say(LOG_ERROR, LOG_TIMERS, "peer=%s what=send-hold-timer-expired queued=%zu",
	    peer_name(c->peer), c->stream.queue_bytes);
	conn_step(c, FSM_SEND_STUCK, &(struct ending){ .note = { 8, 0, { NULL, 0 } } });
}

static void
connect_late(struct timer *t)
{
	struct conn *c = owner_of(t, struct conn, deadline);

	conn_step(c, FSM_TCP_FAILED, &(struct ending){ .reason = "no answer" });
}

static void
open_late(struct timer *t)
{
	struct conn *c = owner_of(t, struct conn, deadline);

	log_say(LOG_WARN, LOG_TIMERS, "peer=%s what=open-never-came after=%us", peer_name(c->peer),
	    c->peer->globals->open_wait);
	conn_step(c, FSM_OPEN_LATE, &(struct ending){ .note = { 4, 0, { NULL, 0 } } });
}

static void
yield_late(struct timer *t)
{
	conn_go_on(owner_of(t, struct conn, deadline));
}

static void
leave_late(struct timer *t)
{
	struct conn *c = owner_of(t, struct conn, deadline);

	if (c->over)
		conn_bury(c);
	else /* writing broke, and the other side's end did not come */
		conn_step(c, FSM_TCP_GONE, &(struct ending){ .reason = "closing connection" });
}

void
timing_connecting(struct conn *c)
{
	timer_start(
	    &c->deadline, c->peer->loop, now(c) + CONNECT_MOST, connect_late, "peer connect");
}

/* RFC 4271 8.2.2: a large hold time in OpenSent; the setting open_wait is a shorter one. */
void
timing_wait(struct conn *c)
{
	usec wait = (usec)c->peer->globals->open_wait * USEC_SECOND;

	c->heard = now(c);
	c->hold_limit = PEER_WAIT_OPEN;
	hold_start(c, c->heard + c->hold_limit);
	timer_stop(&c->deadline);
	if (wait != 0 && wait < PEER_WAIT_OPEN)
		timer_start(&c->deadline, c->peer->loop, now(c) + wait, open_late, "peer open");
}

/* With a hold time of zero the large one stays until the session is up. */
void
timing_agreed(struct conn *c)
{
	usec hold = (usec)c->session.hold_time * USEC_SECOND;

	timer_stop(&c->deadline);
	c->heard = now(c);
	if (hold == 0)
		return;
	log_say(LOG_DEBUG, LOG_TIMERS, "peer=%s what=timers hold=%us keepalive=%us",
	    peer_name(c->peer), c->session.hold_time, c->session.hold_time / 3u);
	c->hold_limit = hold;
	hold_start(c, now(c) + hold);
	timer_start(&c->keep, c->peer->loop, now(c) + c->session.hold_time / 3 * USEC_SECOND,
	    keep_due, "peer keepalive");
}

void
timing_yield(struct conn *c)
{
	timer_start(&c->deadline, c->peer->loop, now(c) + PEER_YIELD, yield_late, "peer yield");
}

void
timing_up(struct conn *c)
{
	if (c->session.hold_time == 0) {
		timer_stop(&c->hold);
		return;
	}
	timer_start(&c->stuck, c->peer->loop, now(c) + stuck_limit(c), stuck_due, "peer send-hold");
}

void
timing_leave(struct conn *c)
{
	timer_start(&c->deadline, c->peer->loop, now(c) + PEER_PATIENCE, leave_late, "peer leave");
}

void
timing_stop(struct conn *c)
{
	timer_stop(&c->hold);
	timer_stop(&c->keep);
	timer_stop(&c->stuck);
	timer_stop(&c->deadline);
}
