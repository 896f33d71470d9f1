/*
 * A queue of blobs with bounds and a policy, and with what one wants to know of it: how full it is
 * and ever was, what it dropped, how long things waited. One producer side, one consumer.
 *
 * Every blob that is offered and not given back to its producer takes a number. What was dropped
 * shows as a gap between the numbers that are taken, so the consumer can be told exactly what it
 * missed, and where.
 *
 * Some things must arrive (answers, state changes, the end): they are put with QUEUE_KEEP, never
 * dropped, and don't count against the bounds; who puts them bounds them by other means.
 *
 * A blob longer than the bound of bytes is taken when nothing else is queued, else it could never
 * pass.
 *
 * Always: offered = taken + dropped + cleared + depth, blobs that were given back not counted as
 * offered.
 */
#pragma once

#include "base/blob.h"
#include "base/histogram.h"
#include "base/usec.h"
#include "flow/valve.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum queue_policy {
	QUEUE_BLOCK,       /* give back; the producer's source is held until queue_shut() ends */
	QUEUE_DROP_NEWEST, /* drop what comes */
	QUEUE_DROP_OLDEST, /* drop what has waited longest */
	QUEUE_ERROR,       /* give back; the producer's own producer is told */
};

struct queue_rules {
	size_t items;     /* at least 1 */
	size_t bytes;     /* at least 1 */
	size_t low_items; /* the valve opens at or under both; below the marks */
	size_t low_bytes;
	size_t high_items; /* the valve shuts at one of these; 0: at the bound */
	size_t high_bytes;
	enum queue_policy policy;
};

/* 1000 items, low mark 100; 8 MiB, low mark 1 MiB */
#define QUEUE_DEFAULT                                                                              \
	((struct queue_rules){                                                                     \
	    .items = 1000, .bytes = 8u << 20, .low_items = 100, .low_bytes = 1u << 20 })

enum queue_did {
	QUEUE_TAKEN,     /* it is in */
	QUEUE_DISPLACED, /* it is in, older ones were dropped for it */
	QUEUE_DROPPED,   /* it was dropped */
	QUEUE_FULL,      /* given back: block */
	QUEUE_REFUSED,   /* given back: error */
};

enum queue_kind { QUEUE_NORMAL, QUEUE_KEEP };

struct queue_counts {
	uint64_t offered;
	uint64_t taken;
	uint64_t dropped_newest;
	uint64_t dropped_oldest;
	uint64_t cleared;
	uint64_t full;     /* given back */
	uint64_t refused;  /* given back */
	size_t most_items; /* high-water marks */
	size_t most_bytes;
	uint64_t shuts;         /* how often the valve became shut */
	usec blocked;           /* how long the valve has been shut, spans that ended */
	struct histogram waits; /* of what was taken, in microseconds */
};

struct queue_slot {
	struct blob *blob; /* NULL: dropped */
	usec since;
	uint64_t number;
	bool keep;
};

struct queue {
	struct queue_rules rules;
	struct queue_slot *slots; /* a ring */
	size_t size;              /* a power of two, or 0 */
	size_t first;             /* of the ring, counted without end */
	size_t last;              /* behind the newest */
	size_t oldest;            /* no slot before it can be dropped */
	size_t items;             /* that count against the bounds */
	size_t bytes;
	size_t kept_items;
	size_t kept_bytes;
	uint64_t next_number;
	uint64_t told; /* numbers below it were taken, or told as lost */
	struct valve by_items;
	struct valve by_bytes;
	usec shut_since; /* USEC_NEVER: open */
	struct queue_counts counts;
};

/* What the consumer gets: the blob is its own now. */
struct queued {
	struct blob *blob;
	usec waited;
	uint64_t number;
	uint64_t lost; /* numbers right before it that were dropped */
};

void queue_init(struct queue *q, const struct queue_rules *rules);
void queue_done(struct queue *q); /* drops what is left; back to a zero value */
/* Other bounds and another policy from now on; what is queued stays. */
void queue_change(struct queue *q, const struct queue_rules *rules, usec now);
/* Who would have taken them is gone: no gap is told. */
void queue_clear(struct queue *q, usec now);

/* b is borrowed: the queue holds it for itself when it takes it. */
enum queue_did queue_put(struct queue *q, struct blob *b, enum queue_kind kind, usec now);
bool queue_take(struct queue *q, usec now, struct queued *to); /* false: empty */
/* So many went from producer to consumer without waiting: the queue MUST be empty. Counted as all
 * that were put and taken. */
void queue_pass(struct queue *q, size_t items, size_t bytes);
/* Dropped behind everything that is queued: asked when the queue is empty, told once. */
uint64_t queue_lost(struct queue *q);
/* One that was lost before it came: as if dropped as the newest. */
void queue_miss(struct queue *q);

/* Above its high mark, or not yet back to its low one. */
bool queue_shut(const struct queue *q);
/* For how long: what decides that a consumer is stuck is age, not size. 0: open. */
usec queue_shut_for(const struct queue *q, usec now);

size_t queue_depth(const struct queue *q); /* items, those that are kept included */
size_t queue_bytes(const struct queue *q);
/* Another policy from now on (a stuck consumer is degraded to QUEUE_DROP_OLDEST). */
void queue_set_policy(struct queue *q, enum queue_policy policy);
void queue_reset_marks(struct queue *q); /* high-water marks start again at what is there */
