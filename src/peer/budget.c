/*
 * A budget: what one peer may take of a round of the loop while others wait. Bytes alone do not
 * bound it: where nothing of a large table is in the cache, an UPDATE costs ten times as much.
 */
#include "inside.h"

#define BUDGET_BYTES ((size_t)32 * 1024)
#define BUDGET_TIME  USEC_MSEC

struct budget
budget_begin(void)
{
	return (struct budget){ .left = BUDGET_BYTES, .end = loop_clock() + BUDGET_TIME };
}

bool
budget_spent(struct budget *b, size_t bytes)
{
	b->left -= bytes < b->left ? bytes : b->left;
	return b->left == 0 || loop_clock() >= b->end;
}
