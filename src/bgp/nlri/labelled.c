/*
 * IPv4 and IPv6 prefixes with labels (SAFI 4, RFC 8277) and with labels and a route distinguisher
 * (SAFI 128, RFC 4364 4.3.4): length in bits of all that follows, labels, distinguisher, prefix.
 * Labels are no part of a route's identity.
 */
#include "draft.h"
#include "family_rows.h"
#include "nlri/labels.h"
#include "nlri/rd.h"
#include "nlri/words.h"

#define SAFI_LABELS 4
#define SAFI_VPN    128

/* What an NLRI is made of. */
struct pieces {
	struct slice labels;
	struct slice rd;     /* without bytes: none */
	struct slice prefix; /* as many as hold the bits */
	unsigned bits;
};

static struct pieces
pieces_read(struct reader *r, bool rd, unsigned most)
{
	unsigned bits = read_u8(r);
	struct reader in = read_inner(r, (bits + 7) / 8);
	struct pieces p = { .labels = labels_take(&in) };
	unsigned head;

	if (rd)
		p.rd = read_slice(&in, RD_LEN);
	head = (unsigned)(p.labels.len + p.rd.len) * 8;
	p.bits = bits - head;
	p.prefix = read_rest(&in);
	if (!reader_ok(&in) || bits < head || p.bits > most)
		reader_fail(r);
	return p;
}

static void
pass(struct reader *r, const struct family *f)
{
	(void)pieces_read(r, f->safi == SAFI_VPN, f->afi == 1 ? 32 : 128);
}

static struct pieces
pieces_of(struct slice nlri, bool rd)
{
	struct reader r = reader_on(nlri);

	return pieces_read(&r, rd, 128);
}

static size_t
key_of(struct slice nlri, bool rd, uint8_t *room)
{
	struct pieces p = pieces_of(nlri, rd);
	struct writer w = writer_on(room, NLRI_MAX);

	write_u8(&w, (uint8_t)p.bits); /* at most 128 */
	write_slice(&w, p.rd);
	write_slice(&w, p.prefix);
	if (p.bits % 8 != 0)
		w.at[-1] &= (uint8_t)(0xff00 >> p.bits % 8);
	return writer_len(&w);
}

static size_t
key(struct slice nlri, uint8_t *room)
{
	return key_of(nlri, false, room);
}

static size_t
key_vpn(struct slice nlri, uint8_t *room)
{
	return key_of(nlri, true, room);
}

static void
emit_prefix_words(struct emit *e, const struct nlri *n, const struct pieces *p)
{
	struct text *t = emit_value(e, &JSON_NAMED("nlri"));
	bool quotes = e->spelling == SPELL_JSON;

	if (t == NULL)
		return;
	if (quotes)
		text_char(t, '"');
	nlri_prefix_put(t, n->family->afi, p->prefix, p->bits);
	if (quotes)
		text_char(t, '"');
}

static void
emit(struct emit *e, const struct nlri *n)
{
	bool vpn = n->family->safi == SAFI_VPN;
	bool words = e->spelling == SPELL_WORDS; /* ExaBGP's commands have the rd in front */
	struct pieces p = pieces_of(n->bytes, vpn);
	struct addr id = addr_v4_of(n->path_id);

	emit_open(e, &BARE, &MARKS_OBJECT);
	emit_prefix_words(e, n, &p);
	if (n->has_path_id)
		emit_addr(e, &FIELD("path-information"), &id);
	if (vpn && words)
		rd_emit(e, p.rd);
	labels_emit(e, p.labels, vpn ? LABELS_CAME : LABELS_MADE);
	if (vpn && !words)
		rd_emit(e, p.rd);
	emit_close(e);
}

/* What stands in a withdraw that names no label: RFC 8277 2.4. */
static const uint8_t any_label[LABEL_LEN] = { 0x80, 0, 0 };

static void
settle(struct lex *lx, struct draft *d, const struct family *f, bool announce)
{
	struct slice labels = draft_labels(d);
	bool vpn = f->safi == SAFI_VPN;
	struct text prefix = { 0 };

	draft_said(d, &prefix);
	if (vpn && !d->has_rd)
		lex_fault(lx, "VPN route %s requires RD%s", announce ? "announce" : "withdraw",
		    text_chars(&prefix));
	else if (!vpn && d->has_rd)
		lex_fault(lx, "rd has no place in %s", f->name);
	else if (labels.len == 0 && announce)
		lex_fault(lx, "labeled route announce requires labels%s", text_chars(&prefix));
	text_free(&prefix);
	if (labels.len == 0)
		labels = slice_of(any_label, sizeof(any_label));
	draft_head(lx, d, labels);
	if (vpn)
		draft_head(lx, d, slice_of(d->rd, RD_LEN));
}

const struct family family_ipv4_nlri_mpls = {
	.afi = 1,
	.safi = SAFI_LABELS,
	.id = FAMILY_ID_ipv4_nlri_mpls,
	.afi_word = "ipv4",
	.safi_word = "nlri-mpls",
	.name = "ipv4 nlri-mpls",
	.traits = FAMILY_PATH_ID | FAMILY_NEXT_HOP_ATTR,
	.next_hop_lens = NEXT_HOP_LEN(4),
	.pass = pass,
	.key = key,
	.emit = emit,
	.parse = draft_prefix_v4,
	.settle = settle,
};

const struct family family_ipv4_mpls_vpn = {
	.afi = 1,
	.safi = SAFI_VPN,
	.id = FAMILY_ID_ipv4_mpls_vpn,
	.afi_word = "ipv4",
	.safi_word = "mpls-vpn",
	.name = "ipv4 mpls-vpn",
	.traits = FAMILY_PATH_ID | FAMILY_NEXT_HOP_ATTR | FAMILY_NEXT_HOP_RD,
	.next_hop_lens = NEXT_HOP_LEN(12),
	.pass = pass,
	.key = key_vpn,
	.emit = emit,
	.parse = draft_prefix_v4,
	.settle = settle,
};

const struct family family_ipv6_nlri_mpls = {
	.afi = 2,
	.safi = SAFI_LABELS,
	.id = FAMILY_ID_ipv6_nlri_mpls,
	.afi_word = "ipv6",
	.safi_word = "nlri-mpls",
	.name = "ipv6 nlri-mpls",
	.traits = FAMILY_PATH_ID | FAMILY_NEXT_HOP_ATTR,
	.next_hop_lens = NEXT_HOP_LEN(16) | NEXT_HOP_LEN(32),
	.pass = pass,
	.key = key,
	.emit = emit,
	.parse = draft_prefix_v6,
	.settle = settle,
};

const struct family family_ipv6_mpls_vpn = {
	.afi = 2,
	.safi = SAFI_VPN,
	.id = FAMILY_ID_ipv6_mpls_vpn,
	.afi_word = "ipv6",
	.safi_word = "mpls-vpn",
	.name = "ipv6 mpls-vpn",
	.traits = FAMILY_PATH_ID | FAMILY_NEXT_HOP_ATTR | FAMILY_NEXT_HOP_RD,
	.next_hop_lens =
	    NEXT_HOP_LEN(24) | NEXT_HOP_LEN(40) | NEXT_HOP_LEN(48), /* RFC 4659 3.2.1 */
	.pass = pass,
	.key = key_vpn,
	.emit = emit,
	.parse = draft_prefix_v6,
	.settle = settle,
};
