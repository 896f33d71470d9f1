/* Stored routes in lots, the queue of sets, and the replay that makes all pending again. */
#include "store.h"

#include "base/owner.h"

#define REPLAY_STEP  4096  /* entries that the cursor passes for each look at the queue */
#define REPLAY_FIRST 32768 /* and when a replay begins: small tables are done at once */

static const struct run no_run = { TABLE_NONE, TABLE_NONE };

struct links *
links_of(const struct shelf *h, uint32_t number)
{
	return (struct links *)(void *)table_entry(&h->table, number) - 1;
}

static struct lot *
lot_of(const struct shelf *h, uint32_t number)
{
	return &h->store->lots[table_entry(&h->table, number)->value];
}

bool
shelf_pending(const struct shelf *h, uint32_t number)
{
	return (table_entry(&h->table, number)->head & ENTRY_MARK) != 0 ||
	    links_of(h, number)->sent < h->replay;
}

bool
shelf_sent(const struct shelf *h, uint32_t number)
{
	return links_of(h, number)->sent >= h->store->session;
}

struct attrs *
shelf_attrs(const struct shelf *h, uint32_t number)
{
	return lot_of(h, number)->attrs;
}

/* Strings */

static void
run_add(const struct shelf *h, struct run *run, uint32_t number)
{
	struct links *l = links_of(h, number);

	l->next = TABLE_NONE;
	l->prev = run->tail;
	if (run->tail != TABLE_NONE)
		links_of(h, run->tail)->next = number;
	else
		run->head = number;
	run->tail = number;
}

static struct run
run_join(const struct shelf *h, struct run a, struct run b)
{
	if (a.head == TABLE_NONE)
		return b;
	if (b.head == TABLE_NONE)
		return a;
	links_of(h, a.tail)->next = b.head;
	links_of(h, b.head)->prev = a.tail;
	return (struct run){ a.head, b.tail };
}

/* Whoever points at the entry points at other numbers from now on; its links stand at "at". */
static void
relink(const struct shelf *h, uint32_t at, uint32_t from, uint32_t prev_to, uint32_t next_to)
{
	const struct links *l = links_of(h, at);
	struct lot *lot = lot_of(h, at);

	if (l->prev != TABLE_NONE)
		links_of(h, l->prev)->next = prev_to;
	else if (lot->pending.head == from)
		lot->pending.head = prev_to;
	else
		lot->idle.head = prev_to;
	if (l->next != TABLE_NONE)
		links_of(h, l->next)->prev = next_to;
	else if (lot->pending.tail == from)
		lot->pending.tail = next_to;
	else
		lot->idle.tail = next_to;
}

static void
entry_moved(struct table *t, uint32_t from, uint32_t to)
{
	relink(owner_of(t, struct shelf, table), to, from, to, to);
}

/* Lots */

static uint64_t
set_hash(const struct attrs *a)
{
	uint64_t h = (uint64_t)(uintptr_t)a * UINT64_C(0x9e3779b97f4a7c15);

	return h ^ h >> 32;
}

static uint32_t
lot_new(struct store *s)
{
	uint32_t lot = s->free_lots;

	if (lot != TABLE_NONE) {
		s->free_lots = s->lots[lot].more;
		return lot;
	}
	if (s->lot_count == s->lot_size) {
		s->lot_size = s->lot_size == 0 ? 4 : s->lot_size * 2;
		s->lots = mem_grow(s->lots, s->lot_size * sizeof(*s->lots));
	}
	return s->lot_count++;
}

static void
carry_over(struct store *s, size_t places)
{
	uint32_t lot;

	while (index_evict(&s->by_set, &places, &lot))
		index_place(&s->by_set, set_hash(s->lots[lot].attrs), lot);
}

static bool
find_leader(const struct store *s, const struct attrs *a, struct probe *p, uint32_t *lot)
{
	uint32_t found;

	if (s->by_set.count == 0)
		return false;
	*p = probe_of(set_hash(a));
	while (index_next(&s->by_set, p, &found)) {
		if (s->lots[found].attrs == a) {
			*lot = found;
			return true;
		}
	}
	return false;
}

static void
index_leader(struct store *s, uint32_t lot)
{
	if (index_unfit(&s->by_set)) {
		carry_over(s, SIZE_MAX);
		index_resize(&s->by_set);
	}
	index_place(&s->by_set, set_hash(s->lots[lot].attrs), lot);
	s->by_set.count++;
	carry_over(s, INDEX_STEP);
}

static uint32_t
lot_for(struct store *s, const struct shelf *h, struct attrs *a)
{
	uint8_t family = h->table.family->id;
	uint32_t leader = TABLE_NONE;
	struct probe p;
	uint32_t lot;

	if (find_leader(s, a, &p, &leader)) {
		for (lot = leader; lot != TABLE_NONE; lot = s->lots[lot].more) {
			if (s->lots[lot].family == family)
				return lot;
		}
	}
	lot = lot_new(s);
	s->lots[lot] = (struct lot){ .attrs = a,
		.leader = lot,
		.more = TABLE_NONE,
		.queue_next = TABLE_NONE,
		.caught = h->replay,
		.pending = no_run,
		.idle = no_run,
		.family = family };
	if (leader != TABLE_NONE) {
		s->lots[lot].leader = leader;
		s->lots[lot].more = s->lots[leader].more;
		s->lots[leader].more = lot;
	} else {
		attrs_hold(a);
		index_leader(s, lot);
	}
	return lot;
}

static bool
queued(const struct store *s, uint32_t leader)
{
	return s->lots[leader].queue_epoch == s->queue_epoch;
}

/* The chain goes when it has no routes and no place in the queue. */
static void
lot_release(struct store *s, uint32_t leader)
{
	struct probe p;
	uint32_t found;
	uint32_t lot;

	if (queued(s, leader))
		return;
	for (lot = leader; lot != TABLE_NONE; lot = s->lots[lot].more) {
		if (s->lots[lot].count != 0)
			return;
	}
	if (find_leader(s, s->lots[leader].attrs, &p, &found))
		index_cut(&s->by_set, &p);
	attrs_drop(s->lots[leader].attrs);
	for (lot = leader; lot != TABLE_NONE;) {
		uint32_t more = s->lots[lot].more;

		s->lots[lot] = (struct lot){ .more = s->free_lots };
		s->free_lots = lot;
		lot = more;
	}
}

static void
lot_queue(struct store *s, uint32_t lot)
{
	uint32_t leader = s->lots[lot].leader;

	if (queued(s, leader))
		return;
	s->lots[leader].queue_epoch = s->queue_epoch;
	s->lots[leader].queue_next = TABLE_NONE;
	if (s->queue_tail != TABLE_NONE)
		s->lots[s->queue_tail].queue_next = leader;
	else
		s->queue_head = leader;
	s->queue_tail = leader;
}

static void
queue_pop(struct store *s)
{
	uint32_t leader = s->queue_head;

	s->queue_head = s->lots[leader].queue_next;
	if (s->queue_head == TABLE_NONE)
		s->queue_tail = TABLE_NONE;
	s->lots[leader].queue_epoch = 0;
	lot_release(s, leader);
}

static void
lot_catch_up(struct store *s, uint32_t number)
{
	struct lot *lot = &s->lots[number];
	const struct shelf *h = s->shelves[lot->family];

	if (lot->caught == h->replay)
		return;
	lot->caught = h->replay;
	if (h->idle_first)
		lot->pending = run_join(h, lot->idle, lot->pending);
	else
		lot->pending = run_join(h, lot->pending, lot->idle);
	lot->idle = no_run;
}

/* The store */

static void
share_walkers(struct store *s)
{
	for (unsigned i = 0; i < s->families; i++)
		s->shelves[s->order[i]]->table.walkers = s->walkers + s->replaying;
}

static struct shelf *
shelf_new(struct store *s, const struct family *f)
{
	struct shelf *h = mem_zero(1, sizeof(*h));

	table_init(&h->table, f, sizeof(struct links));
	h->table.moved = entry_moved;
	h->store = s;
	s->shelves[f->id] = h;
	s->order[s->families++] = f->id;
	h->table.walkers = s->walkers + s->replaying;
	return h;
}

struct store *
store_new(const struct store *before)
{
	struct store *s = mem_zero(1, sizeof(*s));

	s->free_lots = s->queue_head = s->queue_tail = TABLE_NONE;
	s->queue_epoch = s->round = s->session = 1;
	if (before == NULL)
		return s;
	s->round = before->round;
	s->session = before->session;
	s->walkers = before->walkers;
	for (unsigned i = 0; i < before->families; i++) {
		const struct shelf *old = before->shelves[before->order[i]];

		shelf_new(s, old->table.family)->table.next_age = old->table.next_age;
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
	for (unsigned i = 0; i < s->families; i++) {
		table_done(&s->shelves[s->order[i]]->table);
		mem_free(s->shelves[s->order[i]]);
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
	const struct links *l = links_of(h, number);
	uint32_t lot = table_entry(&h->table, number)->value;

	h->pending -= shelf_pending(h, number);
	relink(h, number, number, l->next, l->prev);
	s->lots[lot].count--;
	return lot;
}

void
store_hang(struct store *s, struct shelf *h, uint32_t number, const struct nlri *n, struct attrs *a)
{
	uint32_t old = TABLE_NONE;
	uint32_t lot;

	if (number == TABLE_NONE) {
		number = table_add(&h->table, n);
		s->count++;
	} else {
		old = take_down(s, h, number);
		number = table_respell(&h->table, number, n);
	}
	lot = lot_for(s, h, a);
	lot_catch_up(s, lot);
	table_entry(&h->table, number)->value = lot;
	table_entry(&h->table, number)->head |= ENTRY_MARK;
	run_add(h, &s->lots[lot].pending, number);
	s->lots[lot].count++;
	h->pending++;
	lot_queue(s, lot);
	if (old != TABLE_NONE)
		lot_release(s, s->lots[old].leader);
}

void
store_cut(struct store *s, struct shelf *h, uint32_t number)
{
	uint32_t lot = take_down(s, h, number);

	s->sent -= shelf_sent(h, number);
	s->count--;
	table_cut(&h->table, number);
	lot_release(s, s->lots[lot].leader);
}

void
store_tidy(struct store *s, struct shelf *h)
{
	table_tidy(&h->table);
	carry_over(s, INDEX_STEP);
}

/* Replay */

static void
replay_end(struct store *s)
{
	s->replaying = false;
	share_walkers(s);
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
		if (!table_next(&h->table, &s->replay_at, &number)) {
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
	share_walkers(s);
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

/* Lots without routes that only had their place in the queue. */
static void
queue_drop(struct store *s)
{
	uint32_t lot = s->queue_head;

	s->queue_head = s->queue_tail = TABLE_NONE;
	s->queue_epoch++;
	while (lot != TABLE_NONE) {
		uint32_t next = s->lots[lot].queue_next;

		lot_release(s, lot);
		lot = next;
	}
}

void
store_session(struct store *s, bool up)
{
	next_round(s);
	s->session = s->round;
	s->sent = 0;
	if (!up)
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

void
store_walkers(struct store *s, int more)
{
	s->walkers += (unsigned)more;
	share_walkers(s);
}

/* Sending */

/* Of a chain, the pending lot of the lowest family. */
static uint32_t
chain_front(struct store *s, uint32_t leader)
{
	uint32_t best = TABLE_NONE;

	for (uint32_t lot = leader; lot != TABLE_NONE; lot = s->lots[lot].more) {
		lot_catch_up(s, lot);
		if (s->lots[lot].pending.head != TABLE_NONE &&
		    (best == TABLE_NONE || s->lots[lot].family < s->lots[best].family))
			best = lot;
	}
	return best;
}

bool
store_front(struct store *s, uint32_t *lot)
{
	replay_step(s, REPLAY_STEP);
	for (;;) {
		while (s->queue_head != TABLE_NONE) {
			*lot = chain_front(s, s->queue_head);
			if (*lot != TABLE_NONE)
				return true;
			queue_pop(s);
		}
		if (!s->replaying)
			return false;
		replay_step(s, REPLAY_STEP);
	}
}

void
store_sent(struct store *s, uint32_t number, size_t routes, bool keep)
{
	struct lot *lot = &s->lots[number];
	struct shelf *h = s->shelves[lot->family];
	uint32_t leader = lot->leader;

	for (; routes != 0; routes--) {
		uint32_t at = lot->pending.head;
		struct links *l = links_of(h, at);
		uint32_t next = l->next;

		s->sent += l->sent < s->session;
		l->sent = s->round;
		h->pending--;
		table_entry(&h->table, at)->head &= (uint16_t)~ENTRY_MARK;
		lot->pending.head = next;
		if (next != TABLE_NONE)
			links_of(h, next)->prev = TABLE_NONE;
		else
			lot->pending.tail = TABLE_NONE;
		if (keep) {
			run_add(h, &lot->idle, at);
			continue;
		}
		lot->count--;
		s->count--;
		s->sent--;
		table_cut(&h->table, at);
	}
	s->sent_in_round = true;
	lot_release(s, leader);
}

size_t
store_pending(const struct store *s)
{
	size_t n = 0;

	for (unsigned i = 0; i < s->families; i++)
		n += s->shelves[s->order[i]]->pending;
	return n;
}

size_t
store_memory(const struct store *s)
{
	size_t bytes = sizeof(*s) + s->lot_size * sizeof(*s->lots) + index_memory(&s->by_set);

	for (unsigned i = 0; i < s->families; i++)
		bytes += sizeof(struct shelf) + table_memory(&s->shelves[s->order[i]]->table);
	return bytes;
}
