/* Every small wrong in a seed. */
#include "mutate.h"

#include "base/mem.h"
#include "guard.h"

#include <stdio.h>

struct mutation {
	struct guard guard;
	uint8_t *room; /* a copy of the seed, with one byte more */
	struct slice seed;
	mutate_try *each;
	void *with;
	size_t tried;
};

static void
try(struct mutation *m, size_t len, const char *what, size_t at)
{
	char label[80];

	(void)snprintf(label, sizeof(label), "%s %zu", what, at);
	m->each(guard_lay(&m->guard, slice_of(m->room, len)), label, m->with);
	m->tried++;
}

static void
restore(struct mutation *m)
{
	if (m->seed.len != 0)
		memcpy(m->room, m->seed.at, m->seed.len);
}

static void
byte_values(struct mutation *m, size_t at)
{
	uint8_t was = m->room[at];

	for (unsigned bit = 0; bit < 8; bit++) {
		char what[32];

		m->room[at] = (uint8_t)(was ^ (1u << bit));
		(void)snprintf(what, sizeof(what), "bit %u of byte", bit);
		try(m, m->seed.len, what, at);
	}
	m->room[at] = 0;
	try(m, m->seed.len, "zero for byte", at);
	m->room[at] = 0xff;
	try(m, m->seed.len, "255 for byte", at);
	m->room[at] = was;
}

static void
byte_moves(struct mutation *m, size_t at)
{
	size_t behind = m->seed.len - at - 1;

	memmove(m->room + at, m->room + at + 1, behind);
	try(m, m->seed.len - 1, "without byte", at);
	restore(m);
	memmove(m->room + at + 1, m->room + at, behind + 1);
	try(m, m->seed.len + 1, "twice byte", at);
	restore(m);
}

size_t
mutate_each(struct slice seed, mutate_try *each, void *with)
{
	struct mutation m = { .guard = guard_of(seed.len + 1),
		.room = mem_get(seed.len + 1),
		.seed = seed,
		.each = each,
		.with = with };

	restore(&m);
	try(&m, seed.len, "all bytes", seed.len);
	for (size_t len = 0; len < seed.len; len++)
		try(&m, len, "bytes before", len);
	for (size_t at = 0; at < seed.len; at++) {
		byte_values(&m, at);
		byte_moves(&m, at);
	}
	mem_free(m.room);
	guard_done(&m.guard);
	return m.tried;
}
