/*
 * What waits to be written to a helper's stdin, in order: blobs, and acknowledgements that are
 * counted. Equal acknowledgements in a row are one entry, so a helper that never reads them costs a
 * counter; others cost a bit.
 */
#pragma once

#include "base/blob.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct channel_entry;

struct channel {
	struct channel_entry *ring;
	size_t size; /* a power of two, or 0 */
	size_t at;
	size_t count;
	size_t bytes;         /* of blobs, and what the entries cost */
	struct blob *word[2]; /* one "error" line, one "done" line: made once */
};

void channel_done(struct channel *c);  /* back to the zero value */
void channel_clear(struct channel *c); /* empty */

void channel_put(struct channel *c, struct blob *b);     /* taken */
void channel_ack(struct channel *c, bool done);

/* The next piece, the caller's; many acknowledgements come as blobs of at most `most` bytes (but
 * one line). NULL: empty. */
struct blob *channel_give(struct channel *c, size_t most);
