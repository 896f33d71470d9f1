/*
 * adj-rib-in: what a peer told us, by key, compact: an IPv4 route costs its key, the number of its
 * set and its place in an index. Order is that of first arrival, family by family (the family that
 * came first comes first).
 */
#pragma once

#include "bgp/family.h"
#include "bgp/update.h"
#include "rib/out.h"

#include <stddef.h>
#include <stdint.h>

struct rib_in;

struct rib_in *rib_in_new(void);
void rib_in_free(struct rib_in *r);

/* All of a decoded UPDATE, withdraws first; also what was twisted into withdraws. */
void rib_in_apply(struct rib_in *r, const struct update *u);
void rib_in_put(struct rib_in *r, const struct nlri *n, struct attrs *a); /* holds a */
bool rib_in_cut(struct rib_in *r, const struct nlri *n);                  /* was it there? */
bool rib_in_find(const struct rib_in *r, const struct nlri *n, struct attrs **a); /* borrowed */
/* At once, whatever their number; what they held is given back by later changes or by reaping. */
void rib_in_clear(struct rib_in *r, struct family_set families);
/* A small step of giving back; true: there is more to do. */
bool rib_in_reap(struct rib_in *r);

/* How many paths of a prefix each family may have; 0: any. To be said while it is empty. */
void rib_in_limit(struct rib_in *r, const uint16_t limits[FAMILY_MAX]);
uint64_t rib_in_over(const struct rib_in *r); /* paths that came though there were enough, ever */

size_t rib_in_count(const struct rib_in *r);
size_t rib_in_memory(const struct rib_in *r); /* without the sets */

/* In order of arrival; survives changes as walks over adj-rib-out do. */
void rib_in_walk_begin(struct rib_in *r, struct rib_walk *w);
bool rib_in_next(struct rib_in *r, struct rib_walk *w, struct nlri *n, struct attrs **a);
void rib_in_walk_end(struct rib_in *r, struct rib_walk *w);
void rib_in_walks_end(struct rib_in *r); /* all of them: nobody finds it any more */
