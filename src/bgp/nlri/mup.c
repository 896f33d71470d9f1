/* Mobile user plane, SAFI 85: bytes, JSON, and the rows of its families. */
#include "nlri/mup.h"

#include "draft.h"
#include "family_rows.h"
#include "nlri/rd.h"
#include "nlri/words.h"

static void
read_prefix(struct reader *r, struct mup *m, size_t addr)
{
	m->bits = read_u8(r);
	if (m->bits > addr * 8)
		reader_fail(r);
	m->prefix = read_slice(r, (m->bits + 7) / 8);
}

static void
read_session(struct reader *r, struct mup *m, size_t addr)
{
	read_prefix(r, m, addr);
	m->teid = read_u32(r);
	m->qfi = read_u8(r);
	m->endpoint = nlri_addr_read(r);
	m->has_source = reader_more(r);
	if (m->has_source && reader_left(r) == 1 && *r->at == 0)
		read_skip(r, 1); /* a length of zero: none */
	else if (m->has_source)
		m->source = nlri_addr_read(r);
}

static void
read_endpoint(struct reader *r, struct mup *m, size_t addr)
{
	m->bits = read_u8(r);
	if (m->bits < addr * 8 || m->bits > addr * 8 + MUP_TEID_BITS)
		reader_fail(r);
	m->endpoint = read_slice(r, addr);
	m->teid_bits = m->bits - (unsigned)addr * 8;
	for (unsigned bytes = (m->teid_bits + 7) / 8; bytes != 0 && reader_ok(r); bytes--)
		m->teid = m->teid << 8 | read_u8(r);
}

static struct mup
mup_read(struct reader *r, size_t addr)
{
	struct mup m = { .arch = read_u8(r), .type = read_u16(r) };
	struct reader in = read_inner(r, read_u8(r));

	m.known = m.arch == MUP_3GPP_5G && m.type >= MUP_ISD && m.type <= MUP_T2ST;
	if (!m.known)
		return m;
	m.rd = read_slice(&in, RD_LEN);
	switch ((enum mup_type)m.type) {
	case MUP_ISD: read_prefix(&in, &m, addr); break;
	case MUP_DSD: m.endpoint = read_slice(&in, addr); break;
	case MUP_T1ST: read_session(&in, &m, addr); break;
	case MUP_T2ST: read_endpoint(&in, &m, addr); break;
	}
	if (!reader_done(&in))
		reader_fail(r);
	return m;
}

static void
pass(struct reader *r, const struct family *f)
{
	(void)mup_read(r, nlri_addr_len(f->afi));
}

struct mup
mup_of(const struct nlri *n)
{
	struct reader r = reader_on(n->bytes);

	return mup_read(&r, nlri_addr_len(n->family->afi));
}

static void
json_prefix(struct emit *e, const struct nlri *n, const struct mup *m)
{
	uint8_t whole[16] = { 0 };

	memcpy(whole, m->prefix.at, m->prefix.len);
	emit_uint(e, &JSON_ONLY("prefix_ip_len"), m->bits);
	nlri_addr_emit(e, &JSON_ONLY("prefix_ip"), slice_of(whole, nlri_addr_len(n->family->afi)));
}

static void
json_session(struct emit *e, const struct mup *m)
{
	nlri_digits_emit(e, &JSON_ONLY("teid"), m->teid);
	nlri_digits_emit(e, &JSON_ONLY("qfi"), m->qfi);
	rd_emit(e, m->rd);
	emit_uint(e, &JSON_ONLY("endpoint_ip_len"), m->endpoint.len * 8);
	nlri_addr_emit(e, &JSON_ONLY("endpoint_ip"), m->endpoint);
	emit_uint(e, &JSON_ONLY("source_ip_len"), m->source.len * 8);
	if (m->source.len != 0)
		nlri_addr_emit(e, &JSON_ONLY("source_ip"), m->source);
	else
		emit_word(e, &JSON_ONLY("source_ip"), SLICE("b''")); /* what is expected there */
}

static const char *const names[] = {
	[MUP_ISD] = "InterworkSegmentDiscoveryRoute",
	[MUP_DSD] = "DirectSegmentDiscoveryRoute",
	[MUP_T1ST] = "Type1SessionTransformedRoute",
	[MUP_T2ST] = "Type2SessionTransformedRoute",
};

static void
json_known(struct emit *e, const struct nlri *n, const struct mup *m)
{
	switch ((enum mup_type)m->type) {
	case MUP_ISD:
		json_prefix(e, n, m);
		rd_emit(e, m->rd);
		break;
	case MUP_DSD:
		nlri_addr_emit(e, &JSON_ONLY("ip"), m->endpoint);
		rd_emit(e, m->rd);
		break;
	case MUP_T1ST:
		json_prefix(e, n, m);
		json_session(e, m);
		break;
	case MUP_T2ST:
		emit_uint(e, &JSON_ONLY("endpoint_len"), m->bits);
		nlri_addr_emit(e, &JSON_ONLY("endpoint_ip"), m->endpoint);
		rd_emit(e, m->rd);
		nlri_digits_emit(e, &JSON_ONLY("teid"), m->teid);
		break;
	}
}

static void
json(struct emit *e, const struct nlri *n)
{
	struct mup m = mup_of(n);
	struct spell wide = { { [SPELL_JSON] = SLICE(" \"arch\": ") } };

	emit_open(e, &BARE, &MARKS_OBJECT);
	if (m.known)
		emit_word(e, &JSON_ONLY("name"), slice_on(names[m.type]));
	/* two blanks in type 4: programs that compare lines know them */
	emit_uint(e, m.known && m.type == MUP_T2ST ? &wide : &JSON_ONLY("arch"), m.arch);
	emit_uint(e, &JSON_ONLY("code"), m.type);
	if (m.known)
		json_known(e, n, &m);
	nlri_path_emit(e, n);
	nlri_raw_emit(e, n->bytes);
	emit_close(e);
}

/* mup:isd::65000:1:10.0.0.0/24, in lists of routes. */
static void
text_long(struct emit *e, const struct nlri *n)
{
	struct mup m = mup_of(n);
	struct addr endpoint = addr_of_bytes(m.endpoint);
	struct text *t = emit_value(e, &BARE);

	if (!m.known) {
		text_format(t, "mup:%u:%u:0x", m.arch, m.type);
		text_hex_upper(t, n->bytes);
		return;
	}
	text_format(t, "mup:%s::", mup_kind(&m));
	rd_put(t, m.rd, SPELL_TEXT);
	text_char(t, ':');
	if (m.type == MUP_ISD || m.type == MUP_T1ST)
		nlri_prefix_put(t, n->family->afi, m.prefix, m.bits);
	else
		addr_print(t, &endpoint);
	if (m.type == MUP_T1ST) {
		text_format(t, ":%u:%u:", m.teid, m.qfi);
		addr_print(t, &endpoint);
	} else if (m.type == MUP_T2ST) {
		text_format(t, ":%u/%u", m.teid, m.teid_bits);
	}
}

static void
emit(struct emit *e, const struct nlri *n)
{
	nlri_emit(e, n, json, mup_words, text_long);
}

/* An IPv6 route goes with an IPv6 next hop: an IPv4 one is mapped. */
static void
settle_v6(struct lex *lx, struct draft *d, const struct family *f, bool announce)
{
	struct addr hop = addr_of_bytes(d->build.next_hop);
	static const uint8_t mapped[12] = { [10] = 0xff, [11] = 0xff };

	nlri_settle(lx, d, f, announce);
	if (hop.family != ADDR_IPV4)
		return;
	memcpy(d->next_hop, mapped, sizeof(mapped));
	memcpy(d->next_hop + sizeof(mapped), hop.bytes, 4);
	d->build.next_hop = slice_of(d->next_hop, 16);
}

const struct family family_ipv4_mup = {
	.afi = 1,
	.safi = 85,
	.id = FAMILY_ID_ipv4_mup,
	.afi_word = "ipv4",
	.safi_word = "mup",
	.name = "ipv4 mup",
	.traits = FAMILY_NEXT_HOP_ATTR | FAMILY_PATH_ID,
	.next_hop_lens = NEXT_HOP_LEN(4) | NEXT_HOP_LEN(16),
	.pass = pass,
	.emit = emit,
	.parse = mup_parse,
	.settle = nlri_settle,
};

const struct family family_ipv6_mup = {
	.afi = 2,
	.safi = 85,
	.id = FAMILY_ID_ipv6_mup,
	.afi_word = "ipv6",
	.safi_word = "mup",
	.name = "ipv6 mup",
	.traits = FAMILY_PATH_ID,
	.next_hop_lens = NEXT_HOP_LEN(4) | NEXT_HOP_LEN(16),
	.pass = pass,
	.emit = emit,
	.parse = mup_parse,
	.settle = settle_v6,
};
