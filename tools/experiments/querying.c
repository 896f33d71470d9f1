/*
 * Experiment 5: questions over the control socket while messages come, at 80 % of what the server
 * can take; then more questions than messages.
 */
#include "each.h"
#include "instant.h"
#include "run.h"
#include "svg.h"

#include <math.h>
#include <stdio.h>

#define RATES   8
#define REPEATS 3
#define CLIENTS 8
#define COMMAND "show neighbor 127.0.1.1 json"

static const double asked[RATES] = { 0, 10, 100, 1000, 5000, 10000, 20000, 40000 };
static const double asked_quick[] = { 0, 1000 };

static bool
measure(double rate, double queries, struct outcome *to)
{
	struct run run = {
		.load = { .peers = 1,
		    .shape = LOAD_RANDOM,
		    .rate = rate,
		    .whole = options.quick,
		    .window = (options.quick ? 1 : 8) * NS_SECOND / 4 },
		.sinks = 1,
		.queries = { queries, CLIENTS, COMMAND },
		.patience = options.quick ? 60 * NS_SECOND : 2 * NS_SECOND,
	};

	return run_middle(&run, options.quick ? 1 : REPEATS, to);
}

static void
write_row(FILE *csv, double rate, double queries, const struct outcome *o)
{
	(void)fprintf(csv, "%.0f,%.0f,%.0f,%.0f,%.0f,%.3f,%.3f,%.3f,%.3f,%.3f\n", rate, queries,
	    o->rate, o->query_rate, o->query_errors, o->ranks.p50, o->ranks.p99, o->query_ranks.p50,
	    o->query_ranks.p99, o->server_cpu);
	(void)fflush(csv);
}

static void
draw(const char *name, const char *title, const double *x, size_t n, double y[4][RATES])
{
	svg_plot(result_file(name),
	    &(struct svg_plot){ title, "questions per second", "milliseconds", true, true, false,
		{ { "message to event, p50", x, y[0], n, false },
		    { "message to event, p99", x, y[1], n, false },
		    { "question to answer, p50", x, y[2], n, false },
		    { "question to answer, p99", x, y[3], n, false } } });
}

static bool
sweep(const char *name, const char *title, double rate, const double *queries, size_t n, FILE *csv)
{
	double x[RATES], y[4][RATES];
	bool holds = true;

	for (size_t i = 0; i < n; i++) {
		struct outcome o;

		if (!measure(rate, queries[i], &o))
			return false;
		write_row(csv, rate, queries[i], &o);
		holds = holds && (!options.quick || (o.conserved && o.query_errors == 0));
		x[i] = queries[i] > 0 ? queries[i] : 1; /* none stands at 1 */
		y[0][i] = o.ranks.p50;
		y[1][i] = o.ranks.p99;
		y[2][i] = queries[i] > 0 ? o.query_ranks.p50 : NAN;
		y[3][i] = queries[i] > 0 ? o.query_ranks.p99 : NAN;
	}
	draw(name, title, x, n, y);
	return holds;
}

static FILE *
begin_file(const char *name)
{
	FILE *csv = result_file(name);

	(void)fputs(
	    "messages_per_s,questions_per_s,events_per_s,answers_per_s,errors,message_p50_ms,"
	    "message_p99_ms,answer_p50_ms,answer_p99_ms,server_cpu_s\n",
	    csv);
	return csv;
}

bool
each_querying(void)
{
	double most = 25000;
	bool holds;
	FILE *csv = begin_file("querying.csv");

	if (options.quick) {
		holds =
		    sweep("querying.svg", "Questions beside messages", most, asked_quick, 2, csv);
	} else {
		holds = run_most(REPEATS, &most);
		(void)printf("querying: at most %.0f messages per second\n", most);
		holds = holds &&
		    sweep("querying.svg", "Questions beside 80 % of the most messages", 0.8 * most,
			asked, RATES, csv) &&
		    sweep("querying-more.svg", "Questions beside 1000 messages a second", 1000,
			asked, RATES, csv);
	}
	(void)fclose(csv);
	return holds;
}

/* Where the cores are not full, and scheduling is not all that one sees. */
bool
each_querying_light(void)
{
	FILE *csv = begin_file("querying-light.csv");
	bool holds = options.quick ||
	    sweep("querying-light.svg", "Questions beside 110,000 messages a second", 110000, asked,
		RATES, csv);

	(void)fclose(csv);
	return holds;
}
