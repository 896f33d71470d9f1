/* Bounded queues: depth, policies, gaps, waits. */
#include "case.h"

#include "flow/queue.h"
#include "pieces.h"

static enum queue_did
put(struct queue *q, size_t len, enum queue_kind kind, usec now)
{
	struct blob *b = blob_room(len);
	enum queue_did did = queue_put(q, b, kind, now);

	blob_drop(b);
	return did;
}

/* The number that is taken, or -1; drops the blob. */
static int64_t
take(struct queue *q, usec now, uint64_t *lost)
{
	struct queued item;

	if (!queue_take(q, now, &item))
		return -1;
	blob_drop(item.blob);
	if (lost != NULL)
		*lost = item.lost;
	return (int64_t)item.number;
}

static struct queue_rules
rules_of(size_t items, enum queue_policy policy)
{
	return (struct queue_rules){
		.items = items,
		.bytes = 1 << 20,
		.low_items = items / 2,
		.low_bytes = 1 << 10,
		.policy = policy,
	};
}

Case(queue, gives_in_the_order_of_putting)
{
	struct queue_rules rules = QUEUE_DEFAULT;
	struct queue q;

	queue_init(&q, &rules);
	for (int i = 0; i < 1000; i++)
		cr_expect(put(&q, 3, QUEUE_NORMAL, 0) == QUEUE_TAKEN);
	for (int i = 0; i < 1000; i++)
		cr_expect(take(&q, 0, NULL) == i);
	cr_expect(take(&q, 0, NULL) == -1);
	queue_done(&q);
}

Case(queue, blocks_and_says_when_it_opens)
{
	struct queue_rules rules = rules_of(4, QUEUE_BLOCK);
	struct queue q;

	queue_init(&q, &rules);
	for (int i = 0; i < 4; i++)
		cr_expect(put(&q, 1, QUEUE_NORMAL, 10) == QUEUE_TAKEN);
	cr_expect(queue_shut(&q), "at its bound it is shut, before anything is given back");
	cr_expect(put(&q, 1, QUEUE_NORMAL, 11) == QUEUE_FULL && q.counts.full == 1);
	cr_expect(queue_shut_for(&q, 25) == 15);
	cr_expect(take(&q, 30, NULL) == 0 && queue_shut(&q));
	cr_expect(take(&q, 30, NULL) == 1 && !queue_shut(&q));
	cr_expect(q.counts.blocked == 20 && q.counts.shuts == 1 && queue_shut_for(&q, 99) == 0);
	queue_done(&q);
}

Case(queue, shuts_when_a_long_blob_does_not_fit)
{
	struct queue_rules rules = { .items = 9, .bytes = 10, .low_items = 8, .low_bytes = 9 };
	struct queue q;

	queue_init(&q, &rules);
	cr_expect(put(&q, 5, QUEUE_NORMAL, 0) == QUEUE_TAKEN && !queue_shut(&q));
	cr_expect(put(&q, 6, QUEUE_NORMAL, 0) == QUEUE_FULL && queue_shut(&q));
	cr_expect(take(&q, 0, NULL) == 0 && !queue_shut(&q));
	cr_expect(put(&q, 60, QUEUE_NORMAL, 0) == QUEUE_TAKEN, "alone, any length passes");
	cr_expect(put(&q, 1, QUEUE_NORMAL, 0) == QUEUE_FULL);
	queue_done(&q);
}

Case(queue, what_passes_is_counted_as_put_and_taken)
{
	struct queue_rules rules = rules_of(4, QUEUE_BLOCK);
	uint64_t lost;
	struct queue q;

	queue_init(&q, &rules);
	queue_pass(&q, 3, 60);
	cr_expect(q.counts.offered == 3 && q.counts.taken == 3 && q.counts.waits.count == 3);
	cr_expect(q.counts.most_items == 3 && q.counts.most_bytes == 60 && queue_depth(&q) == 0);
	cr_expect(put(&q, 1, QUEUE_NORMAL, 0) == QUEUE_TAKEN);
	cr_expect(take(&q, 0, &lost) == 3 && lost == 0, "it had numbers");
	queue_done(&q);
}

Case(queue, cleared_it_is_open_and_counts_what_was_in_it)
{
	struct queue_rules rules = rules_of(4, QUEUE_BLOCK);
	uint64_t lost;
	struct queue q;

	queue_init(&q, &rules);
	for (int i = 0; i < 4; i++)
		(void)put(&q, 1, i == 2 ? QUEUE_KEEP : QUEUE_NORMAL, 0);
	(void)take(&q, 5, NULL);
	queue_clear(&q, 9);
	cr_expect(queue_depth(&q) == 0 && queue_bytes(&q) == 0 && !queue_shut(&q));
	cr_expect(q.counts.cleared == 3);
	cr_expect(q.counts.offered == q.counts.taken + q.counts.cleared);
	cr_expect(put(&q, 1, QUEUE_NORMAL, 9) == QUEUE_TAKEN);
	cr_expect(take(&q, 9, &lost) == 4 && lost == 0, "nobody is told of what was cleared");
	queue_done(&q);
}

Case(queue, other_bounds_hold_from_now_on)
{
	struct queue_rules wide = rules_of(9, QUEUE_BLOCK);
	struct queue_rules narrow = rules_of(2, QUEUE_BLOCK);
	struct queue q;

	queue_init(&q, &wide);
	for (int i = 0; i < 5; i++)
		(void)put(&q, 1, QUEUE_NORMAL, 0);
	queue_change(&q, &narrow, 3);
	cr_expect(queue_shut(&q) && queue_depth(&q) == 5, "what is queued stays");
	cr_expect(put(&q, 1, QUEUE_NORMAL, 3) == QUEUE_FULL);
	queue_change(&q, &wide, 8);
	cr_expect(!queue_shut(&q) && q.counts.blocked == 5);
	queue_done(&q);
}

Case(queue, refuses)
{
	struct queue_rules rules = rules_of(1, QUEUE_ERROR);
	struct queue q;

	queue_init(&q, &rules);
	cr_expect(put(&q, 1, QUEUE_NORMAL, 0) == QUEUE_TAKEN);
	cr_expect(put(&q, 1, QUEUE_NORMAL, 0) == QUEUE_REFUSED && q.counts.refused == 1);
	cr_expect(q.counts.offered == 1);
	queue_done(&q);
}

Case(queue, drops_the_newest_and_shows_the_gap)
{
	struct queue_rules rules = rules_of(2, QUEUE_DROP_NEWEST);
	struct queue q;
	uint64_t lost;

	queue_init(&q, &rules);
	for (int i = 0; i < 5; i++)
		cr_expect(put(&q, 1, QUEUE_NORMAL, 0) == (i < 2 ? QUEUE_TAKEN : QUEUE_DROPPED));
	cr_expect(queue_lost(&q) == 0, "told where it happened, or at the end");
	cr_expect(take(&q, 0, &lost) == 0 && lost == 0);
	cr_expect(put(&q, 1, QUEUE_NORMAL, 0) == QUEUE_TAKEN);
	cr_expect(take(&q, 0, &lost) == 1 && lost == 0);
	cr_expect(take(&q, 0, &lost) == 5 && lost == 3);
	for (int i = 0; i < 3; i++)
		(void)put(&q, 1, QUEUE_NORMAL, 0);
	(void)take(&q, 0, NULL);
	(void)take(&q, 0, NULL);
	cr_expect(queue_lost(&q) == 1);
	cr_expect(queue_lost(&q) == 0, "once");
	queue_done(&q);
}

Case(queue, drops_the_oldest_and_shows_the_gap)
{
	struct queue_rules rules = rules_of(2, QUEUE_DROP_OLDEST);
	struct queue q;
	uint64_t lost;

	queue_init(&q, &rules);
	for (int i = 0; i < 5; i++)
		cr_expect(put(&q, 1, QUEUE_NORMAL, 0) == (i < 2 ? QUEUE_TAKEN : QUEUE_DISPLACED));
	cr_expect(take(&q, 0, &lost) == 3 && lost == 3);
	cr_expect(take(&q, 0, &lost) == 4 && lost == 0);
	queue_done(&q);
}

Case(queue, never_drops_what_is_kept)
{
	struct queue_rules rules = rules_of(3, QUEUE_DROP_OLDEST);
	struct queue q;
	uint64_t lost;

	queue_init(&q, &rules);
	for (int i = 0; i < 10000; i++)
		(void)put(&q, 1, i % 1000 == 0 ? QUEUE_KEEP : QUEUE_NORMAL, 0);
	cr_expect(queue_depth(&q) == 13 && q.items == 3);
	cr_expect(q.size <= 64, "holes don't make the ring grow: %zu", q.size);
	for (int i = 0; i < 10; i++)
		cr_expect(take(&q, 0, &lost) == i * 1000 && lost == (i == 0 ? 0 : 999));
	cr_expect(take(&q, 0, &lost) == 9997 && lost == 996);
	queue_done(&q);
}

Case(queue, counts_its_high_water_mark)
{
	struct queue_rules rules = QUEUE_DEFAULT;
	struct queue q;

	queue_init(&q, &rules);
	for (size_t i = 0; i < 7; i++)
		(void)put(&q, i, QUEUE_NORMAL, 0);
	for (int i = 0; i < 5; i++)
		(void)take(&q, 0, NULL);
	cr_expect(q.counts.most_items == 7 && q.counts.most_bytes == 21);
	cr_expect(queue_depth(&q) == 2 && queue_bytes(&q) == 11);
	queue_reset_marks(&q);
	cr_expect(q.counts.most_items == 2 && q.counts.most_bytes == 11);
	queue_done(&q);
}

Case(queue, another_policy_can_be_set)
{
	struct queue_rules rules = rules_of(1, QUEUE_BLOCK);
	struct queue q;

	queue_init(&q, &rules);
	(void)put(&q, 1, QUEUE_NORMAL, 0);
	cr_expect(put(&q, 1, QUEUE_NORMAL, 0) == QUEUE_FULL);
	queue_set_policy(&q, QUEUE_DROP_OLDEST);
	cr_expect(put(&q, 1, QUEUE_NORMAL, 0) == QUEUE_DISPLACED);
	queue_done(&q);
}

/* Whatever happens: depth within bounds, numbers ascending, nothing unaccounted for. */
static void
play(struct queue_rules rules, uint64_t seed)
{
	struct queue q;
	uint64_t next = 0;
	int64_t got;
	usec now = 0;

	queue_init(&q, &rules);
	for (int i = 0; i < 60000; i++) {
		uint64_t lost;

		now += dice(&seed) % 5;
		if (dice(&seed) % (i / 10000 % 2 == 0 ? 3 : 2) != 0) {
			size_t len = dice(&seed) % 40;

			(void)put(&q, len, dice(&seed) % 50 == 0 ? QUEUE_KEEP : QUEUE_NORMAL, now);
			cr_assert(q.items <= rules.items);
			cr_assert(q.bytes <= rules.bytes || q.items == 1);
		} else if ((got = take(&q, now, &lost)) >= 0) {
			cr_assert((uint64_t)got == next + lost, "gaps are exact");
			next = (uint64_t)got + 1;
		}
		cr_assert(q.counts.offered ==
		    q.counts.taken + q.counts.dropped_newest + q.counts.dropped_oldest +
			queue_depth(&q));
		cr_assert(q.counts.offered == q.next_number);
		cr_assert(q.items < rules.items || queue_shut(&q));
		cr_assert(q.items + q.bytes != 0 || !queue_shut(&q));
	}
	cr_expect(q.size <= 64 || rules.items > 16, "%zu", q.size);
	queue_done(&q);
}

Case(queue, conserves_under_every_policy)
{
	static const enum queue_policy policies[] = {
		QUEUE_BLOCK,
		QUEUE_DROP_NEWEST,
		QUEUE_DROP_OLDEST,
		QUEUE_ERROR,
	};
	static const size_t sizes[] = { 1, 2, 16, 1000 };

	for (size_t p = 0; p < 4; p++)
		for (size_t s = 0; s < 4; s++) {
			struct queue_rules rules = rules_of(sizes[s], policies[p]);

			play(rules, p * 4 + s);
			rules.bytes = 70;
			rules.low_bytes = 20;
			play(rules, p * 4 + s);
		}
}

Case(queue, waits_obey_littles_law)
{
	struct queue_rules rules = QUEUE_DEFAULT;
	struct queue q;
	uint64_t seed = 9;
	usec now = 0;
	double area = 0; /* depth times time */

	queue_init(&q, &rules);
	for (int i = 0; i < 200000; i++) {
		usec step = 1 + dice(&seed) % 100;

		area += (double)queue_depth(&q) * (double)step;
		now += step;
		if (dice(&seed) % 100 < 49)
			(void)put(&q, 1, QUEUE_NORMAL, now);
		else
			(void)take(&q, now, NULL);
	}
	{
		double l = area / (double)now;
		double rate = (double)q.counts.taken / (double)now;
		double w = (double)q.counts.waits.sum / (double)q.counts.waits.count;

		cr_expect(
		    l > rate * w * 0.95 && l < rate * w * 1.05, "L %f, rate %f, W %f", l, rate, w);
	}
	queue_done(&q);
}

/* One is taken every 200 us for four seconds, of a load of so many percent of that. How many were
 * taken. A source that is given one back has it ready for the next time. */
static unsigned
taken_at(unsigned load, enum queue_policy policy, struct queue *q)
{
	struct queue_rules rules = rules_of(1000, policy);
	unsigned offered = 0;
	unsigned taken = 0;

	rules.low_items = 999;
	queue_init(q, &rules);
	for (unsigned turn = 1; turn <= 20000; turn++) {
		usec now = (usec)turn * 200;

		while (offered * 100 < turn * load) {
			if (put(q, 1, QUEUE_NORMAL, now) == QUEUE_FULL)
				break;
			offered++;
		}
		taken += take(q, now, NULL) >= 0;
	}
	return taken;
}

Case(queue, a_load_above_what_is_taken_costs_nothing_of_it)
{
	static const enum queue_policy policies[] = { QUEUE_BLOCK, QUEUE_DROP_NEWEST,
		QUEUE_DROP_OLDEST };

	for (size_t p = 0; p < 3; p++) {
		for (unsigned load = 50; load <= 200; load += 25) {
			unsigned most = load < 100 ? 20000 * load / 100 : 20000;
			struct queue q;
			unsigned taken = taken_at(load, policies[p], &q);

			cr_expect_eq(taken, most, "%zu at %u: %u", p, load, taken);
			cr_expect(q.counts.most_items <= 1000);
			/* nobody waits longer than the queue is long */
			cr_expect(q.counts.waits.most <= 1000 * 200, "%zu at %u: %lu us", p, load,
			    q.counts.waits.most);
			queue_done(&q);
		}
	}
}
