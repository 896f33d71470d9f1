/*
 * Memory of a table: chunks of units, which are used one behind the other. A chunk has a place,
 * which is the high part of the numbers of what lies in it and is used again when it is dropped,
 * and an age, which never comes again and gives the order.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#define CHUNK_UNIT  4 /* bytes */
#define CHUNK_BITS  13
#define CHUNK_UNITS (1U << CHUNK_BITS) /* of a chunk; the first one begins with less, and grows */

struct chunk {
	uint64_t age;
	uint32_t place;
	uint32_t size; /* all in units */
	uint32_t used;
	uint32_t alive; /* the owner's to count down */
	uint8_t bytes[] __attribute__((aligned(8)));
};

/* All zero is an empty one. */
struct chunks {
	struct chunk **at; /* by place */
	size_t places;
	uint32_t *order; /* places, by age */
	size_t count;
	uint64_t next_age;
	size_t bytes; /* of all chunks */
};

static inline struct chunk *
chunk_of(const struct chunks *cs, uint32_t number)
{
	return cs->at[number >> CHUNK_BITS];
}

static inline uint8_t *
chunks_bytes(const struct chunks *cs, uint32_t number)
{
	return chunk_of(cs, number)->bytes + (size_t)(number & (CHUNK_UNITS - 1)) * CHUNK_UNIT;
}

/* The one that stands there by age. */
static inline struct chunk *
chunks_by_age(const struct chunks *cs, size_t rank)
{
	return cs->at[cs->order[rank]];
}

/* Room at the end, zeroed and alive; its number. What lies in the last chunk may move. */
uint32_t chunks_append(struct chunks *cs, uint32_t units);
void chunks_drop(struct chunks *cs, struct chunk *c);
void chunks_wipe(struct chunks *cs); /* empty, but ages go on */

/* The rank of the first one that is not older. */
size_t chunks_from(const struct chunks *cs, uint64_t age);

/* All of it. */
size_t chunks_memory(const struct chunks *cs);
