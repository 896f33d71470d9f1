/*
 * The first moments: neighbors that do not answer our first call, since they start beside us, get a
 * little time before helpers are started, and to come up before these are heard. Where
 * conf.patience is 0 nobody waits.
 */
#include "house.h"

#define LOOK (5 * USEC_MSEC)

static bool
anybody_sleeps(const struct engine *e)
{
	for (size_t i = 0; i < e->member_count; i++) {
		if (peer_unanswered(e->members[i]->peer))
			return true;
	}
	return false;
}

/* Who wants every step of a neighbor has to be there for the first. */
static bool
anybody_follows(const struct engine *e)
{
	for (size_t i = 0; i < e->member_count; i++) {
		for (size_t k = 0; k < e->members[i]->sub_count; k++) {
			if (e->members[i]->subs[k].fsm)
				return true;
		}
	}
	return false;
}

static void
start_all(struct engine *e)
{
	e->asleep = false;
	for (size_t i = 0; i < e->crew_count; i++)
		(void)helper_start(e->crews[i]->helper); /* a failure is told and retried */
}

static void
day_breaks(struct engine *e)
{
	if (e->asleep)
		start_all(e);
	for (size_t i = 0; i < e->crew_count; i++) {
		struct crew *c = e->crews[i];

		if (c->early)
			helper_release(c->helper);
		c->early = false;
	}
}

static void
look_due(struct timer *t)
{
	struct engine *e = owner_of(t, struct engine, dawn);
	usec now = loop_now(e->loop);

	if (now < e->dawn_until && anybody_sleeps(e))
		timer_start(t, e->loop, now + LOOK, look_due, "engine dawn");
	else
		day_breaks(e);
}

void
dawn_begin(struct engine *e)
{
	usec now = loop_now(e->loop);

	if (e->conf.patience == 0) {
		start_all(e);
		return;
	}
	e->asleep = true;
	for (size_t i = 0; i < e->crew_count; i++) {
		e->crews[i]->early = true;
		helper_hold(e->crews[i]->helper);
	}
	if (anybody_follows(e))
		start_all(e);
	e->dawn_until = now + e->conf.patience;
	timer_start(&e->dawn, e->loop, now + LOOK, look_due, "engine dawn");
}

void
dawn_connected(struct engine *e)
{
	if (e->asleep)
		start_all(e);
}

void
dawn_end(struct engine *e)
{
	timer_stop(&e->dawn);
	e->asleep = false;
}
