/* Members that ended: their accounts are compared once more and their routes given back, a little
 * of both in each round. */
#include "house.h"

static bool
depart(struct member *m)
{
	uint64_t residual;

	if (m->compared)
		return peer_reap(m->peer);
	if (member_check(m, &m->check, &residual))
		return true;
	m->engine->residual += residual;
	m->compared = true;
	peer_empty(m->peer);
	return true;
}

static void
departed_again(struct again *a)
{
	struct engine *e = owner_of(a, struct engine, departing);

	while (!list_empty(&e->departed) && !loop_spent(e->loop)) {
		struct member *m = owner_of(e->departed.next, struct member, link);

		if (depart(m))
			continue;
		list_cut(&m->link);
		e->leaving_members--;
		member_free(m);
	}
	if (!list_empty(&e->departed))
		loop_again(&e->departing, e->loop, departed_again, "neighbor gone");
	else
		engine_check_end(e);
}

void
departed_add(struct member *m)
{
	struct engine *e = m->engine;

	if (!m->leaving)
		e->leaving_members++; /* what it borrows stays until it is freed */
	m->leaving = true;
	peer_unwalked(m->peer);
	list_add(&e->departed, &m->link);
	loop_again(&e->departing, e->loop, departed_again, "neighbor gone");
}

void
departed_free(struct engine *e)
{
	again_stop(&e->departing);
	while (!list_empty(&e->departed)) {
		struct member *m = owner_of(e->departed.next, struct member, link);

		list_cut(&m->link);
		member_free(m);
	}
}
