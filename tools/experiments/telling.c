/*
 * Somebody reads a table of a million routes again and again while messages come: what do those
 * wait longer? The table is that of a neighbor that never calls.
 */
#include "each.h"
#include "instant.h"
#include "run.h"
#include "server.h"
#include "svg.h"

#include <stdio.h>
#include <stdlib.h>

#define RATE  50000.0
#define KINDS 4
#define TURNS 7
#define TABLE                                                                                      \
	"neighbor 127.0.3.1 { local-address 127.0.0.1; router-id 10.0.0.1; local-as 65000;\n"      \
	"  peer-as 65003; passive;\n"                                                              \
	"  static { route 32.0.0.0/8 next-hop 192.0.2.1 split /%u; } }\n"

static const struct kind {
	const char *name;
	const char *command; /* NULL: nobody asks */
} kinds[KINDS] = {
	{ "nobody reads", NULL },
	{ "text", "show adj-rib out" },
	{ "JSON", "show adj-rib out json" },
	{ "extensive", "show adj-rib out extensive" },
};

/* One client that has always asked for the next already. */
static bool
measure(const struct kind *k, struct outcome *to)
{
	char table[256];
	struct run run = {
		.load = { .peers = 1,
		    .shape = LOAD_RANDOM,
		    .rate = options.quick ? 1000 : RATE,
		    .whole = options.quick,
		    .window = (options.quick ? 1 : 16) * NS_SECOND / 4 },
		.sinks = 1,
		.more = table,
		.queries = { k->command == NULL ? 0 : 10, 1, k->command },
		.patience = options.quick ? 60 * NS_SECOND : 2 * NS_SECOND,
	};

	(void)snprintf(table, sizeof(table), TABLE, options.quick ? 18 : 28);
	return run_once(&run, to);
}

static void
write_row(FILE *csv, unsigned turn, const struct kind *k, const struct outcome *o)
{
	(void)fprintf(csv, "%u,%s,%.0f,%.0f,%.1f,%.3f,%.3f,%.3f,%.3f,%.3f,%.3f\n", turn, k->name,
	    o->asked_rate, o->rate, o->query_rate, o->ranks.p50, o->ranks.p99, o->ranks.p999,
	    o->ranks.most, server_figure(o->loop, "{", "slowest-us") / 1000, o->server_cpu);
	(void)fflush(csv);
}

/* In turns, so that what changes on the machine changes for all of them. */
static bool
measure_all(double p99[KINDS][TURNS], FILE *csv)
{
	bool holds = true;

	for (unsigned turn = 0; turn < (options.quick ? 1 : TURNS); turn++) {
		for (size_t i = 0; i < KINDS; i++) {
			struct outcome o;

			if (!measure(&kinds[i], &o))
				return false;
			holds = holds && (o.conserved || !options.quick);
			p99[i][turn] = o.ranks.p99;
			write_row(csv, turn + 1, &kinds[i], &o);
		}
	}
	return holds;
}

static int
compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return x < y ? -1 : x > y;
}

bool
each_telling(void)
{
	static double p99[KINDS][TURNS];
	const char *names[KINDS];
	double middle[KINDS];
	bool holds;
	FILE *csv = result_file("telling.csv");

	(void)fputs(
	    "turn,who_reads,messages_per_s,events_per_s,answers_per_s,p50_ms,p99_ms,p999_ms,"
	    "max_ms,slowest_callback_ms,server_cpu_s\n",
	    csv);
	holds = measure_all(p99, csv);
	(void)fclose(csv);
	for (size_t i = 0; i < KINDS; i++) {
		qsort(p99[i], TURNS, sizeof(p99[i][0]), compare);
		names[i] = kinds[i].name;
		middle[i] = p99[i][TURNS / 2];
	}
	svg_bars(result_file("telling.svg"),
	    &(struct svg_bars){ "Message to event, p99, while a million routes are told",
		"milliseconds", names, middle, KINDS });
	return holds;
}
