/* UTF-8, RFC 3629: the shortest form, no surrogates, up to U+10FFFF. */
#pragma once

#include "base/slice.h"

#include <stddef.h>
#include <stdint.h>

/* The bytes of the character that s begins with and its number in *point; 0 if s begins with none.
 */
size_t utf8_take(struct slice s, uint32_t *point);
/* The bytes of a character, at most 4; their count. */
size_t utf8_put(uint32_t point, uint8_t room[4]);
