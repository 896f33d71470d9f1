/*
 * Where it ends: with t of work an event a helper takes 1 / t a second, and not more; and a load
 * that goes from half to twice of what is taken brings as much as ever, by each policy and where
 * the server itself is what is full.
 */
#include "each.h"
#include "instant.h"
#include "run.h"
#include "svg.h"

#include <math.h>
#include <stdio.h>

#define WORKS   5
#define STEPS   7
#define KINDS   4
#define REPEATS 3
#define COST    (200 * NS_USEC)
#define TAKEN   (1e9 / (double)COST) /* events a second, of the helper of the ramp */

static const double works[WORKS] = { 0.1, 1, 5, 10, 50 }; /* ms */
static const double loads[STEPS] = { 50, 75, 100, 125, 150, 175, 200 };

static bool
measure_work(double ms, struct outcome *to)
{
	double window = options.quick ? 0.25 : fmax(2, ms / 10); /* s: a hundred events at least */
	struct run run = {
		.load = { .peers = 1,
		    .rate = 2000 / ms,
		    .whole = options.quick,
		    .window = (uint64_t)(window * 1e9) },
		.sinks = 1,
		.job = { .cost = (uint64_t)(ms * 1e6), .pipe = 4096, .read = 4096 },
		.process = "queue 1000; overflow block;",
		.patience = options.quick ? 60 * NS_SECOND : NS_SECOND / 2,
	};

	return run_middle(&run, options.quick ? 1 : REPEATS, to);
}

static bool
all_works(void)
{
	double asked[WORKS], came[WORKS];
	size_t n = options.quick ? 2 : WORKS;
	bool holds = true;
	FILE *csv = result_file("limits-work.csv");

	(void)fputs("work_ms,one_over_t,events_per_s,of_it\n", csv);
	for (size_t i = 0; i < n; i++) {
		struct outcome o;

		if (!measure_work(works[i], &o))
			return false;
		holds = holds && (o.conserved || !options.quick);
		asked[i] = 1000 / works[i];
		came[i] = o.rate;
		(void)fprintf(
		    csv, "%g,%.0f,%.2f,%.4f\n", works[i], asked[i], came[i], came[i] / asked[i]);
	}
	(void)fclose(csv);
	svg_plot(result_file("limits-work.svg"),
	    &(struct svg_plot){ "Events a second, by the work of each", "milliseconds of work",
		"events per second", true, true, false,
		{ { "measured", works, came, n, false }, { "1 / t", works, asked, n, true } } });
	return holds;
}

struct kind {
	const char *name;
	const char *process; /* NULL: the helper is fast, the server is full */
	double most;         /* events a second */
};

struct ramp {
	double rate[STEPS]; /* percent of the most */
	double p99[STEPS];
};

static bool
measure_load(const struct kind *k, double load, struct outcome *to)
{
	bool paced = k->process != NULL;
	struct run run = {
		.load = { .peers = 1,
		    .shape = paced ? LOAD_EVEN : LOAD_RANDOM,
		    .rate = k->most * load / 100,
		    .whole = options.quick,
		    .window = (options.quick  ? 1
				      : paced ? 8
					      : 4) *
			NS_SECOND / 4 },
		.sinks = 1,
		.process = k->process,
		.patience = options.quick ? 60 * NS_SECOND : NS_SECOND,
	};

	if (paced)
		run.job = (struct sink_job){ .cost = COST, .pipe = 4096, .read = 4096 };
	return run_middle(&run, options.quick ? 1 : REPEATS, to);
}

static bool
climb(const struct kind *k, struct ramp *to, FILE *csv)
{
	bool holds = true;

	for (size_t i = 0; i < STEPS; i++) {
		struct outcome o;

		to->rate[i] = to->p99[i] = NAN;
		if (options.quick && loads[i] < 200)
			continue;
		if (!measure_load(k, loads[i], &o))
			return false;
		holds = holds && (o.conserved || !options.quick);
		to->rate[i] = 100 * o.rate / k->most;
		to->p99[i] = o.ranks.p99;
		(void)fprintf(csv, "%s,%.0f,%.0f,%.0f,%.0f,%.0f,%.3f,%.3f,%.3f,%.3f\n", k->name,
		    loads[i], k->most * loads[i] / 100, o.sent, o.rate, o.lost, o.ranks.p50,
		    o.ranks.p99, o.ranks.most, o.server_cpu);
		(void)fflush(csv);
	}
	return holds;
}

static void
draw(const struct kind *kinds, const struct ramp *ramps)
{
	struct svg_plot came = { "What comes of a load", "load, percent of what is taken",
		"percent of what is taken", false, false, true, { { 0 } } };
	struct svg_plot late = { "How old it is then, p99", "load, percent of what is taken",
		"milliseconds", false, true, false, { { 0 } } };

	for (size_t i = 0; i < KINDS; i++) {
		came.lines[i] =
		    (struct svg_line){ kinds[i].name, loads, ramps[i].rate, STEPS, false };
		late.lines[i] =
		    (struct svg_line){ kinds[i].name, loads, ramps[i].p99, STEPS, false };
	}
	svg_plot(result_file("limits-ramp.svg"), &came);
	svg_plot(result_file("limits-ramp-latency.svg"), &late);
}

static bool
all_ramps(void)
{
	static struct ramp ramps[KINDS];
	struct kind kinds[KINDS] = {
		{ "block", "queue 1000; overflow block;", TAKEN },
		{ "drop-newest", "queue 1000; overflow drop-newest;", TAKEN },
		{ "drop-oldest", "queue 1000; overflow drop-oldest;", TAKEN },
		{ "server", NULL, 25000 },
	};
	bool holds = true;
	FILE *csv = result_file("limits-ramp.csv");

	(void)fputs("what,load_percent,asked_per_s,sent,events_per_s,lost,p50_ms,p99_ms,max_ms,"
		    "server_cpu_s\n",
	    csv);
	if (!options.quick && !run_most(REPEATS, &kinds[KINDS - 1].most))
		return false;
	for (size_t i = 0; i < KINDS; i++)
		holds = climb(&kinds[i], &ramps[i], csv) && holds;
	(void)fclose(csv);
	draw(kinds, ramps);
	return holds;
}

bool
each_limits(void)
{
	return all_works() && all_ramps();
}
