/* Rounds, watches, timers, leftovers, flushes, graves, signals. */
#include "rounds.h"

#include "base/mem.h"
#include "base/text.h"
#include "loop/signal.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

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

struct ear {
	struct watch watch;
	struct grave grave;
	struct ear *victim;
	struct loop *l;
	unsigned calls;
	int ends[2];
};

static unsigned buried;
static unsigned heard; /* by all of them, also by one that is freed */

static void
ear_freed(struct grave *g)
{
	buried++;
	mem_free(owner_of(g, struct ear, grave));
}

static struct ear *
ear_new(struct loop *l, watch_fn *fn)
{
	struct ear *e = mem_zero(1, sizeof(*e));

	e->l = l;
	cr_assert(pipe2(e->ends, O_CLOEXEC | O_NONBLOCK) == 0);
	cr_assert(watch_start(&e->watch, l, e->ends[0], LOOP_IN, fn, "ear") == 0);
	return e;
}

static void
ear_close(struct ear *e)
{
	watch_stop(&e->watch);
	close(e->ends[0]);
	close(e->ends[1]);
}

static void
ear_counts(struct watch *w, uint32_t ready)
{
	(void)ready;
	owner_of(w, struct ear, watch)->calls++;
}

static void
ear_kills_its_neighbour(struct watch *w, uint32_t ready)
{
	struct ear *e = owner_of(w, struct ear, watch);

	(void)ready;
	e->calls++;
	heard++;
	if (e->victim == NULL)
		return;
	e->victim->victim = NULL;
	ear_close(e->victim);
	mem_free(e->victim);
	e->victim = NULL;
}

static void
ear_buries_itself(struct watch *w, uint32_t ready)
{
	struct ear *e = owner_of(w, struct ear, watch);

	(void)ready;
	ear_close(e);
	loop_bury(&e->grave, e->l, ear_freed);
	e->calls++;
}

Case(watch, a_neighbour_freed_by_a_callback_is_not_called)
{
	struct loop *l = loop_for_case();
	struct ear *a = ear_new(l, ear_kills_its_neighbour);
	struct ear *b = ear_new(l, ear_kills_its_neighbour);

	/* both are fetched in one round; whoever is first frees the other */
	a->victim = b;
	b->victim = a;
	cr_assert(write(a->ends[1], "x", 1) == 1 && write(b->ends[1], "x", 1) == 1);
	cr_expect(loop_round(l, 0));
	b = a->calls == 1 ? a : b;
	cr_expect(b->calls == 1 && heard == 1);
	ear_close(b);
	mem_free(b);
	loop_free(l);
}

Case(watch, a_callback_may_bury_what_it_stands_on)
{
	struct loop *l = loop_for_case();
	struct ear *a = ear_new(l, ear_buries_itself);

	cr_assert(write(a->ends[1], "x", 1) == 1);
	loop_round(l, 0);
	cr_expect(buried == 1);
	loop_free(l);
}

Case(watch, data_that_was_there_before_is_told)
{
	struct loop *l = loop_for_case();
	struct ear e = { .l = l };

	cr_assert(pipe2(e.ends, O_CLOEXEC | O_NONBLOCK) == 0);
	cr_assert(write(e.ends[1], "x", 1) == 1);
	cr_assert(watch_start(&e.watch, l, e.ends[0], LOOP_IN, ear_counts, "e") == 0);
	cr_expect(loop_round(l, 0) && e.calls == 1);
	ear_close(&e);
	loop_free(l);
}

/* Its descriptor is gone, so the kernel refuses to take it out: whoever gets that number next is
 * not taken for it. */
Case(watch, one_that_can_not_be_taken_out_is_gone_all_the_same)
{
	struct loop *l = loop_for_case();
	struct ear *gone = ear_new(l, ear_counts);
	struct ear *next;
	int fd = gone->ends[0];

	cr_assert(write(gone->ends[1], "x", 1) == 1);
	close(fd);
	watch_stop(&gone->watch);
	watch_stop(&gone->watch);
	close(gone->ends[1]);
	next = ear_new(l, ear_counts);
	cr_expect(next->ends[0] == fd, "this test is about a number that is used again");
	cr_expect(!loop_round(l, 0));
	cr_assert(write(next->ends[1], "x", 1) == 1);
	cr_expect(loop_round(l, 0) && next->calls == 1 && gone->calls == 0);
	ear_close(next);
	mem_free(next);
	mem_free(gone);
	loop_free(l);
}

Case(watch, one_that_wants_nothing_does_not_spin_on_a_hang_up)
{
	struct loop *l = loop_for_case();
	struct ear *e = ear_new(l, ear_counts);

	watch_want(&e->watch, 0);
	close(e->ends[1]);
	for (int i = 0; i < 10; i++)
		cr_expect(!loop_round(l, 0));
	watch_want(&e->watch, LOOP_IN);
	loop_round(l, 0);
	cr_expect(e->calls == 1, "the hang-up is told when it is wanted again");
	watch_stop(&e->watch);
	close(e->ends[0]);
	mem_free(e);
	loop_free(l);
}

Case(watch, more_ready_than_one_wait_fetches_all_get_their_turn)
{
	struct loop *l = loop_for_case();
	struct ear *e[200];

	for (int i = 0; i < 200; i++) {
		e[i] = ear_new(l, ear_counts);
		cr_assert(write(e[i]->ends[1], "x", 1) == 1);
	}
	for (int i = 0; i < 8; i++)
		loop_round(l, 0);
	for (int i = 0; i < 200; i++) {
		cr_expect(e[i]->calls >= 1, "%d starved", i);
		ear_close(e[i]);
		mem_free(e[i]);
	}
	loop_free(l);
}

struct job {
	struct again again;
	struct flush flush;
	struct job *victim;
	struct loop *l;
	unsigned calls;
	unsigned flushes;
};

static void
job_flushed(struct flush *f)
{
	owner_of(f, struct job, flush)->flushes++;
}

static void
job_again(struct again *a)
{
	struct job *j = owner_of(a, struct job, again);

	j->calls++;
	loop_flush(&j->flush, j->l, job_flushed, "flush");
	loop_flush(&j->flush, j->l, job_flushed, "flush");
	if (j->calls < 5)
		loop_again(a, j->l, job_again, "again");
	if (j->victim != NULL)
		again_stop(&j->victim->again);
}

Case(again, re_arming_runs_once_a_round_without_sleep)
{
	struct loop *l = loop_for_case();
	struct job a = { .l = l }, b = { .l = l };

	a.victim = &b;
	loop_again(&a.again, l, job_again, "a");
	loop_again(&b.again, l, job_again, "b");
	for (unsigned i = 1; i <= 5; i++) {
		cr_expect(loop_round(l, USEC_NEVER));
		cr_expect(
		    a.calls == i && a.flushes == i, "round %u: %u, %u", i, a.calls, a.flushes);
	}
	cr_expect(b.calls == 0, "it was stopped by an earlier one of the round");
	cr_expect(!loop_round(l, 0));
	loop_free(l);
}

Case(loop, a_stopped_run_can_run_again)
{
	struct loop *l = loop_for_case();

	loop_stop(l);
	loop_run(l);
	loop_stop(l);
	loop_run(l);
	loop_free(l);
}

Case(loop, no_descriptor_left_when_it_can_not_be_made)
{
	struct rlimit old, few = { 0 };
	int error = 0;

	getrlimit(RLIMIT_NOFILE, &old);
	few.rlim_max = old.rlim_max;
	for (rlim_t n = 3; n < 30; n++) {
		struct loop *l;

		few.rlim_cur = n;
		setrlimit(RLIMIT_NOFILE, &few);
		l = loop_new(&error);
		setrlimit(RLIMIT_NOFILE, &old);
		cr_expect(l != NULL || error == -EMFILE, "%d", error);
		loop_free(l);
	}
}

static const char *slow_name;

static void
slow_seen(const char *name, usec took)
{
	(void)took;
	slow_name = name;
}

static void
slow_job(struct again *a)
{
	usec end = loop_clock() + 3 * USEC_MSEC;

	(void)a;
	while (loop_clock() < end)
		continue;
}

Case(loop, the_watchdog_names_a_slow_callback)
{
	struct loop *l = loop_for_case();
	struct job j = { .l = l };

	loop_watchdog(l, 2 * USEC_MSEC, slow_seen);
	loop_again(&j.again, l, slow_job, "slow-job");
	loop_round(l, 0);
	cr_assert(slow_name != NULL);
	cr_expect(strcmp(slow_name, "slow-job") == 0);
	cr_expect(loop_counted(l)->slow == 1);
	cr_expect(loop_counted(l)->slowest >= 3 * USEC_MSEC);
	loop_free(l);
}

Case(loop, counts_what_it_calls_and_how_long_rounds_take)
{
	struct loop *l = loop_for_case();
	const struct loop_counts *c = loop_counted(l);
	struct tick k = { .l = l };
	struct job j = { .l = l };

	timer_start(&k.timer, l, loop_now(l), tick_seen, "tick");
	loop_again(&j.again, l, slow_job, "slow-job");
	loop_round(l, USEC_NEVER);
	cr_expect(c->timers == 1 && c->leftovers == 1 && c->ready == 0 && c->flushes == 0);
	cr_expect(c->lag.count == c->rounds && c->lag.most >= 3 * USEC_MSEC);
	cr_expect_str_eq(c->slowest_name, "slow-job");
	loop_reset_marks(l);
	cr_expect(c->slowest == 0 && c->slowest_name == NULL);
	loop_free(l);
}

struct shift {
	usec took[1000];
	size_t count;
};

struct worker {
	struct again again;
	struct loop *l;
	struct shift *shift;
};

/* Works as long as it may, and always has more to do. */
static void
worker_turn(struct again *a)
{
	struct worker *w = owner_of(a, struct worker, again);
	usec since = loop_clock();

	while (!loop_spent(w->l))
		continue;
	w->shift->took[w->shift->count++] = loop_clock() - since;
	loop_again(a, w->l, worker_turn, "worker");
}

static int
by_time(const void *a, const void *b)
{
	const usec *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

/* What so many workers have of a round, the middle of a thousand turns or less: whoever else runs
 * on the machine makes some longer and some shorter. */
static usec
share_among(size_t count, unsigned rounds)
{
	struct loop *l = loop_for_case();
	struct worker workers[100];
	struct shift shift = { .count = 0 };

	for (size_t i = 0; i < count; i++) {
		workers[i] = (struct worker){ .l = l, .shift = &shift };
		loop_again(&workers[i].again, l, worker_turn, "worker");
	}
	loop_round(l, 0); /* how many they are, the next one knows */
	shift.count = 0;
	for (unsigned i = 0; i < rounds; i++)
		loop_round(l, 0);
	for (size_t i = 0; i < count; i++)
		again_stop(&workers[i].again);
	loop_free(l);
	qsort(shift.took, shift.count, sizeof(shift.took[0]), by_time);
	return shift.took[shift.count / 2];
}

Case(loop, a_callback_has_a_share_and_less_of_it_in_a_crowd)
{
	usec alone = share_among(1, 50);
	usec ten = share_among(10, 20);
	usec many = share_among(100, 10);

	cr_expect(alone >= 225, "alone: %lld us", (long long)alone);
	cr_expect(ten >= 70 && ten < alone, "of ten: %lld us", (long long)ten);
	cr_expect(many >= 30 && many < ten, "of many: %lld us", (long long)many);
}

static void
fd_seen(const struct watch *w, void *to)
{
	text_format(to, "%s %d ", w->name, w->want);
}

static void
not_called(struct watch *w, uint32_t ready)
{
	(void)w;
	cr_expect(false, "%u", ready);
}

Case(loop, tells_what_it_watches)
{
	struct loop *l = loop_for_case();
	struct text seen = { 0 };
	struct watch a = { 0 };
	struct watch b = { 0 };
	int fds[2];

	cr_assert(pipe2(fds, O_CLOEXEC) == 0);
	cr_assert(watch_start(&a, l, fds[0], LOOP_IN, not_called, "a") == 0);
	cr_assert(watch_start(&b, l, fds[1], 0, not_called, "b") == 0);
	loop_watches(l, fd_seen, &seen);
	cr_expect_str_eq(text_chars(&seen), "a 1 b 0 ");
	watch_stop(&a);
	text_clear(&seen);
	loop_watches(l, fd_seen, &seen);
	cr_expect_str_eq(text_chars(&seen), "b 0 ");
	watch_stop(&b);
	close(fds[0]);
	close(fds[1]);
	text_free(&seen);
	loop_free(l);
}

struct heard {
	struct signals *signals;
	unsigned calls[65];
	bool stop;
};

static void
heard_one(void *owner, int number)
{
	struct heard *h = owner;

	h->calls[number]++;
	if (h->stop)
		signals_stop(h->signals);
}

Case(signals, become_calls_and_the_mask_comes_back)
{
	static const int numbers[] = { SIGUSR1, SIGTERM, SIGHUP, 0 };
	struct loop *l = loop_for_case();
	struct heard h = { 0 };
	sigset_t before, after;
	int error = 0;

	sigprocmask(SIG_BLOCK, NULL, &before);
	h.signals = signals_start(l, numbers, heard_one, &h, &error);
	cr_assert(h.signals != NULL, "%d", error);
	kill(getpid(), SIGUSR1);
	kill(getpid(), SIGTERM);
	rounds_until(l, h.calls[SIGUSR1] == 1 && h.calls[SIGTERM] == 1);
	cr_expect(h.calls[SIGHUP] == 0);
	signals_stop(h.signals);
	sigprocmask(SIG_BLOCK, NULL, &after);
	for (int n = 1; n < 32; n++)
		cr_expect(sigismember(&before, n) == sigismember(&after, n), "signal %d", n);
	loop_free(l);
}

Case(signals, may_be_stopped_by_their_own_call)
{
	static const int numbers[] = { SIGUSR1, SIGUSR2, 0 };
	struct loop *l = loop_for_case();
	struct heard h = { .stop = true };
	int error = 0;

	h.signals = signals_start(l, numbers, heard_one, &h, &error);
	cr_assert(h.signals != NULL);
	kill(getpid(), SIGUSR1);
	kill(getpid(), SIGUSR2);
	rounds_until(l, h.calls[SIGUSR1] + h.calls[SIGUSR2] == 1);
	loop_free(l);
}
