/*
 * What is to be known of a queue that somebody else keeps, told how full it is whenever that may
 * have changed: how full it ever was, how long until all items had gone, how long it was shut. The
 * zero value is empty and open.
 */
#pragma once

#include "base/histogram.h"
#include "base/usec.h"

#include <stdbool.h>
#include <stddef.h>

struct level {
	size_t items;
	size_t bytes;
	size_t most_items; /* high-water marks */
	size_t most_bytes;
	bool shut;
	usec since;             /* there are items since; if there are */
	usec shut_since;        /* if it is */
	uint64_t shuts;         /* how often it became shut */
	usec blocked;           /* how long it has been shut, spans that ended */
	struct histogram waits; /* from the first item to none, in microseconds */
};

void level_done(struct level *l); /* back to the zero value */
void level_set(struct level *l, size_t items, size_t bytes, bool shut, usec now);
void level_reset_marks(struct level *l); /* high-water marks start again at what is there */
usec level_blocked(const struct level *l, usec now); /* with the span that lasts */
