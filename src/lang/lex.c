/* Words and marks out of a text, with line and column. */
#include "lang/lex.h"

#include "base/num.h"
#include "pen.h"

#include <stdarg.h>

enum class {
	IN_WORD,
	BLANK,
	MARK,
	LAST_MARK, /* ends its statement */
	LINE_END,
	/* what needs a closer look follows */
	QUOTE,
	COMMENT,
	ESCAPE,
	/* what no byte is */
	NOTHING,
	OVER
};

#define COMMON                                                                                     \
	[' '] = BLANK, ['\t'] = BLANK, ['\r'] = BLANK, ['['] = MARK, [']'] = MARK, [','] = MARK,   \
	[';'] = LAST_MARK, ['{'] = LAST_MARK, ['}'] = LAST_MARK, ['"'] = QUOTE, ['\''] = QUOTE,    \
	['#'] = COMMENT, ['\\'] = ESCAPE

static const uint8_t class_of[LEX_MODES][256] = {
	[LEX_FILE] = { COMMON, ['\n'] = LINE_END },
	[LEX_COMMAND] = { COMMON, ['\n'] = BLANK, ['('] = MARK, [')'] = MARK },
};

static void
stop(struct lex *lx)
{
	lx->now = (struct token){ .kind = TOKEN_END,
		.line = lx->line,
		.column = (unsigned)(lx->at - lx->line_start + 1) };
	lx->now_at = lx->text.len;
	lx->at = lx->text.len;
}

/* Where the lexer stands, when it looks at a place that is no token. */
static void
fault_here(struct lex *lx, size_t at, const char *sentence)
{
	lx->fault_line = lx->line;
	lx->fault_column = (unsigned)(at - lx->line_start + 1);
	text_string(&lx->fault, sentence);
}

/* Where the token begins that is being read. */
static void
fault_at_now(struct lex *lx, const char *sentence)
{
	lx->fault_line = lx->now.line;
	lx->fault_column = lx->now.column;
	text_string(&lx->fault, sentence);
}

/* '\' at the end of a line, or of the file: what was behind it is gone. */
static bool
joins_lines(struct lex *lx)
{
	size_t at = lx->at;

	if (lx->mode != LEX_FILE)
		return false;
	while (at < lx->text.len && class_of[LEX_FILE][lx->text.at[at]] == BLANK)
		at++;
	if (at < lx->text.len && lx->text.at[at] != '\n')
		return false;
	if (at < lx->text.len) {
		at++;
		lx->line++;
		lx->line_start = at;
	}
	lx->at = at;
	return true;
}

static bool
four_digits(struct lex *lx, uint32_t *to)
{
	uint32_t n = 0;

	for (size_t i = 0; i < 4; i++) {
		uint8_t c = lx->at + i < lx->text.len ? lx->text.at[lx->at + i] : 0;
		uint8_t low = c | 0x20;

		if (c >= '0' && c <= '9')
			n = n * 16 + (uint32_t)(c - '0');
		else if (low >= 'a' && low <= 'f')
			n = n * 16 + (uint32_t)(low - 'a' + 10);
		else
			return false;
	}
	lx->at += 4;
	*to = n;
	return true;
}

/* What follows \u; a pair of surrogates is one character. */
static bool
code_point(struct lex *lx, uint32_t *to)
{
	uint32_t high;
	uint32_t low;

	if (!four_digits(lx, &high))
		return false;
	if (high >= 0xd800 && high < 0xdc00) {
		if (!slice_begins(slice_after(lx->text, lx->at), "\\u"))
			return false;
		lx->at += 2;
		if (!four_digits(lx, &low) || low < 0xdc00 || low >= 0xe000)
			return false;
		high = 0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00);
	}
	*to = high;
	return high < 0xdc00 || high >= 0xe000;
}

struct piece {
	enum class class;
	uint8_t bytes[4];
	size_t len;
};

static struct piece
plain(const struct lex *lx, uint8_t c)
{
	return (struct piece){ class_of[lx->mode][c], { c }, 1 };
}

/* After '\'. */
static struct piece
escape(struct lex *lx)
{
	static const uint8_t control[256] = {
		['b'] = '\b', ['f'] = '\f', ['n'] = '\n', ['r'] = '\r', ['t'] = '\t'
	};
	size_t begin = lx->at - 1;
	struct piece p = { IN_WORD, { '\\' }, 1 };
	uint32_t point;
	uint8_t c;

	if (joins_lines(lx))
		return (struct piece){ .class = NOTHING };
	if (lx->at == lx->text.len)
		return p;
	c = lx->text.at[lx->at++];
	if (c == 'u') {
		if (!code_point(lx, &point)) {
			fault_here(lx, begin, "expected a character as \\uXXXX");
			return (struct piece){ .class = OVER };
		}
		p.len = utf8_put(point, p.bytes);
		return p;
	}
	if (control[c] != 0)
		c = control[c];
	p = plain(lx, c);
	if (c == '\n')
		p.class = BLANK;
	if (c == '\\')
		p.class = IN_WORD;
	return p;
}

static struct piece
take_piece(struct lex *lx)
{
	struct piece p = { .class = OVER };

	if (lx->at == lx->text.len)
		return p;
	p = plain(lx, lx->text.at[lx->at++]);
	return p.class == ESCAPE ? escape(lx) : p;
}

/* To the end of the line; the last '\' of a line makes the next one comment too. */
static void
skip_comment(struct lex *lx)
{
	while (lx->at < lx->text.len && lx->text.at[lx->at] != '\n') {
		if (lx->text.at[lx->at++] == '\\')
			(void)joins_lines(lx);
	}
}

static void
end_line(struct lex *lx)
{
	if (lx->inside) {
		fault_here(lx, lx->at - 1, "expected ; or { or } before the end of the line");
		return;
	}
	lx->line++;
	lx->line_start = lx->at;
}

/* A word in the making. */
struct making {
	struct text text;
	bool begun;
	bool quoted;
	uint8_t quote; /* inside of this quote, or 0 */
};

/* Inside quotes: true when the word is whole, or never will be. */
static bool
in_quotes(struct lex *lx, struct making *m, const struct piece *p)
{
	if (p->class == QUOTE && p->bytes[0] == m->quote) {
		m->quote = 0;
		return true;
	}
	if (p->class == OVER || p->class == LINE_END) {
		if (!lex_failed(lx))
			fault_at_now(lx, "expected a closing quote on the same line");
		return true;
	}
	text_bytes(&m->text, p->bytes, p->len);
	return false;
}

static void
set_mark(struct lex *lx, const struct piece *p)
{
	lx->now.kind = TOKEN_MARK;
	lx->now.word = slice_of(lx->text.at + lx->at - 1, p->len);
}

/* Outside quotes: true when there is a token, or something that stands between tokens. */
static bool
out_of_quotes(struct lex *lx, struct making *m, const struct piece *p, size_t before)
{
	bool word_ends = p->class == MARK || p->class == LAST_MARK || p->class == LINE_END;

	if (m->begun && word_ends) {
		lx->at = before;
		return true;
	}
	switch (p->class) {
	case IN_WORD:
		m->begun = true;
		text_bytes(&m->text, p->bytes, p->len);
		return false;
	case QUOTE:
		m->begun = true;
		m->quoted = true;
		m->quote = p->bytes[0];
		return false;
	case MARK:
	case LAST_MARK: set_mark(lx, p); return true;
	case LINE_END: end_line(lx); return true;
	case COMMENT:
		if (m->begun)
			fault_here(lx, before, "expected a blank before #, or quotes around it");
		else
			skip_comment(lx);
		return true;
	case BLANK:
	case OVER: return true;
	case ESCAPE:
	case NOTHING: return false;
	}
	return false;
}

/* All of the language, piece by piece: the token at lx->at. False when something else stands there,
 * and the next token may be behind it. */
static bool
scan(struct lex *lx)
{
	struct making m = { 0 };
	struct piece p;
	size_t before;

	do {
		before = lx->at;
		if (!m.begun) {
			lx->now_at = before;
			lx->now.line = lx->line;
			lx->now.column = (unsigned)(before - lx->line_start + 1);
		}
		p = take_piece(lx);
	} while (m.quote != 0 ? !in_quotes(lx, &m, &p) : !out_of_quotes(lx, &m, &p, before));
	if (m.begun && !lex_failed(lx)) {
		lx->now.kind = TOKEN_WORD;
		lx->now.quoted = m.quoted;
		lx->now.word = arena_copy(&lx->words, text_view(&m.text));
	}
	text_free(&m.text);
	return lx->now.kind != TOKEN_END || p.class == OVER || lex_failed(lx);
}

/* A token of plain characters, behind blanks: nearly all are. False: scan() has to look. */
static inline bool
scan_plain(struct lex *lx)
{
	const uint8_t *classes = class_of[lx->mode];
	const uint8_t *text = lx->text.at;
	size_t len = lx->text.len;
	size_t begin = lx->at;
	size_t at;

	while (begin < len && classes[text[begin]] == BLANK)
		begin++;
	lx->at = begin;
	if (begin == len || classes[text[begin]] >= LINE_END)
		return false;
	at = begin + 1;
	if (classes[text[begin]] == IN_WORD) {
		while (at < len && classes[text[at]] == IN_WORD)
			at++;
		if (at < len && classes[text[at]] >= QUOTE)
			return false;
		lx->now.kind = TOKEN_WORD;
	} else {
		lx->now.kind = TOKEN_MARK;
	}
	lx->now.word = slice_of(text + begin, at - begin);
	lx->now.line = lx->line;
	lx->now.column = (unsigned)(begin - lx->line_start + 1);
	lx->now_at = begin;
	lx->at = at;
	return true;
}

static inline bool
is_last_mark(const struct token *t)
{
	return t->kind == TOKEN_MARK && class_of[LEX_FILE][t->word.at[0]] == LAST_MARK;
}

static void
advance(struct lex *lx)
{
	if (lex_failed(lx))
		return;
	lx->now.kind = TOKEN_END;
	lx->now.quoted = false;
	while (!scan_plain(lx) && !scan(lx))
		;
	if (lx->now.kind == TOKEN_END && lx->inside && lx->mode == LEX_FILE && !lex_failed(lx))
		fault_here(lx, lx->at, "expected ; or { or } before the end of the file");
	if (lx->now.kind == TOKEN_END || lex_failed(lx))
		stop(lx);
	else
		lx->inside = !is_last_mark(&lx->now);
}

void
lex_init(struct lex *lx, struct slice text, enum lex_mode mode)
{
	*lx = (struct lex){ .mode = mode, .text = text, .line = 1 };
	advance(lx);
}

void
lex_done(struct lex *lx)
{
	arena_free(&lx->words);
	text_free(&lx->fault);
	*lx = (struct lex){ .line = 1 };
}

bool
lex_ends(const struct lex *lx)
{
	return lx->now.kind == TOKEN_END || is_last_mark(&lx->now);
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
		advance(lx);
	return t;
}

bool
lex_take(struct lex *lx, const char *word)
{
	if (!lex_is(lx, word))
		return false;
	advance(lx);
	return true;
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
		advance(lx);
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
	stop(lx);
}

/* Takes the word that was looked at if it was good, or faults. */
static bool
settle(struct lex *lx, bool good, const char *what)
{
	if (good)
		advance(lx);
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

struct prefix
lex_prefix(struct lex *lx, const char *what)
{
	struct prefix p = { 0 };
	enum prefix_fault fault = prefix_parse(peek_word(lx), &p);

	if (fault == PREFIX_HOST_BITS)
		lex_fault(lx, "expected %s without host bits", what);
	else if (fault == PREFIX_BAD_LEN)
		lex_fault(lx, "expected %s with a valid length", what);
	else
		(void)settle(lx, fault == PREFIX_FINE, what);
	return fault == PREFIX_FINE ? p : (struct prefix){ 0 };
}

/* As much of a word as is good to read in a sentence. */
#define FOUND_MOST 80

static void
add_found(struct lex *lx, const struct token *where)
{
	struct slice word = where->word;

	if (where->kind == TOKEN_END) {
		text_string(&lx->fault, ", found the end");
		return;
	}
	if (word.len > FOUND_MOST)
		word.len = FOUND_MOST;
	text_string(&lx->fault, ", found \"");
	pen_text_string(&lx->fault, word);
	text_string(&lx->fault, word.len < where->word.len ? "...\"" : "\"");
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
	stop(lx);
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
lex_explain(const struct lex *lx, struct text *to)
{
	if (!lex_failed(lx))
		return;
	text_format(to, "line %u, column %u: ", lx->fault_line, lx->fault_column);
	text_slice(to, text_view(&lx->fault));
}
