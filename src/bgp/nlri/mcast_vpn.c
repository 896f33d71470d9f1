/*
 * Multicast in VPNs, SAFI 5: RFC 6514 4. Type (1), length (1), value; of joins and active sources
 * all is known, the other types are kept as they are.
 */
#include "draft.h"
#include "family_rows.h"
#include "nlri/rd.h"
#include "nlri/words.h"

enum mcast_type { MCAST_SOURCE_AD = 5, MCAST_SHARED_JOIN, MCAST_SOURCE_JOIN };

static const struct kind {
	const char *word;
	const char *name;
	const char *source; /* the word of its first address */
	bool has_as;
} kinds[] = {
	[MCAST_SOURCE_AD] = { "source-ad", "Source Active A-D Route", "source", false },
	[MCAST_SHARED_JOIN] = { "shared-join", "C-Multicast Shared Tree Join route", "rp", true },
	[MCAST_SOURCE_JOIN] = { "source-join", "C-Multicast Source Tree Join route", "source",
	    true },
};

struct mcast {
	uint8_t type;
	const struct kind *kind; /* NULL: not known */
	struct slice rd;
	uint32_t source_as;
	struct slice source;
	struct slice group;
};

/* RFC 6514 4.5, 4.6: the length of an address is that of the AFI, in bits. */
static struct slice
read_address(struct reader *r, size_t addr)
{
	if (read_u8(r) != addr * 8)
		reader_fail(r);
	return read_slice(r, addr);
}

static struct mcast
mcast_read(struct reader *r, size_t addr)
{
	struct mcast m = { .type = read_u8(r) };
	struct reader in = read_inner(r, read_u8(r));

	if (m.type < MCAST_SOURCE_AD || m.type > MCAST_SOURCE_JOIN)
		return m;
	m.kind = &kinds[m.type];
	m.rd = read_slice(&in, RD_LEN);
	if (m.kind->has_as)
		m.source_as = read_u32(&in);
	m.source = read_address(&in, addr);
	m.group = read_address(&in, addr);
	if (!reader_done(&in))
		reader_fail(r);
	return m;
}

static void
pass(struct reader *r, const struct family *f)
{
	(void)mcast_read(r, nlri_addr_len(f->afi));
}

static struct mcast
mcast_of(const struct nlri *n)
{
	struct reader r = reader_on(n->bytes);

	return mcast_read(&r, nlri_addr_len(n->family->afi));
}

static void
json(struct emit *e, const struct nlri *n)
{
	struct mcast m = mcast_of(n);
	bool known = m.kind != NULL;
	struct marks marks = MARKS_OBJECT;

	if (known)
		marks.close[SPELL_JSON] = SLICE("}"); /* as programs that compare lines know it */
	emit_open(e, &BARE, &marks);
	emit_uint(e, &JSON_ONLY("code"), m.type);
	emit_bool(e, &JSON_ONLY("parsed"), known);
	nlri_raw_emit(e, n->bytes);
	if (known) {
		emit_word(e, &JSON_ONLY("name"), slice_on(m.kind->name));
		rd_emit(e, m.rd);
		if (m.kind->has_as)
			nlri_digits_emit(e, &JSON_ONLY("source-as"), m.source_as);
		nlri_addr_emit(e, &JSON_ONLY("source"), m.source);
		nlri_addr_emit(e, &JSON_ONLY("group"), m.group);
	}
	emit_close(e);
}

static void
words(struct emit *e, const struct nlri *n)
{
	struct mcast m = mcast_of(n);
	struct addr source = addr_of_bytes(m.source);
	struct text *t;

	if (m.kind == NULL) {
		nlri_raw_emit(e, n->bytes);
		return;
	}
	t = emit_value(e, &BARE);
	text_format(t, "%s %s ", m.kind->word, m.kind->source);
	addr_print(t, &source);
	nlri_addr_emit(e, &FIELD("group"), m.group);
	rd_emit(e, m.rd);
	if (m.kind->has_as)
		emit_uint(e, &FIELD("source-as"), m.source_as);
}

/* mvpn:shared-join::65000:1:65000:10.0.0.1:239.0.0.1, in lists of routes. */
static void
text_long(struct emit *e, const struct nlri *n)
{
	struct mcast m = mcast_of(n);
	struct addr source = addr_of_bytes(m.source);
	struct addr group = addr_of_bytes(m.group);
	struct text *t = emit_value(e, &BARE);

	if (m.kind == NULL) {
		text_format(t, "mvpn:%u:0x", m.type);
		text_hex_upper(t, n->bytes);
		return;
	}
	text_format(t, "mvpn:%s::", m.kind->word);
	rd_put(t, m.rd, SPELL_TEXT);
	if (m.kind->has_as)
		text_format(t, ":%u", m.source_as);
	text_char(t, ':');
	addr_print(t, &source);
	text_char(t, ':');
	addr_print(t, &group);
}

static void
emit(struct emit *e, const struct nlri *n)
{
	nlri_emit(e, n, json, words, text_long);
}

static void
parse(struct lex *lx, struct draft *d)
{
	uint8_t bytes[2 + UINT8_MAX];
	struct writer w = writer_on(bytes, sizeof(bytes));
	uint8_t type = MCAST_SOURCE_AD;
	struct addr source;
	struct addr group;
	struct gap value;

	if (nlri_raw_words(lx, d))
		return;
	while (type <= MCAST_SOURCE_JOIN && !lex_take(lx, kinds[type].word))
		type++;
	if (type > MCAST_SOURCE_JOIN) {
		lex_fault(lx, "expected source-ad, source-join or shared-join");
		return;
	}
	write_u8(&w, type);
	value = open_u8(&w);
	source = nlri_addr_words(lx, d->family, kinds[type].source);
	group = nlri_addr_words(lx, d->family, "group");
	nlri_rd_words(lx, &w);
	if (kinds[type].has_as) {
		(void)lex_want(lx, "source-as");
		write_u32(&w, lex_u32(lx, "a number for source-as"));
	}
	nlri_addr_write(&w, &source);
	nlri_addr_write(&w, &group);
	close_u8(&w, value);
	draft_nlri(d, writer_slice(&w));
}

const struct family family_ipv4_mcast_vpn = {
	.afi = 1,
	.safi = 5,
	.id = FAMILY_ID_ipv4_mcast_vpn,
	.afi_word = "ipv4",
	.safi_word = "mcast-vpn",
	.name = "ipv4 mcast-vpn",
	.traits = FAMILY_GROUPED | FAMILY_NEXT_HOP_ATTR,
	.next_hop_lens = NEXT_HOP_LEN(4) | NEXT_HOP_LEN(16), /* RFC 6515 */
	.pass = pass,
	.emit = emit,
	.parse = parse,
	.settle = nlri_settle,
};

const struct family family_ipv6_mcast_vpn = {
	.afi = 2,
	.safi = 5,
	.id = FAMILY_ID_ipv6_mcast_vpn,
	.afi_word = "ipv6",
	.safi_word = "mcast-vpn",
	.name = "ipv6 mcast-vpn",
	.traits = FAMILY_GROUPED | FAMILY_NEXT_HOP_ATTR,
	.next_hop_lens = NEXT_HOP_LEN(4) | NEXT_HOP_LEN(16),
	.pass = pass,
	.emit = emit,
	.parse = parse,
	.settle = nlri_settle,
};
