/*
 * When to hand on what was collected: at a number of items, or at a deadline, whichever comes
 * first. The items are the caller's; the batch counts. An empty batch is never due.
 *
 * LINGER: the first item arms a deadline; with a time of zero it is due at once, so that a batch is
 * what one round brought. TICK: due on a period from the start; a period that brought nothing is
 * counted and handed to nobody.
 *
 * Nothing needs to be disarmed: whether the batch is due is asked of its state, so a timer that
 * rings late, twice, or for a batch that went by size finds nothing due.
 */
#pragma once

#include "base/usec.h"

#include <stddef.h>
#include <stdint.h>

enum batch_mode { BATCH_LINGER, BATCH_TICK };
enum batch_reason { BATCH_NOT_DUE, BATCH_SIZE, BATCH_TIME };

struct batch_rules {
	enum batch_mode mode;
	size_t items; /* at least 1 */
	usec time;    /* BATCH_TICK: at least 1 */
};

struct batch {
	struct batch_rules rules;
	size_t count;  /* collected and not taken */
	usec deadline; /* USEC_NEVER: none */
	uint64_t by_size;
	uint64_t by_time;
	uint64_t by_need; /* not due, and taken: the room or the session ended */
	uint64_t empty_ticks;
};

void batch_init(struct batch *b, const struct batch_rules *rules, usec now);
/* Other rules from now on; what was collected and counted stays. */
void batch_change(struct batch *b, const struct batch_rules *rules, usec now);
/* So many items more; over the size they wait for the batches behind. */
enum batch_reason batch_add(struct batch *b, size_t items, usec now);
/* Ask when the deadline has come, or at any time. */
enum batch_reason batch_due(struct batch *b, usec now);
/* The batch is handed on, for the reason that batch_due() gives or for another: how many items it
 * has. What is left over lingers from now on. */
size_t batch_take(struct batch *b, usec now);
/* What was collected is nobody's any more. */
void batch_drop(struct batch *b);
