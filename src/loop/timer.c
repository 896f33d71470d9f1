/*
 * Timers: a binary heap in which each timer knows its place, and one timerfd for the earliest.
 * Equal deadlines go off in the order in which they were started.
 */
#include "inside.h"

#include "base/mem.h"
#include "base/must.h"

#include <sys/timerfd.h>

static bool
before(const struct timer *a, const struct timer *b)
{
	return a->due != b->due ? a->due < b->due : a->turn < b->turn;
}

static void
put(struct loop *l, size_t place, struct timer *t)
{
	l->heap[place] = t;
	t->place = place;
}

static void
sift_up(struct loop *l, struct timer *t)
{
	size_t place = t->place;

	while (place > 0 && before(t, l->heap[(place - 1) / 2])) {
		put(l, place, l->heap[(place - 1) / 2]);
		place = (place - 1) / 2;
	}
	put(l, place, t);
}

static void
sift_down(struct loop *l, struct timer *t)
{
	size_t place = t->place;

	for (;;) {
		size_t child = 2 * place + 1;

		if (child >= l->heap_count)
			break;
		if (child + 1 < l->heap_count && before(l->heap[child + 1], l->heap[child]))
			child++;
		if (!before(l->heap[child], t))
			break;
		put(l, place, l->heap[child]);
		place = child;
	}
	put(l, place, t);
}

void
timer_stop(struct timer *t)
{
	struct loop *l = t->loop;
	struct timer *last;

	if (l == NULL)
		return;
	t->loop = NULL;
	last = l->heap[--l->heap_count];
	if (last == t)
		return;
	put(l, t->place, last);
	sift_up(l, last);
	sift_down(l, last);
}

void
timer_start(struct timer *t, struct loop *l, usec due, timer_fn *fn, const char *name)
{
	timer_stop(t);
	if (l->heap_count == l->heap_size) {
		l->heap_size = l->heap_size == 0 ? 16 : 2 * l->heap_size;
		l->heap = mem_grow(l->heap, l->heap_size * sizeof(struct timer *));
	}
	/* a deadline in the past is now: it can't overtake those that are due already */
	*t = (struct timer){ .loop = l,
		.due = due < l->now ? l->now : due,
		.turn = ++l->heap_turn,
		.fn = fn,
		.name = name };
	put(l, l->heap_count++, t);
	sift_up(l, t);
}

/* A deadline that was moved back is found when the old one goes off: no call per restart. */
void
timers_arm(struct loop *l)
{
	usec due = l->heap_count == 0 ? USEC_NEVER : l->heap[0]->due;
	struct itimerspec when = { 0 };

	if (due >= l->armed && l->armed != 0)
		return;
	l->armed = due;
	if (due != USEC_NEVER) {
		usec at = due <= 0 ? 1 : due; /* all zero would disarm */

		when.it_value.tv_sec = (time_t)(at / USEC_SECOND);
		when.it_value.tv_nsec = (long)(at % USEC_SECOND) * 1000;
	}
	MUST(timerfd_settime(l->timer_fd, TFD_TIMER_ABSTIME, &when, NULL) == 0);
}

/* One at a time, so that a timer stopped by an earlier one is not called. What is started meanwhile
 * and due at once waits for the next round. */
bool
timers_run(struct loop *l)
{
	uint64_t last = l->heap_turn;
	bool any = false;

	while (l->heap_count > 0 && l->heap[0]->due <= l->now && l->heap[0]->turn <= last) {
		struct timer *t = l->heap[0];
		const char *name = t->name;

		timer_stop(t);
		t->fn(t);
		l->counts.timers++;
		loop_lap(l, name);
		any = true;
	}
	return any;
}
