/* Bump memory: chunks of 16 KiB and up, newest first. */
#include "base/arena.h"

#include "base/mem.h"
#include "base/must.h"

#include <limits.h>
#include <stdalign.h>
#include <stdint.h>

#define CHUNK_SIZE 16384

struct arena_chunk {
	struct arena_chunk *next;
	size_t used;
	size_t size;
	alignas(max_align_t) uint8_t bytes[];
};

static struct arena_chunk *
chunk_new(struct arena *a, size_t least)
{
	size_t size = least > CHUNK_SIZE ? least : CHUNK_SIZE;
	struct arena_chunk *c = mem_get(sizeof(*c) + size);

	c->next = a->chunks;
	c->used = 0;
	c->size = size;
	a->chunks = c;
	return c;
}

void *
arena_get(struct arena *a, size_t size)
{
	size_t whole = (size + alignof(max_align_t) - 1) & ~(alignof(max_align_t) - 1);
	struct arena_chunk *c = a->chunks;

	MUST(whole >= size);
	if (c == NULL || c->size - c->used < whole)
		c = chunk_new(a, whole);
	c->used += whole;
	return c->bytes + c->used - whole;
}

void *
arena_zero(struct arena *a, size_t count, size_t size)
{
	size_t all;
	void *p;

	MUST(!__builtin_mul_overflow(count, size, &all));
	p = arena_get(a, all);
	memset(p, 0, all);
	return p;
}

struct slice
arena_copy(struct arena *a, struct slice s)
{
	void *p = arena_get(a, s.len);

	if (s.len != 0)
		memcpy(p, s.at, s.len);
	return slice_of(p, s.len);
}

void
arena_reset(struct arena *a)
{
	while (a->chunks != NULL && (a->chunks->next != NULL || a->chunks->size > CHUNK_SIZE)) {
		struct arena_chunk *c = a->chunks;

		a->chunks = c->next;
		mem_free(c);
	}
	if (a->chunks != NULL)
		a->chunks->used = 0;
}

bool
arena_free_some(struct arena *a, unsigned chunks)
{
	for (; a->chunks != NULL && chunks > 0; chunks--) {
		struct arena_chunk *c = a->chunks;

		a->chunks = c->next;
		mem_free(c);
	}
	return a->chunks != NULL;
}

void
arena_free(struct arena *a)
{
	(void)arena_free_some(a, UINT_MAX); /* no arena has so many */
}
