/* Who commands goes, or is somebody else from now on: nothing of it stays behind. */
#include "house.h"

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
	i->sync = i->unread = false;
	while (!list_empty(&i->promises)) {
		struct promise *p = owner_of(i->promises.next, struct promise, link);

		p->drop(p);
	}
}

void
issuer_done(struct issuer *i)
{
	issuer_reset(i);
	histogram_done(&i->receipts.waits);
}

void
issuer_died(struct issuer *i)
{
	i->unread = true;
	if (i->dump != NULL && !i->dump->work)
		dump_cancel(i);
}
