/*
 * OPERATIONAL messages, draft-ietf-idr-operational-message: texts for the people of the other side,
 * questions for numbers of prefixes and answers to them. Nobody in the house acts on them: helpers
 * say them and are told.
 */
#pragma once

#include "base/slice.h"
#include "base/text.h"
#include "base/wire.h"
#include "lang/lex.h"

#include <stdbool.h>
#include <stdint.h>

#define OPERATIONAL_TEXT_MAX 2048 /* bytes; longer ones are cut and end in "..." */

enum operational_form {
	OPERATIONAL_ADVISORY, /* a text */
	OPERATIONAL_QUERY,    /* router id and sequence */
	OPERATIONAL_COUNTER,  /* these and a counter */
	OPERATIONAL_UNKNOWN,  /* bytes */
};

struct operational_kind {
	uint16_t code;
	const char *name; /* "ASM"; as a word of ours it is lower case */
	enum operational_form form;
	bool stays; /* it is said again in every session */
};

struct operational {
	const struct operational_kind *kind;
	uint16_t code;
	uint16_t afi;
	uint8_t safi;
	uint32_t router_id; /* host order; 0 in what we say: the session's */
	uint32_t sequence;
	uint32_t counter;
	struct slice text; /* the advisory, or the bytes of an unknown kind; borrowed */
};

/* The next body of several; false, with r bad, if it is none. */
bool operational_take(struct reader *r, struct operational *to);
/* The same of one that is alone. */
bool operational_decode(struct slice body, struct operational *to);
void operational_encode(const struct operational *o, struct writer *w); /* a body */

bool operational_known(struct slice word); /* asm, adm, ... */

/* asm afi AFI safi SAFI advisory TEXT, and so on; the text is borrowed from the words.
 * router-id ADDRESS may stand in front of any of them. */
void operational_parse(struct lex *lx, struct operational *to);
/* The words that are read back. */
void operational_print(const struct operational *o, struct text *to);
