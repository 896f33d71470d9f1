/* The walk: names, separators and groups; leaves out what a spelling has no name for. */
#include "lang/emit.h"

#include "base/must.h"
#include "pen.h"

#define S(literal)                                                                                 \
	{                                                                                          \
		(const uint8_t *)(literal), sizeof(literal) - 1                                    \
	}
#define NO_MARKS                                                                                   \
	{                                                                                          \
		NULL, 0                                                                            \
	}
#define BLANKS                                                                                     \
	{                                                                                          \
		S(", "), S(" "), S(" ")                                                            \
	}

const struct marks MARKS_OBJECT = {
	.open = { S("{ "), NO_MARKS, NO_MARKS },
	.close = { S(" }"), NO_MARKS, NO_MARKS },
	.between = BLANKS,
};

const struct marks MARKS_OBJECT_TIGHT = {
	.open = { S("{"), NO_MARKS, NO_MARKS },
	.close = { S("}"), NO_MARKS, NO_MARKS },
	.between = BLANKS,
};

const struct marks MARKS_LIST = {
	.open = { S("[ "), S("[ "), S("[ ") },
	.close = { S(" ]"), S(" ]"), S(" ]") },
	.between = BLANKS,
	.none = { S("[ ]"), S("[ ]"), S("[ ]") },
};

const struct marks MARKS_LIST_TIGHT = {
	.open = { S("["), S("[ "), S("[ ") },
	.close = { S("]"), S(" ]"), S(" ]") },
	.between = BLANKS,
	.none = { S("[]"), S("[ ]"), S("[ ]") },
};

const struct marks MARKS_LIST_BARE = {
	.open = { S("[ "), NO_MARKS, NO_MARKS },
	.close = { S(" ]"), NO_MARKS, NO_MARKS },
	.between = BLANKS,
	.none = { S("[ ]"), NO_MARKS, NO_MARKS },
};

/* Around the whole: nothing, one thing after the other. */
static const struct marks outside = { .between = BLANKS };

struct emit
emit_on(struct text *to, enum spelling spelling, uint32_t shape)
{
	struct emit e = { .to = to, .spelling = spelling, .shape = shape };

	e.level[0].marks = &outside;
	return e;
}

static inline char *
put(char *p, struct slice s)
{
	memcpy(p, s.at, s.len);
	return p + s.len;
}

/* Separator and name, and behind them room for more; NULL when the field is left out. */
static inline char *
begin(struct emit *e, const struct spell *name, size_t room)
{
	struct slice word = name->as[e->spelling];
	struct slice between = { (const uint8_t *)"", 0 };
	char *start;
	char *p;

	if (word.at == NULL || e->left_out != 0)
		return NULL;
	if (e->level[e->depth].any)
		between = e->level[e->depth].marks->between[e->spelling];
	e->level[e->depth].any = true;
	start = text_room(e->to, between.len + word.len + room);
	p = put(put(start, between), word);
	e->to->len += (size_t)(p - start);
	return p;
}

static inline void
finish(struct emit *e, const char *p)
{
	text_took(e->to, (size_t)(p - (e->to->at + e->to->len)));
}

static inline size_t
quotes(const struct emit *e)
{
	return e->spelling == SPELL_JSON;
}

/* Characters as they are; in JSON within quotes if quoted. */
static inline void
characters(struct emit *e, const struct spell *name, struct slice s, bool quoted)
{
	char *p = begin(e, name, s.len + 2);

	if (p == NULL)
		return;
	quoted = quoted && quotes(e);
	if (quoted)
		*p++ = '"';
	if (s.len != 0)
		p = put(p, s);
	if (quoted)
		*p++ = '"';
	finish(e, p);
}

/* A group without marks: its members stand in the surrounding one. */
static void
open_through(struct emit *e, const struct spell *name)
{
	struct slice word = name->as[e->spelling];
	bool any = e->level[e->depth].any;

	/* a name goes in front of the first member, behind which nothing separates it */
	if (word.len != 0) {
		char *p = begin(e, name, 0);

		finish(e, p);
		any = false;
	}
	e->level[e->depth + 1].marks = e->level[e->depth].marks;
	e->level[e->depth + 1].any = any;
	e->level[e->depth + 1].through = true;
	e->depth++;
}

void
emit_open(struct emit *e, const struct spell *name, const struct marks *marks)
{
	struct slice open = marks->open[e->spelling];
	char *p;

	if (e->left_out != 0 || name->as[e->spelling].at == NULL) {
		e->left_out++;
		return;
	}
	MUST(e->depth + 1 < EMIT_DEPTH);
	if (open.at == NULL) {
		open_through(e, name);
		return;
	}
	p = begin(e, name, open.len);
	finish(e, put(p, open));
	e->depth++;
	e->level[e->depth].marks = marks;
	e->level[e->depth].any = false;
	e->level[e->depth].through = false;
}

static void
close_through(struct emit *e, bool any)
{
	struct text *to = e->to;

	/* a name that nothing followed has a blank too many */
	if (!any && e->level[e->depth].any && to->len != 0 && to->at[to->len - 1] == ' ')
		to->at[--to->len] = '\0';
	e->level[e->depth].any |= any;
}

void
emit_close(struct emit *e)
{
	const struct marks *marks = e->level[e->depth].marks;
	bool any = e->level[e->depth].any;
	struct slice close;

	if (e->left_out != 0) {
		e->left_out--;
		return;
	}
	MUST(e->depth != 0);
	if (e->level[e->depth--].through) {
		close_through(e, any);
		return;
	}
	close = marks->close[e->spelling];
	if (!any && marks->none[e->spelling].at != NULL) {
		e->to->len -= marks->open[e->spelling].len;
		close = marks->none[e->spelling];
	}
	text_slice(e->to, close);
}

void
emit_list(struct emit *e, const struct spell *name, size_t n)
{
	emit_open(e, name, n == 1 ? &MARKS_LIST_BARE : &MARKS_LIST);
}

#define DIGITS_MOST 20

static inline char *
put_uint(char *p, uint64_t n)
{
	char digits[DIGITS_MOST];
	size_t at = sizeof(digits);

	do {
		digits[--at] = (char)('0' + n % 10);
		n /= 10;
	} while (n != 0);
	memcpy(p, digits + at, sizeof(digits) - at);
	return p + sizeof(digits) - at;
}

void
emit_uint(struct emit *e, const struct spell *name, uint64_t n)
{
	char *p = begin(e, name, DIGITS_MOST);

	if (p != NULL)
		finish(e, put_uint(p, n));
}

void
emit_bool(struct emit *e, const struct spell *name, bool b)
{
	characters(e, name, b ? SLICE("true") : SLICE("false"), false);
}

void
emit_null(struct emit *e, const struct spell *name)
{
	characters(e, name, e->spelling == SPELL_JSON ? SLICE("null") : SLICE("none"), false);
}

void
emit_flag(struct emit *e, const struct spell *name)
{
	char *p = begin(e, name, 4);

	if (p == NULL)
		return;
	if (e->spelling == SPELL_JSON)
		p = put(p, SLICE("true"));
	finish(e, p);
	/* without the blank that would part it from a value */
	if (e->spelling != SPELL_JSON && name->as[e->spelling].len != 0)
		e->to->at[--e->to->len] = '\0';
}

void
emit_word(struct emit *e, const struct spell *name, struct slice word)
{
	characters(e, name, word, true);
}

void
emit_str(struct emit *e, const struct spell *name, struct slice bytes)
{
	struct text *to = emit_value(e, name);

	if (to == NULL)
		return;
	switch (e->spelling) {
	case SPELL_JSON: pen_json_string(to, bytes); break;
	case SPELL_TEXT: pen_text_string(to, bytes); break;
	case SPELL_WORDS: pen_words_string(to, bytes); break;
	case SPELLINGS: break;
	}
}

void
emit_addr(struct emit *e, const struct spell *name, const struct addr *a)
{
	struct text *to = emit_value(e, name);

	if (to == NULL)
		return;
	text_bytes(to, "\"", quotes(e));
	addr_print(to, a);
	text_bytes(to, "\"", quotes(e));
}

void
emit_prefix(struct emit *e, const struct spell *name, const struct prefix *p)
{
	struct text *to = emit_value(e, name);

	if (to == NULL)
		return;
	text_bytes(to, "\"", quotes(e));
	prefix_print(to, p);
	text_bytes(to, "\"", quotes(e));
}

static void
hex(struct emit *e, const struct spell *name, struct slice bytes, const char *digits)
{
	char *p = begin(e, name, 2 * bytes.len + 4);

	if (p == NULL)
		return;
	if (quotes(e))
		*p++ = '"';
	p = put(p, SLICE("0x"));
	for (size_t i = 0; i < bytes.len; i++) {
		*p++ = digits[bytes.at[i] >> 4];
		*p++ = digits[bytes.at[i] & 15];
	}
	if (quotes(e))
		*p++ = '"';
	finish(e, p);
}

void
emit_hex(struct emit *e, const struct spell *name, struct slice bytes)
{
	hex(e, name, bytes, "0123456789abcdef");
}

void
emit_hex_upper(struct emit *e, const struct spell *name, struct slice bytes)
{
	hex(e, name, bytes, "0123456789ABCDEF");
}

struct text *
emit_value(struct emit *e, const struct spell *name)
{
	const char *p = begin(e, name, 0);

	if (p == NULL)
		return NULL;
	finish(e, p);
	return e->to;
}
