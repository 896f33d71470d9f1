/* Descriptors: who is called, and who is not any more. */
#include "rounds.h"

#include "base/mem.h"

#include <fcntl.h>
#include <unistd.h>

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
