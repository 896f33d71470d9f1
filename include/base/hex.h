/* Bytes out of hexadecimal and base64 words. */
#pragma once

#include "base/slice.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

int hex_digit(uint8_t c); /* its value; -1: it is no digit */

bool hex_marked(struct slice word); /* 0x or 0X is in front of its digits */

/* An even number of digits, no prefix, into room; *len bytes. False if a character is no digit, the
 * count is odd, or the room too small; room may then be half written. */
bool hex_decode(struct slice digits, uint8_t *room, size_t size, size_t *len);

/* "00:1A:2b": exactly n pairs of digits between colons; *to is only written if it is that. */
bool hex_pairs(struct slice word, uint8_t *to, size_t n);

/* RFC 4648 with or without its padding; blanks are not skipped. */
bool base64_decode(struct slice word, uint8_t *room, size_t size, size_t *len);
