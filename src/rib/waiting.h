/*
 * Withdraws that wait, in the order given, a key once: each with the set that it says, or none, and
 * the account of its command.
 */
#pragma once

#include "account.h"
#include "bgp/attrs.h"
#include "table.h"

#include <stdbool.h>
#include <stdint.h>

struct waiting {
	struct table table;
	uint64_t at;      /* what stands before was sent */
	uint64_t counted; /* up to there, by a check of the accounts; 0: none goes on */
	struct accounts *accounts;
	struct waiting *next; /* the owner's */
};

struct waiting *waiting_new(struct accounts *a);
/* A small step of giving it back, of which nothing was popped or added since it was forgotten;
 * true: it is freed. */
bool waiting_reap(struct waiting *w);

/* Is the key there? It keeps its place, with what is said of it now, and the command that waited is
 * superseded. hash: for waiting_add(). */
bool waiting_renew(
    struct waiting *w, const struct nlri *n, struct attrs *a, uint32_t by, uint64_t *hash);
/* A key that is not there; holds a, which may be NULL. */
void waiting_add(
    struct waiting *w, const struct nlri *n, struct attrs *a, uint32_t by, uint64_t hash);

/* The first; borrowed until something changes. *a may be NULL. */
bool waiting_front(const struct waiting *w, struct nlri *n, struct attrs **a);
void waiting_pop(struct waiting *w, bool told); /* else refused */

/* Counts so many for their accounts, from its mark on. */
void waiting_count(struct waiting *w, size_t *left);
