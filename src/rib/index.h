/*
 * Open-addressing index from hashes to numbers. It grows a few places per operation: while it
 * grows there are two arrays, and whoever owns the numbers carries them over with index_evict().
 * A place holds a number and four bits of its hash, so that most strangers are never looked at.
 */
#pragma once

#include "base/mem.h"
#include "base/must.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define INDEX_MOST  ((UINT32_C(1) << 28) - 1) /* numbers are below */
#define INDEX_STEP  16                        /* places carried over per operation */
#define INDEX_FIRST 16

enum { INDEX_EMPTY = 0, INDEX_TOMB = 1 };

struct index {
	uint32_t *slots;
	uint32_t *old; /* NULL: not growing */
	size_t size;   /* powers of two */
	size_t old_size;
	size_t old_at; /* places of old before this are done */
	size_t used;   /* places of slots that are not empty, tombs too */
	size_t count;  /* numbers, in both */
};

/* A search: the place just looked at. */
struct probe {
	uint64_t hash;
	size_t at;
	bool in_old;
	bool started;
};

static inline struct probe
probe_of(uint64_t hash)
{
	return (struct probe){ .hash = hash };
}

static inline uint32_t
index_value(uint64_t hash, uint32_t number)
{
	return (number + 1) << 4 | (uint32_t)(hash >> 60);
}

/* A search will begin there: memory is slow, and something else can be done until it answers. */
static inline void
index_expect(const struct index *ix, uint64_t hash)
{
	if (ix->slots != NULL)
		__builtin_prefetch(&ix->slots[hash & (ix->size - 1)], 1);
}

/* The next number of one array that may have this hash, or false. */
static inline bool
index_scan(const uint32_t *slots, size_t mask, struct probe *p, uint32_t *number)
{
	uint32_t tag = (uint32_t)(p->hash >> 60);

	p->at = (p->started ? p->at + 1 : p->hash) & mask;
	p->started = true;
	for (; slots[p->at] != INDEX_EMPTY; p->at = (p->at + 1) & mask) {
		uint32_t value = slots[p->at];

		if (value > 15 && (value & 15) == tag) {
			*number = (value >> 4) - 1;
			return true;
		}
	}
	return false;
}

/* The same of both arrays. */
static inline bool
index_next(const struct index *ix, struct probe *p, uint32_t *number)
{
	for (;;) {
		const uint32_t *slots = p->in_old ? ix->old : ix->slots;
		size_t size = p->in_old ? ix->old_size : ix->size;

		if (slots != NULL && index_scan(slots, size - 1, p, number))
			return true;
		if (p->in_old || ix->old == NULL)
			return false;
		p->in_old = true;
		p->started = false;
	}
}

/* The number just given stands for something else now, or for nothing. */
static inline void
index_move(struct index *ix, const struct probe *p, uint32_t number)
{
	(p->in_old ? ix->old : ix->slots)[p->at] = index_value(p->hash, number);
}

static inline void
index_cut(struct index *ix, const struct probe *p)
{
	(p->in_old ? ix->old : ix->slots)[p->at] = INDEX_TOMB;
	ix->count--;
}

static inline void
index_place(struct index *ix, uint64_t hash, uint32_t number)
{
	size_t mask = ix->size - 1;
	size_t i = hash & mask;

	while (ix->slots[i] > INDEX_TOMB)
		i = (i + 1) & mask;
	ix->used += ix->slots[i] == INDEX_EMPTY;
	ix->slots[i] = index_value(hash, number);
}

/* The next number of the old array, which the caller places in the new one; false: none in the
 * next places (*left, counted down), or all is carried over. */
static inline bool
index_evict(struct index *ix, size_t *left, uint32_t *number)
{
	while (ix->old != NULL && *left != 0) {
		uint32_t value;

		if (ix->old_at == ix->old_size) {
			mem_free(ix->old);
			ix->old = NULL;
			return false;
		}
		--*left;
		value = ix->old[ix->old_at];
		if (value > 15)
			ix->old[ix->old_at] = INDEX_TOMB;
		ix->old_at++;
		if (value > 15) {
			*number = (value >> 4) - 1;
			return true;
		}
	}
	return false;
}

/* Is there no room for one more, or far too much? The caller then carries over what is left of the
 * old array and calls index_resize(). */
static inline bool
index_unfit(const struct index *ix)
{
	return (ix->used + 1) * 4 > ix->size * 3 ||
	    (ix->old == NULL && ix->size > INDEX_FIRST && ix->count * 16 < ix->size);
}

/* The new size is at least half of the old: the growth ends before it is full again, with
 * INDEX_STEP places per added number. */
static inline void
index_resize(struct index *ix)
{
	size_t size = ix->size == 0 ? INDEX_FIRST : ix->size / 2;

	MUST(ix->old == NULL);
	while (size < INDEX_FIRST || size < ix->count * 2)
		size *= 2;
	ix->old = ix->slots;
	ix->old_size = ix->size;
	ix->old_at = 0;
	ix->slots = mem_zero(size, sizeof(*ix->slots));
	ix->size = size;
	ix->used = 0;
}

static inline void
index_free(struct index *ix)
{
	mem_free(ix->slots);
	mem_free(ix->old);
	*ix = (struct index){ 0 };
}

static inline size_t
index_memory(const struct index *ix)
{
	return (ix->size + (ix->old == NULL ? 0 : ix->old_size)) * sizeof(uint32_t);
}
