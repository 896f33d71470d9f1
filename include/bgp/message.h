/* The BGP header and the messages by type: RFC 4271 4.1, RFC 8654. */
#pragma once

#include "base/slice.h"
#include "base/wire.h"
#include "bgp/verdict.h"

#include <stdbool.h>
#include <stdint.h>

#define BGP_HEADER       19
#define BGP_MESSAGE_MAX  4096
#define BGP_EXTENDED_MAX 65535
#define BGP_MARKER_LEN   16

enum message_type {
	MESSAGE_OPEN = 1,
	MESSAGE_UPDATE = 2,
	MESSAGE_NOTIFICATION = 3,
	MESSAGE_KEEPALIVE = 4,
	MESSAGE_REFRESH = 5,
	MESSAGE_OPERATIONAL = 6,
};

/* A row per type, from the list in bgp/meson.build. */
struct message_row {
	uint8_t type;
	const char *word;    /* "open", "update", ... as in api sections and events */
	const char *packets; /* the type of its packets event: "route-refresh" for refresh */
	uint16_t len_min;    /* whole message */
	uint16_t len_max;    /* 0: the session's */
};

const struct message_row *message_of(uint8_t type); /* NULL: unknown */
const struct message_row *message_of_word(struct slice word);

/* Checks the length of a whole framed message (19 to 65535 bytes) against its type: true, or what
 * to answer. */
bool message_check(struct slice message, struct notification *why);

static inline struct slice
message_header(struct slice message)
{
	return slice_of(message.at, BGP_HEADER);
}

static inline struct slice
message_body(struct slice message)
{
	return slice_after(message, BGP_HEADER);
}

/* Write marker, length (to be closed) and type; then the body; then finish. What does not fit fails
 * the writer. */
struct gap message_begin(struct writer *w, uint8_t type);
void message_finish(struct writer *w, struct gap g);
/* All of one: it has no body. */
void message_keepalive(struct writer *w);
