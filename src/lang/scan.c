/* The next token out of a text: quotes, escapes, comments, lines. */
#include "scan.h"

#include "base/hex.h"
#include "lang/utf8.h"

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
	ZERO,
	/* what no byte is */
	NOTHING,
	OVER
};

#define COMMON                                                                                     \
	[' '] = BLANK, ['\t'] = BLANK, ['\r'] = BLANK, ['['] = MARK, [']'] = MARK, [','] = MARK,   \
	[';'] = LAST_MARK, ['{'] = LAST_MARK, ['}'] = LAST_MARK, ['"'] = QUOTE, ['\''] = QUOTE,    \
	['#'] = COMMENT, ['\\'] = ESCAPE, [0] = ZERO

static const uint8_t class_of[LEX_MODES][256] = {
	[LEX_FILE] = { COMMON, ['\n'] = LINE_END },
	[LEX_COMMAND] = { COMMON, ['\n'] = BLANK, ['('] = MARK, [')'] = MARK },
};

void
scan_stop(struct lex *lx)
{
	lx->now = (struct token){ .kind = TOKEN_END,
		.line = lx->line,
		.column = (unsigned)(lx->at - lx->line_start + 1) };
	lx->now_at = lx->text.len;
	lx->at = lx->text.len;
}

/* Where the lexer stands, when it looks at a place that is no token. */
static void
fault_in_text(struct lex *lx, size_t at, const char *sentence)
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
		int d = hex_digit(lx->at + i < lx->text.len ? lx->text.at[lx->at + i] : 0);

		if (d < 0)
			return false;
		n = n * 16 + (uint32_t)d;
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
	return high != 0 && (high < 0xdc00 || high >= 0xe000);
}

/* Names and passwords become strings, which would end there. */
static void
fault_at_zero(struct lex *lx)
{
	fault_in_text(lx, lx->at - 1, "expected text, found a byte of zero");
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
			fault_in_text(lx, begin, "expected a character as \\uXXXX");
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
		fault_in_text(lx, lx->at - 1, "expected ; or { or } before the end of the line");
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
	if (p->class == ZERO)
		fault_at_zero(lx);
	if (p->class == OVER || p->class == LINE_END || p->class == ZERO) {
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
			fault_in_text(lx, before, "expected a blank before #, or quotes around it");
		else
			skip_comment(lx);
		return true;
	case ZERO: fault_at_zero(lx); return true;
	case BLANK:
	case OVER: return true;
	case ESCAPE:
	case NOTHING: return false;
	}
	return false;
}

/* All of the language, piece by piece: the token at lx->at. False when something else stands there,
 * and the next token may be behind it. Apart from scan_plain(), which is quick without its stack.
 */
static __attribute__((noinline)) bool
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

bool
scan_ends_statement(const struct token *t)
{
	return t->kind == TOKEN_MARK && class_of[LEX_FILE][t->word.at[0]] == LAST_MARK;
}

void
scan_next(struct lex *lx)
{
	if (lex_failed(lx))
		return;
	lx->now.kind = TOKEN_END;
	lx->now.quoted = false;
	while (!scan_plain(lx) && !scan(lx))
		;
	if (lx->now.kind == TOKEN_END && lx->inside && lx->mode == LEX_FILE && !lex_failed(lx))
		fault_in_text(lx, lx->at, "expected ; or { or } before the end of the file");
	if (lx->now.kind == TOKEN_END || lex_failed(lx))
		scan_stop(lx);
	else
		lx->inside = !scan_ends_statement(&lx->now);
}
