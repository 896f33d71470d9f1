/*
 * How long things took: counts by size in constant memory. Values are exact up to 31, above that
 * within 3.2 percent; count, mean and extremes are exact. Values beyond 2^42 (50 days in
 * microseconds) count as that. The zero value is empty; until something took time it owns nothing.
 */
#pragma once

#include <stdint.h>

#define HISTOGRAM_STEPS 16 /* buckets between a power of two and the next */
#define HISTOGRAM_BITS  42
#define HISTOGRAM_SIZE  ((HISTOGRAM_BITS - 3) * HISTOGRAM_STEPS)

struct histogram {
	uint64_t count;
	uint64_t sum; /* of what was added, not of buckets */
	uint64_t least;
	uint64_t most;
	uint64_t *at; /* NULL: only zeros */
};

void histogram_done(struct histogram *h); /* back to the zero value */

void histogram_add(struct histogram *h, uint64_t value);
void histogram_add_many(struct histogram *h, uint64_t value, uint64_t times);
/* The value that permille of 1000 values don't exceed: 500 the median, 990 p99. Empty: 0. */
uint64_t histogram_at(const struct histogram *h, unsigned permille);
uint64_t histogram_mean(const struct histogram *h);
