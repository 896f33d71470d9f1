/* VPLS label blocks: RFC 4761 3.2.2. */
#include "draft.h"
#include "family_rows.h"
#include "nlri/rd.h"
#include "nlri/words.h"

#include <stdio.h>

#define VALUE_LEN  17
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
	uint16_t len = read_u16(r);
	struct vpls v = { .rd = read_slice(r, RD_LEN) };

	v.endpoint = read_u16(r);
	v.offset = read_u16(r);
	v.size = read_u16(r);
	v.base = read_u24(r);
	if (len != VALUE_LEN)
		reader_fail(r);
	return v;
}

static void
pass(struct reader *r, const struct family *f)
{
	(void)f;
	(void)vpls_read(r);
}

/* Distinguisher, endpoint and offset: the size and the labels of a block may change. */
static size_t
key(struct slice nlri, uint8_t *room)
{
	memcpy(room, nlri.at + 2, RD_LEN + 4);
	return RD_LEN + 4;
}

static void
emit(struct emit *e, const struct nlri *n)
{
	struct reader r = reader_on(n->bytes);
	struct vpls v = vpls_read(&r);

	emit_open(e, &BARE, &MARKS_OBJECT);
	if (e->spelling == SPELL_TEXT)
		emit_word(e, &BARE, SLICE("vpls"));
	rd_emit(e, v.rd);
	emit_uint(e, &FIELD("endpoint"), v.endpoint);
	emit_uint(e, &FIELD("base"), v.base >> 4);
	emit_uint(e, &FIELD("offset"), v.offset);
	emit_uint(e, &FIELD("size"), v.size);
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
parse(struct lex *lx, struct draft *d)
{
	struct said s = { 0 };

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
