/*
 * Experiment 1: the loop beside a blocking program that reads one router after the other. First
 * with the rates and the 5 ms of work of the original question, then as fast as it goes.
 */
#include "each.h"
#include "instant.h"
#include "run.h"
#include "svg.h"

#include <math.h>
#include <stdio.h>

#define RATES 6

struct grid {
	const char *name; /* of the files */
	double rates[RATES];
	unsigned peers[3];
	uint64_t cost; /* of an event, in the sink */
	uint64_t window;
	uint64_t patience;
	unsigned repeats;
};

static const struct grid asked = { "ingestion-5ms", { 10, 50, 100, 200, 500, 1000 }, { 1, 10, 0 },
	5 * NS_MSEC, 2 * NS_SECOND, NS_SECOND, 1 };
static const struct grid ours = { "ingestion", { 1e3, 1e4, 1e5, 5e5, 1e6, 2e6 }, { 1, 10, 100 }, 0,
	NS_SECOND, 3 * NS_SECOND, 3 };
static const struct grid quick = { "ingestion-quick", { 1e3, 2e4 }, { 1, 10, 0 }, 0, NS_SECOND / 4,
	60 * NS_SECOND, 1 };

struct figures { /* of a system and a number of peers, by rate */
	double rate[RATES];
	double p50[RATES];
	double p99[RATES];
};

static bool
measure(const struct grid *g, bool blocking, unsigned peers, struct figures *to, FILE *csv)
{
	bool conserved = true;

	for (size_t i = 0; i < RATES && g->rates[i] > 0; i++) {
		struct outcome o;
		struct run run = {
			.load = { .peers = peers,
			    .shape = LOAD_RANDOM,
			    .rate = g->rates[i],
			    .window = g->window,
			    .hangs_up = blocking,
			    .whole = options.quick },
			.blocking = blocking,
			.sinks = 1,
			.job.cost = g->cost,
			.patience = g->patience,
		};

		to->rate[i] = to->p50[i] = to->p99[i] = NAN;
		if (!run_middle(&run, g->repeats, &o))
			return false;
		to->rate[i] = o.rate;
		to->p50[i] = o.ranks.p50;
		to->p99[i] = o.ranks.p99;
		conserved = conserved && (o.conserved || !options.quick);
		(void)fprintf(csv, "%s,%u,%.0f,%.0f,%.0f,%d,%.3f,%.3f,%.3f,%.3f,%.3f,%.3f\n",
		    blocking ? "blocking" : "loop", peers, g->rates[i], o.sent, o.rate, o.complete,
		    o.ranks.p50, o.ranks.p95, o.ranks.p99, o.ranks.p999, o.ranks.most,
		    o.server_cpu);
		(void)fflush(csv);
	}
	return conserved;
}

static void
draw(const struct grid *g, unsigned peers, const struct figures *loop,
    const struct figures *blocking)
{
	char name[64], title[96];
	size_t n = 0;

	while (n < RATES && g->rates[n] > 0)
		n++;
	(void)snprintf(
	    title, sizeof(title), "Events per second, %u router%s", peers, peers == 1 ? "" : "s");
	(void)snprintf(name, sizeof(name), "%s-throughput-%u.svg", g->name, peers);
	svg_plot(result_file(name),
	    &(struct svg_plot){ title, "messages per second, asked", "events per second", true,
		true, false,
		{ { "loop", g->rates, loop->rate, n, false },
		    { "blocking", g->rates, blocking->rate, n, false },
		    { "as asked", g->rates, g->rates, n, true } } });
	(void)snprintf(
	    title, sizeof(title), "Message to event, %u router%s", peers, peers == 1 ? "" : "s");
	(void)snprintf(name, sizeof(name), "%s-latency-%u.svg", g->name, peers);
	svg_plot(result_file(name),
	    &(struct svg_plot){ title, "messages per second, asked", "milliseconds", true, true,
		false,
		{ { "loop p50", g->rates, loop->p50, n, false },
		    { "blocking p50", g->rates, blocking->p50, n, false },
		    { "loop p99", g->rates, loop->p99, n, false },
		    { "blocking p99", g->rates, blocking->p99, n, false } } });
}

static bool
run_grid(const struct grid *g)
{
	char name[64];
	bool conserved = true;
	FILE *csv;

	(void)snprintf(name, sizeof(name), "%s.csv", g->name);
	csv = result_file(name);
	(void)fputs("system,peers,asked_per_s,messages,events_per_s,all_came,p50_ms,p95_ms,p99_ms,"
		    "p999_ms,max_ms,server_cpu_s\n",
	    csv);
	for (size_t i = 0; i < 3 && g->peers[i] > 0; i++) {
		struct figures loop = { 0 }, blocking = { 0 };

		conserved = measure(g, false, g->peers[i], &loop, csv) && conserved;
		conserved = measure(g, true, g->peers[i], &blocking, csv) && conserved;
		draw(g, g->peers[i], &loop, &blocking);
	}
	(void)fclose(csv);
	return conserved;
}

bool
each_ingestion(void)
{
	if (options.quick)
		return run_grid(&quick);
	return run_grid(&asked) && run_grid(&ours);
}
