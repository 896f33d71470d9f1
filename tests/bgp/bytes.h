/* Bytes out of hexadecimal text, and back, for tables. */
#pragma once

#include "case.h"

#include "base/hex.h"
#include "base/slice.h"
#include "base/text.h"

struct bytes {
	uint8_t room[65536];
	size_t len;
};

static inline struct slice
bytes_of(struct bytes *b, const char *digits)
{
	bool good = hex_decode(slice_on(digits), b->room, sizeof(b->room), &b->len);

	cr_assert(good, "not hexadecimal: %s", digits);
	return slice_of(b->room, b->len);
}

/* The body of an UPDATE out of its three parts. */
static inline struct slice
update_of(struct bytes *b, const char *withdrawn, const char *attributes, const char *nlri)
{
	struct text t = { 0 };
	struct slice body;

	text_format(&t, "%04zx%s%04zx%s%s", strlen(withdrawn) / 2, withdrawn,
	    strlen(attributes) / 2, attributes, nlri);
	body = bytes_of(b, text_chars(&t));
	text_free(&t);
	return body;
}
