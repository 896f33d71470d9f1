/* Stored routes in lots, the queue of sets, and the replay that makes all pending again. */
#include "store.h"

#include "base/owner.h"
#include "lots.h"
#include "paths.h"

#define REPLAY_STEP  64    /* entries that the cursor passes for each look at the queue */
#define REPLAY_FIRST 32768 /* and when a replay begins: small tables are done at once */
#define SEEK_MOST    8192  /* entries and sets without anything pending that are passed at once */

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

static bool
is_held(const struct shelf *h, uint32_t number)
{
	return (links_of(h, number)->sent & SENT_HELD) != 0;
}

bool
shelf_sent(const struct shelf *h, uint32_t number)
{
	return !is_held(h, number) && links_of(h, number)->sent >= h->store->session;
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

/* Off its lot's strings; the number of the lot. */
static uint32_t
take_down(struct store *s, struct shelf *h, uint32_t number)
{
	struct links *l = links_of(h, number);
	uint32_t lot = table_entry(&h->table, number)->value;

	h->pending -= shelf_pending(h, number);
	if (is_held(h, number)) {
		h->held--;
		l->sent = 0;
	}
	run_relink(h, number, number, l->next, l->prev);
	s->lots[lot].count--;
	return lot;
}

/* To the pending end of the lot. */
static void
hang_up(struct store *s, struct shelf *h, uint32_t number, uint32_t lot)
{
	lot_catch_up(s, lot);
	table_entry(&h->table, number)->value = lot;
	table_entry(&h->table, number)->head |= ENTRY_MARK;
	run_add(h, &s->lots[lot].pending, number);
	s->lots[lot].count++;
	h->pending++;
	lot_queue(s, lot);
}

/* The account of what is pending of it from now on; 0: none. */
static void
set_account(const struct shelf *h, uint32_t number, uint32_t by)
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
	set_account(h, number, 0);
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
		old = take_down(s, h, number);
		supersede(s, h, number);
		number = respell(s, h, number, n);
	}
	set_account(h, number, by);
	lot = lot_for(s, h, a);
	hang_up(s, h, number, lot);
	if (old != TABLE_NONE)
		lot_release(s, s->lots[old].leader);
}

void
store_cut(struct store *s, struct shelf *h, uint32_t number)
{
	uint32_t lot = take_down(s, h, number);

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

/* Replay */

static void
replay_end(struct store *s)
{
	s->replaying = false;
	store_share_walkers(s);
}

/* The cursor passes that many entries; what is pending among them is queued. */
static void
replay_step(struct store *s, size_t most)
{
	while (s->replaying && most-- > 0) {
		const struct shelf *h;
		uint32_t number;

		if (s->replay_rank == s->families) {
			replay_end(s);
			return;
		}
		h = s->shelves[s->order[s->replay_rank]];
		if (h->pending == 0 || !table_next(&h->table, &s->replay_at, &number)) {
			s->replay_rank++;
			s->replay_at = 0;
		} else if (shelf_pending(h, number)) {
			uint32_t lot = table_entry(&h->table, number)->value;

			lot_catch_up(s, lot);
			lot_queue(s, lot);
		}
	}
}

static void
replay_begin(struct store *s)
{
	s->replaying = true;
	s->replay_rank = 0;
	s->replay_at = 0;
	store_share_walkers(s);
	replay_step(s, REPLAY_FIRST);
}

static void
next_round(struct store *s)
{
	s->round++;
	s->sent_in_round = false;
}

void
store_replay(struct store *s, struct family_set families)
{
	if (s->sent_in_round)
		next_round(s);
	for (unsigned i = 0; i < s->families; i++) {
		struct shelf *h = s->shelves[s->order[i]];

		if (!family_in(families, h->table.family))
			continue;
		h->replay = s->round;
		h->idle_first = false;
		h->pending = h->table.count;
	}
	replay_begin(s);
}

/* Nothing was sent since it was announced: the queue has it all, as it was given. */
static bool
all_wait(const struct store *s)
{
	for (unsigned i = 0; i < s->families; i++) {
		const struct shelf *h = s->shelves[s->order[i]];

		if (h->pending != h->table.count)
			return false;
	}
	return !s->replaying;
}

void
store_session(struct store *s, bool up)
{
	next_round(s);
	s->session = s->round;
	s->sent = 0;
	for (unsigned i = 0; i < s->families; i++)
		paths_wipe(s->shelves[s->order[i]]);
	if (!up || all_wait(s))
		return;
	queue_drop(s);
	for (unsigned i = 0; i < s->families; i++) {
		struct shelf *h = s->shelves[s->order[i]];

		h->replay = s->round;
		h->idle_first = true;
		h->pending = h->table.count;
	}
	replay_begin(s);
}

/* Sending */

/* May a held path of this prefix be told now? */
static bool
has_room(const struct shelf *h, uint32_t number)
{
	struct nlri n = paths_prefix(h, number);
	uint32_t count = table_find(h->paths, &n, NULL);

	return count == TABLE_NONE || table_entry(h->paths, count)->value < h->limit;
}

static void
look_begin(struct shelf *h)
{
	h->freed = false;
	h->looking = true;
	h->look_at = 0;
	h->store->looking++;
	store_share_walkers(h->store);
}

static void
look_end(struct shelf *h)
{
	h->looking = false;
	h->store->looking--;
	store_share_walkers(h->store);
}

/* Held paths of prefixes that lost one are pending again; true: some are. */
static bool
look_at_held(struct shelf *h, size_t *left)
{
	bool any = false;
	uint32_t number;

	while (*left != 0 && table_next(&h->table, &h->look_at, &number)) {
		--*left;
		if (!is_held(h, number) || shelf_pending(h, number) || !has_room(h, number))
			continue;
		hang_up(h->store, h, number, take_down(h->store, h, number));
		any = true;
	}
	if (*left != 0)
		look_end(h);
	return any;
}

static bool
held_again(struct store *s, size_t *left)
{
	for (unsigned i = 0; i < s->families; i++) {
		struct shelf *h = s->shelves[s->order[i]];

		if (h->freed && !h->looking)
			look_begin(h);
		if (h->looking && look_at_held(h, left))
			return true;
	}
	return false;
}

/* The queue's first lot with something pending; sets without are passed. */
static bool
queue_front(struct store *s, uint32_t *lot, size_t *left)
{
	for (; s->queue_head != TABLE_NONE && *left != 0; --*left) {
		*lot = chain_front(s, s->queue_head);
		if (*lot != TABLE_NONE)
			return true;
		queue_pop(s);
	}
	return false;
}

bool
store_front(struct store *s, uint32_t *lot)
{
	size_t left = SEEK_MOST;

	replay_step(s, REPLAY_STEP);
	while (!queue_front(s, lot, &left)) {
		if (left < REPLAY_STEP || (!s->replaying && !held_again(s, &left)))
			return false;
		if (s->replaying) {
			replay_step(s, REPLAY_STEP);
			left -= REPLAY_STEP;
		}
	}
	return true;
}

bool
store_seeks(const struct store *s)
{
	return s->queue_head != TABLE_NONE || s->replaying || s->looking != 0;
}

/* Off the pending string, and what is known of it. */
static void
mark_sent(struct store *s, struct shelf *h, struct lot *lot, uint32_t number, bool told)
{
	struct links *l = links_of(h, number);
	bool known = shelf_sent(h, number); /* then the peer has some form of it */

	h->held -= is_held(h, number);
	h->held += !told && !known;
	s->sent += told && !known;
	l->sent = told || known ? s->round : s->round | SENT_HELD;
	account_sent(s->accounts, l->by, told);
	set_account(h, number, 0);
	h->pending--;
	table_entry(&h->table, number)->head &= (uint16_t)~ENTRY_MARK;
	lot->pending.head = l->next;
	if (l->next != TABLE_NONE)
		links_of(h, l->next)->prev = TABLE_NONE;
	else
		lot->pending.tail = TABLE_NONE;
}

void
store_sent(struct store *s, uint32_t number, size_t routes, bool told, bool keep)
{
	struct lot *lot = &s->lots[number];
	struct shelf *h = s->shelves[lot->family];

	for (; routes != 0; routes--) {
		uint32_t at = lot->pending.head;

		mark_sent(s, h, lot, at, told);
		if (keep) {
			run_add(h, &lot->idle, at);
			continue;
		}
		lot->count--;
		s->count--;
		s->sent -= shelf_sent(h, at);
		h->held -= is_held(h, at);
		table_cut(&h->table, at);
	}
	s->sent_in_round = true;
	/* A set that is done gives up its place at once: pending again, it is behind the others. */
	if (chain_front(s, s->queue_head) == TABLE_NONE)
		queue_pop(s);
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
