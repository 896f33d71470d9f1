/*
 * Words and marks out of a text that is borrowed, with line and column: the one language of
 * configuration files and commands. A statement ends at ';', at '}', or at the end of the text.
 *
 * Marks are the one-character tokens ; { } [ ] , and, where parens is set, ( ). Where it is not
 * (files), a parenthesis belongs to its word, and one that stands alone is a word of one character:
 * lex_take(lx, "(") takes both. Quotes ("..." or '...') make a word of their content; a backslash
 * escape (\n \t \uXXXX \c) is translated everywhere; '#' outside quotes is a comment to the end of
 * the line. In LEX_FILE a statement may not go on in the next line unless the line ends in '\'.
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
};

enum token_kind {
	TOKEN_END,  /* the end of the text, or after a fault */
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
	struct arena words; /* words that had quotes or escapes */
	struct text fault;  /* empty: none */
	unsigned fault_line;
	unsigned fault_column;
};

void lex_init(struct lex *lx, struct slice text, enum lex_mode mode);
void lex_done(struct lex *lx); /* frees words and fault; slices that were given die */

/* Looking: nothing is taken. */
bool lex_is(const struct lex *lx, const char *word); /* an unquoted word or mark */
bool lex_ends(const struct lex *lx); /* ';', '{', '}', the end of the text, or a fault */
bool lex_over(const struct lex *lx); /* the end of the text, or a fault */

/* Taking. */
struct token lex_next(struct lex *lx);             /* whatever is next */
bool lex_take(struct lex *lx, const char *word);   /* takes it if lex_is() */
bool lex_want(struct lex *lx, const char *mark);   /* takes it, or faults "expected MARK" */
/* The next word; on anything else an empty slice, and the fault "expected WHAT". */
struct slice lex_word(struct lex *lx, const char *what);
/* Everything from the next token to the end of the text, untouched; nothing is taken. */
struct slice lex_rest(const struct lex *lx);
/* Skip what is left of the text after lex_rest() was used up by other means. */
void lex_skip_all(struct lex *lx);

/* Words with a meaning; on a fault they give zero. what completes "expected ..." */
uint64_t lex_number(struct lex *lx, uint64_t max, const char *what); /* decimal */
uint32_t lex_u32(struct lex *lx, const char *what);
uint16_t lex_u16(struct lex *lx, const char *what);
uint32_t lex_asn(struct lex *lx, const char *what);
struct addr lex_addr(struct lex *lx, const char *what);
struct addr lex_addr_v4(struct lex *lx, const char *what);
struct prefix lex_prefix(struct lex *lx, const char *what); /* host bits are a fault */

/* Faults: the first one stays. lex_fault names the next token, lex_fault_at the given one. */
void lex_fault(struct lex *lx, const char *format, ...) __attribute__((format(printf, 2, 3)));
void lex_fault_at(struct lex *lx, const struct token *where, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
static inline bool
lex_failed(const struct lex *lx)
{
	return lx->fault.len != 0;
}

/* "line 2, column 7: expected a number for med" */
void lex_explain(const struct lex *lx, struct text *to);
