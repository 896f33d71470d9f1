/* All routes are pending again: a session begins, or its peer asks for them. */
#include "replay.h"

#include "lots.h"
#include "paths.h"

#define REPLAY_FIRST 32768 /* entries when it begins: small tables are done at once */

static void
replay_end(struct store *s)
{
	s->replaying = false;
	store_share_walkers(s);
}

void
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
