/* NOTIFICATION: RFC 4271 4.5 and 6, RFC 8203/9003; subcodes to words, and what is shown of data. */
#pragma once

#include "base/text.h"
#include "base/wire.h"
#include "bgp/verdict.h"

/* As RFC 4271 and its followers call it; "Unspecific" where they have no name. */
const char *notify_subcode_name(uint8_t code, uint8_t subcode);

/* A whole message. */
void notify_encode(const struct notification *n, struct writer *w);
/* The data that we send for a code without data of its own: the subcode's name, preceded by its
 * length for 6/2 and 6/4; empty for 4/0. The text is cut at 255 bytes. */
void notify_default_data(uint8_t code, uint8_t subcode, struct text *to);
/* RFC 9003 2: a length byte and the text, for 6/2 and 6/4; cut at 255 bytes, not inside a
 * character. */
void notify_shutdown_data(struct slice words, struct text *to);
/* Body of a received one: at least two bytes, which the framer checked. */
struct notification notify_decode(struct slice body);
/* Names of code and subcode, and the text that data is: as ExaBGP logs it. Not escaped. */
void notify_words(const struct notification *n, struct text *to);
/* What data shows: the shutdown text of 6/2 and 6/4, else the bytes. Not escaped. */
void notify_display(const struct notification *n, struct text *to);
