/*
 * Long answers in slices: a step of each in turn, within a time that is theirs together, and none
 * while its reader does not drain. Where other descriptors were served a moment ago they pause
 * behind each turn: then they have a tenth of the time, however many there are, and who comes
 * seldom meets one. Long changes have a turn in each round, like a helper that says as much in
 * lines.
 */
#include "house.h"

#define TURN   25 /* usec */
#define WORK   (2 * USEC_MSEC)
#define PAUSE  (9 * TURN)
#define MOMENT (5 * USEC_MSEC)

static void
dump_finish(struct dump *d)
{
	struct issuer *i = d->issuer;

	list_cut(&d->link);
	i->dump = NULL;
	d->done(d);
}

static struct list *
turns_of(struct dump *d)
{
	return d->work ? &d->engine->works : &d->engine->dumps;
}

static void
step(struct dump *d)
{
	struct issuer *i = d->issuer;
	bool answers = !d->work && !d->waits;
	bool mute;

	if (answers && i->unread) {
		dump_cancel(i);
		return;
	}
	if (!d->work && i->full(i))
		return; /* dump_wake() */
	if (d->step(d)) {
		if (!d->waits)
			list_add(turns_of(d), &d->link);
		return;
	}
	mute = d->mute;
	dump_finish(d);
	if (!mute)
		i->ack(i, true);
	i->release(i);
}

static void dumps_again(struct again *a);
static void dumps_paused(struct timer *t);

/* Has the loop more to do than this? */
static bool
busy(struct engine *e, usec now)
{
	uint64_t served = loop_counted(e->loop)->ready;

	if (served != e->dump_served)
		e->dump_busy = now;
	e->dump_served = served;
	return now - e->dump_busy < MOMENT;
}

static void
next_turn(struct engine *e)
{
	usec now = loop_clock();
	bool waits = busy(e, now) && now < e->dump_next;

	if (list_empty(&e->dumps) || timer_running(&e->dump_pause))
		return;
	if (waits)
		timer_start(&e->dump_pause, e->loop, e->dump_next, dumps_paused, "dump");
	else
		loop_again(&e->dumping, e->loop, dumps_again, "dump");
}

static void
next_step(struct list *turns)
{
	struct dump *d = owner_of(turns->next, struct dump, link);

	list_cut(&d->link);
	step(d);
}

static void
works_again(struct again *a)
{
	struct engine *e = owner_of(a, struct engine, working);

	while (!list_empty(&e->works)) {
		next_step(&e->works);
		if (loop_spent(e->loop))
			break;
	}
	if (!list_empty(&e->works))
		loop_again(&e->working, e->loop, works_again, "work");
}

static void
take_turns(struct engine *e)
{
	usec end = loop_clock() + TURN;

	while (!list_empty(&e->dumps)) {
		next_step(&e->dumps);
		if (loop_clock() >= end)
			break;
	}
	e->dump_next = loop_clock() + PAUSE;
	next_turn(e);
}

static void
dumps_again(struct again *a)
{
	take_turns(owner_of(a, struct engine, dumping));
}

static void
dumps_paused(struct timer *t)
{
	take_turns(owner_of(t, struct engine, dump_pause));
}

void
dump_wake(struct issuer *i)
{
	struct dump *d = i->dump;

	if (d == NULL || list_linked(&d->link))
		return;
	list_add(turns_of(d), &d->link);
	if (d->work) {
		loop_again(&d->engine->working, d->engine->loop, works_again, "work");
		return;
	}
	d->engine->dump_served++; /* its own reader */
	next_turn(d->engine);
}

void
dump_start(struct dump *d, struct engine *e, struct issuer *i)
{
	d->engine = e;
	d->issuer = i;
	i->dump = d;
	i->hold(i);
	dump_wake(i);
}

void
dump_cancel(struct issuer *i)
{
	if (i->dump == NULL)
		return;
	dump_finish(i->dump);
	i->release(i);
}

void
works_cancel(struct engine *e)
{
	while (!list_empty(&e->works))
		dump_cancel(owner_of(e->works.next, struct dump, link)->issuer);
}

void
dumps_end(struct engine *e)
{
	again_stop(&e->working);
	again_stop(&e->dumping);
	timer_stop(&e->dump_pause);
}
