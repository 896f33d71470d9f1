/* One run: a load source, the server (or what it is compared with) and its sinks, and what came of
 * it. */
#pragma once

#include "source.h"

#include <stdio.h>

#define RUNS_MOST 5

struct queries {     /* over the control socket */
	double rate; /* a second; 0: none */
	unsigned clients;
	const char *command;
};

struct run {
	struct load load; /* but for the port and the seed */
	bool busy;        /* sinks that never sleep: PRIORITY_MUCH */
	bool blocking;    /* not the server: baseline.h; with one sink */
	unsigned sinks;
	bool apart;          /* two sinks: the first router has one, the others share one */
	struct sink_job job; /* of each; shares are dealt out if there are several */
	const char *process; /* more settings, "" */
	const char *neighbor;
	const char *more; /* further sections of its file */
	struct queries queries;
	uint64_t patience; /* ns behind the window for what is still on its way */
};

struct ranks { /* ms */
	double mean;
	double p50;
	double p95;
	double p99;
	double p999;
	double most;
};

struct outcome {
	bool complete; /* it went to its end; else the rest is as it was then */
	bool conserved;
	double sent; /* messages */
	double got;
	double lost; /* told as gaps */
	double asked_rate;
	double sent_rate;   /* within the window */
	double rate;        /* events a second, from the start to the last event */
	double burst_ms;    /* what the longest burst took to leave the source */
	struct ranks ranks; /* from when a message was due to its event; what did not arrive and was
			       not told as lost counts with the time until the end */
	double server_cpu;  /* seconds while the load ran */
	double early_kib;   /* resident of the server, after a quarter of the window */
	double late_kib;    /* and at the end */
	double sink_cpu;
	double query_rate;
	double query_errors;
	struct ranks query_ranks;
	char queues[8192]; /* "show queues json" at the end */
	char loop[2048];   /* "show loop json" */
};

struct options {
	bool quick;
	bool first; /* real-time priority */
	uint64_t seed;
	const char *out; /* directory for CSV and SVG */
};
extern struct options options;
extern struct board *board;

/* False and a line on stderr: there are no figures. */
bool run_once(const struct run *run, struct outcome *to);
/* The one of the middle, by p99, of so many runs (RUNS_MOST at most). */
bool run_middle(const struct run *run, unsigned times, struct outcome *to);
/* What comes of one router that sends more than is taken: events a second, the middle of so many.
 */
bool run_most(unsigned times, double *to);
/* Of values, sorted here; zero of none. */
struct ranks ranks_of(uint64_t *values, size_t count);
/* A file of the directory for results, open to be written, or the end of the program. */
FILE *result_file(const char *name);
