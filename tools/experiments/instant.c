/* See instant.h. */
#include "instant.h"

#include <math.h>
#include <time.h>

static uint64_t
read_clock(clockid_t id)
{
	struct timespec t;

	(void)clock_gettime(id, &t); /* these two always exist */
	return (uint64_t)t.tv_sec * NS_SECOND + (uint64_t)t.tv_nsec;
}

uint64_t
instant_now(void)
{
	return read_clock(CLOCK_MONOTONIC);
}

uint64_t
instant_cpu(void)
{
	return read_clock(CLOCK_PROCESS_CPUTIME_ID);
}

void
instant_sleep_until(uint64_t when)
{
	struct timespec t = {
		.tv_sec = (time_t)(when / NS_SECOND),
		.tv_nsec = (long)(when % NS_SECOND),
	};

	while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &t, NULL) != 0)
		;
}

struct chance
chance_of(uint64_t seed)
{
	return (struct chance){ .state = seed };
}

/* splitmix64 */
static uint64_t
chance_bits(struct chance *c)
{
	uint64_t z = c->state += 0x9e3779b97f4a7c15u;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
	return z ^ (z >> 31);
}

double
chance_even(struct chance *c)
{
	return (double)(chance_bits(c) >> 11) * 0x1p-53;
}

double
chance_gap(struct chance *c, double mean)
{
	return -mean * log(1.0 - chance_even(c));
}

uint64_t
work_add(uint64_t n)
{
	uint64_t sum = 0;

	for (uint64_t i = 0; i < n; i++) {
		sum += i;
		__asm__ volatile("" : "+r"(sum)); /* else it is a formula */
	}
	return sum;
}
