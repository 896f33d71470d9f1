/*
 * Zones: the stages at which something can fail, told apart in the log by zone=, each with its own
 * count of failures in a row, so that one that goes well does not hide another that does not.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

enum zone {
	ZONE_EXTRACT, /* what came is not what it should be */
	ZONE_PROCESS, /* what was understood can't be done */
	ZONE_DELIVER, /* what was done can't be told */
	ZONE_CLEANUP, /* what has ended can't be put away */
	ZONES
};

/* Zero is a valid one that bears everything. */
struct zones {
	unsigned most; /* failures in a row that are too many; 0: none are */
	unsigned row[ZONES];
	uint64_t failed[ZONES]; /* ever */
};

/* True: this one was the last to be borne, once in a row of failures. */
bool zones_failed(struct zones *z, enum zone which);
void zones_fine(struct zones *z, enum zone which);
const char *zone_name(enum zone which); /* "extract" ... */
