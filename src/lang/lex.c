/* Words with a meaning, and faults with their place. */
#include "lang/lex.h"

#include "base/num.h"
#include "pen.h"
#include "scan.h"

#include <stdarg.h>

void
lex_init(struct lex *lx, struct slice text, enum lex_mode mode)
{
	/* Each by itself is quicker than all at once, and every command begins here. */
	lx->mode = mode;
	lx->text = text;
	lx->at = 0;
	lx->line = 1;
	lx->line_start = 0;
	lx->inside = false;
	lx->words = (struct arena){ 0 };
	lx->fault = (struct text){ 0 };
	scan_next(lx);
}

void
lex_done(struct lex *lx)
{
	arena_free(&lx->words);
	text_free(&lx->fault);
}

bool
lex_ends(const struct lex *lx)
{
	return lx->now.kind == TOKEN_END || scan_ends_statement(&lx->now);
}

bool
lex_over(const struct lex *lx)
{
	return lx->now.kind == TOKEN_END;
}

struct token
lex_next(struct lex *lx)
{
	struct token t = lx->now;

	if (t.kind != TOKEN_END)
		scan_next(lx);
	return t;
}

bool
lex_want(struct lex *lx, const char *mark)
{
	if (lex_take(lx, mark))
		return true;
	lex_fault(lx, "expected \"%s\"", mark);
	return false;
}

/* The next word, not taken: whoever refuses it faults at its place. */
static struct slice
peek_word(const struct lex *lx)
{
	return lx->now.kind == TOKEN_WORD ? lx->now.word : (struct slice){ NULL, 0 };
}

struct slice
lex_word(struct lex *lx, const char *what)
{
	struct slice word = peek_word(lx);

	if (lx->now.kind == TOKEN_WORD)
		scan_next(lx);
	else
		lex_fault(lx, "expected %s", what);
	return word;
}

struct slice
lex_rest(const struct lex *lx)
{
	return slice_of(
	    lx->text.len == 0 ? NULL : lx->text.at + lx->now_at, lx->text.len - lx->now_at);
}

void
lex_skip_all(struct lex *lx)
{
	lx->inside = false;
	scan_stop(lx);
}

/* Takes the word that was looked at if it was good, or faults. */
static bool
settle(struct lex *lx, bool good, const char *what)
{
	if (good)
		scan_next(lx);
	else
		lex_fault(lx, "expected %s", what);
	return good;
}

uint64_t
lex_number(struct lex *lx, uint64_t max, const char *what)
{
	uint64_t n = 0;

	return settle(lx, num_decimal(peek_word(lx), max, &n), what) ? n : 0;
}

uint64_t
lex_number_any(struct lex *lx, uint64_t max, const char *what)
{
	uint64_t n = 0;

	return settle(lx, num_any(peek_word(lx), max, &n), what) ? n : 0;
}

uint32_t
lex_u32(struct lex *lx, const char *what)
{
	return (uint32_t)lex_number(lx, UINT32_MAX, what);
}

uint16_t
lex_u16(struct lex *lx, const char *what)
{
	return (uint16_t)lex_number(lx, UINT16_MAX, what);
}

uint32_t
lex_asn(struct lex *lx, const char *what)
{
	uint32_t n = 0;

	return settle(lx, num_asn(peek_word(lx), &n), what) ? n : 0;
}

struct addr
lex_addr(struct lex *lx, const char *what)
{
	struct addr a = { 0 };

	(void)settle(lx, addr_parse(peek_word(lx), &a), what);
	return a;
}

struct addr
lex_addr_v4(struct lex *lx, const char *what)
{
	struct addr a = { 0 };

	(void)settle(lx, addr_parse_v4(peek_word(lx), &a), what);
	return a;
}

/* What stands behind the slash alone. */
static void
length_known_as(struct lex *lx, const struct token *where)
{
	struct token length = *where;
	struct slice address;

	if (word_cut(where->word, '/', &address, &length.word))
		lex_known_as(lx, &length, "invalid netmask %");
}

struct prefix
lex_prefix(struct lex *lx, const char *what)
{
	struct prefix p = { 0 };
	struct token where = lx->now;
	enum prefix_fault fault = prefix_parse(peek_word(lx), &p);

	if (fault == PREFIX_HOST_BITS) {
		lex_fault(lx, "expected %s without host bits", what);
		lex_known_as(lx, &where, "'%' is not a valid network");
	} else if (fault == PREFIX_BAD_LEN) {
		lex_fault(lx, "expected %s with a valid length", what);
		length_known_as(lx, &where);
	} else {
		(void)settle(lx, fault == PREFIX_FINE, what);
	}
	return fault == PREFIX_FINE ? p : (struct prefix){ 0 };
}

/* As much of a word as is good to read in a sentence. */
#define FOUND_MOST 80

static void
add_word(struct lex *lx, struct slice word)
{
	bool long_word = word.len > FOUND_MOST;

	if (long_word)
		word.len = FOUND_MOST;
	pen_text_string(&lx->fault, word);
	text_string(&lx->fault, long_word ? "..." : "");
}

static void
add_found(struct lex *lx, const struct token *where)
{
	if (where->kind == TOKEN_END) {
		text_string(&lx->fault, ", found the end");
		return;
	}
	text_string(&lx->fault, ", found \"");
	add_word(lx, where->word);
	text_char(&lx->fault, '"');
}

static __attribute__((format(printf, 3, 0))) void
fault_with(struct lex *lx, const struct token *where, const char *format, va_list args)
{
	struct token at = *where;

	if (lex_failed(lx))
		return;
	text_vformat(&lx->fault, format, args);
	if (lx->fault.len == 0)
		text_string(&lx->fault, "fault");
	if (slice_begins(text_view(&lx->fault), "expected "))
		add_found(lx, &at);
	lx->fault_line = at.line;
	lx->fault_column = at.column;
	scan_stop(lx);
}

void
lex_fault(struct lex *lx, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	fault_with(lx, &lx->now, format, args);
	va_end(args);
}

void
lex_fault_at(struct lex *lx, const struct token *where, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	fault_with(lx, where, format, args);
	va_end(args);
}

void
lex_known_as(struct lex *lx, const struct token *where, const char *sentence)
{
	if (!lex_failed(lx) || where->kind != TOKEN_WORD || lx->fault_line != where->line ||
	    lx->fault_column != where->column)
		return;
	text_string(&lx->fault, " (");
	for (; *sentence != '\0'; sentence++) {
		if (*sentence == '%')
			add_word(lx, where->word);
		else
			text_char(&lx->fault, *sentence);
	}
	text_char(&lx->fault, ')');
}

void
lex_explain(const struct lex *lx, struct text *to)
{
	if (!lex_failed(lx))
		return;
	text_format(to, "line %u, column %u: ", lx->fault_line, lx->fault_column);
	text_slice(to, text_view(&lx->fault));
}
