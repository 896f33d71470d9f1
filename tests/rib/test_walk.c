/* Walks over adj-rib-in in slices, while routes change between them. */
#include "base/mem.h"
#include "base/wire.h"
#include "case.h"
#include "rib/in.h"
#include "routes.h"

#define SETS     50
#define LABELLED 3000 /* keys that are spelt in one to four labels */

/* 10.x.y.0/24, which is the key, behind that many labels. */
static void
labelled(struct made *to, uint32_t key, unsigned labels)
{
	uint8_t *at = to->bytes;

	*at++ = (uint8_t)(24 * labels + 24);
	for (unsigned i = 1; i <= labels; i++, at += 3) {
		at[0] = 0;
		at[1] = (uint8_t)key;
		at[2] = i == labels ? 0x11 : 0x10;
	}
	*at++ = 10;
	*at++ = (uint8_t)(key >> 8);
	*at++ = (uint8_t)key;
	to->nlri = (struct nlri){
		.family = family_of(1, 4),
		.bytes = slice_of(to->bytes, (size_t)(at - to->bytes)),
	};
}

static uint32_t
key_of(const struct nlri *n)
{
	return load_u16(n->bytes.at + n->bytes.len - 2);
}

/* One reader of many, and what it has seen. */
struct reader_of_rib {
	struct rib_walk walk;
	uint64_t begun; /* the changes before */
	uint8_t seen[LABELLED];
};

/* When each key came, or went, in changes; which batch wrote it last. */
struct story {
	struct rib_in *rib;
	struct attrs *sets[SETS];
	uint64_t changes;
	uint64_t since[LABELLED]; /* it is there since; 0: it is not */
	uint32_t batch[LABELLED];
	uint32_t batches;
};

static void
reader_begins(struct reader_of_rib *d, struct story *s)
{
	memset(d, 0, sizeof(*d));
	d->begun = s->changes;
	rib_in_walk_begin(s->rib, &d->walk);
}

static void
reader_ends(struct reader_of_rib *d, struct story *s)
{
	rib_in_walk_end(s->rib, &d->walk);
	for (uint32_t key = 0; key < LABELLED; key++)
		cr_assert(s->since[key] == 0 || s->since[key] > d->begun || d->seen[key] == 1,
		    "%u was there all the time, and is given %u times", key, d->seen[key]);
}

/* Some routes: each as the last whole batch left it. False: that was all. */
static bool
reader_reads(struct reader_of_rib *d, struct story *s, uint32_t most)
{
	struct attrs *a;
	struct nlri n;

	while (most-- > 0) {
		uint32_t key;

		if (!rib_in_next(s->rib, &d->walk, &n, &a))
			return false;
		key = key_of(&n);
		cr_assert_eq(a, s->sets[s->batch[key] % SETS], "%u is of another batch", key);
		cr_assert_neq(s->since[key], 0, "%u is gone", key);
		cr_assert_eq(d->seen[key]++, 0, "%u is given twice", key);
	}
	return true;
}

/* So many keys get the next version, with other numbers of labels, and some go. */
static void
write_batch(struct story *s, struct chance *c, uint32_t keys)
{
	uint32_t from = chance_below(c, LABELLED);
	bool cut = chance_below(c, 4) == 0;

	s->batches++;
	for (uint32_t i = 0; i < keys; i++) {
		uint32_t key = (from + i * 7) % LABELLED;
		struct made made;

		labelled(&made, key, 1 + chance_below(c, 4));
		s->changes++;
		if (cut) {
			cr_assert_eq(rib_in_cut(s->rib, &made.nlri), s->since[key] != 0);
			s->since[key] = 0;
			continue;
		}
		rib_in_put(s->rib, &made.nlri, s->sets[s->batches % SETS]);
		s->batch[key] = s->batches;
		if (s->since[key] == 0)
			s->since[key] = s->changes;
	}
}

static void
story_begins(struct story *s, struct chance *c)
{
	s->rib = rib_in_new();
	for (uint32_t i = 0; i < SETS; i++)
		s->sets[i] = made_set(i);
	for (unsigned i = 0; i < 500; i++)
		write_batch(s, c, 20);
}

static void
story_ends(struct story *s)
{
	rib_in_free(s->rib);
	for (uint32_t i = 0; i < SETS; i++) {
		cr_assert_eq(s->sets[i]->holders, 1);
		attrs_drop(s->sets[i]);
	}
	mem_free(s);
}

/* Eight that begin, read and end at any time, beside a writer whose routes also need other places.
 */
Case(walk, walks_give_whole_batches_and_every_lasting_route_once)
{
	static struct reader_of_rib readers[8];
	struct story *s = mem_zero(1, sizeof(*s));
	struct chance c = { 35 };

	story_begins(s, &c);
	for (int i = 0; i < 8; i++)
		reader_begins(&readers[i], s);
	for (unsigned turn = 0; turn < 20000; turn++) {
		struct reader_of_rib *d = &readers[chance_below(&c, 8)];

		write_batch(s, &c, 1 + chance_below(&c, 20));
		if (reader_reads(d, s, chance_below(&c, 300)))
			continue;
		reader_ends(d, s);
		reader_begins(d, s);
	}
	for (int i = 0; i < 8; i++)
		rib_in_walk_end(s->rib, &readers[i].walk);
	story_ends(s);
}

/* A writer that never rests keeps no walk from its end. */
Case(walk, a_walk_ends_though_routes_keep_coming)
{
	static struct reader_of_rib d;
	struct story *s = mem_zero(1, sizeof(*s));
	struct chance c = { 36 };
	unsigned turns = 0;

	story_begins(s, &c);
	reader_begins(&d, s);
	while (reader_reads(&d, s, 1)) {
		for (uint32_t i = 0; i < 50; i++)
			write_batch(s, &c, 1);
		cr_assert(++turns <= 2 * LABELLED);
	}
	reader_ends(&d, s);
	story_ends(s);
}

/* Whoever is named in its order comes first, in that order, and the others behind, as they came. */
Case(walk, families_have_their_turns_as_the_reader_wants)
{
	static const uint16_t came[][2] = { { 2, 2 }, { 1, 2 }, { 2, 1 }, { 1, 1 } };
	static const unsigned turns[] = { 3, 2, 0, 1 };
	const struct family_list first = { .count = 3,
		.ids = { family_of(1, 1)->id, family_of(1, 133)->id, family_of(2, 1)->id } };
	struct attrs *a = made_set(1);
	struct rib_in *r = rib_in_new();
	static const uint8_t zero[] = { 0 };
	struct rib_walk w;
	struct attrs *got;
	struct nlri n = { .bytes = slice_of(zero, 1) };

	for (size_t i = 0; i < 4; i++) {
		n.family = family_of(came[i][0], (uint8_t)came[i][1]);
		rib_in_put(r, &n, a);
	}
	rib_in_walk_begin(r, &w);
	rib_walk_order(&w, &first);
	for (size_t i = 0; i < 4; i++) {
		const uint16_t *want = came[turns[i]];

		cr_assert(rib_in_next(r, &w, &n, &got));
		cr_expect_eq(n.family, family_of(want[0], (uint8_t)want[1]), "turn %zu", i);
	}
	cr_expect_not(rib_in_next(r, &w, &n, &got));
	rib_in_walk_end(r, &w);
	rib_in_free(r);
	attrs_drop(a);
}

Case(walk, a_walk_over_what_is_gone_gives_nothing_more)
{
	struct attrs *a = made_set(1);
	struct rib_in *r = rib_in_new();
	struct rib_walk w;
	struct made made;
	struct attrs *got;
	struct nlri n;

	for (uint32_t i = 0; i < 10; i++) {
		made_route(&made, i, 0);
		rib_in_put(r, &made.nlri, a);
	}
	rib_in_walk_begin(r, &w);
	cr_assert(rib_in_next(r, &w, &n, &got));
	rib_in_clear(r, family_all());
	made_route(&made, 3, 0);
	rib_in_put(r, &made.nlri, a);
	cr_assert_not(rib_in_next(r, &w, &n, &got), "it came later");
	rib_in_free(r);
	attrs_drop(a);
}
