/*
 * Immutable counted bytes: encoded once, sent to many. What crosses between rooms in queues. A new
 * blob has one holder; the last drop frees it.
 */
#pragma once

#include "base/slice.h"

#include <stdint.h>

struct blob {
	uint32_t holders;
	uint32_t len;
	uint8_t bytes[];
};

struct blob *blob_new(struct slice bytes);
struct blob *blob_room(size_t len); /* bytes not initialised: fill before anybody else holds it */
struct blob *blob_hold(struct blob *b);
void blob_drop(struct blob *b); /* b may be NULL */

static inline struct slice
blob_slice(const struct blob *b)
{
	return slice_of(b->bytes, b->len);
}
