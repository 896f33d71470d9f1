/*
 * Exact accounting: what became of every event that was meant for a helper, and of every route that
 * somebody commanded for a neighbor. Counted where it happens; here it is put together and
 * compared.
 */
#pragma once

#include "engine/engine.h"

/* Numbers of those who command; each helper has one by its name. */
enum { ACCOUNT_FILE = 1, ACCOUNT_CONTROL, ACCOUNT_HELPERS };

/* One who commands, a neighbor and a family:
 * routes = refused + superseded + unchanged + pending + sent. */
struct account {
	const char *who; /* a helper, "control" or "configuration" */
	const struct member *member;
	const struct family *family;
	uint64_t routes;
	uint64_t refused; /* the neighbor or its session has no such family, or no room for it */
	uint64_t superseded;
	uint64_t unchanged;
	uint64_t sent;
	size_t pending;
};

/* Each row of the member; false: there is no such row. Borrowed until the next command. */
bool member_account(const struct member *m, size_t i, struct account *to);
/* Counts what is pending one by one, and compares: a step of some microseconds. True: there is
 * more. Else *residual is what its rows don't account for now, and the check is over. */
bool member_check(const struct member *m, struct rib_check *c, uint64_t *residual);

/* The difference between events that were offered and what is known of them. */
uint64_t crew_residual(const struct crew *c);
/* Of all helpers, and of neighbors that are gone. 0, as that of each neighbor, or there is a
 * mistake in the program. */
uint64_t engine_residual(const struct engine *e);
