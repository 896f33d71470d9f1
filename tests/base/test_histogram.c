/* Histograms: ranks within their error, extremes exact. */
#include "case.h"

#include "base/histogram.h"
#include "pieces.h"

#include <stdlib.h>

static int
by_value(const void *a, const void *b)
{
	const uint64_t *x = a;
	const uint64_t *y = b;

	return *x < *y ? -1 : *x > *y;
}

Case(histogram, ranks_are_within_their_error_of_sorting)
{
	static uint64_t values[5000];
	static const unsigned ranks[] = { 1, 10, 100, 500, 900, 990, 999, 1000 };
	uint64_t seed = 11;

	for (int shape = 0; shape < 40; shape++) {
		struct histogram h = { 0 };
		size_t n = 1 + dice(&seed) % 5000;
		uint64_t sum = 0;

		for (size_t i = 0; i < n; i++) {
			values[i] = ((uint64_t)dice(&seed) << 10) >> dice(&seed) % 42;
			histogram_add(&h, values[i]);
			sum += values[i];
		}
		qsort(values, n, sizeof(values[0]), by_value);
		for (size_t k = 0; k < sizeof(ranks) / sizeof(ranks[0]); k++) {
			uint64_t want = values[(n * ranks[k] + 999) / 1000 - 1];
			uint64_t got = histogram_at(&h, ranks[k]);
			uint64_t off = got > want ? got - want : want - got;

			cr_expect(off * 1000 <= want * 32, "%u: %lu, not %lu", ranks[k], got, want);
		}
		cr_expect(h.least == values[0] && h.most == values[n - 1] && h.count == n);
		cr_expect(histogram_mean(&h) == sum / n);
		histogram_done(&h);
	}
}

Case(histogram, small_values_are_exact)
{
	for (uint64_t value = 0; value < 32; value++) {
		struct histogram h = { 0 };

		histogram_add(&h, 0);
		histogram_add(&h, value);
		histogram_add(&h, 1000);
		cr_expect(histogram_at(&h, 500) == value);
		histogram_done(&h);
	}
}

Case(histogram, takes_any_value)
{
	struct histogram h = { 0 };

	cr_expect(histogram_at(&h, 990) == 0 && histogram_mean(&h) == 0);
	histogram_add(&h, UINT64_MAX);
	cr_expect(histogram_at(&h, 500) == UINT64_MAX);
	for (int bit = 0; bit < 64; bit++) {
		histogram_add(&h, UINT64_C(1) << bit);
		histogram_add(&h, (UINT64_C(1) << bit) - 1);
	}
	cr_expect(h.count == 129 && h.least == 0);
	histogram_done(&h);
}

Case(histogram, what_took_no_time_costs_no_memory)
{
	struct histogram h = { 0 };

	histogram_add_many(&h, 0, 99);
	cr_expect(h.at == NULL && h.count == 99 && histogram_at(&h, 990) == 0);
	histogram_add(&h, 7);
	cr_expect(histogram_at(&h, 990) == 0 && histogram_at(&h, 991) == 7 && h.most == 7);
	histogram_done(&h);
	cr_expect(h.count == 0);
}
