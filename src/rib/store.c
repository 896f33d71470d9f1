/* Stored routes: they come, change and go. */
#include "store.h"

#include "base/owner.h"
#include "lots.h"
#include "paths.h"

struct links *
links_of(const struct shelf *h, uint32_t number)
{
	return (struct links *)(void *)table_entry(&h->table, number) - 1;
}

bool
shelf_pending(const struct shelf *h, uint32_t number)
{
	return (table_entry(&h->table, number)->head & ENTRY_MARK) != 0 ||
	    (links_of(h, number)->sent & ~SENT_HELD) < h->replay;
}

bool
shelf_held(const struct shelf *h, uint32_t number)
{
	return (links_of(h, number)->sent & SENT_HELD) != 0;
}

bool
shelf_sent(const struct shelf *h, uint32_t number)
{
	return !shelf_held(h, number) && links_of(h, number)->sent >= h->store->session;
}

struct attrs *
shelf_attrs(const struct shelf *h, uint32_t number)
{
	return lot_of(h, number)->attrs;
}

static void
entry_moved(struct table *t, uint32_t from, uint32_t to)
{
	run_relink(owner_of(t, struct shelf, table), to, from, to, to);
}

static unsigned
walkers_of(const struct store *s)
{
	return s->walks->count + s->replaying + s->looking;
}

void
store_share_walkers(struct store *s)
{
	for (unsigned i = 0; i < s->families; i++)
		s->shelves[s->order[i]]->table.walkers = walkers_of(s);
}

static struct shelf *
shelf_new(struct store *s, const struct family *f)
{
	struct shelf *h = mem_zero(1, sizeof(*h));

	table_init(&h->table, f, sizeof(struct links));
	h->table.moved = entry_moved;
	h->store = s;
	s->shelves[f->id] = h;
	h->rank = s->families;
	s->order[s->families++] = f->id;
	h->table.walkers = walkers_of(s);
	return h;
}

struct store *
store_new(const struct store *before, struct accounts *a, struct walks *walks)
{
	struct store *s = mem_zero(1, sizeof(*s));

	s->accounts = a;
	s->walks = walks;
	s->free_lots = s->queue_head = s->queue_tail = TABLE_NONE;
	s->queue_epoch = s->round = s->session = 1;
	if (before == NULL)
		return s;
	s->round = before->round;
	s->session = before->session;
	for (unsigned i = 0; i < before->families; i++) {
		const struct shelf *old = before->shelves[before->order[i]];

		shelf_new(s, old->table.family)->table.chunks.next_age = old->table.chunks.next_age;
	}
	return s;
}

bool
store_reap(struct store *s, size_t most)
{
	for (; s->lot_count != 0 && most != 0; most--) {
		const struct lot *lot = &s->lots[--s->lot_count];

		if (lot->attrs != NULL && lot->leader == s->lot_count)
			attrs_drop(lot->attrs);
	}
	if (s->lot_count != 0)
		return false;
	for (; s->families != 0; s->families--) {
		struct shelf *h = s->shelves[s->order[s->families - 1]];

		if (!table_reap(&h->table))
			return false;
		paths_wipe(h);
		mem_free(h);
	}
	index_free(&s->by_set);
	mem_free(s->lots);
	mem_free(s);
	return true;
}

struct shelf *
store_shelf(struct store *s, const struct family *f)
{
	return s->shelves[f->id] != NULL ? s->shelves[f->id] : shelf_new(s, f);
}

void
shelf_account(const struct shelf *h, uint32_t number, uint32_t by)
{
	struct accounts *a = h->store->accounts;
	struct links *l = links_of(h, number);

	account_announce(a, l->by, -1);
	account_announce(a, by, 1);
	if (h->counted != 0 && table_place(&h->table, number) < h->counted) {
		account_found_announce(a, l->by, -1);
		account_found_announce(a, by, 1);
	}
	l->by = by;
}

static void
supersede(struct store *s, const struct shelf *h, uint32_t number)
{
	account_superseded(s->accounts, links_of(h, number)->by);
	shelf_account(h, number, 0);
}

static unsigned
rank_of(const struct store *s, const struct family *f)
{
	unsigned rank = 0;

	while (s->order[rank] != f->id)
		rank++;
	return rank;
}

/* Another spelling, which may need another place. */
static uint32_t
respell(struct store *s, struct shelf *h, uint32_t number, const struct nlri *n)
{
	uint64_t from = table_place(&h->table, number);
	uint32_t to = table_respell(&h->table, number, n);

	if (to != number && s->walks->count != 0)
		walks_moved(s->walks, rank_of(s, n->family), from, n);
	return to;
}

void
store_hang(struct store *s, struct shelf *h, uint32_t number, uint64_t hash, const struct nlri *n,
    struct attrs *a, uint32_t by)
{
	uint32_t old = TABLE_NONE;
	uint32_t lot;

	if (number == TABLE_NONE) {
		number = table_add(&h->table, n, hash);
		s->count++;
	} else {
		old = lot_leave(h, number);
		supersede(s, h, number);
		number = respell(s, h, number, n);
	}
	shelf_account(h, number, by);
	lot = lot_for(s, h, a);
	lot_join(h, number, lot);
	if (old != TABLE_NONE)
		lot_release(s, s->lots[old].leader);
}

void
store_cut(struct store *s, struct shelf *h, uint32_t number)
{
	uint32_t lot = lot_leave(h, number);

	supersede(s, h, number);
	paths_free(h, number);
	s->sent -= shelf_sent(h, number);
	s->count--;
	table_cut(&h->table, number);
	lot_release(s, s->lots[lot].leader);
}

void
store_tidy(struct store *s, struct shelf *h)
{
	table_tidy(&h->table);
	lots_carry_over(s, INDEX_STEP);
}

size_t
store_pending(const struct store *s)
{
	size_t n = 0;

	for (unsigned i = 0; i < s->families; i++)
		n += s->shelves[s->order[i]]->pending;
	return n;
}

static size_t
shelf_memory(const struct shelf *h)
{
	size_t paths = h->paths == NULL ? 0 : sizeof(*h->paths) + table_memory(h->paths);

	return sizeof(*h) + table_memory(&h->table) + paths;
}

size_t
store_memory(const struct store *s)
{
	size_t bytes = sizeof(*s) + s->lot_size * sizeof(*s->lots) + index_memory(&s->by_set);

	for (unsigned i = 0; i < s->families; i++)
		bytes += shelf_memory(s->shelves[s->order[i]]);
	return bytes;
}
