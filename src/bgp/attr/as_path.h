/*
 * Canonical AS paths: segments of type 1, count 1 and ASNs of 4 bytes. RFC 4271 4.3, RFC 5065.
 */
#pragma once

#include "base/must.h"
#include "base/wire.h"
#include "lang/emit.h"

#include <stdbool.h>
#include <stdint.h>

enum segment_type {
	AS_SET = 1,
	AS_SEQUENCE = 2,
	AS_CONFED_SEQUENCE = 3,
	AS_CONFED_SET = 4,
};

#define AS_TRANS    23456
#define SEGMENT_MAX 255

struct segment {
	uint8_t type;
	uint8_t count;
	struct reader asns; /* canonical: 4 bytes each */
};

static inline bool
segment_next(struct reader *r, struct segment *to)
{
	if (!reader_more(r))
		return false;
	to->type = read_u8(r);
	to->count = read_u8(r);
	to->asns = read_inner(r, (size_t)to->count * 4);
	MUST(reader_ok(r));
	return true;
}

static inline bool
is_confed(uint8_t type)
{
	return type == AS_CONFED_SEQUENCE || type == AS_CONFED_SET;
}

static inline bool
is_set(uint8_t type)
{
	return type == AS_SET || type == AS_CONFED_SET;
}

void as_path_emit(struct emit *e, struct slice value);
/* Of AS4_PATH, which is left over only where there was no AS_PATH. */
void as4_path_emit(struct emit *e, struct slice value);
