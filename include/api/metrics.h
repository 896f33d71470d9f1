/*
 * Figures of what runs, as plain values: who measured fills records, and one walk for each form
 * spells them. Times are microseconds; words say so with "-us", metrics are in seconds.
 *
 * text: a line for each record. JSON: one line, a list of the records' objects, or an object of
 * such lists. Metrics: the text format that Prometheus reads (version 0.0.4), names beginning with
 * "peerpipe_".
 */
#pragma once

#include "base/histogram.h"
#include "lang/emit.h"

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

struct metric_times {
	bool known; /* measured there; else left out */
	uint64_t count;
	uint64_t sum;
	uint64_t mean;
	uint64_t p50;
	uint64_t p99;
	uint64_t most;
};

struct metric_times metric_times(const struct histogram *h); /* NULL: not known */

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
	struct metric_times waits;
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
	struct metric_times lag;
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

enum metric_kind {
	METRIC_LOOP,
	METRIC_QUEUES,
	METRIC_PEERS,
	METRIC_FDS,
	METRIC_BUFFERS,
	METRIC_WAYS,
	METRIC_KINDS
};

struct metric_page {
	bool asked;          /* there may be none yet */
	const void *records; /* an array of struct metric_queue, and so on */
	size_t count;
};

struct metrics {
	struct metric_page pages[METRIC_KINDS];
};

enum metrics_form {
	METRICS_TEXT,
	METRICS_JSON, /* one kind is asked for: its list; several: {"loop": {...}, "queues": [...]}
		       */
	METRICS_PROMETHEUS,
	METRICS_OPENMETRICS, /* 1.0, with its end */
};

/* Spelling them takes a while when there are a thousand neighbors: it goes bit by bit. */
struct metrics_walk {
	const struct metrics *of;
	enum metrics_form form;
	struct text *to;
	struct emit emit; /* of JSON */
	bool several;     /* kinds are asked for */
	enum metric_kind kind;
	size_t row; /* of its figures: a metric's samples stand together */
	size_t record;
};

/* m and to are borrowed until the end; what is in *to may be taken out after any step. */
void metrics_begin(
    struct metrics_walk *w, const struct metrics *m, enum metrics_form form, struct text *to);
/* Some ten or thirty records more: whole lines, but JSON is one line. False: that was all. */
bool metrics_some(struct metrics_walk *w);
void metrics_say(const struct metrics *m, enum metrics_form form, struct text *to); /* at once */
