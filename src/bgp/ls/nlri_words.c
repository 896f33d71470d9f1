/*
 * TYPE [rd RD] protocol-id N [l3-routing-topology N] DESCRIPTORS: RFC 9552 5.2. Descriptors are
 * sent in ascending order, in whatever order they are said (5.1).
 */
#include "ls/nlri_words.h"

#include "ls/ls.h"
#include "nlri/rd.h"
#include "nlri/words.h"

#define SAFI_VPN 72

static const struct {
	const char *word;
	uint8_t id;
} protocols[] = {
	{ "isis-l1", 1 }, { "isis-l2", 2 }, { "ospfv2", 3 }, { "direct", 4 }, { "static", 5 },
	{ "ospfv3", 6 }, { "bgp", 7 }, /* RFC 9086 4 */
};

static uint8_t
protocol_word(struct lex *lx)
{
	(void)lex_want(lx, "protocol-id");
	for (size_t i = 0; i < sizeof(protocols) / sizeof(protocols[0]); i++)
		if (lex_take(lx, protocols[i].word))
			return protocols[i].id;
	return (uint8_t)lex_number(lx, UINT8_MAX, "a protocol or its number (0 to 255)");
}

/* What has to be there stands there once. */
static void
want_descriptors(struct lex *lx, const struct ls_table *table, struct slice tlvs)
{
	for (size_t i = 0; i < table->count; i++) {
		struct reader r = reader_on(tlvs);
		unsigned count = 0;

		while (reader_more(&r))
			count += ls_take(&r).type == table->rows[i].type;
		if ((table->rows[i].traits & LS_NEEDED) != 0 && count != 1)
			lex_fault(lx, "expected %s once", table->rows[i].name);
	}
}

static void
parse_known(struct lex *lx, uint16_t type, bool vpn, struct writer *w)
{
	const struct ls_table *table = ls_nlri_table(type);
	struct gap len;
	size_t start;

	write_u16(w, type);
	len = open_u16(w);
	if (vpn)
		nlri_rd_words(lx, w);
	write_u8(w, protocol_word(lx));
	write_u64(w,
	    lex_take(lx, "l3-routing-topology")
		? lex_number(lx, UINT64_MAX, "a number for l3-routing-topology")
		: 0);
	start = writer_len(w);
	ls_parse(lx, table, w);
	if (lex_failed(lx))
		return;
	ls_sort(w->start + start, writer_len(w) - start);
	want_descriptors(lx, table, slice_after(writer_slice(w), start));
	close_u16(w, len);
}

static void
parse(struct lex *lx, bool vpn, struct writer *w)
{
	for (uint16_t type = LS_NODE; type <= LS_SRV6_SID; type++) {
		const struct ls_table *table = ls_nlri_table(type);

		if (table != NULL && lex_take(lx, table->name)) {
			parse_known(lx, type, vpn, w);
			return;
		}
	}
	lex_fault(lx, "expected node, link, prefix-v4, prefix-v6, srv6-sid or raw");
}

void
ls_nlri_parse(struct lex *lx, struct draft *d)
{
	uint8_t bytes[NLRI_MAX];
	struct writer w = writer_on(bytes, sizeof(bytes));

	if (nlri_raw_words(lx, d))
		return;
	parse(lx, d->family->safi == SAFI_VPN, &w);
	if (!lex_failed(lx))
		draft_nlri(d, writer_slice(&w));
}

static bool
say(struct text *t, const struct nlri *n)
{
	struct reader r = reader_on(n->bytes);
	const struct ls_table *table = ls_nlri_table(read_u16(&r));

	if (table == NULL)
		return false;
	read_skip(&r, 2); /* its length */
	text_string(t, table->name);
	if (n->family->safi == SAFI_VPN) {
		text_string(t, " rd ");
		rd_put(t, read_slice(&r, RD_LEN), SPELL_WORDS);
	}
	text_format(t, " protocol-id %u", read_u8(&r));
	text_string(t, " l3-routing-topology ");
	text_uint(t, read_u64(&r));
	text_char(t, ' ');
	ls_say(t, table, read_rest(&r));
	return true;
}

static bool
reads_back(const struct text *words, const struct nlri *n)
{
	uint8_t bytes[NLRI_MAX];
	struct writer w = writer_on(bytes, sizeof(bytes));
	struct lex lx;
	bool good;

	lex_init(&lx, text_view(words), LEX_COMMAND);
	parse(&lx, n->family->safi == SAFI_VPN, &w);
	good = !lex_failed(&lx) && lex_over(&lx) && slice_same(writer_slice(&w), n->bytes);
	lex_done(&lx);
	return good;
}

void
ls_nlri_emit(struct emit *e, const struct nlri *n)
{
	struct text words = { 0 };

	if (say(&words, n) && reads_back(&words, n))
		emit_word(e, &BARE, text_view(&words));
	else
		nlri_raw_emit(e, n->bytes);
	text_free(&words);
}
