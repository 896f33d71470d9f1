/*
 * All that a peer is to forget, in this order: what was withdrawn before the table was cleared,
 * what was sent of the cleared table, what was withdrawn since. Withdraws go before announces, so a
 * table can't be cleared with anything sent while one that was cleared is not done.
 */
#pragma once

#include "garbage.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct withdraws {
	struct accounts *accounts; /* the owner's, as the garbage is */
	struct garbage *garbage;
	struct waiting *before;
	struct store *cleared; /* NULL: none */
	struct waiting *after;
	size_t cleared_left;
	unsigned cleared_rank; /* where its turn is */
	uint64_t cleared_at;
};

void withdraws_init(struct withdraws *w, struct accounts *a, struct garbage *g);
void withdraws_done(struct withdraws *w);

/* a: what it says, or NULL. True: the key was waiting already. */
bool withdraws_add(struct withdraws *w, const struct nlri *n, struct attrs *a);
/* What was sent of that table, which it takes. */
void withdraws_clear(struct withdraws *w, struct store *old);
/* None of it any more; commands that waited are superseded. */
void withdraws_forget(struct withdraws *w);

/* The one whose turn it is; borrowed until it is popped. *a may be NULL. False: there is none, or,
 * if some are left, it was not found yet, and the next call goes on. */
bool withdraws_front(struct withdraws *w, struct nlri *n, struct attrs **a);
void withdraws_pop(struct withdraws *w, bool told); /* or the peer could not be told */

size_t withdraws_count(const struct withdraws *w);
size_t withdraws_memory(const struct withdraws *w);
