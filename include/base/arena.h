/*
 * Memory for one message, dropped whole. The zero value is empty. A reset keeps one chunk, so that
 * the steady state allocates nothing.
 */
#pragma once

#include "base/slice.h"

#include <stdbool.h>
#include <stddef.h>

struct arena_chunk;

struct arena {
	struct arena_chunk *chunks; /* newest first */
};

void *arena_get(struct arena *a, size_t size); /* aligned for anything; not zeroed */
void *arena_zero(struct arena *a, size_t count, size_t size);
struct slice arena_copy(struct arena *a, struct slice s);
void arena_reset(struct arena *a); /* all that was got is gone */
void arena_free(struct arena *a);  /* back to the zero value */
/* The same, so many chunks at most: true if there are more. What was got must not be used. */
bool arena_free_some(struct arena *a, unsigned chunks);
