/* How bytes that somebody else chose are spelt, per spelling. */
#pragma once

#include "base/slice.h"
#include "base/text.h"

#include <stddef.h>
#include <stdint.h>

void pen_json_string(struct text *to, struct slice bytes);  /* with its quotes */
void pen_text_string(struct text *to, struct slice bytes);  /* bare, escaped */
void pen_words_string(struct text *to, struct slice bytes); /* in quotes when needed */

/* The bytes of the UTF-8 character that s begins with and its number in *point; 0 if s begins with
 * none (RFC 3629: shortest form, no surrogates, up to U+10FFFF). */
size_t utf8_take(struct slice s, uint32_t *point);
/* The UTF-8 bytes of a character, at most 4; their count. */
size_t utf8_put(uint32_t point, uint8_t room[4]);
