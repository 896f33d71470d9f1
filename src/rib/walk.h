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

/* The rank of the table that the next entry is in; false: all were passed. */
bool walk_rank(const struct rib_walk *w, unsigned *rank);
/* The next entry in the table of this rank; false: the walk goes on to the next table. */
bool walk_step(struct rib_walk *w, const struct table *t, uint32_t *number);
/* Behind all tables: the key of one that moved, which may be gone. Borrows the walk. */
bool walk_late(struct rib_walk *w, struct nlri *n);

/* An entry stood there, and stands at the end now. */
void walks_moved(struct walks *ws, unsigned rank, uint64_t from, const struct nlri *n);
