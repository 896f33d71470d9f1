/*
 * A block of path attributes, without those that carry NLRI: what it comes to, and the memory of
 * those that were seen before.
 */
#pragma once

#include "bgp/attrs.h"
#include "bgp/session.h"
#include "bgp/update.h"
#include "bgp/verdict.h"

#include <stdbool.h>
#include <stdint.h>

extern const char note_withdraw[];

struct block {
	struct attrs *attrs; /* held; with the next hop that was asked for */
	enum verdict verdict;
	const char *note;
	bool mandatory;    /* ORIGIN and AS_PATH are there */
	bool mandatory_v4; /* and NEXT_HOP */
	bool next_hop;     /* NEXT_HOP is */
};

/* The same bytes may mean something else in another context. */
struct block_key {
	struct slice bytes;
	struct slice next_hop; /* of MP_REACH_NLRI if mp, else empty */
	bool mp;
	const struct session *session;
};

/* attrs is held for the caller. cache may be NULL. */
struct block block_find(const struct block_key *key, struct attr_cache *cache);

/* NULL: not there. The set is the cache's. */
const struct block *attr_cache_find(
    const struct attr_cache *c, const struct block_key *key, uint64_t hash);
void attr_cache_put(struct attr_cache *c, const struct block_key *key, uint64_t hash,
    const struct block *b); /* holds the set */
uint64_t attr_cache_hash(const struct block_key *key);
