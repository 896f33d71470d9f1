/* What an adj-rib-out no longer needs: given back little by little, since it may be large. */
#pragma once

#include "store.h"
#include "waiting.h"

struct garbage {
	struct waiting *waiting;
	struct store *stores;
};

/* Both take what they are given. */
void garbage_waiting(struct garbage *g, struct waiting *w);
void garbage_store(struct garbage *g, struct store *s);

/* So many small steps; true: there is more. */
bool garbage_reap(struct garbage *g, size_t steps);
size_t garbage_memory(const struct garbage *g);
