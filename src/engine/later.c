/*
 * Withdraws of a reload, when what the new file announces has gone out: so users of the reference see
 * it, and traffic moves before the old path goes.
 */
#include "house.h"

#include "base/mem.h"

struct later {
	struct nlri nlri; /* its bytes are owned */
	struct attrs *attrs;
};

static void
later_free(struct later *l)
{
	mem_free((void *)(uintptr_t)l->nlri.bytes.at); /* owned, though a slice only borrows */
	attrs_drop(l->attrs);
}

/* What somebody announced anew meanwhile is not ours to withdraw any more. */
static void
withdraw_unless_changed(struct member *m, const struct later *l)
{
	struct attrs *now;
	struct route r = { .nlri = l->nlri, .attrs = l->attrs };

	if (!rib_out_has(peer_out(m->peer), &l->nlri, &now) || now == l->attrs)
		member_withdraw(m, NULL, &r);
}

static void
later_due(struct timer *t)
{
	struct member *m = owner_of(t, struct member, later);

	for (size_t i = 0; i < m->gone_count; i++) {
		withdraw_unless_changed(m, &m->gone[i]);
		later_free(&m->gone[i]);
	}
	m->gone_count = 0;
	later_drop(m);
}

void
later_withdraw(struct member *m, const struct route *r)
{
	struct later *l;

	if (r->nlri.family == NULL)
		return; /* attributes alone were said once */
	m->gone = mem_grow(m->gone, (m->gone_count + 1) * sizeof(*m->gone));
	l = &m->gone[m->gone_count++];
	l->nlri = r->nlri;
	l->nlri.bytes = slice_of(mem_copy(r->nlri.bytes.at, r->nlri.bytes.len), r->nlri.bytes.len);
	l->attrs = attrs_hold(r->attrs);
	if (!timer_running(&m->later))
		timer_start(&m->later, m->engine->loop,
		    loop_now(m->engine->loop) + m->engine->conf.globals.linger, later_due,
		    "reload withdraws");
}

void
later_drop(struct member *m)
{
	timer_stop(&m->later);
	while (m->gone_count > 0)
		later_free(&m->gone[--m->gone_count]);
	mem_free(m->gone);
	m->gone = NULL;
}
