/* Waiting for a state with a deadline. */
#pragma once

#include "case.h"

#include "loop/loop.h"

#define ROUNDS_SECONDS 60

/* Rounds until cond holds; fails the case after a while. */
#define rounds_until(l, cond)                                                                      \
	do {                                                                                       \
		usec end_ = loop_clock() + ROUNDS_SECONDS * USEC_SECOND;                           \
		while (!(cond) && loop_clock() < end_)                                             \
			loop_round((l), 50 * USEC_MSEC);                                           \
		cr_assert(cond, "never came true: %s", #cond);                                     \
	} while (0)

static inline struct loop *
loop_for_case(void)
{
	int error = 0;
	struct loop *l = loop_new(&error);

	cr_assert(l != NULL, "no loop: %d", error);
	return l;
}
