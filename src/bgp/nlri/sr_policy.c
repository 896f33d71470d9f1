/*
 * Segment routing policies, SAFI 73: RFC 9830 2.1. Length in bits (1), distinguisher (4), color
 * (4), endpoint. What a policy does stands in another attribute, TUNNEL_ENCAP.
 */
#include "draft.h"
#include "family_rows.h"
#include "nlri/words.h"

struct policy {
	uint32_t distinguisher;
	uint32_t color;
	struct slice endpoint;
};

static struct policy
policy_read(struct reader *r, size_t addr)
{
	struct policy p = { 0 };

	if (read_u8(r) != (8 + addr) * 8)
		reader_fail(r);
	p.distinguisher = read_u32(r);
	p.color = read_u32(r);
	p.endpoint = read_slice(r, addr);
	return p;
}

static void
pass(struct reader *r, const struct family *f)
{
	(void)policy_read(r, nlri_addr_len(f->afi));
}

static void
emit(struct emit *e, const struct nlri *n)
{
	struct reader r = reader_on(n->bytes);
	struct policy p = policy_read(&r, nlri_addr_len(n->family->afi));

	if (nlri_brief(e, n->family))
		return;
	if (e->spelling == SPELL_TEXT)
		emit_word(e, &BARE, SLICE("sr-policy"));
	emit_open(e, &BARE, &MARKS_OBJECT_TIGHT);
	emit_uint(e, &FIELD("distinguisher"), p.distinguisher);
	emit_uint(e, &FIELD("color"), p.color);
	nlri_addr_emit(e, &FIELD("endpoint"), p.endpoint);
	emit_close(e);
}

/* distinguisher N color N endpoint IP; the endpoint says the family where nothing else did */
static void
parse(struct lex *lx, struct draft *d)
{
	uint8_t bytes[1 + 8 + 16];
	struct writer w = writer_on(bytes, sizeof(bytes));
	struct gap bits = open_u8(&w);
	struct addr endpoint;

	(void)lex_want(lx, "distinguisher");
	write_u32(&w, lex_u32(lx, "a number for distinguisher"));
	(void)lex_want(lx, "color");
	write_u32(&w, lex_u32(lx, "a number for color"));
	(void)lex_want(lx, "endpoint");
	if (d->family != NULL)
		endpoint = nlri_addr(lx, d->family, "an endpoint");
	else
		endpoint = lex_addr(lx, "an address for endpoint");
	if (d->family == NULL)
		d->family =
		    endpoint.family == ADDR_IPV6 ? &family_ipv6_sr_policy : &family_ipv4_sr_policy;
	write_slice(&w, addr_slice(&endpoint));
	bytes[bits.at] = (uint8_t)((writer_len(&w) - 1) * 8); /* 96 or 192 */
	draft_nlri(d, writer_slice(&w));
}

/* sr-policy, with all its words, where no AFI is said */
static void
statement(struct lex *lx, struct draft *d)
{
	parse(lx, d);
	draft_words(lx, d, NULL);
}

/* The endpoint of the policy is not the speaker: a next hop of our own has no meaning. */
static void
settle(struct lex *lx, struct draft *d, const struct family *f, bool announce)
{
	nlri_settle(lx, d, f, announce);
	if (d->build.next_hop_self)
		lex_fault(lx, "next-hop self has no place in %s", f->name);
}

/* RFC 9830 2.1: of either family, whatever stands in the NLRI */
#define NEXT_HOPS (NEXT_HOP_LEN(4) | NEXT_HOP_LEN(16) | NEXT_HOP_LEN(32))

const struct family family_ipv4_sr_policy = {
	.afi = 1,
	.safi = 73,
	.id = FAMILY_ID_ipv4_sr_policy,
	.afi_word = "ipv4",
	.safi_word = "sr-policy",
	.name = "ipv4 sr-policy",
	.traits = FAMILY_POLICY,
	.next_hop_lens = NEXT_HOPS,
	.pass = pass,
	.emit = emit,
	.parse = parse,
	.settle = settle,
	.statement = "sr-policy",
	.statement_parse = statement,
};

const struct family family_ipv6_sr_policy = {
	.afi = 2,
	.safi = 73,
	.id = FAMILY_ID_ipv6_sr_policy,
	.afi_word = "ipv6",
	.safi_word = "sr-policy",
	.name = "ipv6 sr-policy",
	.traits = FAMILY_POLICY,
	.next_hop_lens = NEXT_HOPS,
	.pass = pass,
	.emit = emit,
	.parse = parse,
	.settle = settle,
};
