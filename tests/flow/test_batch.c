/* Batches in virtual time: size or deadline, nothing lost, none empty. */
#include "case.h"

#include "flow/batch.h"
#include "pieces.h"

Case(batch, is_due_at_its_size)
{
	static const size_t sizes[] = { 1, 2, 100, 500 };

	for (size_t k = 0; k < 4; k++) {
		struct batch_rules rules = { .items = sizes[k], .time = 1000 };
		struct batch b;

		batch_init(&b, &rules, 0);
		for (size_t i = 1; i < sizes[k]; i++)
			cr_expect(batch_add(&b, 1, 0) == BATCH_NOT_DUE);
		cr_expect(batch_add(&b, 1, 0) == BATCH_SIZE);
		cr_expect(batch_take(&b, 0) == sizes[k]);
		cr_expect(b.by_size == 1 && b.deadline == USEC_NEVER);
	}
}

Case(batch, what_is_over_the_size_is_the_next_one)
{
	struct batch_rules rules = { .items = 100, .time = 1000 };
	struct batch b;

	batch_init(&b, &rules, 0);
	cr_expect(batch_add(&b, 250, 5) == BATCH_SIZE);
	cr_expect(batch_take(&b, 5) == 100);
	cr_expect(batch_due(&b, 5) == BATCH_SIZE);
	cr_expect(batch_take(&b, 5) == 100);
	cr_expect(batch_due(&b, 1004) == BATCH_NOT_DUE && batch_due(&b, 1005) == BATCH_TIME);
	cr_expect(batch_take(&b, 1005) == 50 && b.deadline == USEC_NEVER);
	cr_expect(b.by_size == 2 && b.by_time == 1);
}

Case(batch, taken_before_it_is_due_is_counted_apart)
{
	struct batch_rules rules = { .items = 100, .time = 1000 };
	struct batch b;

	batch_init(&b, &rules, 0);
	(void)batch_add(&b, 3, 0);
	cr_expect(batch_take(&b, 1) == 3);
	cr_expect(batch_take(&b, 1) == 0);
	cr_expect(b.by_need == 1 && b.by_size == 0 && b.by_time == 0);
}

Case(batch, other_rules_keep_what_was_collected_and_counted)
{
	struct batch_rules lingers = { .items = 2, .time = 1000 };
	struct batch_rules ticks = { .mode = BATCH_TICK, .items = 100, .time = 10 };
	struct batch b;

	batch_init(&b, &lingers, 0);
	(void)batch_add(&b, 5, 0);
	cr_expect(batch_take(&b, 0) == 2);
	batch_change(&b, &ticks, 7);
	cr_expect(b.count == 3 && b.by_size == 1 && b.deadline == 17);
	batch_change(&b, &lingers, 8);
	cr_expect(batch_due(&b, 8) == BATCH_SIZE && b.deadline == 1008);
	batch_drop(&b);
	cr_expect(b.count == 0 && batch_due(&b, 5000) == BATCH_NOT_DUE);
	batch_change(&b, &lingers, 9);
	cr_expect(b.deadline == USEC_NEVER, "nothing is collected: nothing is waited for");
}

Case(batch, five_at_the_deadline_are_handed_on)
{
	struct batch_rules rules = { .items = 100, .time = 10 * USEC_MSEC };
	struct batch b;

	batch_init(&b, &rules, 0);
	for (int i = 0; i < 5; i++)
		cr_expect(batch_add(&b, 1, 100 + i) == BATCH_NOT_DUE);
	cr_expect(b.deadline == 100 + rules.time, "the first item arms");
	cr_expect(batch_due(&b, b.deadline - 1) == BATCH_NOT_DUE);
	cr_expect(batch_due(&b, b.deadline) == BATCH_TIME);
	cr_expect(batch_take(&b, b.deadline) == 5);
	cr_expect(b.by_time == 1 && b.by_size == 0);
}

Case(batch, lingering_without_items_waits_for_nothing)
{
	struct batch_rules rules = { .items = 100, .time = 10 * USEC_MSEC };
	struct batch b;

	batch_init(&b, &rules, 0);
	cr_expect(b.deadline == USEC_NEVER);
	cr_expect(batch_due(&b, INT64_MAX - 1) == BATCH_NOT_DUE && b.empty_ticks == 0);
}

Case(batch, lingering_no_time_is_due_in_its_round)
{
	struct batch_rules rules = { .items = 100 };
	struct batch b;

	batch_init(&b, &rules, 0);
	cr_expect(batch_add(&b, 1, 7) == BATCH_TIME);
	cr_expect(batch_add(&b, 1, 7) == BATCH_TIME);
	cr_expect(batch_take(&b, 7) == 2);
}

Case(batch, the_last_item_at_the_deadline_makes_one_batch)
{
	struct batch_rules rules = { .items = 2, .time = 10 };
	struct batch b;

	batch_init(&b, &rules, 0);
	cr_expect(batch_add(&b, 1, 0) == BATCH_NOT_DUE);
	cr_expect(batch_add(&b, 1, 10) == BATCH_SIZE);
	cr_expect(batch_take(&b, 10) == 2);
	cr_expect(batch_due(&b, 10) == BATCH_NOT_DUE, "the timer that rings now is stale");
	cr_expect(b.by_size == 1 && b.by_time == 0);
}

Case(batch, ticks_keep_their_period)
{
	struct batch_rules rules = { .mode = BATCH_TICK, .items = 100, .time = 10 };
	struct batch b;

	batch_init(&b, &rules, 5);
	cr_expect(b.deadline == 15);
	cr_expect(batch_due(&b, 15) == BATCH_NOT_DUE && b.empty_ticks == 1);
	cr_expect(b.deadline == 25);
	cr_expect(batch_due(&b, 47) == BATCH_NOT_DUE && b.empty_ticks == 2);
	cr_expect(b.deadline == 55, "late rings don't shift the period");
	cr_expect(batch_add(&b, 1, 48) == BATCH_NOT_DUE);
	cr_expect(batch_due(&b, 56) == BATCH_TIME);
	cr_expect(batch_take(&b, 56) == 1 && b.deadline == 65);
}

/* A loop with a timer: arrivals around deadlines, late rings. */
static void
play(struct batch_rules rules, uint64_t seed)
{
	struct batch b;
	usec now = 0;
	uint64_t in = 0;
	uint64_t out = 0;

	batch_init(&b, &rules, now);
	for (int i = 0; i < 250000; i++) {
		enum batch_reason why;
		bool rings = dice(&seed) % 3 == 0;

		if (rings && b.deadline != USEC_NEVER && b.deadline > now)
			now = b.deadline + dice(&seed) % 2;
		else
			now += dice(&seed) % 4;
		why = rings ? batch_due(&b, now) : batch_add(&b, 1, now);
		in += !rings;
		if (why == BATCH_NOT_DUE)
			continue;
		cr_assert(b.count >= 1 && b.count <= rules.items);
		cr_assert((why == BATCH_SIZE) == (b.count == rules.items));
		cr_assert(why == BATCH_SIZE || now >= b.deadline);
		out += batch_take(&b, now);
		cr_assert(b.deadline > now);
	}
	cr_expect(in == out + b.count, "none lost, none twice");
	cr_expect(b.by_size + b.by_time > 100);
}

Case(batch, conserves_items_whatever_arrives_when)
{
	play((struct batch_rules){ .items = 7, .time = 10 }, 1);
	play((struct batch_rules){ .items = 1, .time = 10 }, 2);
	play((struct batch_rules){ .items = 100, .time = 3 }, 3);
	play((struct batch_rules){ .mode = BATCH_TICK, .items = 5, .time = 9 }, 4);
}
