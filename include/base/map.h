/*
 * Hash map from bytes to a pointer: open addressing, keys copied. Iterates in no order. Not for
 * millions of routes (see rib), but for what is known by name.
 */
#pragma once

#include "base/slice.h"

#include <stdint.h>

struct map_slot;

struct map {
	struct map_slot *slots;
	size_t size;  /* a power of two, or 0 */
	size_t count; /* keys alive */
	size_t used;  /* slots that are not empty, with the tombs */
};

void map_free(struct map *m); /* back to the zero value; the values are the caller's */

void *map_get(const struct map *m, struct slice key);       /* NULL if absent */
void map_put(struct map *m, struct slice key, void *value); /* value is not NULL; replaces */
void *map_cut(struct map *m, struct slice key);             /* removes; what was there, or NULL */

/* *at starts at 0; gives the next pair, or false at the end. No change while iterating but map_cut
 * of the pair just given. */
bool map_next(const struct map *m, size_t *at, struct slice *key, void **value);

/* A good 64-bit hash of bytes. Without a seed it is the same in every run (what is seeded replays),
 * and anybody can make up keys of one hash; who takes keys from strangers gives random numbers
 * before the first is hashed. They mix with what is there: zeros change nothing. */
enum { HASH_SEEDS = 4 };
void hash_seed(const uint64_t with[HASH_SEEDS]);
uint64_t hash_bytes(const void *at, size_t len);
