/* Counts by size: 16 buckets between powers of two, one bucket a value below 32. */
#include "base/histogram.h"

#include "base/mem.h"
#include "base/must.h"

#include <assert.h>
#include <stddef.h>

#define LARGEST ((UINT64_C(1) << HISTOGRAM_BITS) - 1)

static_assert(HISTOGRAM_STEPS == 1 << 4, "bucket_of() shifts to 4 bits below the highest");

static size_t
bucket_of(uint64_t value)
{
	unsigned top;

	if (value > LARGEST)
		value = LARGEST;
	if (value < HISTOGRAM_STEPS)
		return (size_t)value;
	top = 63 - (unsigned)__builtin_clzll(value);
	return (size_t)(top - 3) * HISTOGRAM_STEPS + (size_t)(value >> (top - 4)) - HISTOGRAM_STEPS;
}

/* The middle of a bucket. */
static uint64_t
value_of(size_t bucket)
{
	size_t row = bucket / HISTOGRAM_STEPS;
	uint64_t step = bucket % HISTOGRAM_STEPS;

	if (row == 0)
		return step;
	return ((HISTOGRAM_STEPS + step) << (row - 1)) + ((UINT64_C(1) << (row - 1)) - 1) / 2;
}

void
histogram_done(struct histogram *h)
{
	mem_free(h->at);
	*h = (struct histogram){ 0 };
}

void
histogram_add_many(struct histogram *h, uint64_t value, uint64_t times)
{
	if (times == 0)
		return;
	if (h->count == 0 || value < h->least)
		h->least = value;
	if (value > h->most)
		h->most = value;
	if (h->at == NULL && value > 0) {
		h->at = mem_zero(HISTOGRAM_SIZE, sizeof(*h->at));
		h->at[0] = h->count;
	}
	h->count += times;
	h->sum += times * value;
	if (h->at != NULL)
		h->at[bucket_of(value)] += times;
}

void
histogram_add(struct histogram *h, uint64_t value)
{
	histogram_add_many(h, value, 1);
}

uint64_t
histogram_at(const struct histogram *h, unsigned permille)
{
	uint64_t rank;
	uint64_t below = 0;

	MUST(permille <= 1000);
	if (h->at == NULL)
		return 0;
	rank = h->count / 1000 * permille + (h->count % 1000 * permille + 999) / 1000;
	if (rank == 0)
		return h->least;
	if (rank >= h->count)
		return h->most;
	for (size_t i = 0; i < HISTOGRAM_SIZE; i++) {
		below += h->at[i];
		if (below >= rank) {
			uint64_t value = value_of(i);

			return value < h->least ? h->least : value > h->most ? h->most : value;
		}
	}
	return h->most;
}

uint64_t
histogram_mean(const struct histogram *h)
{
	return h->count == 0 ? 0 : h->sum / h->count;
}
