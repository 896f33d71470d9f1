/*
 * Bytes whose end lies against an unreadable page: one byte read too far ends the test.
 *
 *	struct guard g = guard_of(most);
 *	struct slice s = guard_lay(&g, bytes);   as often as wanted; the last one counts
 *	guard_done(&g);
 */
#pragma once

#include "base/slice.h"

struct guard {
	uint8_t *map;
	size_t size; /* readable, before the wall */
};

struct guard guard_of(size_t most);
struct slice guard_lay(struct guard *g, struct slice bytes); /* at most what was asked for */
void guard_done(struct guard *g);
