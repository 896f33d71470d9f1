/* EVPN: RFC 7432 7, RFC 9136 3.1. Of the five types all is known, others are kept as they are. */
#include "draft.h"
#include "family_rows.h"
#include "nlri/labels.h"
#include "nlri/rd.h"
#include "nlri/words.h"

#define ESI_LEN 10
#define MAC_LEN 6

enum evpn_type { EVPN_AUTO = 1, EVPN_MAC, EVPN_MULTICAST, EVPN_SEGMENT, EVPN_PREFIX, EVPN_TYPES };

static const char *const names[EVPN_TYPES] = {
	[EVPN_AUTO] = "Ethernet Auto-Discovery",
	[EVPN_MAC] = "MAC/IP advertisement",
	[EVPN_MULTICAST] = "Inclusive Multicast Ethernet Tag",
	[EVPN_SEGMENT] = "Ethernet Segment",
	[EVPN_PREFIX] = "IP Prefix Advertisement",
};

/* What is there of a type; at == NULL: not part of it. */
struct evpn {
	uint8_t type;
	struct slice rd;
	struct slice esi;
	struct slice tag;
	struct slice mac;
	uint8_t bits; /* of ip */
	struct slice ip;
	struct slice gateway;
	struct slice label; /* the first */
};

static void
read_mac(struct reader *r, struct evpn *v)
{
	v->esi = read_slice(r, ESI_LEN);
	v->tag = read_slice(r, 4);
	if (read_u8(r) != MAC_LEN * 8)
		reader_fail(r);
	v->mac = read_slice(r, MAC_LEN);
	if (reader_more(r) && *r->at == 0)
		read_skip(r, 1); /* none */
	else
		v->ip = nlri_addr_read(r);
	v->label = read_slice(r, LABEL_LEN);
	if (reader_more(r))
		read_skip(r, LABEL_LEN);
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
	v->label = read_slice(r, LABEL_LEN);
}

static struct evpn
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
		v.label = read_slice(&in, LABEL_LEN);
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
	return writer_len(&w);
}

/* "00:11:22": a MAC in capitals, a segment not, as ExaBGP has them */
static void
emit_pairs(struct emit *e, const struct spell *name, struct slice bytes, bool capitals)
{
	struct text *t = emit_value(e, name);

	if (t == NULL)
		return;
	text_char(t, '"');
	for (size_t i = 0; i < bytes.len; i++)
		text_format(t, capitals ? "%s%02X" : "%s%02x", i == 0 ? "" : ":", bytes.at[i]);
	text_char(t, '"');
}

static void
emit_esi(struct emit *e, struct slice esi)
{
	static const uint8_t none[ESI_LEN];

	if (slice_same(esi, slice_of(none, sizeof(none))))
		emit_word(e, &JSON_ONLY("esi"), SLICE("-"));
	else
		emit_pairs(e, &JSON_ONLY("esi"), esi, false);
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
		emit_pairs(e, &JSON_ONLY("mac"), v->mac, true);
	if (v->label.at != NULL)
		labels_emit(e, v->label, LABELS_ALWAYS);
	if (v->ip.len != 0)
		nlri_addr_emit(e, &JSON_ONLY("ip"), v->ip);
	if (v->type == EVPN_PREFIX) {
		emit_uint(e, &JSON_ONLY("iplen"), v->bits);
		nlri_addr_emit(e, &JSON_ONLY("gateway"), v->gateway);
	}
}

static void
emit(struct emit *e, const struct nlri *n)
{
	struct reader r = reader_on(n->bytes);
	struct evpn v = evpn_read(&r);

	if (e->spelling == SPELL_TEXT) {
		nlri_family_emit(e, n->family);
		return;
	}
	if (e->spelling == SPELL_WORDS) {
		nlri_raw_emit(e, n->bytes);
		return;
	}
	emit_open(e, &BARE, &MARKS_OBJECT);
	emit_uint(e, &JSON_ONLY("code"), v.type);
	emit_bool(e, &JSON_ONLY("parsed"), v.rd.at != NULL);
	nlri_raw_emit(e, n->bytes);
	if (v.rd.at != NULL)
		emit_members(e, &v);
	emit_close(e);
}

const struct family family_l2vpn_evpn = {
	.afi = 25,
	.safi = 70,
	.id = FAMILY_ID_l2vpn_evpn,
	.afi_word = "l2vpn",
	.safi_word = "evpn",
	.name = "l2vpn evpn",
	.next_hop_lens = NEXT_HOP_LEN(4) | NEXT_HOP_LEN(16), /* RFC 7432 9.2 */
	.pass = pass,
	.key = key,
	.emit = emit,
	.parse = nlri_raw_parse,
	.settle = nlri_settle,
};
