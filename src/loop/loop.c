/* The reactor: one round, watches, leftovers, flushes, graves. */
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

/* All of from goes to the empty list to. */
static void
list_move(struct list *to, struct list *from)
{
	list_init(to);
	if (list_empty(from))
		return;
	*to = *from;
	to->next->prev = to;
	to->prev->next = to;
	list_init(from);
}

/* --- descriptors --- */

static uint32_t
epoll_bits(uint32_t want)
{
	return (want & LOOP_IN ? (uint32_t)EPOLLIN : 0) |
	    (want & LOOP_OUT ? (uint32_t)EPOLLOUT : 0);
}

static uint32_t
loop_bits(uint32_t ready)
{
	return (ready & EPOLLIN ? LOOP_IN : 0) | (ready & EPOLLOUT ? LOOP_OUT : 0) |
	    (ready & (EPOLLHUP | EPOLLERR) ? LOOP_HUP : 0);
}

static int
watch_control(struct watch *w, int what)
{
	struct epoll_event e = { .events = epoll_bits(w->want), .data.ptr = w };

	return epoll_ctl(w->loop->epoll_fd, what, w->fd, &e) == 0 ? 0 : -errno;
}

/* What this round fetched for it and has not told yet is forgotten. */
static void
watch_forget(struct watch *w)
{
	struct loop *l = w->loop;

	for (int i = l->event_at; i < l->event_count; i++)
		if (l->events[i].data.ptr == w)
			l->events[i].data.ptr = NULL;
}

int
watch_start(struct watch *w, struct loop *l, int fd, uint32_t want, watch_fn *fn, const char *name)
{
	int error = 0;

	*w = (struct watch){ .loop = l, .fd = fd, .want = want, .fn = fn, .name = name };
	if (want != 0)
		error = watch_control(w, EPOLL_CTL_ADD);
	if (error != 0)
		w->loop = NULL;
	else
		list_add(&l->watches, &w->link);
	return error;
}

void
watch_want(struct watch *w, uint32_t want)
{
	uint32_t old = w->want;
	int error;

	MUST(w->loop != NULL);
	if (want == old)
		return;
	w->want = want;
	if (want == 0)
		watch_forget(w);
	error = watch_control(w,
	    want == 0      ? EPOLL_CTL_DEL
		: old == 0 ? EPOLL_CTL_ADD
			   : EPOLL_CTL_MOD);
	MUST(error == 0); /* the kernel took it before: what is left is that it has no memory */
}

void
watch_stop(struct watch *w)
{
	if (w->loop == NULL)
		return;
	watch_forget(w);
	if (w->want != 0)
		(void)watch_control(
		    w, EPOLL_CTL_DEL); /* fails when the fd was closed: gone as well */
	list_cut(&w->link);
	w->loop = NULL;
}

void
loop_watches(struct loop *l, watch_seen_fn *fn, void *to)
{
	list_each (link, &l->watches)
		fn(owner_of(link, struct watch, link), to);
}

static bool
run_ready(struct loop *l)
{
	bool any = false;

	for (l->event_at = 0; l->event_at < l->event_count;) {
		struct epoll_event *e = &l->events[l->event_at++];
		struct watch *w = e->data.ptr;
		const char *name;
		uint32_t ready;

		if (w == NULL)
			continue;
		if (e->data.ptr == l) {
			l->armed = 0; /* went off: to be set anew */
			continue;
		}
		ready = loop_bits(e->events) & (w->want | LOOP_HUP);
		if (ready == 0)
			continue;
		name = w->name;
		w->fn(w, ready);
		l->counts.ready++;
		loop_lap(l, name);
		any = true;
	}
	l->event_at = l->event_count = 0;
	return any;
}

/* --- leftovers, flushes, graves --- */

void
loop_again(struct again *a, struct loop *l, again_fn *fn, const char *name)
{
	a->fn = fn;
	a->name = name;
	if (a->loop != NULL)
		return;
	a->loop = l;
	list_add(&l->agains, &a->link);
}

void
again_stop(struct again *a)
{
	list_cut(&a->link);
	a->loop = NULL;
}

static bool
run_agains(struct loop *l)
{
	struct list now;
	bool any = false;

	list_move(&now, &l->agains);
	while (!list_empty(&now)) {
		struct again *a = owner_of(now.next, struct again, link);
		const char *name = a->name;

		again_stop(a);
		a->fn(a);
		l->counts.leftovers++;
		loop_lap(l, name);
		any = true;
	}
	return any;
}

void
loop_flush(struct flush *f, struct loop *l, flush_fn *fn, const char *name)
{
	f->fn = fn;
	f->name = name;
	if (f->loop != NULL)
		return;
	f->loop = l;
	list_add(&l->flushes, &f->link);
}

void
flush_stop(struct flush *f)
{
	list_cut(&f->link);
	f->loop = NULL;
}

/* A flush that asks for another one is served by the next round, which doesn't sleep. */
static bool
run_flushes(struct loop *l)
{
	struct list now;
	bool any = false;

	list_move(&now, &l->flushes);
	while (!list_empty(&now)) {
		struct flush *f = owner_of(now.next, struct flush, link);
		const char *name = f->name;

		flush_stop(f);
		f->fn(f);
		l->counts.flushes++;
		loop_lap(l, name);
		any = true;
	}
	return any;
}

void
loop_bury(struct grave *g, struct loop *l, grave_fn *fn)
{
	MUST(!list_linked(&g->link));
	g->fn = fn;
	list_add(&l->graves, &g->link);
}

static bool
run_graves(struct loop *l)
{
	struct list now;
	bool any = false;

	list_move(&now, &l->graves);
	while (!list_empty(&now)) {
		struct grave *g = owner_of(now.next, struct grave, link);

		list_cut(&g->link);
		g->fn(g);
		any = true;
	}
	return any;
}

/* --- the round --- */

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
	any |= run_agains(l);
	any |= run_ready(l);
	any |= run_flushes(l);
	any |= run_graves(l);
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

/* --- life --- */

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
	while (run_graves(l))
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
