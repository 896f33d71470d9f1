/* adj-rib-out against a model that does each rule of rib/out.h in the plainest way. */
#include "base/mem.h"
#include "case.h"
#include "pending.h"
#include "rib/out.h"
#include "routes.h"

#define KEYS 40
#define SETS 6
#define FAMS 2

struct string {
	uint32_t keys[KEYS];
	size_t count;
};

struct waiting {
	uint32_t key;
	uint32_t set; /* SETS: none */
	bool cleared;
};

struct model {
	bool keep;
	struct attrs *sets[SETS];
	struct string stored[FAMS]; /* by rank of the family */
	int rank_afi[FAMS];
	uint32_t set_of[KEYS];
	uint8_t spelling[KEYS];
	bool sent[KEYS];
	struct string pending[SETS][FAMS]; /* by AFI - 1 */
	struct string idle[SETS][FAMS];
	struct string queue;       /* of sets */
	unsigned turn[SETS][FAMS]; /* of a set in the queue: which family was pending first */
	unsigned turns;
	struct waiting withdraws[2 * KEYS];
	size_t withdraw_count;
};

static void
string_add(struct string *s, uint32_t key)
{
	s->keys[s->count++] = key;
}

static bool
string_cut(struct string *s, uint32_t key)
{
	for (size_t i = 0; i < s->count; i++) {
		if (s->keys[i] == key) {
			memmove(&s->keys[i], &s->keys[i + 1], (--s->count - i) * sizeof(key));
			return true;
		}
	}
	return false;
}

static bool
string_has(const struct string *s, uint32_t key)
{
	for (size_t i = 0; i < s->count; i++) {
		if (s->keys[i] == key)
			return true;
	}
	return false;
}

static void
string_join(struct string *to, struct string *more)
{
	for (size_t i = 0; i < more->count; i++)
		string_add(to, more->keys[i]);
	more->count = 0;
}

static unsigned
fam(uint32_t key)
{
	return key % 3 == 0;
}

static struct string *
shelf_for(struct model *m, uint32_t key)
{
	for (unsigned i = 0; i < FAMS; i++) {
		if (m->rank_afi[i] == 0)
			m->rank_afi[i] = (int)fam(key) + 1;
		if (m->rank_afi[i] == (int)fam(key) + 1)
			return &m->stored[i];
	}
	cr_assert_fail("no third family");
	return NULL;
}

static void
enqueue(struct model *m, uint32_t set, unsigned family)
{
	if (m->turn[set][family] == 0)
		m->turn[set][family] = ++m->turns;
	if (!string_has(&m->queue, set))
		string_add(&m->queue, set);
}

static void
unqueue(struct model *m, uint32_t set)
{
	string_cut(&m->queue, set);
	memset(m->turn[set], 0, sizeof(m->turn[set]));
}

static void
unqueue_all(struct model *m)
{
	while (m->queue.count != 0)
		unqueue(m, m->queue.keys[0]);
}

static enum rib_did
model_announce(struct model *m, uint32_t key, uint8_t spelling, uint32_t set)
{
	struct string *shelf = shelf_for(m, key);
	enum rib_did did = RIB_PENDING;

	if (!string_has(shelf, key)) {
		string_add(shelf, key);
		m->sent[key] = false;
	} else {
		if (m->set_of[key] == set && m->spelling[key] == spelling)
			return RIB_UNCHANGED;
		if (string_cut(&m->pending[m->set_of[key]][fam(key)], key))
			did = RIB_SUPERSEDED;
		string_cut(&m->idle[m->set_of[key]][fam(key)], key);
	}
	m->set_of[key] = set;
	m->spelling[key] = spelling;
	string_add(&m->pending[set][fam(key)], key);
	enqueue(m, set, fam(key));
	return did;
}

static enum rib_did
model_withdraw(struct model *m, uint32_t key, uint32_t set)
{
	enum rib_did did = RIB_PENDING;
	size_t i;

	for (i = 0; i < m->withdraw_count && m->withdraws[i].key != key; i++)
		;
	if (i == m->withdraw_count)
		m->withdraws[m->withdraw_count++] = (struct waiting){ key, set, false };
	else
		did = RIB_SUPERSEDED;
	if (!m->withdraws[i].cleared)
		m->withdraws[i].set = set;
	if (string_cut(&m->stored[0], key) || string_cut(&m->stored[1], key)) {
		if (string_cut(&m->pending[m->set_of[key]][fam(key)], key))
			did = RIB_SUPERSEDED;
		string_cut(&m->idle[m->set_of[key]][fam(key)], key);
	}
	return did;
}

static void
model_again(struct model *m, bool v4, bool v6)
{
	for (unsigned rank = 0; rank < FAMS; rank++) {
		for (size_t i = 0; i < m->stored[rank].count; i++) {
			uint32_t key = m->stored[rank].keys[i];
			uint32_t set = m->set_of[key];

			if (!(fam(key) ? v6 : v4))
				continue;
			string_join(&m->pending[set][fam(key)], &m->idle[set][fam(key)]);
			enqueue(m, set, fam(key));
		}
	}
}

static bool
model_all_wait(const struct model *m)
{
	for (unsigned set = 0; set < SETS; set++) {
		for (unsigned f = 0; f < FAMS; f++) {
			if (m->idle[set][f].count != 0)
				return false;
		}
	}
	return true;
}

static void
model_session(struct model *m, bool up)
{
	m->withdraw_count = 0;
	memset(m->sent, 0, sizeof(m->sent));
	if (!up || model_all_wait(m))
		return;
	unqueue_all(m);
	for (unsigned set = 0; set < SETS; set++) {
		for (unsigned f = 0; f < FAMS; f++) {
			string_join(&m->idle[set][f], &m->pending[set][f]);
			m->pending[set][f] = m->idle[set][f];
			m->idle[set][f].count = 0;
		}
	}
	model_again(m, true, true);
}

static void
model_clear(struct model *m)
{
	bool any = m->stored[0].count + m->stored[1].count != 0;

	for (unsigned rank = 0; rank < FAMS; rank++) {
		for (size_t i = 0; i < m->stored[rank].count; i++) {
			uint32_t key = m->stored[rank].keys[i];

			if (m->sent[key])
				m->withdraws[m->withdraw_count++] =
				    (struct waiting){ key, m->set_of[key], true };
		}
		m->stored[rank].count = 0;
	}
	if (any)
		unqueue_all(m);
	memset(m->pending, 0, sizeof(m->pending));
	memset(m->idle, 0, sizeof(m->idle));
}

static struct string *
model_front(struct model *m, uint32_t *set)
{
	while (m->queue.count != 0) {
		struct string *first = NULL;
		unsigned turn = 0;

		*set = m->queue.keys[0];
		for (unsigned f = 0; f < FAMS; f++) {
			if (m->pending[*set][f].count != 0 &&
			    (first == NULL || m->turn[*set][f] < turn)) {
				first = &m->pending[*set][f];
				turn = m->turn[*set][f];
			}
		}
		if (first != NULL)
			return first;
		unqueue(m, *set);
	}
	return NULL;
}

static void
check_withdraw(struct rib_out *r, struct model *m)
{
	const struct waiting *first = &m->withdraws[0];
	struct made made;
	struct attrs *a;
	struct nlri n;

	cr_assert(out_withdraw_front(r, &n, &a));
	made_route(&made, first->key, 0);
	made.bytes[made.nlri.bytes.len - 1] |= n.bytes.at[n.bytes.len - 1] & 1;
	cr_assert_eq(n.family, made.nlri.family);
	cr_assert(slice_same(n.bytes, made.nlri.bytes));
	cr_assert_eq(n.has_path_id, made.nlri.has_path_id);
	cr_assert_eq(a, first->set == SETS ? NULL : m->sets[first->set]);
	out_withdraw_pop(r, true);
	memmove(m->withdraws, m->withdraws + 1, --m->withdraw_count * sizeof(*m->withdraws));
}

static void
send_some(struct rib_out *r, struct model *m, struct chance *c)
{
	struct string *front;
	struct lot_walk w;
	struct made made;
	struct nlri n;
	uint32_t set = 0;
	size_t count;

	if (m->withdraw_count != 0) {
		check_withdraw(r, m);
		return;
	}
	front = model_front(m, &set);
	cr_assert_eq(out_lot_front(r, &w), front != NULL);
	if (front == NULL)
		return;
	cr_assert_eq(w.attrs, m->sets[set]);
	for (size_t i = 0; i < front->count; i++) {
		made_route(&made, front->keys[i], m->spelling[front->keys[i]]);
		cr_assert(out_lot_next(&w, &n));
		cr_assert(slice_same(n.bytes, made.nlri.bytes), "place %zu", i);
	}
	cr_assert_not(out_lot_next(&w, &n));
	count = 1 + chance_below(c, (uint32_t)front->count);
	out_lot_sent(r, &w, count, true);
	for (; count != 0; count--) {
		uint32_t key = front->keys[0];

		string_cut(front, key);
		if (m->keep)
			string_add(&m->idle[set][fam(key)], key);
		else
			string_cut(shelf_for(m, key), key);
		m->sent[key] = true;
	}
	if (m->pending[set][0].count + m->pending[set][1].count == 0)
		unqueue(m, set);
}

static void
check_counts(struct rib_out *r, struct model *m)
{
	size_t pending = m->withdraw_count;
	struct rib_walk w;
	struct attrs *a;
	struct nlri n;

	for (unsigned set = 0; set < SETS; set++)
		pending += m->pending[set][0].count + m->pending[set][1].count;
	cr_assert_eq(rib_out_pending(r), pending, "%zu, not %zu", rib_out_pending(r), pending);
	rib_out_walk_begin(r, &w);
	for (unsigned rank = 0; rank < FAMS; rank++) {
		for (size_t i = 0; i < m->stored[rank].count; i++) {
			uint32_t key = m->stored[rank].keys[i];
			struct made made;

			made_route(&made, key, m->spelling[key]);
			cr_assert(rib_out_next(r, &w, &n, &a));
			cr_assert(slice_same(n.bytes, made.nlri.bytes));
			cr_assert_eq(a, m->sets[m->set_of[key]]);
			cr_assert(rib_out_has(r, &made.nlri, NULL, &a));
			cr_assert_eq(a, m->sets[m->set_of[key]]);
		}
	}
	cr_assert_not(rib_out_next(r, &w, &n, &a));
	cr_assert_not(rib_out_next(r, &w, &n, &a));
	rib_out_walk_end(r, &w);
	cr_assert_eq(rib_out_count(r), m->stored[0].count + m->stored[1].count);
}

static void
one_step(struct rib_out *r, struct model *m, struct chance *c)
{
	uint32_t key = chance_below(c, KEYS);
	uint8_t spelling = chance_below(c, 8) == 0;
	uint32_t set = chance_below(c, SETS);
	struct family_set families = { 0 };
	uint32_t what = chance_below(c, 100);
	struct made made;

	made_route(&made, key, spelling);
	if (what < 40) {
		cr_assert_eq(rib_out_announce(r, &made.nlri, m->sets[set]),
		    model_announce(m, key, spelling, set));
	} else if (what < 55) {
		set = chance_below(c, SETS + 1);
		cr_assert_eq(rib_out_withdraw(r, &made.nlri, set == SETS ? NULL : m->sets[set]),
		    model_withdraw(m, key, set));
	} else if (what < 90) {
		send_some(r, m, c);
	} else if (what < 95) {
		if (key % 4 != 0)
			family_add(&families, family_of(1, 1));
		if (key % 4 != 1)
			family_add(&families, family_of(2, 1));
		rib_out_again(r, families);
		model_again(m, key % 4 != 0, key % 4 != 1);
	} else if (what < 97) {
		rib_out_clear(r);
		model_clear(m);
	} else if (what < 99) {
		rib_out_up(r);
		model_session(m, true);
	} else {
		rib_out_down(r);
		model_session(m, false);
	}
}

static void
walk_with_model(bool keep, uint64_t seed, unsigned steps)
{
	struct model *m = mem_zero(1, sizeof(*m));
	struct rib_out *r = rib_out_new(keep);
	struct chance c = { seed };

	m->keep = keep;
	for (uint32_t i = 0; i < SETS; i++)
		m->sets[i] = made_set(i);
	for (unsigned i = 0; i < steps; i++) {
		one_step(r, m, &c);
		check_counts(r, m);
	}
	while (rib_out_reap(r))
		;
	rib_out_free(r);
	for (uint32_t i = 0; i < SETS; i++) {
		cr_assert_eq(m->sets[i]->holders, 1, "set %u has %u", i, m->sets[i]->holders);
		attrs_drop(m->sets[i]);
	}
	mem_free(m);
}

Case(rib_out, does_what_its_rules_say_in_any_order_of_events)
{
	for (uint64_t seed = 1; seed <= 30; seed++)
		walk_with_model(true, seed, 2000);
}

Case(rib_out, without_keeping_forgets_what_was_sent)
{
	for (uint64_t seed = 1; seed <= 30; seed++)
		walk_with_model(false, seed, 2000);
}

/* More routes than a replay begins with: all of them come again once, and holes are closed. */
Case(rib_out, large_table_is_replayed_in_steps)
{
	struct rib_out *r = rib_out_new(true);
	struct attrs *sets[100];
	struct lot_walk w;
	struct made made;
	struct nlri n;

	for (uint32_t i = 0; i < 100; i++)
		sets[i] = made_set(i);
	for (uint32_t i = 0; i < 200000; i++) {
		made_route(&made, i, 0);
		cr_assert_eq(rib_out_announce(r, &made.nlri, sets[i / 7 % 100]), RIB_PENDING);
	}
	for (unsigned round = 0; round < 3; round++) {
		size_t count = 0;
		size_t fronts = 0;

		for (; out_lot_front(r, &w); fronts++) {
			size_t routes = 0;

			while (out_lot_next(&w, &n))
				routes++;
			out_lot_sent(r, &w, routes, true);
			count += routes;
		}
		cr_assert_eq(count, rib_out_count(r));
		cr_assert_eq(fronts, 200, "%zu in round %u", fronts,
		    round); /* whole sets, in two families */
		cr_assert_eq(rib_out_pending(r), 0);
		if (round == 0)
			rib_out_again(r, family_all());
		else
			rib_out_up(r);
		cr_assert_eq(rib_out_pending(r), rib_out_count(r));
		for (uint32_t i = 0; i < 50000; i++) {
			made_route(&made, i * 4 + round, 0);
			cr_assert_eq(rib_out_withdraw(r, &made.nlri, NULL), RIB_SUPERSEDED);
			out_withdraw_pop(r, true);
		}
	}
	rib_out_free(r);
	for (uint32_t i = 0; i < 100; i++)
		attrs_drop(sets[i]);
}

Case(rib_out, set_keeps_the_place_where_it_was_first_pending)
{
	struct rib_out *r = rib_out_new(true);
	struct attrs *one = made_set(1);
	struct attrs *two = made_set(2);
	struct made a;
	struct made b;
	struct lot_walk w;

	made_route(&a, 1, 0);
	made_route(&b, 2, 0);
	rib_out_announce(r, &a.nlri, one);
	rib_out_announce(r, &b.nlri, two);
	cr_assert_eq(rib_out_announce(r, &a.nlri, two), RIB_SUPERSEDED);
	cr_assert_eq(rib_out_announce(r, &b.nlri, one), RIB_SUPERSEDED);
	cr_assert(out_lot_front(r, &w));
	cr_assert_eq(w.attrs, one);
	rib_out_free(r);
	attrs_drop(one);
	attrs_drop(two);
}
