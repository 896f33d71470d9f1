/*
 * The answers that wait to be written to a helper's stdin, in order: blobs, and acknowledgements
 * that are counted. Equal acknowledgements in a row are one entry, so a helper that never reads
 * them costs a counter; others cost a bit.
 */
#pragma once

#include "base/blob.h"
#include "base/usec.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct answers_entry;

struct answers {
	struct answers_entry *ring;
	size_t size; /* a power of two, or 0 */
	size_t at;
	size_t count;
	size_t bytes;         /* of blobs, and what their entries cost */
	size_t ack_bytes;     /* what the entries of acknowledgements cost */
	struct blob *word[2]; /* one "error" line, one "done" line: made once */
};

void answers_done(struct answers *c);  /* back to the zero value */
void answers_clear(struct answers *c); /* empty */

void answers_put(struct answers *c, struct blob *b); /* taken */
/* One that is b when it is given until then, and late afterwards. Both are taken. */
void answers_put_until(struct answers *c, struct blob *b, usec until, struct blob *late);
void answers_ack(struct answers *c, bool done);

/* The next piece, the caller's; many acknowledgements come as blobs of at most `most` bytes (but
 * one line). NULL: empty. */
struct blob *answers_give(struct answers *c, size_t most, usec now);
