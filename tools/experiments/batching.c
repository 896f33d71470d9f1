/*
 * Experiment 3: how large a batch, and how long to wait for it.
 *
 * Costs can't be put into the server, so there are two: the batch of the room flow in virtual time,
 * where a batch of n costs fixed + n * each, and the real server with what its own batches cost.
 */
#include "each.h"
#include "instant.h"
#include "run.h"
#include "svg.h"

#include "flow/batch.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#define SIZES     5
#define TIMES     3
#define CELLS     (SIZES * TIMES)
#define EACH      5 /* us of an item */
#define SATURATES 2e6
#define ITEMS     20000
#define WAITS     5 /* of the question about 50 ms */

static const double sizes[SIZES] = { 1, 10, 50, 100, 500 };
static const double times[TIMES] = { 1, 10, 100 }; /* ms */
static const usec costs[] = { 0, 50, 5000 };       /* of a batch */

#define COSTS (sizeof(costs) / sizeof(costs[0]))

struct measured {
	double rate; /* a second */
	struct ranks ranks;
};

struct collector {
	struct batch batch;
	usec now;
	usec *came;
	uint64_t *took;
	size_t count;
	size_t in; /* items that came */
	size_t done;
};

static void
let_in(struct collector *c)
{
	size_t before = c->in;

	while (c->in < c->count && c->came[c->in] <= c->now)
		c->in++;
	if (c->in > before)
		(void)batch_add(&c->batch, c->in - before, c->now);
}

static void
process(struct collector *c, usec fixed, usec each)
{
	size_t n = batch_take(&c->batch, c->now);

	c->now += fixed + (usec)n * each;
	for (; n > 0; n--, c->done++)
		c->took[c->done] = (uint64_t)(c->now - c->came[c->done]) * NS_USEC;
}

static void
sleep_until_something(struct collector *c)
{
	usec next = c->in < c->count ? c->came[c->in] : USEC_NEVER;

	c->now = next < c->batch.deadline ? next : c->batch.deadline;
}

static void
collect(struct collector *c, const struct batch_rules *rules, usec fixed, usec each)
{
	c->now = 0;
	c->in = c->done = 0;
	batch_init(&c->batch, rules, 0);
	while (c->done < c->count) {
		let_in(c);
		if (batch_due(&c->batch, c->now) != BATCH_NOT_DUE)
			process(c, fixed, each);
		else
			sleep_until_something(c);
	}
}

/* rate 0: as fast as they are taken. */
static struct measured
simulate(const struct batch_rules *rules, usec fixed, usec each, double rate, size_t count)
{
	struct chance chance = chance_of(options.seed);
	struct collector c = { .count = count };
	struct measured m = { 0 };
	double at = 0;

	c.came = calloc(count, sizeof(*c.came));
	c.took = calloc(count, sizeof(*c.took));
	if (c.came == NULL || c.took == NULL)
		exit(1);
	for (size_t i = 0; i < count && rate > 0; i++)
		c.came[i] = (usec)(at += chance_gap(&chance, 1e6 / rate));
	collect(&c, rules, fixed, each);
	m.rate = (double)count * 1e6 / (double)c.now;
	m.ranks = ranks_of(c.took, count);
	free(c.came);
	free(c.took);
	return m;
}

/* A batch of n in fixed + n * each us. */
static double
capacity(double n, double fixed, double each)
{
	return n * 1e6 / (fixed + n * each);
}

static void
draw(const char *what, const char *which, const char *title, const double *values, bool less)
{
	char name[96];

	(void)snprintf(name, sizeof(name), "batching-%s-%s.svg", what, which);
	svg_heat(result_file(name),
	    &(struct svg_heat){
		title, "batch size", "batch time, ms", sizes, times, SIZES, TIMES, values, less });
}

static void
draw_three(const char *which, const char *costing, double values[3][CELLS])
{
	char title[128];

	(void)snprintf(title, sizeof(title), "Messages per second at saturation, %s", costing);
	draw("throughput", which, title, values[0], false);
	(void)snprintf(title, sizeof(title), "p99 at 80 %% of that, ms, %s", costing);
	draw("p99-80", which, title, values[1], true);
	(void)snprintf(title, sizeof(title), "p99 at 10 %% of that, ms, %s", costing);
	draw("p99-10", which, title, values[2], true);
}

/* The original question's 15 cells for three costs. */

static void
simulate_cost(usec fixed, FILE *csv)
{
	double values[3][CELLS];
	char which[32], costing[64];

	for (size_t i = 0; i < CELLS; i++) {
		double n = sizes[i % SIZES], ms = times[i / SIZES];
		struct batch_rules rules = { BATCH_LINGER, (size_t)n, (usec)(ms * 1000) };
		double most = capacity(n, (double)fixed, EACH);
		struct measured full = simulate(&rules, fixed, EACH, 0, ITEMS);
		struct measured busy = simulate(&rules, fixed, EACH, 0.8 * most, ITEMS);
		struct measured light = simulate(&rules, fixed, EACH, 0.1 * most, ITEMS);

		values[0][i] = full.rate;
		values[1][i] = busy.ranks.p99;
		values[2][i] = light.ranks.p99;
		(void)fprintf(csv, "virtual,%d,%.0f,%.0f,%.0f,%.0f,%.3f,%.3f,%.3f,%.3f\n",
		    (int)fixed, n, ms, full.rate, most, busy.ranks.p50, busy.ranks.p99,
		    light.ranks.p50, light.ranks.p99);
	}
	(void)snprintf(which, sizeof(which), "%dus", (int)fixed);
	(void)snprintf(
	    costing, sizeof(costing), "%d us a batch, %d us a message", (int)fixed, EACH);
	draw_three(which, costing, values);
}

/* Which T, if a batch takes 50 ms? */
static void
ask_about_50_ms(void)
{
	static const double waits[WAITS] = { 0, 10, 50, 100, 200 };
	double rates[WAITS], light[WAITS];
	FILE *csv = result_file("batching-50ms.csv");

	(void)fputs("batch_time_ms,saturated_per_s,light_p50_ms,light_p99_ms\n", csv);
	for (size_t i = 0; i < WAITS; i++) {
		struct batch_rules rules = { BATCH_LINGER, 100, (usec)(waits[i] * 1000) };
		struct measured full = simulate(&rules, 50000, 0, 0, ITEMS);
		struct measured few = simulate(&rules, 50000, 0, 1, 2000);

		rates[i] = full.rate;
		light[i] = few.ranks.p50;
		(void)fprintf(csv, "%.0f,%.1f,%.2f,%.2f\n", waits[i], full.rate, few.ranks.p50,
		    few.ranks.p99);
	}
	(void)fclose(csv);
	svg_plot(result_file("batching-50ms.svg"),
	    &(struct svg_plot){ "A batch that takes 50 ms: what waiting for it brings",
		"batch time, ms", "messages per second; ms", false, false, true,
		{ { "saturated, messages/s", waits, rates, WAITS, false },
		    { "one a second, p50, ms", waits, light, WAITS, false } } });
}

static bool
run_server(double n, double ms, double rate, struct outcome *to)
{
	char neighbor[64];
	struct run run = {
		.load = { .peers = 1,
		    .shape = LOAD_RANDOM,
		    .rate = rate,
		    .whole = options.quick,
		    .window = (options.quick ? 1 : 4) * NS_SECOND / 4 },
		.sinks = 1,
		.neighbor = neighbor,
		.patience = options.quick ? 60 * NS_SECOND : 2 * NS_SECOND,
	};

	(void)snprintf(neighbor, sizeof(neighbor), "batch-size %.0f; batch-time %.0f;", n, ms);
	return run_once(&run, to);
}

/* fixed and each of the server, us, out of the smallest and the largest batch. */
static void
fit(const double *rates, double *fixed, double *each)
{
	double small = 0, large = 0;

	for (size_t i = 0; i < TIMES; i++) {
		small += 1e6 / rates[i * SIZES] / TIMES;
		large += 1e6 / rates[i * SIZES + SIZES - 1] / TIMES;
	}
	*fixed = (small - large) * sizes[SIZES - 1] / (sizes[SIZES - 1] - 1);
	*each = small - *fixed;
}

static bool
measure_server(FILE *csv)
{
	double values[3][CELLS];
	struct outcome o[3];
	double fixed, each;

	for (size_t i = 0; i < CELLS; i++) {
		double n = sizes[i % SIZES], ms = times[i / SIZES];

		if (!run_server(n, ms, SATURATES, &o[0]) ||
		    !run_server(n, ms, 0.8 * o[0].rate, &o[1]) ||
		    !run_server(n, ms, 0.1 * o[0].rate, &o[2]))
			return false;
		values[0][i] = o[0].got / o[0].server_cpu;
		values[1][i] = o[1].ranks.p99;
		values[2][i] = o[2].ranks.p99;
		(void)fprintf(csv, "server,,%.0f,%.0f,%.0f,%.0f,%.3f,%.3f,%.3f,%.3f\n", n, ms,
		    values[0][i], o[0].rate, o[1].ranks.p50, o[1].ranks.p99, o[2].ranks.p50,
		    o[2].ranks.p99);
		(void)fflush(csv);
	}
	draw_three("server", "the real server (per CPU second)", values);
	fit(values[0], &fixed, &each);
	(void)printf("batching: the server's own costs are %.2f us a batch and %.2f us a message\n",
	    fixed, each);
	for (size_t i = 1; i + 1 < SIZES; i++)
		(void)printf("batching: size %.0f: %.0f predicted, %.0f %.0f %.0f measured\n",
		    sizes[i], capacity(sizes[i], fixed, each), values[0][i], values[0][SIZES + i],
		    values[0][2 * SIZES + i]);
	return true;
}

/* Four corners; what was sent has to come. */
static bool
corners(void)
{
	bool holds = true;

	for (size_t i = 0; i < 4; i++) {
		struct outcome o;

		holds = run_server(i % 2 == 0 ? 1 : 500, i < 2 ? 1 : 100, 1e4, &o) && o.conserved &&
		    holds;
	}
	return holds;
}

bool
each_batching(void)
{
	FILE *csv = result_file("batching.csv");
	bool holds;

	(void)fputs(
	    "what,fixed_us,size,time_ms,saturated_per_s,model_or_wall_per_s,p50_80_ms,p99_80_ms,"
	    "p50_10_ms,p99_10_ms\n",
	    csv);
	for (size_t i = 0; i < COSTS; i++)
		simulate_cost(costs[i], csv);
	ask_about_50_ms();
	holds = options.quick ? corners() : measure_server(csv);
	(void)fclose(csv);
	return holds;
}
