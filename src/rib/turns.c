/* Whose turn it is to be sent, and what the peer was told. */
#include "lots.h"
#include "paths.h"
#include "replay.h"

#define SEEK_MOST 8192 /* entries and sets without anything pending that are passed at once */

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
		if (!shelf_held(h, number) || shelf_pending(h, number) || !has_room(h, number))
			continue;
		lot_join(h, number, lot_leave(h, number));
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

/* Off the pending string, and what is known of it: what can't be told, the peer has in no form. */
static void
mark_sent(struct store *s, struct shelf *h, struct lot *lot, uint32_t number, bool told)
{
	struct links *l = links_of(h, number);

	if (!told)
		paths_free(h, number);
	s->sent -= shelf_sent(h, number);
	h->held -= shelf_held(h, number);
	s->sent += told;
	h->held += !told;
	l->sent = told ? s->round : s->round | SENT_HELD;
	account_sent(s->accounts, l->by, told);
	shelf_account(h, number, 0);
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
		h->held -= shelf_held(h, at);
		table_cut(&h->table, at);
	}
	s->sent_in_round = true;
	/* A set that is done gives up its place at once: pending again, it is behind the others. */
	if (chain_front(s, s->queue_head) == TABLE_NONE)
		queue_pop(s);
}
