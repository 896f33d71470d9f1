/*
 * The reactor: one epoll, one timerfd, one signalfd (and one for SIGCHLD), one thread. It owns no
 * object: watches, timers, signals and agains are embedded in what they serve.
 *
 * One round: arm the timerfd; wait (no sleep while agains are queued); read the clock once; due
 * timers one at a time; agains; ready descriptors; flushes; graves.
 *
 * Stop means stop: after x_stop() returns its function is never called again, also not for what
 * this round already fetched. Memory that may still be on the stack is buried, not freed.
 */
#pragma once

#include "base/histogram.h"
#include "base/list.h"
#include "base/usec.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct loop;
struct watch;
struct timer;
struct again;
struct flush;
struct grave;

typedef void watch_fn(struct watch *w, uint32_t ready); /* LOOP_IN | LOOP_OUT | LOOP_HUP */
typedef void timer_fn(struct timer *t);
typedef void again_fn(struct again *a);
typedef void flush_fn(struct flush *f);
typedef void grave_fn(struct grave *g);

#define LOOP_IN  1u
#define LOOP_OUT 2u
#define LOOP_HUP 4u /* an error or a hang-up; told whether asked for or not */

/* NULL with *error = negative errno. SIGPIPE is ignored from now on. */
struct loop *loop_new(int *error);
void loop_free(struct loop *l);                /* nothing may be started any more */
void loop_run(struct loop *l);                 /* until loop_stop() */
void loop_stop(struct loop *l);                /* the running round is the last */
bool loop_round(struct loop *l, usec longest); /* one round, waiting at most so long (tests);
						  false if nothing happened */
usec loop_now(const struct loop *l);           /* monotonic, read once a round */
usec loop_wall(const struct loop *l);          /* since 1970, of the same instant */
usec loop_clock(void);                         /* the monotonic clock now: for measuring only */
/* Has the running callback had its share of the round? Then it leaves the rest to the next one:
 * loop_again(). A share is 250 us; in a crowd 1 ms among all, but 50 us at least. */
bool loop_spent(const struct loop *l);

/* What the loop says of itself. */
struct loop_counts {
	uint64_t rounds;
	uint64_t wakeups;   /* rounds that slept */
	uint64_t ready;     /* callbacks of descriptors, */
	uint64_t timers;    /* of timers, */
	uint64_t leftovers; /* of what had more to do than its turn allowed, */
	uint64_t flushes;   /* of what was asked for at the end of the round */
	uint64_t slow;      /* callbacks over the watchdog's limit */
	usec slowest;       /* the longest callback */
	const char *slowest_name;
	struct histogram lag; /* how long rounds took: who became ready waited no longer, in usec */
};
const struct loop_counts *loop_counted(const struct loop *l);
/* slowest is looked for anew from now on. */
void loop_reset_marks(struct loop *l);
/* Tells of each callback that took longer than limit (default 50 ms). */
typedef void slow_fn(const char *name, usec took);
void loop_watchdog(struct loop *l, usec limit, slow_fn *fn);

/* Descriptors. */

struct watch {
	struct list link;  /* of all that are started */
	struct loop *loop; /* NULL: not started */
	int fd;            /* borrowed */
	uint32_t want;
	watch_fn *fn;
	const char *name; /* for the watchdog; static */
};

int watch_start(struct watch *w, struct loop *l, int fd, uint32_t want, watch_fn *fn,
    const char *name) __attribute__((warn_unused_result));
/* want 0 takes the descriptor out of epoll: a hang-up can't spin. */
void watch_want(struct watch *w, uint32_t want);
/* All that are started, in their order; fn starts and stops none. */
typedef void watch_seen_fn(const struct watch *w, void *to);
void loop_watches(struct loop *l, watch_seen_fn *fn, void *to);
void watch_stop(struct watch *w); /* before the fd is closed; may be called when not started */

/* Timers. */

struct timer {
	struct loop *loop; /* NULL: not running */
	usec due;
	size_t place;  /* in the heap */
	uint64_t turn; /* equal deadlines go off in the order of their starts */
	timer_fn *fn;
	const char *name;
};

void timer_start(struct timer *t, struct loop *l, usec due, timer_fn *fn, const char *name); /* or
										      restart */
void timer_stop(struct timer *t);
static inline bool
timer_running(const struct timer *t)
{
	return t->loop != NULL;
}

/* Leftovers: more to do, after the others had their turn. */

struct again {
	struct list link;
	struct loop *loop;
	again_fn *fn;
	const char *name;
};

void loop_again(struct again *a, struct loop *l, again_fn *fn, const char *name); /* once a round */
void again_stop(struct again *a);

/* Flushes: once at the end of this round. */

struct flush {
	struct list link;
	struct loop *loop;
	flush_fn *fn;
	const char *name;
};

void loop_flush(struct flush *f, struct loop *l, flush_fn *fn, const char *name); /* idempotent */
void flush_stop(struct flush *f);

/* Graves: freed when nothing of the round is on the stack any more. */

struct grave {
	struct list link;
	grave_fn *fn;
};

void loop_bury(struct grave *g, struct loop *l, grave_fn *fn);
