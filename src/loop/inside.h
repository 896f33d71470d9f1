/* What the files of the loop share: the reactor's own state. */
#pragma once

#include "loop/loop.h"
#include "loop/signal.h"

#include <sys/epoll.h>

#define LOOP_EVENTS  64
#define LOOP_SCRATCH ((size_t)64 * 1024)

struct loop {
	int epoll_fd;
	int timer_fd;
	bool stopping;
	bool inside; /* a round is on the stack */
	usec now;
	usec wall;

	struct timer **heap;
	size_t heap_count;
	size_t heap_size;
	uint64_t heap_turn;
	usec armed; /* when the timerfd goes off, USEC_NEVER: not at all */

	struct list agains;
	struct list flushes;
	struct list graves;

	struct epoll_event events[LOOP_EVENTS]; /* what this round fetched */
	int event_at;
	int event_count;
	usec crowd;          /* when more than one was ready last */
	struct list watches; /* started */

	uint8_t *scratch; /* room for what was left, then room for one read */

	struct loop_counts counts;
	usec limit;
	slow_fn *slow;
	usec lap;        /* the clock after the last callback */
	usec share;      /* of a callback, in this round */
	uint64_t called; /* callbacks until this round */
};

/* The clock after a callback; name is what was called. */
void loop_lap(struct loop *l, const char *name);

/* The timerfd follows the heap; it may go off too early, never too late. */
void timers_arm(struct loop *l);

/* The parts of a round; was anything called? */
bool timers_run(struct loop *l);
bool watches_run(struct loop *l);
bool agains_run(struct loop *l);
bool flushes_run(struct loop *l);
bool graves_run(struct loop *l);

/* signals_start() without a word about SIGCHLD. */
struct signals *signals_open(
    struct loop *l, const int *numbers, signal_fn *fn, void *owner, int *error);

/* What is started from now on has the limit of descriptors that we found, or again ours. */
void descriptors_for_child(bool on);

/* Twice LOOP_SCRATCH bytes, free to use until the callback returns. */
uint8_t *loop_scratch(struct loop *l);
