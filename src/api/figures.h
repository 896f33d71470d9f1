/* Figures of records: rows that say what stands where, and how each is named. */
#pragma once

#include "api/metrics.h"

#include <stddef.h>

enum figure_kind {
	FIGURE_GAUGE,   /* uint64_t */
	FIGURE_COUNTER, /* uint64_t */
	FIGURE_PARTS,   /* struct metric_parts: counters by reason */
	FIGURE_TIMES,   /* struct metric_times */
	FIGURE_WORD,    /* const char *: no metric */
};

struct figure {
	const char *word;   /* in text and JSON; of times without the unit */
	const char *metric; /* without the beginning, the unit and "_total" */
	enum figure_kind kind;
	bool time; /* microseconds */
	size_t offset;
	const char *help;
};

struct sheet {              /* records of one kind */
	const char *word;   /* in front of a line */
	const char *words;  /* the name of the list of all */
	bool single;        /* one object, no list */
	const char *metric; /* "peerpipe_queue" */
	const struct figure *rows;
	size_t row_count;
	size_t size; /* of a record, which begins with a const char * for each label */
	const char *labels[2];
	size_t label_count;
};

const struct sheet *sheet_of(enum metric_kind kind);

/* What stands in a record: borrowed. */
const char *figure_label(const void *record, size_t i);
const void *figure_slot(const void *record, const struct figure *row);
uint64_t figure_number(const void *record, const struct figure *row);
const void *sheet_record(const struct sheet *s, const void *records, size_t i);

/* The same walk for metrics, on the page at hand. True: the page is at its end. */
bool prometheus_some(struct metrics_walk *w);
