/* VPLS label blocks, RFC 4761 3.2.2; members without labels, RFC 6074 3.2.2.1, are kept as they
 * are. */
#include "draft.h"
#include "family_rows.h"
#include "nlri/rd.h"
#include "nlri/words.h"

#include <stdio.h>

#define VALUE_LEN  17
#define MEMBER_LEN 12 /* distinguisher, address */
#define LABEL_MOST 0xfffff
#define BOTTOM     1

struct vpls {
	struct slice rd;
	uint16_t endpoint;
	uint16_t offset;
	uint16_t size;
	uint32_t base; /* with its low bits */
};

static struct vpls
vpls_read(struct reader *r)
{
	struct vpls v = { 0 };

	read_skip(r, 2);
	v.rd = read_slice(r, RD_LEN);
	v.endpoint = read_u16(r);
	v.offset = read_u16(r);
	v.size = read_u16(r);
	v.base = read_u24(r);
	return v;
}

static void
pass(struct reader *r, const struct family *f)
{
	uint16_t len = read_u16(r);

	(void)f;
	read_skip(r, len);
	if (len != VALUE_LEN && len != MEMBER_LEN)
		reader_fail(r);
}

/* Length, distinguisher, endpoint and offset: the size and the labels of a block may change. A
 * member has an address where a block has the last two. */
static size_t
key(struct slice nlri, uint8_t *room)
{
	memcpy(room, nlri.at, 2 + RD_LEN + 4);
	return 2 + RD_LEN + 4;
}

static void
block_emit(struct emit *e, struct slice nlri)
{
	struct reader r = reader_on(nlri);
	struct vpls v = vpls_read(&r);

	rd_emit(e, v.rd);
	emit_uint(e, &FIELD("endpoint"), v.endpoint);
	emit_uint(e, &FIELD("base"), v.base >> 4);
	emit_uint(e, &FIELD("offset"), v.offset);
	emit_uint(e, &FIELD("size"), v.size);
}

static void
member_emit(struct emit *e, struct slice nlri)
{
	emit_bool(e, &JSON_ONLY("parsed"), false);
	nlri_raw_emit(e, nlri);
}

static void
emit(struct emit *e, const struct nlri *n)
{
	emit_open(e, &BARE, &MARKS_OBJECT);
	if (e->spelling == SPELL_TEXT)
		emit_word(e, &BARE, SLICE("vpls"));
	if (load_u16(n->bytes.at) == VALUE_LEN)
		block_emit(e, n->bytes);
	else
		member_emit(e, n->bytes);
	nlri_path_emit(e, n);
	emit_close(e);
}

static const char *const numbers[] = { "endpoint", "base", "offset", "size" };

#define NUMBERS (sizeof(numbers) / sizeof(numbers[0]))

enum { ENDPOINT, BASE, OFFSET, SIZE };

struct said {
	bool given[NUMBERS];
	uint32_t value[NUMBERS];
};

static bool
parse_word(struct lex *lx, struct draft *d, void *said)
{
	struct said *s = said;
	struct token where;
	char what[24];

	for (size_t i = 0; i < NUMBERS; i++)
		if (lex_take(lx, numbers[i])) {
			(void)snprintf(what, sizeof(what), "a number for %s", numbers[i]);
			where = lx->now;
			s->value[i] =
			    (uint32_t)lex_number(lx, i == BASE ? LABEL_MOST : UINT16_MAX, what);
			lex_known_as(lx, &where,
			    i == ENDPOINT ? "invalid l2vpn vpls endpoint"
					  : "invalid l2vpn vpls label");
			s->given[i] = true;
			return true;
		}
	return draft_word(lx, d);
}

static void
finish(struct lex *lx, struct draft *d, const struct said *s)
{
	uint8_t bytes[2 + VALUE_LEN];
	struct writer w = writer_on(bytes, sizeof(bytes));

	if (!d->has_rd)
		lex_fault(lx, "vpls nlri route-distinguisher missing");
	for (size_t i = 0; i < NUMBERS; i++)
		if (!s->given[i])
			lex_fault(lx, "vpls nlri %s missing", numbers[i]);
	if (s->value[BASE] + s->value[SIZE] > LABEL_MOST)
		lex_fault(lx, "vpls nlri base and size go beyond the last label");
	if (d->labels_len != 0 || d->has_split)
		lex_fault(lx, "label and split have no place in vpls");
	if (lex_failed(lx))
		return;
	write_u16(&w, VALUE_LEN);
	write_bytes(&w, d->rd, RD_LEN);
	write_u16(&w, (uint16_t)s->value[ENDPOINT]);
	write_u16(&w, (uint16_t)s->value[OFFSET]);
	write_u16(&w, (uint16_t)s->value[SIZE]);
	write_u24(&w, s->value[BASE] << 4 | BOTTOM);
	draft_nlri(d, writer_slice(&w));
}

static void
finish_raw(struct lex *lx, struct draft *d)
{
	draft_words(lx, d, NULL);
	if (d->has_rd || d->labels_len != 0 || d->has_split)
		lex_fault(lx, "rd, label and split have no place behind raw");
}

static void
parse(struct lex *lx, struct draft *d)
{
	struct said s = { 0 };

	if (nlri_raw_words(lx, d)) {
		finish_raw(lx, d);
		return;
	}
	draft_words_of(lx, d, parse_word, &s);
	finish(lx, d, &s);
}

static void
statement(struct lex *lx, struct draft *d)
{
	struct said s = { 0 };

	d->family = &family_l2vpn_vpls;
	draft_skip_name(lx);
	if (!lex_take(lx, "{")) {
		parse(lx, d);
		return;
	}
	draft_block_of(lx, d, parse_word, &s);
	finish(lx, d, &s);
}

const struct family family_l2vpn_vpls = {
	.afi = 25,
	.safi = 65,
	.id = FAMILY_ID_l2vpn_vpls,
	.afi_word = "l2vpn",
	.safi_word = "vpls",
	.name = "l2vpn vpls",
	.next_hop_lens = NEXT_HOP_LEN(4) | NEXT_HOP_LEN(16),
	.pass = pass,
	.key = key,
	.emit = emit,
	.parse = parse,
	.statement = "vpls",
	.statement_parse = statement,
};
