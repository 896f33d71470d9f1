/*
 * Figures of what runs, as plain values: who measured fills records, and one walk for each form
 * spells them. Times are microseconds; words say so with "-us", metrics are in seconds.
 *
 * text: a line for each record. JSON: an object for each. Metrics: the text format that Prometheus
 * reads (version 0.0.4), names beginning with "peerpipe_".
 */
#pragma once

#include "base/histogram.h"
#include "base/text.h"

#include <stddef.h>
#include <stdint.h>

#define METRIC_UNKNOWN UINT64_MAX /* not measured there: left out */
#define METRIC_PARTS   8

struct metric_parts { /* a sum by reason; none: left out */
	size_t count;
	struct {
		const char *why;
		uint64_t times;
	} at[METRIC_PARTS];
};

void metric_part(struct metric_parts *to, const char *why, uint64_t times);

/* A bounded stage that messages wait in. */
struct metric_queue {
	const char *stage; /* "intake" "pending" "channel" "commands" "client" */
	const char *of;    /* the neighbor's or helper's name */
	uint64_t depth;
	uint64_t bytes;
	uint64_t limit;
	uint64_t limit_bytes;
	uint64_t most;
	uint64_t most_bytes;
	uint64_t offered;
	uint64_t taken;
	uint64_t shut; /* 0 or 1 */
	uint64_t blocked;
	uint64_t empty_ticks;
	struct metric_parts dropped;
	struct metric_parts batches;
	const struct histogram *waits; /* NULL: not measured */
};

struct metric_peer {
	const char *of;
	uint64_t up; /* 0 or 1 */
	uint64_t connects;
	uint64_t downs;
	struct metric_parts received; /* messages */
	struct metric_parts sent;
	uint64_t announced_in; /* prefixes, ever */
	uint64_t withdrawn_in;
	uint64_t routes_in; /* kept now */
	uint64_t routes_out;
	uint64_t unsayable; /* routes that no message can say */
};

struct metric_loop {
	uint64_t rounds;
	uint64_t wakeups;
	uint64_t ready;
	uint64_t timers;
	uint64_t leftovers;
	uint64_t flushes;
	uint64_t slow;
	uint64_t slowest;
	const char *slowest_name; /* "" before anything ran */
	const struct histogram *lag;
};

struct metrics {                        /* all of them; what is not asked for is empty */
	const struct metric_loop *loop; /* NULL: none */
	const struct metric_queue *queues;
	size_t queue_count;
	const struct metric_peer *peers;
	size_t peer_count;
};

void metrics_text(const struct metrics *m, struct text *to);
/* One line: {"loop": {...}, "queues": [...], "peers": [...]} */
void metrics_json(const struct metrics *m, struct text *to);
void metrics_prometheus(const struct metrics *m, struct text *to);
/* One line each: a list, an object. */
void metrics_queues_json(const struct metrics *m, struct text *to);
void metrics_loop_json(const struct metrics *m, struct text *to);
