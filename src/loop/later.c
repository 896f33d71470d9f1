/* What is left for later: leftovers in the next round, flushes and graves at the end of this one.
 */
#include "inside.h"

#include "base/must.h"

/* All of from goes to the empty list to. */
static void
list_move(struct list *to, struct list *from)
{
	list_init(to);
	if (list_empty(from))
		return;
	*to = *from;
	to->next->prev = to;
	to->prev->next = to;
	list_init(from);
}

void
loop_again(struct again *a, struct loop *l, again_fn *fn, const char *name)
{
	a->fn = fn;
	a->name = name;
	if (a->loop != NULL)
		return;
	a->loop = l;
	list_add(&l->agains, &a->link);
}

void
again_stop(struct again *a)
{
	list_cut(&a->link);
	a->loop = NULL;
}

bool
agains_run(struct loop *l)
{
	struct list now;
	bool any = false;

	list_move(&now, &l->agains);
	while (!list_empty(&now)) {
		struct again *a = owner_of(now.next, struct again, link);
		const char *name = a->name;

		again_stop(a);
		a->fn(a);
		l->counts.leftovers++;
		loop_lap(l, name);
		any = true;
	}
	return any;
}

void
loop_flush(struct flush *f, struct loop *l, flush_fn *fn, const char *name)
{
	f->fn = fn;
	f->name = name;
	if (f->loop != NULL)
		return;
	f->loop = l;
	list_add(&l->flushes, &f->link);
}

void
flush_stop(struct flush *f)
{
	list_cut(&f->link);
	f->loop = NULL;
}

/* A flush that asks for another one is served by the next round, which doesn't sleep. */
bool
flushes_run(struct loop *l)
{
	struct list now;
	bool any = false;

	list_move(&now, &l->flushes);
	while (!list_empty(&now)) {
		struct flush *f = owner_of(now.next, struct flush, link);
		const char *name = f->name;

		flush_stop(f);
		f->fn(f);
		l->counts.flushes++;
		loop_lap(l, name);
		any = true;
	}
	return any;
}

void
loop_bury(struct grave *g, struct loop *l, grave_fn *fn)
{
	MUST(!list_linked(&g->link));
	g->fn = fn;
	list_add(&l->graves, &g->link);
}

bool
graves_run(struct loop *l)
{
	struct list now;
	bool any = false;

	list_move(&now, &l->graves);
	while (!list_empty(&now)) {
		struct grave *g = owner_of(now.next, struct grave, link);

		list_cut(&g->link);
		g->fn(g);
		any = true;
	}
	return any;
}
