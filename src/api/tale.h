/* One event on its way to lines: what the files of this room share. */
#pragma once

#include "api/tell.h"
#include "bgp/shape.h"
#include "lang/emit.h"

struct tale {
	const struct event *e;
	const struct telling *how;
	struct text *to;
	uint64_t counter;
};

static inline bool
tale_has(const struct tale *t, uint32_t shape)
{
	return (t->how->dialect->shape & shape) != 0;
}

/* JSON: the envelope up to the neighbor's content, which begins with ", ", and its end.
 * with_message: header and body are in it. */
void tale_open(struct tale *t, const char *type, bool with_message);
void tale_close(struct tale *t);
void tale_shutdown(struct tale *t);
void tale_gap(struct tale *t);

/* Text: "neighbor 127.0.0.1", and with the direction of a message, "neighbor 127.0.0.1 receive ".
 */
void tale_who(struct tale *t);
void tale_who_did(struct tale *t);
/* " header 0x.. body 0x.." */
void tale_header_body(struct tale *t);
/* The end of a message's line, with header and body if the event is consolidated. */
void tale_end_text(struct tale *t);

/* 4.2 wraps the reason of an end in what was said, but not of one that we wanted. */
bool tale_wraps(struct slice reason);

/* Each writes the whole event in the spelling of t->how. */
void tale_state(struct tale *t);
void tale_fsm(struct tale *t);
void tale_signal(struct tale *t);
void tale_pressure(struct tale *t);
void tale_negotiated(struct tale *t);
void tale_open_message(struct tale *t);
void tale_notification(struct tale *t);
void tale_keepalive(struct tale *t);
void tale_refresh(struct tale *t);
void tale_operational(struct tale *t);
bool operational_readable(struct slice body);
void tale_update(struct tale *t);
void tale_packet(struct tale *t);

/* Does this event carry ", "negotiated": { ... } "? And the block itself. */
bool tale_wants_negotiated(const struct tale *t);
void tale_put_negotiated(struct tale *t);

/* A decoded form goes with header and body. */
static inline bool
tale_consolidated(const struct tale *t)
{
	return t->how->consolidate && (t->how->packets || tale_has(t, SHAPE_MESSAGES_4));
}

#define HOP_WORDS_MAX (ADDR_CHARS_MAX + 1)
/* A next hop as words, of a pair the global one; empty where it is none. */
struct slice tale_hop_words(char room[HOP_WORDS_MAX], struct slice next_hop);
/* The NLRI with the words of its next hop where the dialect's text has them. */
void tale_nlri_words(struct text *to, uint32_t shape, const struct nlri *n, struct slice hop);
/* An address as it is shown: of a pair, the global one. */
struct addr next_hop_shown(struct slice next_hop);
