/*
 * Words and marks out of a text that is borrowed, with line and column: the one language of
 * configuration files and commands. A statement ends at ';', '{' or '}', and a command at the end
 * of the text too.
 *
 * Marks are the one-character tokens ; { } [ ] , and, in commands, ( ). In files a parenthesis
 * belongs to its word, and one that stands alone is a word of one character: lex_take(lx, "(")
 * takes both. Quotes ("..." or '...') make a word of their content, with what stands glued before
 * them; the closing quote ends the word; the other kind of quote inside is a character.
 *
 * A backslash escape is translated before anything else, inside of quotes and outside: \b \f \n \r
 * \t are control characters, \c is what c is (so \" opens or closes like "). Only \uXXXX is always
 * a character of its word, never a quote, mark or blank: every word has a spelling.
 *
 * '#' outside quotes is a comment to the end of the line; one that is glued to a word is a fault.
 * In LEX_FILE a statement has to end on its line, unless the line ends in '\', which joins it to
 * the next; in LEX_COMMAND line ends are blanks.
 *
 * The first fault sticks with its place; after it every token reads as the end, so grammar
 * functions don't check after each word.
 */
#pragma once

#include "base/addr.h"
#include "base/arena.h"
#include "base/slice.h"
#include "base/text.h"

#include <stdbool.h>
#include <stdint.h>

enum lex_mode {
	LEX_FILE,    /* statements end on their line; parentheses belong to words */
	LEX_COMMAND, /* one line; parentheses are marks */
	LEX_MODES
};

enum token_kind {
	TOKEN_END, /* the end of the text, or after a fault */
	TOKEN_WORD,
	TOKEN_MARK,
};

struct token {
	enum token_kind kind;
	bool quoted;
	struct slice word;
	unsigned line;   /* from 1 */
	unsigned column; /* from 1, in bytes */
};

struct lex {
	enum lex_mode mode;
	struct slice text;
	size_t at;
	unsigned line;
	size_t line_start;
	bool inside;        /* a statement has begun and has not ended */
	struct token now;   /* the next token, not taken yet */
	size_t now_at;      /* where it begins in text */
	struct arena words; /* words that had quotes or escapes */
	struct text fault;  /* empty: none */
	unsigned fault_line;
	unsigned fault_column;
};

void lex_init(struct lex *lx, struct slice text, enum lex_mode mode);
void lex_done(struct lex *lx); /* frees words and fault; slices that were given die */

/* Looking: nothing is taken. */
static inline bool
lex_is(const struct lex *lx, const char *word) /* a word, quoted or not, or a mark, which is not */
{
	return (!lx->now.quoted || (word[0] >= 'a' && word[0] <= 'z')) &&
	    lx->now.kind != TOKEN_END && slice_is(lx->now.word, word);
}
bool lex_ends(const struct lex *lx); /* ';', '{', '}', the end of the text, or a fault */
bool lex_over(const struct lex *lx); /* the end of the text, or a fault */

/* Taking. */
struct token lex_next(struct lex *lx);           /* whatever is next */
static inline bool
lex_take(struct lex *lx, const char *word) /* takes it if lex_is() */
{
	bool is = lex_is(lx, word);

	if (is)
		(void)lex_next(lx);
	return is;
}
bool lex_want(struct lex *lx, const char *mark); /* takes it, or faults "expected MARK" */
/* The next word; on anything else an empty slice, and the fault "expected WHAT". */
struct slice lex_word(struct lex *lx, const char *what);
/* Everything from the next token to the end of the text, untouched; nothing is taken. */
struct slice lex_rest(const struct lex *lx);
/* Skip what is left of the text after lex_rest() was used up by other means. */
void lex_skip_all(struct lex *lx);

/* Words with a meaning; on a fault they give zero. what completes "expected ..." */
uint64_t lex_number(struct lex *lx, uint64_t max, const char *what);     /* decimal */
uint64_t lex_number_any(struct lex *lx, uint64_t max, const char *what); /* or 0x */
uint32_t lex_u32(struct lex *lx, const char *what);
uint16_t lex_u16(struct lex *lx, const char *what);
uint32_t lex_asn(struct lex *lx, const char *what);
struct addr lex_addr(struct lex *lx, const char *what);
struct addr lex_addr_v4(struct lex *lx, const char *what);
struct prefix lex_prefix(struct lex *lx, const char *what); /* host bits are a fault */

/* Faults: the first one stays. lex_fault stands at the next token, lex_fault_at at the given one. A
 * sentence that begins with "expected" gets what was found there. */
void lex_fault(struct lex *lx, const char *format, ...) __attribute__((format(printf, 2, 3)));
void lex_fault_at(struct lex *lx, const struct token *where, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* A fault that stands at this token gets the sentence behind it that users of ExaBGP look for, in
 * parentheses; % in it is the word. */
void lex_known_as(struct lex *lx, const struct token *where, const char *sentence);
static inline bool
lex_failed(const struct lex *lx)
{
	return lx->fault.len != 0;
}

/* line 2, column 7: expected a number for med, found "x" */
void lex_explain(const struct lex *lx, struct text *to);
