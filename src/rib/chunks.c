/* Chunks by place and by age. */
#include "chunks.h"

#include "base/mem.h"
#include "index.h"

#include <string.h>

#define CHUNK_FIRST 48 /* units of the first chunk, which doubles */

static uint32_t
free_place(struct chunks *cs)
{
	for (size_t i = cs->places; i-- > 0 && cs->count < cs->places;) {
		if (cs->at[i] == NULL)
			return (uint32_t)i;
	}
	MUST(cs->places <= INDEX_MOST >> CHUNK_BITS);
	if ((cs->places & (cs->places - 1)) == 0) {
		size_t size = cs->places == 0 ? 1 : cs->places * 2;

		cs->at = mem_grow(cs->at, size * sizeof(struct chunk *));
		cs->order = mem_grow(cs->order, size * sizeof(*cs->order));
	}
	cs->at[cs->places] = NULL;
	return (uint32_t)cs->places++; /* below 2^15, checked above */
}

static struct chunk *
chunk_new(struct chunks *cs, uint32_t units)
{
	uint32_t size = cs->count == 0 ? CHUNK_FIRST : CHUNK_UNITS;
	uint32_t place = free_place(cs);
	struct chunk *c;

	while (size < units)
		size *= 2;
	c = mem_get(sizeof(*c) + (size_t)size * CHUNK_UNIT);
	*c = (struct chunk){ .age = ++cs->next_age, .place = place, .size = size };
	cs->at[place] = c;
	cs->order[cs->count++] = place;
	cs->bytes += sizeof(*c) + (size_t)size * CHUNK_UNIT;
	return c;
}

/* The last one, with that much room. */
static struct chunk *
chunk_grow(struct chunks *cs, struct chunk *c, uint32_t units)
{
	uint32_t size = c->size;

	while (size < c->used + units)
		size *= 2;
	if (size > CHUNK_UNITS)
		size = CHUNK_UNITS;
	cs->bytes += (size_t)(size - c->size) * CHUNK_UNIT;
	c = mem_grow(c, sizeof(*c) + (size_t)size * CHUNK_UNIT);
	c->size = size;
	cs->at[c->place] = c;
	return c;
}

/* A chunk with that much room at its end. */
static struct chunk *
chunk_for(struct chunks *cs, uint32_t units)
{
	struct chunk *last;

	if (cs->count == 0)
		return chunk_new(cs, units);
	last = chunks_by_age(cs, cs->count - 1);
	if (last->used + units <= last->size)
		return last;
	if (last->used + units <= CHUNK_UNITS)
		return chunk_grow(cs, last, units);
	return chunk_new(cs, units);
}

uint32_t
chunks_append(struct chunks *cs, uint32_t units)
{
	struct chunk *c = chunk_for(cs, units);
	uint32_t number = c->place << CHUNK_BITS | c->used;

	memset(c->bytes + (size_t)c->used * CHUNK_UNIT, 0, (size_t)units * CHUNK_UNIT);
	c->used += units;
	c->alive += units;
	return number;
}

void
chunks_drop(struct chunks *cs, struct chunk *c)
{
	size_t i = 0;

	while (cs->order[i] != c->place)
		i++;
	memmove(&cs->order[i], &cs->order[i + 1], (cs->count - i - 1) * sizeof(*cs->order));
	cs->count--;
	cs->at[c->place] = NULL;
	cs->bytes -= sizeof(*c) + (size_t)c->size * CHUNK_UNIT;
	mem_free(c);
}

void
chunks_wipe(struct chunks *cs)
{
	for (size_t i = 0; i < cs->places; i++)
		mem_free(cs->at[i]);
	mem_free(cs->at);
	mem_free(cs->order);
	*cs = (struct chunks){ .next_age = cs->next_age };
}

size_t
chunks_from(const struct chunks *cs, uint64_t age)
{
	size_t low = 0;
	size_t high = cs->count;

	while (low < high) {
		size_t mid = (low + high) / 2;

		if (chunks_by_age(cs, mid)->age < age)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

size_t
chunks_memory(const struct chunks *cs)
{
	return cs->bytes + cs->places * (sizeof(*cs->order) + sizeof(struct chunk *));
}
