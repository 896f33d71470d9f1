/* Numbers out of words, with limits. All give false, and leave *to alone, on anything else. */
#pragma once

#include "base/slice.h"

#include <stdbool.h>
#include <stdint.h>

bool num_decimal(struct slice word, uint64_t max, uint64_t *to); /* digits only */
bool num_hex(struct slice word, uint64_t max, uint64_t *to);     /* 0x and digits */
bool num_any(struct slice word, uint64_t max, uint64_t *to);     /* decimal or 0x */
bool num_u32(struct slice word, uint32_t *to);                   /* decimal */
bool num_u16(struct slice word, uint16_t *to);                   /* decimal */
bool num_asn(struct slice word, uint32_t *to); /* decimal, or high.low of 16 bits each (RFC 5396) */

/* Cut at the first mark: *head is what stands before it, *tail what stands behind. */
bool word_cut(struct slice word, char mark, struct slice *head, struct slice *tail);
struct slice word_trim(struct slice word); /* without blanks, tabs and CR around it */
bool word_same_case(struct slice word, const char *string); /* equal but for the case of letters */
