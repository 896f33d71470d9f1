/* EVPN: RFC 7432 7, RFC 9136 3.1. Of the five types all is known, others are kept as they are. */
#include "nlri/evpn.h"

#include "draft.h"
#include "family_rows.h"
#include "nlri/labels.h"
#include "nlri/rd.h"
#include "nlri/words.h"

static const char *const names[EVPN_TYPES] = {
	[EVPN_AUTO] = "Ethernet Auto-Discovery",
	[EVPN_MAC] = "MAC/IP advertisement",
	[EVPN_MULTICAST] = "Inclusive Multicast Ethernet Tag",
	[EVPN_SEGMENT] = "Ethernet Segment",
	[EVPN_PREFIX] = "IP Prefix Advertisement",
};

static void
read_mac(struct reader *r, struct evpn *v)
{
	v->esi = read_slice(r, ESI_LEN);
	v->tag = read_slice(r, 4);
	if (read_u8(r) != MAC_BITS)
		reader_fail(r);
	v->mac = read_slice(r, MAC_LEN);
	if (reader_more(r) && *r->at == 0)
		read_skip(r, 1); /* none */
	else
		v->ip = nlri_addr_read(r);
	v->labels = read_slice(r, reader_left(r) > LABEL_LEN ? 2 * LABEL_LEN : LABEL_LEN);
}

/* RFC 9136 3.1: the length tells which kind of addresses it has. */
static void
read_prefix(struct reader *r, struct evpn *v)
{
	size_t len;

	v->esi = read_slice(r, ESI_LEN);
	v->tag = read_slice(r, 4);
	v->bits = read_u8(r);
	len = reader_left(r) == 4 + 4 + LABEL_LEN ? 4 : 16;
	if (v->bits > len * 8)
		reader_fail(r);
	v->ip = read_slice(r, len);
	v->gateway = read_slice(r, len);
	v->labels = read_slice(r, LABEL_LEN);
}

struct evpn
evpn_read(struct reader *r)
{
	struct evpn v = { .type = read_u8(r) };
	struct reader in = read_inner(r, read_u8(r));

	if (v.type < EVPN_AUTO || v.type >= EVPN_TYPES)
		return v;
	v.rd = read_slice(&in, RD_LEN);
	switch (v.type) {
	case EVPN_AUTO:
		v.esi = read_slice(&in, ESI_LEN);
		v.tag = read_slice(&in, 4);
		v.labels = read_slice(&in, LABEL_LEN);
		break;
	case EVPN_MAC: read_mac(&in, &v); break;
	case EVPN_MULTICAST:
		v.tag = read_slice(&in, 4);
		v.ip = nlri_addr_read(&in);
		break;
	case EVPN_SEGMENT:
		v.esi = read_slice(&in, ESI_LEN);
		v.ip = nlri_addr_read(&in);
		break;
	default: read_prefix(&in, &v); break;
	}
	if (!reader_done(&in))
		reader_fail(r);
	return v;
}

static void
pass(struct reader *r, const struct family *f)
{
	(void)f;
	(void)evpn_read(r);
}

static void
clear_host_bits(uint8_t *ip, size_t len, unsigned bits)
{
	for (size_t i = bits / 8; i < len; i++)
		ip[i] &= (uint8_t)(i == bits / 8 ? 0xff00 >> bits % 8 : 0);
}

/* RFC 7432 7.1 to 7.4, RFC 9136 3.1: labels never count, nor does the segment of a MAC or of a
 * prefix. */
static size_t
key(struct slice nlri, uint8_t *room)
{
	struct reader r = reader_on(nlri);
	struct evpn v = evpn_read(&r);
	struct writer w = writer_on(room, NLRI_MAX);

	if (v.rd.at == NULL) {
		memcpy(room, nlri.at, nlri.len);
		return nlri.len;
	}
	write_u8(&w, v.type);
	write_slice(&w, v.rd);
	if (v.type == EVPN_AUTO || v.type == EVPN_SEGMENT)
		write_slice(&w, v.esi);
	write_slice(&w, v.tag);
	write_slice(&w, v.mac);
	write_u8(&w, v.bits);
	write_slice(&w, v.ip);
	if (v.type == EVPN_PREFIX)
		clear_host_bits(w.at - v.ip.len, v.ip.len, v.bits);
	return writer_len(&w);
}

static void
emit_esi(struct emit *e, struct slice esi)
{
	static const uint8_t none[ESI_LEN];

	if (slice_same(esi, slice_of(none, sizeof(none))))
		emit_word(e, &JSON_ONLY("esi"), SLICE("-"));
	else
		nlri_pairs_emit(e, &JSON_ONLY("esi"), esi, false);
}

static void
emit_members(struct emit *e, const struct evpn *v)
{
	emit_word(e, &JSON_ONLY("name"), slice_on(names[v->type]));
	rd_emit(e, v->rd);
	if (v->esi.at != NULL)
		emit_esi(e, v->esi);
	if (v->tag.at != NULL)
		emit_uint(e, &JSON_ONLY("ethernet-tag"), load_u32(v->tag.at));
	if (v->mac.at != NULL)
		nlri_pairs_emit(e, &JSON_ONLY("mac"), v->mac, true);
	if (v->labels.at != NULL)
		labels_emit(e, slice_of(v->labels.at, LABEL_LEN), LABELS_ALWAYS); /* the first */
	if (v->ip.len != 0)
		nlri_addr_emit(e, &JSON_ONLY("ip"), v->ip);
	if (v->type == EVPN_PREFIX) {
		emit_uint(e, &JSON_ONLY("iplen"), v->bits);
		nlri_addr_emit(e, &JSON_ONLY("gateway"), v->gateway);
	}
}

static void
json(struct emit *e, const struct nlri *n)
{
	struct reader r = reader_on(n->bytes);
	struct evpn v = evpn_read(&r);

	emit_open(e, &BARE, &MARKS_OBJECT);
	emit_uint(e, &JSON_ONLY("code"), v.type);
	emit_bool(e, &JSON_ONLY("parsed"), v.rd.at != NULL);
	nlri_raw_emit(e, n->bytes);
	if (v.rd.at != NULL)
		emit_members(e, &v);
	nlri_path_emit(e, n);
	emit_close(e);
}

static void
emit(struct emit *e, const struct nlri *n)
{
	nlri_emit(e, n, json, evpn_words, NULL);
}

const struct family family_l2vpn_evpn = {
	.afi = 25,
	.safi = 70,
	.id = FAMILY_ID_l2vpn_evpn,
	.afi_word = "l2vpn",
	.safi_word = "evpn",
	.name = "l2vpn evpn",
	.traits = FAMILY_PATH_ID | FAMILY_PATH_ID_NAMED,
	.next_hop_lens = NEXT_HOP_LEN(4) | NEXT_HOP_LEN(16), /* RFC 7432 9.2 */
	.pass = pass,
	.key = key,
	.emit = emit,
	.parse = evpn_parse,
	.settle = nlri_settle,
	.statement = "evpn",
	.statement_parse = evpn_statement,
};
