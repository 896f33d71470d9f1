/*
 * One walk, many spellings: code that knows a value walks it once, a pen spells it.
 *
 * Three spellings: JSON for events and answers, TEXT for the text encoder's lines, WORDS for what
 * lex.h reads back (configuration, commands). A field carries a name per spelling, quoted by the
 * compiler; a spelling that has no name for it leaves it out, with everything inside.
 *
 * Separators are the pen's business: ", " between members in JSON, one blank in TEXT and WORDS.
 * Whatever a peer can choose goes through emit_str(), which no byte can break out of.
 */
#pragma once

#include "base/addr.h"
#include "base/slice.h"
#include "base/text.h"

#include <stdbool.h>
#include <stdint.h>

enum spelling { SPELL_JSON, SPELL_TEXT, SPELL_WORDS, SPELLINGS };

/* A name in every spelling, with what follows it. .at == NULL: left out. Empty: a value without a
 * name (an element of a list, or a positional word). */
struct spell {
	struct slice as[SPELLINGS];
};

#define SPELL_QUOTED(j) SLICE("\"" j "\": ")
#define SPELL_BLANK(w)  SLICE(w " ")

/* the same word in all three */
#define FIELD(w) ((const struct spell){ { SPELL_QUOTED(w), SPELL_BLANK(w), SPELL_BLANK(w) } })
/* a word of its own in each of the three */
#define SPELT(json, text, words)                                                                   \
	((const struct spell){ { SPELL_QUOTED(json), SPELL_BLANK(text), SPELL_BLANK(words) } })
/* only JSON has it */
#define JSON_ONLY(w) ((const struct spell){ { [SPELL_JSON] = SPELL_QUOTED(w) } })
/* JSON has a name, the two others the bare value */
#define JSON_NAMED(w) ((const struct spell){ { SPELL_QUOTED(w), SLICE(""), SLICE("") } })
/* TEXT and WORDS have it, JSON has not */
#define WORDS_ONLY(w) ((const struct spell){ { { NULL, 0 }, SPELL_BLANK(w), SPELL_BLANK(w) } })
/* an element: no name anywhere */
#define BARE ((const struct spell){ { SLICE(""), SLICE(""), SLICE("") } })

/* How a group opens, closes and separates, in every spelling. open.at == NULL in a spelling: the
 * group has no marks there, its members stand in the surrounding one. */
struct marks {
	struct slice open[SPELLINGS];
	struct slice close[SPELLINGS];
	struct slice between[SPELLINGS];
	struct slice none[SPELLINGS]; /* what an empty group is, if not open and close */
};

extern const struct marks MARKS_OBJECT;       /* { "a": 1, "b": 2 }   a 1 b 2                 */
extern const struct marks MARKS_OBJECT_TIGHT; /* {"a": 1, "b": 2}     a 1 b 2                 */
extern const struct marks MARKS_LIST;         /* [ 1, 2 ]             [ 1 2 ]                 */
extern const struct marks MARKS_LIST_TIGHT;   /* [1, 2]               [ 1 2 ]                 */
extern const struct marks MARKS_LIST_BARE;    /* [ 1, 2 ]             1 2                     */

#define EMIT_DEPTH 24

struct emit {
	struct text *to;
	enum spelling spelling;
	uint32_t shape; /* the dialect's bits; who walks gives them a meaning (bgp/shape.h) */
	struct slice
	    next_hop; /* what the NLRI being emitted goes with, for shapes that repeat it */
	unsigned depth;
	unsigned left_out; /* depth of groups inside one that is left out */
	struct {
		const struct marks *marks;
		bool any;     /* something was written inside */
		bool through; /* without marks: inside the surrounding one */
	} level[EMIT_DEPTH];
};

struct emit emit_on(struct text *to, enum spelling spelling, uint32_t shape);

void emit_open(struct emit *e, const struct spell *name, const struct marks *marks);
void emit_close(struct emit *e);
/* A list of n: brackets in TEXT and WORDS only if n is not 1 (community 1:2, community [ 1:2 3:4
 * ]). Closed by emit_close(). */
void emit_list(struct emit *e, const struct spell *name, size_t n);

void emit_uint(struct emit *e, const struct spell *name, uint64_t n);
void emit_bool(struct emit *e, const struct spell *name, bool b);
void emit_null(struct emit *e, const struct spell *name); /* JSON null; "none" elsewhere */
/* A word that stands for true: JSON name and true, the bare word elsewhere. */
void emit_flag(struct emit *e, const struct spell *name);
/* Characters that we chose: letters, digits and signs that need no escape anywhere. */
void emit_word(struct emit *e, const struct spell *name, struct slice word);
/* Bytes that somebody else chose: escaped (JSON \uXXXX, invalid UTF-8 too; TEXT \xNN, \n and \\,
 * without quotes; WORDS in quotes when needed). */
void emit_str(struct emit *e, const struct spell *name, struct slice bytes);
void emit_addr(struct emit *e, const struct spell *name, const struct addr *a);
void emit_prefix(struct emit *e, const struct spell *name, const struct prefix *p);
void emit_hex(struct emit *e, const struct spell *name, struct slice bytes);       /* "0xab" */
void emit_hex_upper(struct emit *e, const struct spell *name, struct slice bytes); /* "0xAB" */
/* The start of a value whose characters the caller appends to *emit_value(): returns NULL when it
 * is left out. JSON quotes must be part of what is appended. */
struct text *emit_value(struct emit *e, const struct spell *name);

/* JSON characters of bytes, escaped, without quotes. */
void json_escape(struct text *to, struct slice bytes);
