/*
 * When to hand on what was collected: at a number of items or of bytes, or at a deadline, whichever
 * comes first. The items are the caller's; the batch counts. An empty batch is never due.
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
	size_t bytes; /* 0: not counted */
	usec time;    /* BATCH_TICK: at least 1 */
};

#define BATCH_DEFAULT ((struct batch_rules){ .items = 100, .time = 10 * USEC_MSEC })

struct batch {
	struct batch_rules rules;
	size_t count; /* collected and not taken */
	size_t bytes;
	usec deadline; /* USEC_NEVER: none */
	uint64_t by_size;
	uint64_t by_time;
	uint64_t empty_ticks;
};

void batch_init(struct batch *b, const struct batch_rules *rules, usec now);
/* One item more. Not while the batch is due by size: take it first. */
enum batch_reason batch_add(struct batch *b, size_t bytes, usec now);
/* Ask when the deadline has come, or at any time. */
enum batch_reason batch_due(struct batch *b, usec now);
/* The batch is handed on, for the reason that batch_due() gives or for another (the end): how many
 * items it has. */
size_t batch_take(struct batch *b, usec now);
