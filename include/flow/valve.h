/*
 * A level with two marks. It shuts when the level reaches the high mark and opens when it has come
 * down to the low one; each edge is said once. What the level counts is the owner's business.
 *
 * The zero value never shuts (a high mark of zero is none).
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

enum valve_edge { VALVE_STEADY, VALVE_SHUTS, VALVE_OPENS };

struct valve {
	size_t high;
	size_t low; /* below high */
	size_t level;
	bool shut;
};

struct valve valve_of(size_t high, size_t low);
enum valve_edge valve_set(struct valve *v, size_t level);
