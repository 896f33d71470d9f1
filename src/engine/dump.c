/* Long answers in slices: one slice a round, none while the reader does not drain. */
#include "house.h"

static void
dump_finish(struct dump *d)
{
	struct issuer *i = d->issuer;

	again_stop(&d->again);
	i->dump = NULL;
	d->done(d);
}

static void
dump_turn(struct again *a)
{
	struct dump *d = owner_of(a, struct dump, again);
	struct issuer *i = d->issuer;
	bool mute;

	if (i->full(i))
		return; /* dump_wake() */
	if (d->step(d)) {
		if (!d->waits)
			loop_again(&d->again, d->engine->loop, dump_turn, "dump");
		return;
	}
	mute = d->mute;
	dump_finish(d);
	if (!mute)
		i->ack(i, true);
	i->release(i);
}

void
dump_start(struct dump *d, struct engine *e, struct issuer *i)
{
	d->engine = e;
	d->issuer = i;
	i->dump = d;
	i->hold(i);
	dump_turn(&d->again);
}

void
dump_wake(struct issuer *i)
{
	if (i->dump != NULL)
		loop_again(&i->dump->again, i->dump->engine->loop, dump_turn, "dump");
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
