/*
 * Link state, SAFI 71 and, with a route distinguisher, 72: RFC 9552 5.2, RFC 9514 6. Type (2),
 * length (2), value. Only that the lengths fit is asked of a peer (RFC 9552 8.2.2): what is not
 * known, or is of an odd length, is kept, and shown as its bytes where it can be.
 */
#include "bgp/shape.h"
#include "draft.h"
#include "family_rows.h"
#include "ls/ls.h"
#include "ls/nlri_json.h"
#include "ls/nlri_words.h"
#include "nlri/rd.h"
#include "nlri/words.h"

#define SAFI_VPN 72

static bool
tlvs_fit(struct slice tlvs)
{
	struct reader r = reader_on(tlvs);

	while (reader_more(&r)) {
		struct ls_tlv t = ls_take(&r);
		struct reader in = reader_on(t.value);

		while ((t.type == LS_LOCAL_NODE || t.type == LS_REMOTE_NODE) && reader_more(&in))
			(void)ls_take(&in);
		if (!reader_ok(&in))
			return false;
	}
	return reader_done(&r);
}

static struct ls_nlri
ls_read(struct reader *r, bool vpn)
{
	struct ls_nlri l = { .type = read_u16(r) };
	struct reader in = read_inner(r, read_u16(r));

	l.known = (l.type >= LS_NODE && l.type <= LS_PREFIX_V6) || l.type == LS_SRV6_SID;
	if (vpn)
		l.rd = read_slice(&in, RD_LEN);
	if (l.known) {
		l.protocol = read_u8(&in);
		l.topology = read_u64(&in);
		l.tlvs = read_rest(&in);
	}
	if (!reader_ok(&in) || !tlvs_fit(l.tlvs))
		reader_fail(r);
	return l;
}

static void
pass(struct reader *r, const struct family *f)
{
	const uint8_t *start = r->at;

	(void)ls_read(r, f->safi == SAFI_VPN);
	if (reader_ok(r) && (size_t)(r->at - start) > NLRI_MAX)
		reader_fail(r); /* none is a tenth of that */
}

static void
json(struct emit *e, const struct nlri *n, const struct ls_nlri *l)
{
	bool known = l->known && (l->type != LS_SRV6_SID || (e->shape & SHAPE_LS_OBJECT) == 0);

	emit_open(e, &BARE, &MARKS_OBJECT);
	if (known) {
		ls_nlri_json(e, l);
	} else {
		emit_uint(e, &FIELD("code"), l->type);
		emit_bool(e, &FIELD("parsed"), false);
		nlri_raw_emit(e, n->bytes);
	}
	emit_close(e);
}

static void
emit(struct emit *e, const struct nlri *n)
{
	struct reader r = reader_on(n->bytes);
	struct ls_nlri l = ls_read(&r, n->family->safi == SAFI_VPN);

	if (e->spelling == SPELL_JSON) {
		json(e, n, &l);
		return;
	}
	if (e->spelling == SPELL_TEXT && (e->shape & SHAPE_LONG) == 0)
		nlri_family_emit(e, n->family);
	else
		ls_nlri_emit(e, n);
}

/* RFC 7752 3.4: of either family, an IPv6 one perhaps with a link-local one behind it */
#define NEXT_HOPS (NEXT_HOP_LEN(4) | NEXT_HOP_LEN(16) | NEXT_HOP_LEN(32))

const struct family family_bgp_ls_bgp_ls = {
	.afi = 16388,
	.safi = 71,
	.id = FAMILY_ID_bgp_ls_bgp_ls,
	.afi_word = "bgp-ls",
	.safi_word = "bgp-ls",
	.name = "bgp-ls bgp-ls",
	.next_hop_lens = NEXT_HOPS,
	.pass = pass,
	.emit = emit,
	.parse = ls_nlri_parse,
	.settle = nlri_settle,
};

const struct family family_bgp_ls_bgp_ls_vpn = {
	.afi = 16388,
	.safi = SAFI_VPN,
	.id = FAMILY_ID_bgp_ls_bgp_ls_vpn,
	.afi_word = "bgp-ls",
	.safi_word = "bgp-ls-vpn",
	.name = "bgp-ls bgp-ls-vpn",
	.traits = FAMILY_NEXT_HOP_RD,
	/* some leave the route distinguisher out */
	.next_hop_lens =
	    NEXT_HOPS | NEXT_HOP_LEN(12) | NEXT_HOP_LEN(24) | NEXT_HOP_LEN(40) | NEXT_HOP_LEN(48),
	.pass = pass,
	.emit = emit,
	.parse = ls_nlri_parse,
	.settle = nlri_settle,
};
