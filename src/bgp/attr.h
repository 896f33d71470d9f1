/*
 * Path attributes: one row per code, one file per row in bgp/attr/, listed in bgp/meson.build. A
 * row turns what is on the wire into a canonical value and back, reads words into one, and spells
 * it. Generic code knows no attribute by name.
 */
#pragma once

#include "base/slice.h"
#include "base/wire.h"
#include "bgp/attrs.h"
#include "bgp/session.h"
#include "bgp/shape.h"
#include "bgp/verdict.h"
#include "lang/emit.h"
#include "lang/lex.h"

#include <stdbool.h>
#include <stdint.h>

struct draft;

enum attr_flag {
	ATTR_OPTIONAL = 0x80,
	ATTR_TRANSITIVE = 0x40,
	ATTR_PARTIAL = 0x20,
	ATTR_EXTENDED = 0x10, /* a length of two bytes */
};

#define ATTR_WELL_KNOWN ATTR_TRANSITIVE
#define ATTR_NON_TRANS  ATTR_OPTIONAL
#define ATTR_OPT_TRANS  (ATTR_OPTIONAL | ATTR_TRANSITIVE)

enum attr_trait {
	ATTR_EMPTY_FINE = 1,     /* a length of zero is no error */
	ATTR_MANDATORY = 2,      /* wherever routes are announced: RFC 4271 5 */
	ATTR_MANDATORY_V4 = 4,   /* where the classic NLRI field is used */
	ATTR_REACH = 8,          /* MP_REACH_NLRI and MP_UNREACH_NLRI: never part of a set */
	ATTR_INTERNAL_ONLY = 16, /* malformed from an external peer, it is only discarded */
};

/* An attribute as it stands in a message. */
struct attr_wire {
	uint8_t flags;
	uint8_t code;
	struct slice value;
	struct slice whole; /* with its header */
};

/* The next attribute; r is bad afterwards if it is cut off (RFC 7606 4). */
bool attr_take(struct reader *r, struct attr_wire *to);

/* A statement's words for an attribute. */
struct attr_word {
	const char *word;
	void (*parse)(struct lex *lx, struct draft *d); /* behind the word; faults lx */
};

#define ATTR_WORDS 7

struct attr {
	uint8_t code;
	uint8_t flags; /* as sent */
	unsigned traits;
	/* The verdict when it is malformed or its flags are wrong. */
	enum verdict malformed;
	const char *due; /* the note for a length of zero: "treat-as-withdraw due to origin" */
	struct attr_word words[ATTR_WORDS]; /* up to the first without a word */
	/* The value in r into the set, in canonical form; nothing when it isn't VERDICT_FINE. */
	enum verdict (*decode)(struct reader *r, const struct session *s, struct attrs_build *to);
	/* After all attributes of a message were decoded: what depends on several of them. */
	void (*settle)(struct attrs_build *b, const struct session *s);
	/* The whole attribute, with what follows from it, for a session; NULL: the value as it is.
	 */
	void (*encode)(struct slice value, const struct session *s, struct writer *w);
	/* Its members in any spelling; opens no object of its own. */
	void (*emit)(struct emit *e, struct slice value);
};

#define X(w) extern const struct attr attr_##w;
#include "attr.inc"
#undef X

const struct attr *attr_of(uint8_t code); /* NULL: no row */
const struct attr *attr_at(size_t i);     /* ascending by code; NULL at the end */
const struct attr_word *attr_word_of(struct slice word);

/* What no row knows, and what words gave as bytes. */
void unknown_emit(struct emit *e, const struct record *r);
void unknown_parse(struct lex *lx, struct draft *d);

/* Header of an attribute whose value has this length; the extended length only when it is needed
 * or among the flags. */
void attr_header(struct writer *w, uint8_t flags, uint8_t code, size_t len);
void attr_write(struct writer *w, uint8_t flags, uint8_t code, struct slice value);

/* Append a record value piece by piece to b->room: open, write, close. record_open is false, and
 * nothing may be written, if the code is there already; record_close takes everything back and is
 * false if it did not fit. */
bool record_open(struct attrs_build *b, uint8_t code, uint8_t flags, struct gap *g);
bool record_close(struct attrs_build *b, struct gap g);
/* A record of a set being built. */
bool build_find(const struct attrs_build *b, uint8_t code, struct record *r);

/* A value of exactly this many bytes, or VERDICT_FINE and a record. */
enum verdict attr_keep(
    struct reader *r, const struct attr *row, size_t unit, bool many, struct attrs_build *to);

/* Room for words: the longest value of an attribute. */
#define ATTR_VALUE_MAX 65535
/* Elements of list attributes: n of size bytes, sorted by their bytes, in place. */
void attr_sort(uint8_t *at, size_t n, size_t size);
/* Drop what was there before, keeping order; the new count. */
size_t attr_unique(uint8_t *at, size_t n, size_t size);
/* A list in TEXT has brackets unless it has one element; in WORDS it always has. */
const struct marks *attr_list_marks(size_t n);

/* Communities of a kind, each of so many bytes and put in its spelling. In TEXT and in the JSON
 * of 5.0 they are sorted. */
void attr_communities_emit(struct emit *e, const struct spell *name, struct slice value,
    size_t size, void (*put)(struct text *t, struct emit *e, const uint8_t *at));
