/*
 * Walks over the tables of an adj-rib, in steps with any changes between them. What was there when
 * the walk began, and still is, is given exactly once, as it is when its turn comes; what came
 * later is not given, so that a walk ends. One may get another place in its table, for it is spelt
 * longer: if its turn had not come, the walk keeps its key, and asks for it at the end.
 */
#pragma once

#include "rib/out.h"
#include "table.h"

#include <stdbool.h>
#include <stdint.h>

/* Those that go on over one adj-rib. */
struct walks {
	struct list all;
	unsigned count;
};

void walks_init(struct walks *ws);
void walks_done(struct walks *ws); /* the adj-rib ends: so do they */

void walk_begin(struct walks *ws, struct rib_walk *w);
/* Behind walk_begin(), for each table by rank; those that are not named are not walked. */
void walk_bound(struct rib_walk *w, const struct table *t, uint8_t family);
void walk_end(struct walks *ws, struct rib_walk *w); /* idempotent */

/* The table of a family. */
typedef const struct table *walk_table_fn(const void *of, unsigned family);
/* The next entry: of the tables in their order, then of those that moved and are still there. */
bool walk_next(struct rib_walk *w, walk_table_fn *table_of, const void *of, const struct table **t,
    uint32_t *number);

/* An entry stood there, and stands at the end now. */
void walks_moved(struct walks *ws, unsigned rank, uint64_t from, const struct nlri *n);
