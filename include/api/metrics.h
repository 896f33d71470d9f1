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
	uint64_t shut;  /* 0 or 1 */
	uint64_t shuts; /* how often it became so */
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

/* A descriptor that the loop watches. */
struct metric_fd {
	const char *of; /* what it serves */
	uint64_t fd;
	uint64_t reads; /* 0 or 1: woken for reading */
	uint64_t writes;
};

/* Both directions of one connection or pipe. */
struct metric_buffer {
	const char *stage; /* "peer" "helper" "client" */
	const char *of;
	uint64_t fd;
	uint64_t held;     /* 0 or 1: it is not read */
	uint64_t unread;   /* bytes that wait in the kernel */
	uint64_t have;     /* bytes of what is not whole, or has not had its turn */
	uint64_t need;     /* bytes more make a message, or its header, at least */
	const char *place; /* where an end would fall: "between" "header" "body" */
	uint64_t blobs;    /* that wait to be written */
	uint64_t bytes;    /* of these */
	uint64_t unsent;   /* bytes that the other side's kernel has not taken */
	uint64_t bytes_in;
	uint64_t bytes_out;
};

/* The way of one message; microseconds since the round that brought it. */
struct metric_way {
	const char *of;
	uint64_t length;
	uint64_t framed;
	uint64_t taken;
	uint64_t decoded;
	uint64_t told;
	uint64_t applied;
	uint64_t flushed;
};

struct metrics {                        /* all of them; what is not asked for is empty */
	const struct metric_loop *loop; /* NULL: none */
	const struct metric_queue *queues;
	size_t queue_count;
	const struct metric_peer *peers;
	size_t peer_count;
	const struct metric_fd *fds;
	size_t fd_count;
	const struct metric_buffer *buffers;
	size_t buffer_count;
	const struct metric_way *ways;
	size_t way_count;
};

void metrics_text(const struct metrics *m, struct text *to);
/* One line: {"loop": {...}, "queues": [...], "peers": [...]}; not of the others */
void metrics_json(const struct metrics *m, struct text *to);
void metrics_prometheus(const struct metrics *m, struct text *to);
void metrics_openmetrics(const struct metrics *m, struct text *to); /* 1.0, with its end */
/* One line each: lists, and an object. */
void metrics_queues_json(const struct metrics *m, struct text *to);
void metrics_loop_json(const struct metrics *m, struct text *to);
void metrics_fds_json(const struct metrics *m, struct text *to);
void metrics_ways_json(const struct metrics *m, struct text *to);
void metrics_buffers_json(const struct metrics *m, struct text *to);
