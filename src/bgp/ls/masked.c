/*
 * Attributes of a link for some applications, as words: RFC 9294 2. Lengths of two masks (1 + 1),
 * reserved (2), the masks, TLVs.
 */
#include "ls/ls.h"

static const struct ls_field mask = { .kind = LS_HEX };

static void
say_mask(struct text *to, const char *name, struct slice bits)
{
	if (bits.len == 0)
		return;
	text_format(to, "%s ", name);
	ls_field_say(to, &mask, bits);
	text_char(to, ' ');
}

void
ls_masked_say(struct text *to, const struct ls_field *f, struct slice value)
{
	struct reader r = reader_on(value);
	size_t standard = read_u8(&r);
	size_t user = read_u8(&r);

	read_skip(&r, 2); /* reserved */
	text_string(to, "( ");
	say_mask(to, "standard-applications", read_slice(&r, standard));
	say_mask(to, "user-applications", read_slice(&r, user));
	if (reader_more(&r)) {
		text_string(to, "sub-tlvs [ ");
		ls_say(to, f->tlvs, read_rest(&r));
		text_string(to, " ] ");
	}
	text_char(to, ')');
}

/* A mask behind its word; its length goes to where it stands in front. */
static void
parse_mask(struct lex *lx, const char *name, size_t length_at, struct writer *w)
{
	size_t start = writer_len(w);
	struct token where = lx->now;
	size_t len;

	if (!lex_take(lx, name))
		return;
	ls_field_parse(lx, &mask, name, w);
	len = writer_len(w) - start;
	if (len > UINT8_MAX)
		lex_fault_at(lx, &where, "expected at most %d bytes for %s", UINT8_MAX, name);
	else if (writer_ok(w))
		w->start[length_at] = (uint8_t)len;
}

void
ls_masked_parse(struct lex *lx, const struct ls_field *f, const char *what, struct writer *w)
{
	size_t start = writer_len(w);

	write_u32(w, 0); /* the two lengths, reserved */
	(void)lex_want(lx, "(");
	parse_mask(lx, "standard-applications", start, w);
	parse_mask(lx, "user-applications", start + 1, w);
	if (lex_take(lx, "sub-tlvs"))
		ls_parse_list(lx, f->tlvs, w);
	if (!lex_failed(lx) && !lex_take(lx, ")"))
		lex_fault(lx, "expected a word of %s or )", what);
}
