/* Which names and shapes a helper is told: rows, not branches. */
#pragma once

#include "base/slice.h"

#include <stdint.h>

struct dialect {
	const char *word;    /* "4.2" "5.0" "6.0" "6.0-v4" */
	const char *version; /* value of "exabgp" in JSON: "5.0.0" */
	uint32_t shape;      /* bgp/shape.h */
};

extern const struct dialect dialect_5_0;             /* the default */
const struct dialect *dialect_of(struct slice word); /* NULL: unknown */
const struct dialect *dialect_at(unsigned i);        /* NULL at the end */
