/* The rows of bgp/cap/ and what they share. */
#pragma once

#include "bgp/cap.h"

#define X(w) extern const struct cap cap_##w;
#include "cap.inc"
#undef X

/* Code and length; then the value; then close_u8(). */
struct gap cap_begin(struct writer *w, uint8_t code);
/* A capability without value. */
void cap_write_flag(struct writer *w, uint8_t code);

/* { "name": NAME } and nothing else. */
void cap_emit_name(struct emit *e, const struct spell *name, const char *word);
/* Bytes that somebody else chose, between marks of ours: what isn't a letter, a digit or one of
 * -._:/+ is spelt \xNN. */
void cap_tell_bytes(struct text *to, struct slice bytes);
/* "ipv4 unicast" */
void cap_tell_family(struct text *to, uint16_t afi, uint8_t safi);

/* AFI 2, SAFI 1, then a value of one byte or two: what several capabilities are lists of. */
struct cap_tuple {
	uint16_t afi;
	uint8_t safi;
	uint16_t value;
};

struct cap_walk {
	const struct cap_seen *seen;
	size_t left;     /* of seen */
	size_t skip;     /* bytes before the first tuple */
	size_t width;    /* bytes of a value */
	struct reader r; /* in the one before seen */
};

struct cap_walk cap_walk_on(const struct cap_seen *seen, size_t count, size_t skip, size_t width);
bool cap_next(struct cap_walk *w, struct cap_tuple *t);
/* The same, of several of one family the last one only. */
bool cap_next_valid(struct cap_walk *w, struct cap_tuple *t);
/* Is the value a whole number of tuples? */
bool cap_is_tuples(struct slice value, size_t skip, size_t width);
/* "ipv4/unicast" as the name of a member, with something before its quote. */
#define CAP_KEY_MAX (FAMILY_LABEL_MAX + 8)
struct spell cap_key(char room[CAP_KEY_MAX], const char *before, const struct cap_tuple *t);

/* What stands in marks of a row's own; only JSON has them. */
#define CAP_CHARS(literal)                                                                         \
	{                                                                                          \
		(const uint8_t *)(literal), sizeof(literal) - 1                                    \
	}
