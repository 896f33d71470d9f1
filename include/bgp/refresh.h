/* ROUTE-REFRESH: RFC 2918, RFC 7313. */
#pragma once

#include "base/slice.h"
#include "base/wire.h"
#include "bgp/verdict.h"

#include <stdbool.h>
#include <stdint.h>

enum refresh_subtype { REFRESH_QUERY = 0, REFRESH_BEGIN = 1, REFRESH_END = 2 };

struct refresh {
	uint16_t afi;
	uint8_t safi;
	uint8_t subtype;
};

void refresh_encode(const struct refresh *r, struct writer *w); /* a whole message */
/* False: of a wrong length. Other subtypes are decoded; the caller ignores them, RFC 7313 5. */
bool refresh_decode(struct slice body, struct refresh *to, struct notification *why);
const char *refresh_word(uint8_t subtype); /* "query" "begin" "end", else "unknown" */
