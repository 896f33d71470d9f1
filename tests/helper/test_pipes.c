/* What waits for a helper that is a real child of /bin/sh, and who waits for it. */
#include "boss.h"

#include <signal.h>

Case(helper, one_that_never_reads_gets_a_million_acks_for_a_counter)
{
	struct boss b = boss_of("yes | head -n 1000000; read x; sleep 1000");
	size_t bytes;

	b.ack_each_line = true;
	boss_start(&b);
	rounds_until(b.l, b.line_count == 1000000);
	for (int i = 0; i < 10; i++)
		loop_round(b.l, 0);
	cr_expect(helper_queued(b.h, &bytes) <= 4, "%zu", helper_queued(b.h, NULL));
	cr_expect(bytes < 200000 && b.shuts == 0, "%zu", bytes);
	boss_end(&b);
}

Case(helper, every_ack_arrives_in_order_and_no_event_holds_it_up)
{
	struct boss b =
	    boss_of("head -n 300002 | uniq -c | while read n w; do echo $n $w; done; read x");
	struct blob *event = blob_new(SLICE("event\n"));

	boss_start(&b);
	cr_expect(helper_tell(b.h, event, false));
	helper_answer(b.h, SLICE("answer\n"));
	for (int i = 0; i < 300000; i++) {
		helper_ack(b.h, i < 250000);
		if (i % 1000 == 999)
			loop_round(b.l, 0);
	}
	rounds_until(b.l, b.line_count == 5);
	lines_are(&b, "1 answer\n1000 done\n1 event\n249000 done\n50000 error\n");
	boss_end(&b);
	blob_drop(event);
}

Case(helper, the_high_mark_shuts_and_half_of_it_opens)
{
	struct boss b = boss_of("read x; echo reading; cat >/dev/null");
	struct blob *event = boss_event(1000);
	unsigned told = 0;

	event->bytes[999] = '\n';
	b.conf.queue_bytes = 1000000;
	boss_start(&b);
	boss_pause(&b);
	while (b.shuts == 0 && told < 100000) {
		cr_assert(helper_tell(b.h, event, false));
		if (++told % 100 == 0)
			loop_round(b.l, 0);
	}
	cr_expect(told >= 1000 && helper_shut(b.h) && b.opens == 0, "%u", told);
	for (int i = 0; i < 10; i++)
		loop_round(b.l, 0);
	cr_expect(!loop_round(b.l, 0), "full and quiet");
	cr_expect(event->holders > 1000, "queued by reference");
	kill(helper_pid(b.h), SIGCONT);
	rounds_until(b.l, b.opens == 1);
	cr_expect(!helper_shut(b.h) && b.shuts == 1);
	rounds_until(b.l, helper_queued(b.h, NULL) == 0);
	cr_expect(event->holders == 1);
	boss_end(&b);
	blob_drop(event);
}

Case(helper, what_is_over_twice_the_mark_is_refused)
{
	struct boss b = boss_of("sleep 1000");
	struct blob *event = boss_event(1000);
	size_t bytes;
	unsigned told = 0;

	b.conf.queue_bytes = 100000;
	boss_start(&b);
	while (helper_tell(b.h, event, false) && told < 100000)
		if (++told % 100 == 0)
			loop_round(b.l, 0);
	cr_expect(told < 100000);
	for (int i = 0; i < 100000; i++)
		helper_answer(b.h, SLICE("error: what\n"));
	(void)helper_queued(b.h, &bytes);
	cr_expect(bytes < 500000, "%zu", bytes);
	for (int i = 0; i < 100000; i++)
		helper_ack(b.h, i % 2 == 0);
	(void)helper_queued(b.h, &bytes);
	cr_expect(bytes < 600000, "acknowledgements are kept, at a bit each: %zu", bytes);
	boss_end(&b);
	blob_drop(event);
}

Case(helper, one_that_stalls_lets_everybody_go_and_may_come_back)
{
	struct boss b = boss_of("exec cat >/dev/null");
	struct blob *event = boss_event(1000);
	struct helper_counts counts;

	b.conf.queue_bytes = 100000;
	b.conf.stall_limit = 100 * USEC_MSEC;
	boss_start(&b);
	boss_pause(&b);
	while (b.shuts == 0) {
		cr_assert(helper_tell(b.h, event, false));
		loop_round(b.l, 0);
	}
	rounds_until(b.l, b.opens == 1);
	cr_expect(!helper_shut(b.h));
	for (int i = 0; i < 300; i++)
		cr_expect(helper_tell(b.h, event, false), "the oldest make room");
	helper_count(b.h, &counts);
	cr_expect(counts.lost[HELPER_LOST_OLDEST] > 100 && counts.bytes <= 200000);
	kill(helper_pid(b.h), SIGCONT);
	rounds_until(b.l, helper_queued(b.h, NULL) == 0);
	cr_expect(helper_tell(b.h, event, false));
	boss_end(&b);
	blob_drop(event);
}

Case(helper, unread_answers_hold_its_commands_and_nothing_else_does)
{
	struct boss b = boss_of("while :; do echo x; done");
	unsigned lines;

	b.conf.queue_bytes = 100000;
	boss_start(&b);
	boss_pause(&b);
	for (int i = 0; i < 20 || !helper_full(b.h); i++) { /* until its pipe is full too */
		while (!helper_full(b.h))
			helper_answer(b.h, SLICE("what was asked for\n"));
		loop_round(b.l, 0);
	}
	for (int i = 0; i < 100000; i++)
		helper_explain(b.h, SLICE("error: what\n"));
	kill(helper_pid(b.h), SIGCONT);
	for (int i = 0; i < 10; i++)
		loop_round(b.l, 5 * USEC_MSEC);
	lines = b.line_count;
	loop_round(b.l, 50 * USEC_MSEC);
	cr_expect(b.line_count == lines && helper_full(b.h), "not read");
	boss_end(&b);

	b = boss_of("while :; do echo x; done");
	b.conf.queue_bytes = 100000;
	boss_start(&b);
	for (int i = 0; i < 100000; i++) {
		helper_explain(b.h, SLICE("error: what\n"));
		helper_ack(b.h, i % 2 == 0);
	}
	cr_expect(!helper_full(b.h), "what is explained and acknowledged fills nothing");
	for (lines = b.line_count; b.line_count < lines + 10;)
		loop_round(b.l, 50 * USEC_MSEC);
	boss_end(&b);
}

Case(helper, a_slow_reader_has_not_stalled)
{
	struct boss b =
	    boss_of("while dd bs=65536 count=1 of=/dev/null 2>/dev/null; do sleep 0.02; done");
	struct blob *event = boss_event(2000000);
	size_t bytes;

	b.conf.queue_bytes = 6000000;
	b.conf.stall_limit = USEC_SECOND; /* it reads for longer than that */
	boss_start(&b);
	while (b.shuts == 0)
		cr_assert(helper_tell(b.h, event, false));
	rounds_until(b.l, b.opens == 1);
	(void)helper_queued(b.h, &bytes);
	cr_expect(bytes < 4500000, "opened by age, %zu bytes wait", bytes);
	boss_end(&b);
	blob_drop(event);
}

Case(helper, both_pipes_full_block_nobody)
{
	struct boss b = boss_of("yes | head -n 500000; cat >/dev/null");
	struct blob *event = boss_event(100000);

	boss_start(&b);
	helper_hold(b.h);
	for (int i = 0; i < 20; i++)
		helper_tell(b.h, event, false);
	for (int i = 0; i < 10; i++)
		loop_round(b.l, 10 * USEC_MSEC);
	cr_expect(b.line_count == 0 && helper_queued(b.h, NULL) > 0);
	helper_release(b.h);
	rounds_until(b.l, b.line_count == 500000 && helper_queued(b.h, NULL) == 0);
	boss_end(&b);
	blob_drop(event);
}

Case(helper, a_hold_in_a_line_stops_at_that_line_also_over_its_death)
{
	struct boss b = boss_of("echo a; echo b; echo c; exit 0");

	b.conf.respawn = false;
	b.hold_after_line = true;
	boss_start(&b);
	for (unsigned i = 1; i <= 3; i++) {
		rounds_until(b.l, b.line_count == i);
		for (int j = 0; j < 5; j++)
			loop_round(b.l, 5 * USEC_MSEC);
		cr_expect(b.line_count == i);
		helper_release(b.h);
	}
	rounds_until(b.l, b.told[HELPER_GONE] == 1);
	lines_are(&b, "a\nb\nc\n");
	boss_end(&b);
}
