/*
 * The load source itself: does it send what it was asked to, is its jitter even, does a burst leave
 * at once; and what a router that floods is to nine quiet ones, whose events go to a helper of
 * their own.
 */
#include "each.h"
#include "instant.h"
#include "run.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#define RATES   5
#define JITTER  (400 * NS_USEC)
#define SPACING (1000 * NS_USEC)

static const double rates[RATES] = { 1e3, 1e4, 1e5, 5e5, 1e6 };

static int
compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return x < y ? -1 : x > y;
}

/* Kolmogorov and Smirnov: the largest distance to an even distribution, times the root of n. */
static double
distance(double *values, size_t n)
{
	double most = 0;

	qsort(values, n, sizeof(*values), compare);
	for (size_t i = 0; i < n; i++) {
		double above = (double)(i + 1) / (double)n - values[i];
		double below = values[i] - (double)i / (double)n;

		most = fmax(most, fmax(above, below));
	}
	return most * sqrt((double)n);
}

/* The schedule is the seed's alone, so this holds on any machine or on none. */
static bool
jitter_is_even(FILE *csv)
{
	static double shaken[4096];
	struct outcome o;
	size_t n = 0;
	double d;
	struct run run = {
		.load = { .peers = 1,
		    .rate = 1e9 / SPACING,
		    .jitter = JITTER,
		    .window = (options.quick ? 1 : 4) * NS_SECOND / 2,
		    .whole = true },
		.patience = 60 * NS_SECOND,
	};

	if (!run_once(&run, &o))
		return false;
	for (size_t i = 1; i < (size_t)o.sent && n < 4096;
	     i++) /* nothing is due before the start */
		shaken[n++] =
		    ((double)board->due[i] - (double)board->start - (double)i * SPACING + JITTER) /
		    (2.0 * JITTER);
	d = distance(shaken, n);
	(void)fprintf(csv, "jitter,%zu,%.3f\n", n, d);
	return o.complete && d < 1.63; /* p = 0.01 */
}

static bool
keeps_rates(FILE *csv)
{
	for (size_t i = 0; i < RATES; i++) {
		struct outcome o;
		struct run run = {
			.load = { .peers = 1,
			    .rate = rates[i],
			    .window = NS_SECOND,
			    .whole = true },
			.patience = 10 * NS_SECOND,
		};

		if (!run_middle(&run, 3, &o))
			return false;
		(void)fprintf(csv, "rate,%.0f,%.4f\n", rates[i], o.sent_rate / rates[i]);
	}
	return true;
}

/* A message each 10 to 50 ms, and 5000 at once. */
static bool
keeps_pauses(FILE *csv)
{
	struct outcome slow, burst;
	struct run run = {
		.load = { .peers = 1,
		    .rate = 1000.0 / 30,
		    .jitter = 10 * NS_MSEC,
		    .window = 3 * NS_SECOND,
		    .whole = true },
		.patience = 10 * NS_SECOND,
	};

	if (!run_once(&run, &slow))
		return false;
	run.load = (struct load){ .peers = 1,
		.rate = 1e6,
		.burst = 5000,
		.cycle = NS_SECOND / 2,
		.window = 2 * NS_SECOND - NS_SECOND / 4,
		.whole = true };
	if (!run_middle(&run, 3, &burst))
		return false;
	(void)fprintf(csv, "pause of 30 ms,%.0f,%.4f\n", slow.sent, slow.sent_rate * 30 / 1000);
	(void)fprintf(csv, "burst of 5000 in ms,%.0f,%.2f\n", burst.sent, burst.burst_ms);
	return true;
}

static bool
flood_beside_quiet(double flood, FILE *csv)
{
	struct outcome o;
	struct run run = {
		.load = { .peers = 10,
		    .shape = LOAD_RANDOM,
		    .rate = 1000,
		    .flood = flood,
		    .whole = options.quick,
		    .window = (options.quick ? 1 : 8) * NS_SECOND / 4 },
		.sinks = 2,
		.apart = true,
		.patience = options.quick ? 60 * NS_SECOND : 2 * NS_SECOND,
	};

	if (!run_middle(&run, options.quick ? 1 : 3, &o))
		return false;
	(void)fprintf(
	    csv, "quiet routers beside %.0f/s: p50 ms,%.0f,%.3f\n", flood, o.got, o.ranks.p50);
	(void)fprintf(
	    csv, "quiet routers beside %.0f/s: p99 ms,%.0f,%.3f\n", flood, o.got, o.ranks.p99);
	return o.conserved || !options.quick;
}

bool
each_sending(void)
{
	FILE *csv = result_file("sending.csv");
	bool holds;

	(void)fputs("what,of,figure\n", csv);
	holds = jitter_is_even(csv);
	if (!options.quick)
		holds = keeps_rates(csv) && keeps_pauses(csv) && holds;
	holds = flood_beside_quiet(0, csv) && holds;
	holds = flood_beside_quiet(options.quick ? 1e4 : 2e6, csv) && holds;
	(void)fclose(csv);
	return holds;
}
