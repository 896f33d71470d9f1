/* The clock of a session in frames: until it is ready, then its heartbeats. */
#include "framed.h"

#define MISSES    3           /* heartbeats */
#define DEAF_WAIT USEC_SECOND /* for the death of one that closed descriptor 3 */

static void clock_due(struct timer *t);

static void
wait_until(struct framed *f, usec at)
{
	timer_start(&f->clock, f->helper->loop, at, clock_due, "helper-clock");
}

static void
clock_due(struct timer *t)
{
	struct framed *f = owner_of(t, struct framed, clock);
	usec now = loop_now(f->helper->loop);

	if (f->helper->deaf) {
		framed_step(f, HF_ON_JAM, NULL, "it closed descriptor 3");
		return;
	}
	if (f->state == HF_HELLO_SENT) {
		framed_step(f, HF_ON_LATE, NULL, "it did not say ready in time");
		return;
	}
	if (f->helper->held) {
		f->alive = now; /* it is not read: it may have said anything */
	} else if (now >= f->alive + MISSES * f->heartbeat) {
		framed_step(f, HF_ON_SILENT, NULL, "its heartbeats are missing");
		return;
	}
	wait_until(f, f->alive + MISSES * f->heartbeat);
}

void
framed_await_ready(struct framed *f)
{
	wait_until(f, loop_now(f->helper->loop) + f->helper->conf->ready_timeout);
}

/* Mostly it is dead, and what it said last is still to be read. */
void
framed_deaf(struct helper *h)
{
	wait_until(h->framed, loop_now(h->loop) + DEAF_WAIT);
}

void
framed_watch_heart(struct framed *f, uint64_t seconds)
{
	f->heartbeat = f->helper->conf->heartbeat;
	if (seconds > 0 && seconds <= 3600)
		f->heartbeat = (usec)seconds * USEC_SECOND;
	if (f->heartbeat == 0)
		timer_stop(&f->clock);
	else
		wait_until(f, f->alive + MISSES * f->heartbeat);
}
