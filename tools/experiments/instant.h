/* The monotonic clock in nanoseconds, numbers by chance that a seed decides, and work. */
#pragma once

#include <stdint.h>

#define NS_USEC   ((uint64_t)1000)
#define NS_MSEC   ((uint64_t)1000000)
#define NS_SECOND ((uint64_t)1000000000)

uint64_t instant_now(void);
void instant_sleep_until(uint64_t when); /* at once if it has passed */
uint64_t instant_cpu(void);              /* of this process, all its threads */

struct chance {
	uint64_t state;
};
struct chance chance_of(uint64_t seed);
double chance_even(struct chance *c);             /* in [0, 1) */
double chance_gap(struct chance *c, double mean); /* exponential: gaps of a Poisson process */

/* The sum of the numbers below n, one addition after the other. */
uint64_t work_add(uint64_t n);
