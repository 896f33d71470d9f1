/* Which route of a file's list says a prefix: by its own key, or as a part of a split one. */
#pragma once

#include "bgp/route.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct split_shape {
	const struct family *family;
	uint8_t split;
	uint8_t bits;
};

struct among {
	const struct route *first;
	size_t count; /* of the list */
	size_t added; /* of these */
	struct among_place *places;
	size_t size;                /* a power of two: at most half of them are taken */
	struct split_shape *shapes; /* of the split ones: few differ */
	size_t shape_count;
};

/* The routes are borrowed, and in order. None is known before it is added. */
void among_init(struct among *a, const struct routes *routes);
bool among_add_some(struct among *a, size_t most); /* true: there are more */
void among_done(struct among *a);
/* The route that is the same statement but for its attributes, or is the same attributes alone; the
 * last one. Or NULL. */
const struct route *among_same(const struct among *a, const struct route *r);
/* The last route that says this one, of those that stand (by place in the list); or NULL. */
const struct route *among_standing(
    const struct among *a, const struct nlri *n, const bool *standing);
