/* Route distinguishers: RFC 4364 4.2. */
#pragma once

#include "base/slice.h"
#include "base/text.h"
#include "lang/emit.h"

#include <stdbool.h>
#include <stdint.h>

#define RD_LEN 8

/* "65000:1", "10.0.0.1:5" or, if it has no such form, "0x" and 16 digits. */
bool rd_parse(struct slice word, uint8_t to[RD_LEN]);
/* rd: of RD_LEN bytes. In WORDS what rd_parse() reads back to the same bytes. */
void rd_put(struct text *t, struct slice rd, enum spelling spelling);
void rd_emit(struct emit *e, struct slice rd);
