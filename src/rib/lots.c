/* Lots: routes of one set in one family on two strings; the queue of sets. */
#include "lots.h"

static const struct run no_run = { TABLE_NONE, TABLE_NONE };

void
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

void
run_relink(const struct shelf *h, uint32_t at, uint32_t from, uint32_t prev_to, uint32_t next_to)
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

void
lots_carry_over(struct store *s, size_t places)
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
		lots_carry_over(s, SIZE_MAX);
		index_resize(&s->by_set);
	}
	index_place(&s->by_set, set_hash(s->lots[lot].attrs), lot);
	s->by_set.count++;
	lots_carry_over(s, INDEX_STEP);
}

/* Routes of one set mostly come one behind the other. */
static bool
is_last(const struct store *s, const struct attrs *a, uint8_t family)
{
	return s->last_lot < s->lot_count && s->lots[s->last_lot].attrs == a &&
	    s->lots[s->last_lot].family == family;
}

static uint32_t
find_lot(struct store *s, const struct shelf *h, struct attrs *a)
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

uint32_t
lot_for(struct store *s, const struct shelf *h, struct attrs *a)
{
	if (!is_last(s, a, h->table.family->id))
		s->last_lot = find_lot(s, h, a);
	return s->last_lot;
}

static bool
queued(const struct store *s, uint32_t leader)
{
	return s->lots[leader].queue_epoch == s->queue_epoch;
}

void
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

/* They have no turn until they are pending again. */
static void
chain_rest(struct store *s, uint32_t leader)
{
	for (uint32_t lot = leader; lot != TABLE_NONE; lot = s->lots[lot].more)
		s->lots[lot].turn = 0;
}

void
lot_queue(struct store *s, uint32_t lot)
{
	uint32_t leader = s->lots[lot].leader;

	if (s->lots[lot].turn == 0)
		s->lots[lot].turn = ++s->turns;
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

void
queue_pop(struct store *s)
{
	uint32_t leader = s->queue_head;

	s->queue_head = s->lots[leader].queue_next;
	if (s->queue_head == TABLE_NONE)
		s->queue_tail = TABLE_NONE;
	s->lots[leader].queue_epoch = 0;
	chain_rest(s, leader);
	lot_release(s, leader);
}

void
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

uint32_t
lot_leave(struct shelf *h, uint32_t number)
{
	struct links *l = links_of(h, number);
	uint32_t lot = table_entry(&h->table, number)->value;

	h->pending -= shelf_pending(h, number);
	if (shelf_held(h, number)) {
		h->held--;
		l->sent = 0;
	}
	run_relink(h, number, number, l->next, l->prev);
	h->store->lots[lot].count--;
	return lot;
}

void
lot_join(struct shelf *h, uint32_t number, uint32_t lot)
{
	struct store *s = h->store;

	lot_catch_up(s, lot);
	table_entry(&h->table, number)->value = lot;
	table_entry(&h->table, number)->head |= ENTRY_MARK;
	run_add(h, &s->lots[lot].pending, number);
	s->lots[lot].count++;
	h->pending++;
	lot_queue(s, lot);
}

/* Lots without routes that only had their place in the queue. */
void
queue_drop(struct store *s)
{
	uint32_t lot = s->queue_head;

	s->queue_head = s->queue_tail = TABLE_NONE;
	s->queue_epoch++;
	while (lot != TABLE_NONE) {
		uint32_t next = s->lots[lot].queue_next;

		chain_rest(s, lot);
		lot_release(s, lot);
		lot = next;
	}
}

/* A replay comes past the families in their order. */
static bool
is_before(const struct store *s, uint32_t lot, uint32_t other)
{
	uint32_t turn = s->lots[lot].turn;
	uint32_t others = s->lots[other].turn;

	if (turn == 0 && others == 0)
		return s->shelves[s->lots[lot].family]->rank <
		    s->shelves[s->lots[other].family]->rank;
	if (turn == 0 || others == 0)
		return turn != 0;
	return (int32_t)(turn - others) < 0;
}

uint32_t
chain_front(struct store *s, uint32_t leader)
{
	uint32_t best = TABLE_NONE;

	for (uint32_t lot = leader; lot != TABLE_NONE; lot = s->lots[lot].more) {
		lot_catch_up(s, lot);
		if (s->lots[lot].pending.head != TABLE_NONE &&
		    (best == TABLE_NONE || is_before(s, lot, best)))
			best = lot;
	}
	return best;
}
