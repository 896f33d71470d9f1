/*
 * Long answers in slices: a step of each in turn, within a time that is theirs together in a round,
 * and none while its reader does not drain. However many there are, the loop is not late for them.
 */
#include "house.h"

#define ROUND 100 /* usec */

static void
dump_finish(struct dump *d)
{
	struct issuer *i = d->issuer;

	list_cut(&d->link);
	i->dump = NULL;
	d->done(d);
}

static void
step(struct dump *d)
{
	struct issuer *i = d->issuer;
	bool mute;

	if (i->full(i))
		return; /* dump_wake() */
	if (d->step(d)) {
		if (!d->waits)
			list_add(&d->engine->dumps, &d->link);
		return;
	}
	mute = d->mute;
	dump_finish(d);
	if (!mute)
		i->ack(i, true);
	i->release(i);
}

static void
dumps_due(struct again *a)
{
	struct engine *e = owner_of(a, struct engine, dumping);
	usec end = loop_clock() + ROUND;

	while (!list_empty(&e->dumps)) {
		struct dump *d = owner_of(e->dumps.next, struct dump, link);

		list_cut(&d->link);
		step(d);
		if (loop_clock() >= end)
			break;
	}
	if (!list_empty(&e->dumps))
		loop_again(&e->dumping, e->loop, dumps_due, "dump");
}

void
dump_wake(struct issuer *i)
{
	struct dump *d = i->dump;

	if (d == NULL || list_linked(&d->link))
		return;
	list_add(&d->engine->dumps, &d->link);
	loop_again(&d->engine->dumping, d->engine->loop, dumps_due, "dump");
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
issuer_group_end(struct issuer *i)
{
	i->grouping = false;
	i->group_count = 0;
	text_free(&i->group);
	i->group = (struct text){ 0 };
}

void
issuer_reset(struct issuer *i)
{
	dump_cancel(i);
	issuer_group_end(i);
	i->sync = false;
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
dumps_end(struct engine *e)
{
	again_stop(&e->dumping);
}
