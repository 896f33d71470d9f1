/* Timers: in order, on time, once a round. */
#include "rounds.h"

#include "base/mem.h"

#include <stdlib.h>

struct tick {
	struct timer timer;
	struct tick *victim;
	unsigned calls;
	usec seen;
	struct loop *l;
};

static unsigned tick_order;

static void
tick_seen(struct timer *t)
{
	struct tick *k = owner_of(t, struct tick, timer);

	k->calls++;
	k->seen = ++tick_order;
	if (k->victim != NULL)
		timer_stop(&k->victim->timer);
}

static void
tick_again(struct timer *t)
{
	struct tick *k = owner_of(t, struct tick, timer);

	k->calls++;
	timer_start(t, k->l, 0, tick_again, "again");
}

Case(timer, any_order_of_starts_goes_off_in_order_of_deadlines)
{
	struct loop *l = loop_for_case();
	struct tick k[500] = { 0 };
	usec base = loop_now(l);

	srand(7);
	for (int i = 0; i < 500; i++)
		timer_start(&k[i].timer, l, base + rand() % 100, tick_seen, "tick");
	for (int i = 0; i < 500; i += 3)
		timer_start(&k[i].timer, l, base + rand() % 100, tick_seen, "tick");
	for (int i = 1; i < 500; i += 3)
		timer_stop(&k[i].timer);
	rounds_until(l, tick_order == 333);
	for (int i = 0; i < 500; i++) {
		cr_expect(
		    k[i].calls == (i % 3 != 1), "timer %d was called %u times", i, k[i].calls);
		for (int j = 0; j < 500; j++)
			if (k[i].calls > 0 && k[j].calls > 0 && k[i].timer.due < k[j].timer.due)
				cr_assert(k[i].seen < k[j].seen, "%d after %d", i, j);
	}
	loop_free(l);
}

Case(timer, equal_deadlines_go_off_in_order_of_starts)
{
	struct loop *l = loop_for_case();
	struct tick k[50] = { 0 };

	for (int i = 0; i < 50; i++)
		timer_start(&k[i].timer, l, loop_now(l), tick_seen, "tick");
	rounds_until(l, tick_order == 50);
	for (int i = 0; i < 50; i++)
		cr_expect(k[i].seen == i + 1, "%d came as %d", i, (int)k[i].seen);
	loop_free(l);
}

Case(timer, one_stopped_by_an_earlier_one_of_the_round_is_not_called)
{
	struct loop *l = loop_for_case();
	struct tick *a = mem_zero(1, sizeof(*a));
	struct tick *b = mem_zero(1, sizeof(*b));

	a->victim = b;
	timer_start(&a->timer, l, 1, tick_seen, "a");
	timer_start(&b->timer, l, 2, tick_seen, "b");
	rounds_until(l, a->calls == 1);
	loop_round(l, 0);
	cr_expect(b->calls == 0 && !timer_running(&b->timer));
	mem_free(a);
	mem_free(b);
	loop_free(l);
}

Case(timer, one_that_restarts_itself_at_once_runs_once_a_round)
{
	struct loop *l = loop_for_case();
	struct tick k = { .l = l };
	struct tick other = { 0 };

	timer_start(&k.timer, l, 0, tick_again, "k");
	timer_start(&other.timer, l, 0, tick_seen, "other");
	rounds_until(l, k.calls >= 5);
	cr_expect(other.calls == 1, "the other starved");
	cr_expect(k.calls <= loop_counted(l)->rounds, "%u calls", k.calls);
	timer_stop(&k.timer);
	loop_free(l);
}

Case(timer, a_deadline_is_not_early_and_an_idle_loop_sleeps_until_it)
{
	struct loop *l = loop_for_case();
	struct tick k = { 0 };
	usec due = loop_clock() + 30 * USEC_MSEC;
	uint64_t rounds = loop_counted(l)->rounds;

	timer_start(&k.timer, l, due, tick_seen, "k");
	while (k.calls == 0)
		loop_round(l, USEC_NEVER);
	cr_expect(loop_now(l) >= due, "early");
	cr_expect(loop_counted(l)->rounds - rounds <= 2, "it spun");
	loop_free(l);
}

Case(timer, one_that_is_put_off_each_round_costs_no_early_call)
{
	struct loop *l = loop_for_case();
	struct tick hold = { 0 }, end = { 0 };

	timer_start(&end.timer, l, loop_clock() + 40 * USEC_MSEC, tick_seen, "end");
	while (end.calls == 0) {
		usec due = loop_clock() + 20 * USEC_MSEC;

		hold.calls = 0;
		timer_start(&hold.timer, l, due, tick_seen, "hold");
		loop_round(l, 5 * USEC_MSEC);
		/* a busy machine may make a round last longer than that */
		cr_expect(hold.calls == 0 || loop_now(l) >= due, "early");
	}
	timer_stop(&hold.timer);
	loop_free(l);
}
