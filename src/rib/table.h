/*
 * Routes by key, in order of arrival, compact: entries one behind the other in chunks, found
 * through an index of their numbers. An entry is a number of the owner's, then the NLRI as it came,
 * inline. What identifies it is nlri_key(), with whether it has a path identifier.
 *
 * Removed entries leave holes; an empty chunk is freed at once, two thin neighbours are merged by
 * table_tidy() while nobody walks. A table holds at most 1 GiB of entries.
 */
#pragma once

#include "bgp/family.h"
#include "chunks.h"
#include "index.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define TABLE_NONE UINT32_MAX

enum entry_head {
	ENTRY_LEN = 0x1fff,     /* bytes that follow */
	ENTRY_PATH_ID = 0x2000, /* which begin with a path identifier */
	ENTRY_DEAD = 0x4000,
	ENTRY_MARK = 0x8000, /* the owner's */
};

struct entry {
	uint32_t value; /* the owner's */
	uint16_t head;
	uint8_t bytes[];
};

struct table {
	const struct family *family; /* NULL: of any; each entry then begins with its id */
	size_t extra;                /* bytes of the owner's before each entry; a multiple of 4 */
	struct index index;
	struct chunks chunks;
	size_t tidy_at;
	size_t count;
	size_t path_ids;  /* how many have a path identifier */
	size_t untidy;    /* steps of tidying that removed entries are worth */
	unsigned walkers; /* numbers and positions must stay */
	/* An entry got another number; may be NULL. */
	void (*moved)(struct table *t, uint32_t from, uint32_t to);
};

void table_init(struct table *t, const struct family *family, size_t extra);
void table_done(struct table *t); /* values are the owner's to drop before */
/* A step of table_done(), which is slow for large tables; true: it is done. */
bool table_reap(struct table *t);

/* It will be looked for soon: what that needs comes nearer. */
void table_expect(const struct table *t, const struct nlri *n);
/* hash: NULL, or for table_add(). */
uint32_t table_find(const struct table *t, const struct nlri *n, uint64_t *hash);
/* A new entry, zeroed but for its NLRI, which must not be there. */
uint32_t table_add(struct table *t, const struct nlri *n, uint64_t hash);
/* Its NLRI is spelt so from now on (same key). It may get a new number and go to the end, when it
 * needs more room; moved() is not called. */
uint32_t table_respell(struct table *t, uint32_t number, const struct nlri *n);
void table_cut(struct table *t, uint32_t number);
/* A little housekeeping, after each change; numbers change. */
void table_tidy(struct table *t);

static inline struct entry *
table_entry(const struct table *t, uint32_t number)
{
	return (struct entry *)(void *)(chunks_bytes(&t->chunks, number) + t->extra);
}
/* Borrows the table. */
struct nlri table_nlri(const struct table *t, const struct entry *e);

/* The next one in order; *at starts at 0. */
bool table_next(const struct table *t, uint64_t *at, uint32_t *number);
/* Where an entry stands in that order, and where the next new one will stand, or behind that. */
uint64_t table_place(const struct table *t, uint32_t number);
uint64_t table_end(const struct table *t);

size_t table_memory(const struct table *t);
