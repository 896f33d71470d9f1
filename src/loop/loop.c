/* The reactor: one round, and its clocks. */
#include "inside.h"

#include "base/mem.h"
#include "base/must.h"

#include <errno.h>
#include <signal.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#define WATCHDOG_LIMIT (50 * USEC_MSEC)

#define ROUND_TIME  USEC_MSEC /* what a round should take, at most */
#define SHARE_MOST  (USEC_MSEC / 4)
#define SHARE_LEAST 50

static usec
clock_of(clockid_t id)
{
	struct timespec t;

	(void)clock_gettime(id, &t); /* these clocks exist */
	return (usec)t.tv_sec * USEC_SECOND + t.tv_nsec / 1000;
}

usec
loop_clock(void)
{
	return clock_of(CLOCK_MONOTONIC);
}

static void
read_clocks(struct loop *l)
{
	l->now = clock_of(CLOCK_MONOTONIC);
	l->wall = clock_of(CLOCK_REALTIME);
	l->lap = l->now;
}

void
loop_lap(struct loop *l, const char *name)
{
	usec before = l->lap;
	usec took;

	l->lap = loop_clock();
	took = l->lap - before;
	if (took > l->counts.slowest) {
		l->counts.slowest = took;
		l->counts.slowest_name = name;
	}
	if (took <= l->limit)
		return;
	l->counts.slow++;
	if (l->slow != NULL)
		l->slow(name, took);
}

/* As many as in the round before are expected to have work in this one. */
static void
share_out(struct loop *l)
{
	const struct loop_counts *c = &l->counts;
	uint64_t called = c->ready + c->leftovers + c->flushes;
	usec among = (usec)(called - l->called) + 1;
	usec share = ROUND_TIME / among;

	l->called = called;
	l->share = share > SHARE_MOST ? SHARE_MOST : share < SHARE_LEAST ? SHARE_LEAST : share;
}

bool
loop_spent(const struct loop *l)
{
	return loop_clock() - l->lap >= l->share;
}

static int
milliseconds(const struct loop *l, usec longest)
{
	if (!list_empty(&l->agains) || !list_empty(&l->flushes) || !list_empty(&l->graves))
		return 0;
	if (longest == USEC_NEVER)
		return -1;
	if (longest <= 0)
		return 0;
	if (longest >= 86400 * USEC_SECOND)
		return 86400 * 1000;
	return (int)((longest + USEC_MSEC - 1) / USEC_MSEC);
}

bool
loop_round(struct loop *l, usec longest)
{
	bool any;
	int wait;
	int n;

	MUST(!l->inside);
	l->inside = true;
	timers_arm(l);
	wait = milliseconds(l, longest);
	n = epoll_wait(l->epoll_fd, l->events, LOOP_EVENTS, wait);
	MUST(n >= 0 || errno == EINTR);
	l->event_at = 0;
	l->event_count = n < 0 ? 0 : n;
	l->counts.rounds++;
	l->counts.wakeups += wait != 0;
	read_clocks(l);
	share_out(l);
	if (l->event_count > 1)
		l->crowd = l->now;

	any = timers_run(l);
	any |= agains_run(l);
	any |= watches_run(l);
	any |= flushes_run(l);
	any |= graves_run(l);
	histogram_add(&l->counts.lag, (uint64_t)(l->lap - l->now));
	l->inside = false;
	return any;
}

void
loop_run(struct loop *l)
{
	while (!l->stopping)
		(void)loop_round(l, USEC_NEVER);
	l->stopping = false;
}

void
loop_stop(struct loop *l)
{
	l->stopping = true;
}

/* A write to a pipe without a reader is an error of that write, not our end. */
static void
ignore_sigpipe(void)
{
	struct sigaction ignore = { .sa_handler = SIG_IGN };

	(void)sigaction(SIGPIPE, &ignore, NULL); /* can't fail for this number */
}

static int
open_both(struct loop *l)
{
	struct epoll_event e = { .events = EPOLLIN, .data.ptr = l };

	l->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
	if (l->epoll_fd < 0)
		return -errno;
	l->timer_fd = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
	if (l->timer_fd < 0)
		return -errno;
	return epoll_ctl(l->epoll_fd, EPOLL_CTL_ADD, l->timer_fd, &e) == 0 ? 0 : -errno;
}

static void
close_both(struct loop *l)
{
	if (l->timer_fd >= 0)
		close(l->timer_fd);
	if (l->epoll_fd >= 0)
		close(l->epoll_fd);
}

struct loop *
loop_new(int *error)
{
	struct loop *l = mem_zero(1, sizeof(*l));
	int failed;

	l->epoll_fd = l->timer_fd = -1;
	l->armed = USEC_NEVER;
	l->limit = WATCHDOG_LIMIT;
	list_init(&l->watches);
	list_init(&l->agains);
	list_init(&l->flushes);
	list_init(&l->graves);
	failed = open_both(l);
	if (failed != 0) {
		close_both(l);
		mem_free(l);
		*error = failed;
		return NULL;
	}
	ignore_sigpipe();
	read_clocks(l);
	return l;
}

void
loop_free(struct loop *l)
{
	if (l == NULL)
		return;
	while (graves_run(l))
		continue;
	MUST(!l->inside && list_empty(&l->watches) && l->heap_count == 0);
	MUST(list_empty(&l->agains) && list_empty(&l->flushes));
	close_both(l);
	mem_free(l->heap);
	mem_free(l->scratch);
	histogram_done(&l->counts.lag);
	mem_free(l);
}

usec
loop_now(const struct loop *l)
{
	return l->now;
}

usec
loop_wall(const struct loop *l)
{
	return l->wall;
}

const struct loop_counts *
loop_counted(const struct loop *l)
{
	return &l->counts;
}

void
loop_reset_marks(struct loop *l)
{
	l->counts.slowest = 0;
	l->counts.slowest_name = NULL;
}

void
loop_watchdog(struct loop *l, usec limit, slow_fn *fn)
{
	l->limit = limit;
	l->slow = fn;
}

uint8_t *
loop_scratch(struct loop *l)
{
	if (l->scratch == NULL)
		l->scratch = mem_get(2 * LOOP_SCRATCH);
	return l->scratch;
}
