/* TLVs of BGP-LS: which member of the JSON object tells them, and how. */
#pragma once

#include "base/text.h"
#include "base/wire.h"

#include <stdbool.h>
#include <stdint.h>

struct ls_row {
	uint16_t type;
	uint16_t least;   /* bytes; odd lengths are told as bytes */
	uint16_t most;    /* 0: any */
	uint16_t unit;    /* a multiple of this; 0: any */
	bool list;        /* all of them are told in one list */
	const char *name; /* NULL: put() tells the names too */
	void (*put)(struct text *t, struct slice value);
};

struct ls_tlv {
	uint16_t type;
	uint32_t member;          /* the same for all that are told together */
	const struct ls_row *row; /* NULL: as bytes */
	struct slice value;
};

static inline struct ls_tlv
ls_tlv_take(struct reader *r)
{
	struct ls_tlv t = { .type = read_u16(r) };

	t.value = read_slice(r, read_u16(r));
	return t;
}

/* Its row and member. six: those of 6.0. */
void ls_tlv_row(struct ls_tlv *tlv, bool six);
