/*
 * Events to lines: one walk per kind of event, spelt as JSON or text. What is written ends in a
 * newline and holds no newline that a peer could have chosen.
 */
#pragma once

#include "api/dialect.h"
#include "api/event.h"
#include "base/text.h"

#include <stdbool.h>
#include <stdint.h>

enum tell_encoder { TELL_JSON, TELL_TEXT };

/* One kind of encoding: events are encoded once for all helpers that share it. */
struct telling {
	const struct dialect *dialect;
	enum tell_encoder encoder;
	bool packets;     /* raw form of a message */
	bool parsed;      /* decoded form of a message */
	bool consolidate; /* one event: decoded form with header and body (if packets) */
	bool negotiated;  /* 4.2, 5.0: with the negotiated block */
	bool compact;     /* api.compact */
};

/* Who we are, in every envelope. Copied. */
void tell_identity(const char *host, int64_t pid, int64_t ppid);

/* How many numbers of the peer's counter the event takes in this encoding: one a line. */
unsigned tell_count(const struct event *e, const struct telling *how);
/* Appends the lines of the event (raw before decoded), nothing when this encoding has none. The
 * first line has e->counter, the second the next number. */
void tell_event(const struct event *e, const struct telling *how, struct text *to);
