/* TLVs of link state as words, and out of them. */
#include "ls/ls.h"

#include "base/hex.h"
#include "base/num.h"
#include "draft.h"

#define SAID_MAX 4096 /* longer values are said as bytes */

static const bool may_be_empty[LS_KINDS] = {
	[LS_HEX] = true,
	[LS_SUBS] = true,
};

void
ls_value_say(struct text *to, const struct ls_row *row, struct slice value)
{
	const struct ls_field *f = row->fields;

	if (f->name == NULL) {
		ls_field_say(to, f, ls_field_of(f, value));
		return;
	}
	text_string(to, "( ");
	for (; f->kind != LS_END; f++) {
		struct slice v = ls_field_of(f, value);
		struct slice structure;

		if (ls_is_told_only(f->kind) || (v.len == 0 && may_be_empty[f->kind]) ||
		    (f->kind == LS_STRUCTURE && !ls_structure(v, &structure)))
			continue;
		if (f->kind != LS_SID)
			text_format(to, "%s ", f->name);
		ls_field_say(to, f, v);
		text_char(to, ' ');
	}
	text_char(to, ')');
}

static bool
field_is_next(const struct lex *lx, const struct ls_field *f)
{
	if (f->kind == LS_SID) /* which of the two is part of its value */
		return lex_is(lx, "label") || lex_is(lx, "index");
	return !ls_is_told_only(f->kind) && lex_is(lx, f->name);
}

/* The field that is next, its name taken; NULL: none, or one that was there before. */
static const struct ls_field *
field_next(struct lex *lx, const struct ls_row *row, unsigned *seen)
{
	for (unsigned i = 0; row->fields[i].kind != LS_END; i++) {
		const struct ls_field *f = &row->fields[i];

		if ((*seen >> i & 1) != 0 || !field_is_next(lx, f))
			continue;
		if (f->kind != LS_SID)
			(void)lex_next(lx);
		*seen |= 1u << i;
		return f;
	}
	return NULL;
}

/* These have a value of their own when they are not said. */
static const bool optional[LS_KINDS] = {
	[LS_FLAGS] = true,
	[LS_FLAGS_OTHER] = true,
	[LS_FLAG_O] = true,
	[LS_FLAGS_NONE] = true,
	[LS_ANOMALOUS] = true,
	[LS_SID_ODD] = true,
	[LS_OTHERS] = true,
	[LS_OTHERS_5] = true,
	[LS_STRUCTURE] = true,
	[LS_HEX] = true,
	[LS_SUBS] = true,
};

static void
want_fields(struct lex *lx, const struct ls_row *row, unsigned seen)
{
	for (unsigned i = 0; row->fields[i].kind != LS_END; i++) {
		const struct ls_field *f = &row->fields[i];

		if ((seen >> i & 1) == 0 && !optional[f->kind])
			lex_fault(lx, "expected %s in %s",
			    f->kind == LS_SID ? "label or index" : f->name, row->name);
	}
}

static void
parse_field(struct lex *lx, const struct ls_row *row, const struct ls_field *f, uint8_t *fixed,
    size_t fixed_len, struct writer *w)
{
	const char *what = f->name == NULL ? row->name : f->name;
	struct writer in;

	if (f->at == fixed_len) {
		ls_field_parse(lx, f, what, w);
		return;
	}
	in = writer_on(fixed + f->at, f->width);
	ls_field_parse(lx, f, what, &in);
}

void
ls_value_parse(struct lex *lx, const struct ls_row *row, struct writer *w)
{
	size_t fixed_len = ls_fixed(row);
	uint8_t *fixed = write_room(w, fixed_len);
	unsigned seen = 0;

	if (fixed == NULL)
		return;
	memset(fixed, 0, fixed_len);
	if (row->fields->name == NULL) {
		parse_field(lx, row, row->fields, fixed, fixed_len, w);
		return;
	}
	(void)lex_want(lx, "(");
	while (!lex_failed(lx) && !lex_is(lx, ")")) {
		const struct ls_field *f = field_next(lx, row, &seen);

		if (f == NULL)
			lex_fault(lx, "expected a word of %s or )", row->name);
		else
			parse_field(lx, row, f, fixed, fixed_len, w);
	}
	want_fields(lx, row, seen);
	(void)lex_want(lx, ")");
}

/* Type, length, value; of a row whose IPv6 addresses have a type of their own, that one. */
static void
parse_tlv(struct lex *lx, const struct ls_table *table, const struct ls_row *row, struct writer *w)
{
	struct token where = lx->now;
	size_t start = writer_len(w);
	struct gap len;
	size_t got;

	write_u16(w, row->type);
	len = open_u16(w);
	ls_value_parse(lx, row, w);
	close_u16(w, len);
	if (lex_failed(lx) || !writer_ok(w))
		return;
	got = writer_len(w) - start - 4;
	if (row->type_v6 != 0 && got == 16) {
		row = ls_row_of(table, row->type_v6);
		store_u16(w->start + start, row->type);
	}
	if (!ls_fits(row, got))
		lex_fault_at(lx, &where, "expected a value of another length for %s", row->name);
}

/* generic-lsid-N 0x..., or several in brackets. */
static bool
parse_generic(struct lex *lx, const struct ls_table *table, struct writer *w)
{
	static const struct ls_field bytes = { .kind = LS_HEX };
	struct draft_list list;
	uint64_t type;

	if (lx->now.kind != TOKEN_WORD || !slice_begins(lx->now.word, table->generic) ||
	    !num_decimal(slice_after(lx->now.word, strlen(table->generic)), UINT16_MAX, &type))
		return false;
	(void)lex_next(lx);
	list = draft_list_on(lx, true);
	while (draft_list_more(lx, &list)) {
		struct gap len;

		write_u16(w, (uint16_t)type); /* limited above */
		len = open_u16(w);
		ls_field_parse(lx, &bytes, table->name, w);
		close_u16(w, len);
	}
	return true;
}

static const struct ls_row *
row_named(const struct lex *lx, const struct ls_table *table)
{
	for (size_t i = 0; i < table->count; i++)
		if ((table->rows[i].traits & table->without) == 0 &&
		    lex_is(lx, table->rows[i].name))
			return &table->rows[i];
	return NULL;
}

static bool
parse_one(struct lex *lx, const struct ls_table *table, struct writer *w)
{
	const struct ls_row *row = row_named(lx, table);
	struct draft_list list;

	if (row == NULL)
		return parse_generic(lx, table, w);
	(void)lex_next(lx);
	if ((row->traits & LS_LIST) == 0) {
		parse_tlv(lx, table, row, w);
		return true;
	}
	list = draft_list_on(lx, true);
	while (draft_list_more(lx, &list))
		parse_tlv(lx, table, row, w);
	return true;
}

void
ls_parse(struct lex *lx, const struct ls_table *table, struct writer *w)
{
	while (!lex_failed(lx) && parse_one(lx, table, w))
		if (!writer_ok(w))
			lex_fault(lx, "%s is too long", table->name);
}

void
ls_parse_list(struct lex *lx, const struct ls_table *table, struct writer *w)
{
	(void)lex_want(lx, "[");
	ls_parse(lx, table, w);
	if (!lex_failed(lx) && !lex_take(lx, "]"))
		lex_fault(lx, "expected a word of %s or ]", table->name);
}

/* Do the words give these bytes, and could no byte of them end a line? */
static bool
reads_back(struct slice words, const struct ls_table *table, const struct ls_tlv *tlv)
{
	uint8_t bytes[4 + SAID_MAX];
	struct writer w = writer_on(bytes, sizeof(bytes));
	struct slice value = { NULL, 0 };
	struct lex lx;
	bool good;

	for (size_t i = 0; i < words.len; i++)
		if (words.at[i] < ' ' || words.at[i] > '~')
			return false;
	lex_init(&lx, words, LEX_COMMAND);
	ls_parse(&lx, table, &w);
	good = !lex_failed(&lx) && lex_over(&lx) && writer_len(&w) == 4 + tlv->value.len;
	lex_done(&lx);
	if (good)
		value = slice_after(writer_slice(&w), 4);
	return good && load_u16(bytes) == tlv->type && slice_same(value, tlv->value);
}

static void
say_one(struct text *to, const struct ls_table *table, const struct ls_tlv *tlv)
{
	const struct ls_row *row = ls_row_of(table, tlv->type);
	size_t start = to->len;

	if (row != NULL && ls_fits(row, tlv->value.len) && tlv->value.len <= SAID_MAX) {
		text_format(to, "%s ", row->name);
		ls_value_say(to, row, tlv->value);
		if (reads_back(slice_after(text_view(to), start), table, tlv))
			return;
		to->len = start;
	}
	text_format(to, "%s%u 0x", table->generic, tlv->type);
	text_hex(to, tlv->value);
}

void
ls_say(struct text *to, const struct ls_table *table, struct slice tlvs)
{
	struct reader r = reader_on(tlvs);

	while (reader_more(&r)) {
		struct ls_tlv tlv = ls_take(&r);

		say_one(to, table, &tlv);
		if (reader_more(&r))
			text_char(to, ' ');
	}
}
