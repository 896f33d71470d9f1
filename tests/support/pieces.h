/*
 * Any cutting of bytes into pieces, by a seed: 0 gives byte after byte, 1 all at once, others mix
 * short and long pieces.
 *
 *	for (struct pieces p = pieces_of(bytes, seed); pieces_next(&p, &piece);)
 */
#pragma once

#include "base/slice.h"

/* The next number of a seeded sequence. */
static inline uint32_t
dice(uint64_t *seed)
{
	uint64_t z = *seed += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
	return (uint32_t)(z >> 32);
}

struct pieces {
	struct slice rest;
	uint64_t seed;
	uint32_t way;
};

struct pieces pieces_of(struct slice bytes, uint32_t seed);
bool pieces_next(struct pieces *p, struct slice *piece); /* never empty */
