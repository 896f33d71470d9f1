/* adj-rib-in against a list that is kept in the plainest way. */
#include "base/mem.h"
#include "case.h"
#include "rib/in.h"
#include "routes.h"

#include <stdlib.h>

#define KEYS 20000
#define SETS 50

struct known {
	uint32_t key;
	bool there;
	uint8_t spelling;
	uint32_t set;
	uint64_t stamp; /* of its arrival */
};

struct model {
	struct known known[KEYS];
	struct known *sorted[KEYS];
	struct attrs *sets[SETS];
	size_t count;
	uint64_t stamps;
	int first_family; /* AFI of the family that came first */
};

static int
by_arrival(const void *left, const void *right)
{
	const struct known *a = *(struct known *const *)left;
	const struct known *b = *(struct known *const *)right;

	return a->stamp < b->stamp ? -1 : a->stamp > b->stamp;
}

static void
check_all(struct rib_in *r, struct model *m)
{
	struct rib_walk w;
	struct attrs *a;
	struct nlri n;
	size_t count = 0;
	size_t at = 0;

	for (size_t i = 0; i < KEYS; i++) {
		if (m->known[i].there)
			m->sorted[count++] = &m->known[i];
	}
	cr_assert_eq(count, rib_in_count(r));
	qsort(m->sorted, count, sizeof(struct known *), by_arrival);
	rib_in_walk_begin(r, &w);
	for (int turn = 0; turn < 2; turn++) {
		int afi = turn == 0 ? m->first_family : 3 - m->first_family;

		for (size_t i = 0; i < count; i++) {
			const struct known *k = m->sorted[i];
			struct made made;

			made_route(&made, k->key, k->spelling);
			if (made.nlri.family->afi != afi)
				continue;
			cr_assert(rib_in_next(r, &w, &n, &a), "%zu of %zu", at, count);
			cr_assert_eq(n.family, made.nlri.family);
			cr_assert(slice_same(n.bytes, made.nlri.bytes), "key %u", k->key);
			cr_assert_eq(n.path_id, made.nlri.path_id);
			cr_assert_eq(n.has_path_id, made.nlri.has_path_id);
			cr_assert_eq(a, m->sets[k->set]);
			at++;
		}
	}
	cr_assert_not(rib_in_next(r, &w, &n, &a));
	rib_in_walk_end(r, &w);
}

static void
one_change(struct rib_in *r, struct model *m, struct chance *c, uint32_t cuts)
{
	struct known *k = &m->known[chance_below(c, KEYS)];
	struct attrs *a = NULL;
	struct made made;

	k->key = (uint32_t)(k - m->known);
	made_route(&made, k->key, (uint8_t)chance_next(c));
	cr_assert_eq(rib_in_find(r, &made.nlri, &a), k->there);
	cr_assert(!k->there || a == m->sets[k->set]);
	if (chance_below(c, 10) < cuts) {
		cr_assert_eq(rib_in_cut(r, &made.nlri), k->there);
		k->there = false;
		return;
	}
	if (m->first_family == 0)
		m->first_family = made.nlri.family->afi;
	k->set = chance_below(c, SETS);
	k->spelling = made.bytes[made.nlri.bytes.len - 1] & 1;
	if (!k->there)
		k->stamp = ++m->stamps;
	k->there = true;
	rib_in_put(r, &made.nlri, m->sets[k->set]);
}

static void
forget_family(struct rib_in *r, struct model *m, const struct family *f)
{
	struct family_set set = { 0 };

	family_add(&set, f);
	rib_in_clear(r, set);
	for (uint32_t i = 0; i < KEYS; i++) {
		struct made made;

		made_route(&made, i, 0);
		if (made.nlri.family == f)
			m->known[i].there = false;
	}
	check_all(r, m);
}

Case(rib_in, is_what_a_plain_list_is_after_any_changes)
{
	struct model *m = mem_zero(1, sizeof(*m));
	struct rib_in *r = rib_in_new();
	struct chance c = { 4 };

	for (uint32_t i = 0; i < SETS; i++)
		m->sets[i] = made_set(i);
	/* it fills, thins out, fills again */
	for (unsigned phase = 0; phase < 8; phase++) {
		for (unsigned i = 0; i < 30000; i++)
			one_change(r, m, &c, phase % 2 == 0 ? 1 : 9);
		check_all(r, m);
		if (phase == 5)
			forget_family(r, m, family_of(2, 1));
	}
	rib_in_clear(r, family_all());
	cr_assert_eq(rib_in_count(r), 0);
	while (rib_in_reap(r))
		;
	rib_in_free(r);
	for (uint32_t i = 0; i < SETS; i++) {
		cr_assert_eq(m->sets[i]->holders, 1);
		attrs_drop(m->sets[i]);
	}
	mem_free(m);
}

/* Chunks with holes are merged while the holes come; the index keeps its size until it grows. */
Case(rib_in, thinned_out_gives_most_back)
{
	enum { ROUTES = 30000, ONE_OF = 10 };
	struct rib_in *r = rib_in_new();
	struct attrs *a = made_set(1);
	struct made made;
	size_t full;

	for (uint32_t i = 0; i < ROUTES; i++) {
		made_route(&made, i, 0);
		rib_in_put(r, &made.nlri, a);
	}
	full = rib_in_memory(r);
	for (uint32_t i = 0; i < ROUTES; i++) {
		made_route(&made, i, 0);
		if (i % ONE_OF != 0)
			cr_assert(rib_in_cut(r, &made.nlri));
	}
	cr_assert_eq(rib_in_count(r), ROUTES / ONE_OF);
	cr_expect_lt(rib_in_memory(r), full / 2, "%zu of %zu", rib_in_memory(r), full);
	rib_in_free(r);
	attrs_drop(a);
}

Case(rib_in, empty_again_gives_all_back)
{
	struct rib_in *r = rib_in_new();
	struct attrs *a = made_set(1);
	size_t least = 0;
	struct made made;

	for (unsigned round = 0; round < 2; round++) {
		for (uint32_t i = 0; i < 30000; i++) {
			made_route(&made, i, 0);
			rib_in_put(r, &made.nlri, a);
		}
		/* 30000 routes, half of them of 12 bytes and the others of 16 or 20, and the index
		 */
		cr_expect_lt(rib_in_memory(r), 30000U * 32);
		for (uint32_t i = 0; i < 30000; i++) {
			made_route(&made, i, 1);
			cr_assert(rib_in_cut(r, &made.nlri));
		}
		if (round == 0)
			least = rib_in_memory(r);
	}
	cr_assert_eq(rib_in_memory(r), least);
	cr_assert_lt(least, 4096);
	rib_in_free(r);
	attrs_drop(a);
}

/* One prefix, path by path. */
static void
put_path(struct rib_in *r, struct attrs *a, uint32_t id, bool put)
{
	static const uint8_t bytes[] = { 24, 10, 0, 0 };
	struct nlri n = { family_of(1, 1), slice_of(bytes, sizeof(bytes)), id, true };

	if (put)
		rib_in_put(r, &n, a);
	else
		(void)rib_in_cut(r, &n);
}

Case(rib_in, paths_over_a_limit_are_counted)
{
	uint16_t limits[FAMILY_MAX] = { 0 };
	struct rib_in *r = rib_in_new();
	struct attrs *a = made_set(1);

	for (uint32_t id = 0; id < 5; id++)
		put_path(r, a, id, true);
	cr_expect(rib_in_over(r) == 0, "nobody asked");
	rib_in_clear(r, family_all());
	limits[family_of(1, 1)->id] = 2;
	rib_in_limit(r, limits);
	put_path(r, a, 1, true);
	put_path(r, a, 2, true);
	put_path(r, a, 2, true); /* the same again */
	cr_expect(rib_in_over(r) == 0);
	put_path(r, a, 3, true);
	cr_expect(rib_in_over(r) == 1);
	put_path(r, a, 1, false);
	put_path(r, a, 1, false); /* it is not there */
	put_path(r, a, 2, false);
	put_path(r, a, 4, true);
	cr_expect(rib_in_over(r) == 1);
	put_path(r, a, 5, true);
	cr_expect(rib_in_over(r) == 2);
	rib_in_clear(r, family_all());
	put_path(r, a, 1, true);
	put_path(r, a, 2, true);
	cr_expect(rib_in_over(r) == 2 && rib_in_count(r) == 2);
	rib_in_free(r);
	attrs_drop(a);
}
