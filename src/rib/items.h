/* The NLRI of one message, to be sorted by their bytes on the wire. */
#pragma once

#include "bgp/family.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct item {
	uint64_t first; /* the first bytes, to compare quickly */
	struct nlri nlri;
};

/* All zero is an empty one. */
struct items {
	struct item *all;
	size_t count;
	size_t room;
};

void items_done(struct items *to);
/* n is borrowed; path_ids: the session says them. */
void items_add(struct items *to, const struct nlri *n, bool path_ids);
void items_sort(struct items *of);
