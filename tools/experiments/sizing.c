/*
 * Experiment 2: bursts of 5000 into queues of 10 to 10,000, and what each policy makes of them.
 *
 * Three rows beside each other: the model; the queue of the room flow alone, in virtual time; and
 * the real server with a helper that takes exactly so many events a second. Behind the server's
 * queue stands what is in the pipe, in the helper's own buffer, and the piece that is being
 * written: the model of the real server counts them as places too.
 */
#include "each.h"
#include "instant.h"
#include "run.h"
#include "server.h"
#include "svg.h"

#include "flow/queue.h"

#include <math.h>
#include <stdio.h>

#define SIZES  4
#define PIPE   4096
#define PIECE  (64.0 * 1024) /* what the server writes at a time */
#define BURSTS 3
#define COST   (200 * NS_USEC)
#define TAKEN  (1e9 / (double)COST) /* events a second */
#define COMES  1e5                  /* messages a second, within a burst */

static const double sizes[SIZES] = { 10, 100, 1000, 10000 };

static const struct policy {
	const char *word;
	enum queue_policy how;
} policies[] = {
	{ "block", QUEUE_BLOCK },
	{ "drop-newest", QUEUE_DROP_NEWEST },
	{ "drop-oldest", QUEUE_DROP_OLDEST },
};

#define POLICIES (sizeof(policies) / sizeof(policies[0]))

struct cell {
	double lost; /* of a burst */
	double mean; /* ms */
	double p99;
	double most;
	double within_p99; /* the server's queue alone */
	double within_most;
	double deepest;
};

struct cells {
	struct cell at[POLICIES][SIZES];
};

static double
burst_size(void)
{
	return options.quick ? 500 : 5000;
}

/* A burst comes faster than it is taken: what is left when it ends. */
static double
backlog(void)
{
	return burst_size() * (1 - TAKEN / COMES);
}

static struct cell
model(enum queue_policy how, double places)
{
	double most = how == QUEUE_BLOCK || backlog() < places ? backlog() : places;

	return (struct cell){
		.lost = how != QUEUE_BLOCK && backlog() > places ? backlog() - places : 0,
		.most = most / TAKEN * 1000,
		.mean = most / TAKEN * 1000 / 2,
	};
}

struct alone {
	struct queue queue;
	usec now;
	usec free_at; /* the consumer */
	struct blob *one;
	uint64_t took[16384];
	size_t count;
	const struct policy *policy;
	size_t waiting; /* messages that were given back: the source holds them */
};

static void
consume_until(struct alone *a, usec until)
{
	struct queued q;

	while (a->free_at <= until && queue_take(&a->queue, a->free_at, &q)) {
		if (a->count < sizeof(a->took) / sizeof(a->took[0]))
			a->took[a->count++] = (uint64_t)q.waited * NS_USEC;
		blob_drop(q.blob);
		a->free_at += (usec)(COST / NS_USEC);
	}
	if (queue_depth(&a->queue) == 0 && a->free_at < until)
		a->free_at = until;
}

static void
offer(struct alone *a)
{
	for (;;) {
		enum queue_did did = queue_put(&a->queue, a->one, QUEUE_NORMAL, a->now);

		if (did != QUEUE_FULL)
			return;
		a->now = a->free_at; /* the source waits for a place */
		consume_until(a, a->now);
	}
}

static struct cell
measure_alone(const struct policy *policy, double size)
{
	static struct alone a;
	struct cell cell = { 0 };
	struct ranks ranks;

	a = (struct alone){ .policy = policy, .one = blob_new(slice_of("", 1)) };
	queue_init(&a.queue,
	    &(struct queue_rules){ .items = (size_t)size,
		.bytes = 1u << 30,
		.low_items = (size_t)size - 1,
		.policy = policy->how });
	for (size_t i = 0; i < (size_t)burst_size(); i++) {
		usec due = (usec)((double)i * 1e6 / COMES);

		a.now = due > a.now ? due : a.now;
		consume_until(&a, a.now);
		offer(&a);
	}
	consume_until(&a, a.now + 60 * USEC_SECOND);
	ranks = ranks_of(a.took, a.count);
	cell.lost = (double)(a.queue.counts.dropped_newest + a.queue.counts.dropped_oldest);
	cell.mean = ranks.mean;
	cell.p99 = cell.within_p99 = ranks.p99;
	cell.most = cell.within_most = ranks.most;
	cell.deepest = (double)a.queue.counts.most_items;
	queue_done(&a.queue);
	blob_drop(a.one);
	return cell;
}

static bool
measure_server(const struct policy *policy, double size, struct cell *to, double *places)
{
	static const char channel[] = "\"stage\": \"channel\"";
	unsigned bursts = options.quick ? 1 : BURSTS;
	uint64_t cycle = (uint64_t)(burst_size() / TAKEN * 1.3e9);
	char process[64];
	struct outcome o;
	double length;
	struct run run = {
		.load = { .peers = 1,
		    .rate = COMES,
		    .burst = (uint64_t)burst_size(),
		    .cycle = cycle,
		    .window = bursts * cycle - cycle / 10,
		    .whole = true },
		.sinks = 1,
		.job = { .cost = COST, .pipe = PIPE, .read = PIPE },
		.process = process,
		.patience = 60 * NS_SECOND,
	};

	(void)snprintf(process, sizeof(process), "queue %.0f; overflow %s;", size, policy->word);
	if (!run_once(&run, &o))
		return false;
	to->lost = o.lost / bursts;
	to->mean = o.ranks.mean;
	to->p99 = o.ranks.p99;
	to->most = o.ranks.most;
	to->within_p99 = server_figure(o.queues, channel, "wait-p99-us") / 1000;
	to->within_most = server_figure(o.queues, channel, "wait-max-us") / 1000;
	to->deepest = server_figure(o.queues, channel, "high-water");
	length = server_figure(o.queues, channel, "high-water-bytes") / to->deepest;
	*places = size + 2 * PIPE / length + (size < PIECE / length ? size : PIECE / length);
	return o.conserved && to->deepest <= size;
}

static void
write_row(
    FILE *csv, const char *what, const struct policy *policy, double size, const struct cell *c)
{
	(void)fprintf(csv, "%s,%s,%.0f,%.1f,%.3f,%.3f,%.3f,%.3f,%.3f,%.0f\n", what, policy->word,
	    size, c->lost, c->mean, c->p99, c->most, c->within_p99, c->within_most, c->deepest);
	(void)fflush(csv);
}

static void
draw_lost(const struct cells *server, const struct cells *alone, const struct cells *modelled)
{
	double y[4][SIZES];

	for (size_t i = 0; i < SIZES; i++) {
		y[0][i] = server->at[1][i].lost;
		y[1][i] = server->at[2][i].lost;
		y[2][i] = alone->at[1][i].lost;
		y[3][i] = modelled->at[1][i].lost;
	}
	svg_plot(result_file("sizing-lost.svg"),
	    &(struct svg_plot){ "Events lost of a burst, by the size of the queue",
		"places in the queue", "events", true, false, true,
		{ { "server, drop-newest", sizes, y[0], SIZES, false },
		    { "server, drop-oldest", sizes, y[1], SIZES, false },
		    { "queue alone", sizes, y[2], SIZES, false },
		    { "model of the server", sizes, y[3], SIZES, true } } });
}

static void
draw_waits(const struct cells *server, const struct cells *modelled)
{
	double y[6][SIZES];

	for (size_t i = 0; i < SIZES; i++) {
		y[0][i] = server->at[1][i].mean;
		y[1][i] = server->at[1][i].p99;
		y[2][i] = modelled->at[1][i].most;
		y[3][i] = server->at[0][i].p99;
		y[4][i] = modelled->at[0][i].most;
		y[5][i] = server->at[0][i].within_p99;
	}
	svg_plot(result_file("sizing-waits.svg"),
	    &(struct svg_plot){ "How old events are, by the size of the queue",
		"places in the queue", "milliseconds", true, true, false,
		{ { "drop-newest, mean", sizes, y[0], SIZES, false },
		    { "drop-newest, p99", sizes, y[1], SIZES, false },
		    { "drop: model, most", sizes, y[2], SIZES, true },
		    { "block, p99", sizes, y[3], SIZES, false },
		    { "block: model, most", sizes, y[4], SIZES, true },
		    { "block, queue alone, p99", sizes, y[5], SIZES, false } } });
}

/* Half as much again as is taken, all the time: memory has to stay where it was. */
static bool
overload(const struct policy *policy, FILE *csv)
{
	char process[64];
	struct outcome o;
	struct run run = {
		.load = { .peers = 1,
		    .rate = 1.5 * TAKEN,
		    .window = (options.quick ? 1 : 20) * NS_SECOND / 2 },
		.sinks = 1,
		.job = { .cost = COST, .pipe = PIPE, .read = PIPE },
		.process = process,
		.neighbor = "adj-rib-in false;",
		.patience = 60 * NS_SECOND,
	};

	(void)snprintf(process, sizeof(process), "queue 1000; overflow %s;", policy->word);
	if (!run_once(&run, &o))
		return false;
	(void)fprintf(csv, "%s,%.0f,%.0f,%.0f,%.0f,%.0f,%.1f\n", policy->word, o.sent, o.got,
	    o.lost, o.early_kib, o.late_kib, o.ranks.p99);
	return o.conserved;
}

static bool
overload_all(void)
{
	bool holds = true;
	FILE *csv = result_file("sizing-overload.csv");

	(void)fputs("overflow,sent,got,lost,resident_early_kib,resident_late_kib,p99_ms\n", csv);
	for (size_t k = 0; k < POLICIES; k++)
		holds = overload(&policies[k], csv) && holds;
	(void)fclose(csv);
	return holds;
}

bool
each_sizing(void)
{
	static struct cells server, alone, modelled;
	bool holds = true;
	FILE *csv = result_file("sizing.csv");

	(void)fputs("what,overflow,queue,lost_per_burst,mean_ms,p99_ms,max_ms,queue_p99_ms,"
		    "queue_max_ms,deepest\n",
	    csv);
	for (size_t k = 0; k < POLICIES; k++) {
		for (size_t i = 0; i < SIZES; i++) {
			double places;

			if (options.quick && i % 2 != 0)
				continue;
			alone.at[k][i] = measure_alone(&policies[k], sizes[i]);
			holds = measure_server(&policies[k], sizes[i], &server.at[k][i], &places) &&
			    holds;
			modelled.at[k][i] = model(policies[k].how, places);
			write_row(csv, "queue", &policies[k], sizes[i], &alone.at[k][i]);
			write_row(csv, "server", &policies[k], sizes[i], &server.at[k][i]);
			write_row(csv, "model", &policies[k], sizes[i], &modelled.at[k][i]);
		}
	}
	(void)fclose(csv);
	draw_lost(&server, &alone, &modelled);
	draw_waits(&server, &modelled);
	return overload_all() && holds;
}
