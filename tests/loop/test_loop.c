/* Rounds: leftovers, flushes, shares of a round, what is counted. */
#include "rounds.h"

#include "base/text.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

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

static void
timer_seen(struct timer *t)
{
	(void)t;
}

Case(loop, counts_what_it_calls_and_how_long_rounds_take)
{
	struct loop *l = loop_for_case();
	const struct loop_counts *c = loop_counted(l);
	struct timer t = { 0 };
	struct job j = { .l = l };

	timer_start(&t, l, loop_now(l), timer_seen, "tick");
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
