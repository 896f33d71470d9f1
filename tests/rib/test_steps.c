/* Steps: what is looked for among many routes that are not meant takes more than one. */
#include "case.h"

#include "base/wire.h"
#include "pending.h"
#include "rib/out.h"
#include "routes.h"
#include "table.h"

#define ROUTES 200000
#define STEPS  10 /* at least */

/* Of one family. */
static void
route(struct made *to, uint32_t i)
{
	*to = (struct made){ .bytes = { 32 } };
	store_u32(to->bytes + 1, i);
	to->nlri.family = family_of(1, 1);
	to->nlri.bytes = slice_of(to->bytes, 5);
}

/* All that is pending is sent, or could not be. */
static void
drain(struct rib_out *r, bool told)
{
	struct lot_walk w;
	struct nlri n;

	while (out_lot_front(r, &w)) {
		size_t routes = 0;

		while (out_lot_next(&w, &n))
			routes++;
		out_lot_sent(r, &w, routes, told);
	}
}

static void
announce(struct rib_out *r, uint32_t from, uint32_t to, struct attrs *a)
{
	for (uint32_t i = from; i < to; i++) {
		struct made m;

		route(&m, i);
		(void)rib_out_announce(r, &m.nlri, a);
	}
}

/* So many times it was not found. */
static unsigned
steps_to_lot(struct rib_out *r, struct lot_walk *w)
{
	unsigned steps = 0;

	for (; !out_lot_front(r, w); steps++)
		cr_assert(out_seeks(r));
	return steps;
}

Case(steps, set_behind_many_routes_that_were_sent_is_found)
{
	struct rib_out *r = rib_out_new(true);
	struct attrs *one = made_set(1);
	struct attrs *last = made_set(2);
	struct lot_walk w;

	announce(r, 0, ROUTES, one);
	announce(r, ROUTES, ROUTES + 1, last);
	drain(r, true);
	rib_out_again(r, family_all());
	cr_assert_eq(steps_to_lot(r, &w), 0);
	cr_assert_eq(w.attrs, one);
	out_lot_sent(r, &w, ROUTES, true);
	cr_assert_geq(steps_to_lot(r, &w), STEPS);
	cr_assert_eq(w.attrs, last);
	out_lot_sent(r, &w, 1, true);
	cr_assert(!out_lot_front(r, &w) && !out_seeks(r));
	rib_out_free(r);
	attrs_drop(one);
	attrs_drop(last);
}

Case(steps, sets_without_routes_are_passed)
{
	struct rib_out *r = rib_out_new(true);
	struct attrs *last = made_set(ROUTES);
	struct lot_walk w;

	for (uint32_t i = 0; i < ROUTES; i++) {
		struct attrs *a = made_set(i);

		announce(r, i, i + 1, a);
		attrs_drop(a);
	}
	announce(r, 0, ROUTES, last);
	cr_assert_geq(steps_to_lot(r, &w), STEPS);
	cr_assert_eq(w.attrs, last);
	rib_out_free(r);
	attrs_drop(last);
}

Case(steps, what_was_sent_of_a_cleared_table_is_found)
{
	struct rib_out *r = rib_out_new(true);
	struct attrs *one = made_set(1);
	struct attrs *a;
	struct nlri n;
	unsigned steps = 0;

	announce(r, 0, ROUTES, one);
	drain(r, false);
	announce(r, ROUTES, ROUTES + 1, one);
	drain(r, true);
	rib_out_clear(r);
	for (; !out_withdraw_front(r, &n, &a); steps++)
		cr_assert(out_seeks(r));
	cr_assert_geq(steps, STEPS);
	out_withdraw_pop(r, true);
	cr_assert(!out_withdraw_front(r, &n, &a) && !out_seeks(r));
	rib_out_free(r);
	attrs_drop(one);
}

/* Each as the only path of its prefix; true: it was told. */
static bool
send_path(struct rib_out *r, uint32_t prefix, uint32_t path, struct attrs *a)
{
	struct made m;
	struct lot_walk w;
	struct nlri n;
	bool told;

	route(&m, prefix);
	m.nlri.has_path_id = true;
	m.nlri.path_id = path;
	(void)rib_out_announce(r, &m.nlri, a);
	cr_assert(out_lot_front(r, &w) && out_lot_next(&w, &n));
	told = out_lot_take(r, &w, 1);
	out_lot_sent(r, &w, 1, told);
	return told;
}

Case(steps, path_that_was_held_is_found)
{
	struct rib_out *r = rib_out_new(true);
	struct attrs *one = made_set(1);
	struct made m;
	struct lot_walk w;
	struct nlri n;
	struct attrs *a;

	for (uint32_t i = 0; i < ROUTES; i++)
		cr_assert(send_path(r, i, 1, one));
	cr_assert(!send_path(r, ROUTES - 1, 2, one));
	route(&m, ROUTES - 1);
	m.nlri.has_path_id = true;
	m.nlri.path_id = 1;
	(void)rib_out_withdraw(r, &m.nlri, NULL);
	cr_assert(out_withdraw_front(r, &n, &a));
	out_withdraw_pop(r, true);
	cr_assert_geq(steps_to_lot(r, &w), STEPS);
	cr_assert(out_lot_next(&w, &n));
	cr_assert_eq(n.path_id, 2);
	rib_out_free(r);
	attrs_drop(one);
}

Case(steps, table_is_given_back_from_its_end)
{
	struct table t;
	unsigned steps = 1;
	struct made m;

	table_init(&t, family_of(1, 1), 0);
	for (uint32_t i = 0; i < ROUTES; i++) {
		uint64_t hash;

		route(&m, i);
		(void)table_find(&t, &m.nlri, &hash);
		(void)table_add(&t, &m.nlri, hash);
		table_tidy(&t);
	}
	for (; !table_reap(&t); steps++) {
		uint64_t at = 0;
		uint32_t number;

		cr_assert(table_next(&t, &at, &number));
		route(&m, 0);
		cr_assert(slice_same(table_nlri(&t, table_entry(&t, number)).bytes, m.nlri.bytes));
	}
	cr_assert_geq(steps, STEPS);
}
