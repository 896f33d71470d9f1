/* What FlowSpec rules do with what they match, as extended communities: RFC 8955 7, and the drafts
 * that ExaBGP follows for next hops and interface sets. */
#include "attr.h"
#include "attr/ext_community.h"
#include "draft.h"
#include "nlri/flow.h"

#include "base/num.h"

/* Of 8 bytes: a type, then a number of 2 and one of 4. */
static void
add(struct lex *lx, struct draft *d, uint16_t kind, uint16_t first, uint32_t second)
{
	uint8_t one[ONE];

	store_u16(one, kind);
	store_u16(one + 2, first);
	store_u32(one + 4, second);
	ext_communities_add(lx, d, &attr_ext_community, ONE, slice_of(one, ONE));
}

/* Of 8 bytes: a type, then a number of 4 and one of 2. */
static void
add_wide(struct lex *lx, struct draft *d, uint16_t kind, uint32_t first, uint16_t second)
{
	add(lx, d, kind, (uint16_t)(first >> 16), first << 16 | second);
}

static void
add_v6(struct lex *lx, struct draft *d, uint16_t kind, const struct addr *ip, uint16_t last)
{
	uint8_t one[ONE_V6];

	store_u16(one, kind);
	memcpy(one + 2, ip->bytes, 16);
	store_u16(one + 18, last);
	ext_communities_add(lx, d, &attr_ext_community_v6, ONE_V6, slice_of(one, ONE_V6));
}

static void
parse_accept(struct lex *lx, struct draft *d)
{
	(void)lx;
	(void)d;
}

static void
parse_discard(struct lex *lx, struct draft *d)
{
	add(lx, d, OURS << 8 | RATE_BYTES, 0, 0);
}

static void
parse_rate(struct lex *lx, struct draft *d)
{
	struct token where = lx->now;
	struct slice word = lex_word(lx, "a rate");
	bool negative = slice_begins(word, "-");
	uint64_t rate;
	uint16_t kind = RATE_BYTES;
	uint8_t one[ONE];

	if (!num_decimal(negative ? slice_after(word, 1) : word, UINT64_MAX, &rate)) {
		lex_fault_at(lx, &where, "expected a rate");
		return;
	}
	if (lex_take(lx, "packets"))
		kind = RATE_PACKETS;
	else
		(void)lex_take(lx, "bytes");
	rate_community(kind, rate, negative, one);
	ext_communities_add(lx, d, &attr_ext_community, ONE, slice_of(one, ONE));
}

static void
set_next_hop(struct draft *d, const struct addr *a)
{
	memcpy(d->next_hop, a->bytes, addr_len(a));
	d->build.next_hop = slice_of(d->next_hop, addr_len(a));
	d->build.next_hop_self = false;
}

/* [IPv6] or [IPv6]:N */
static void
parse_redirect_v6(struct lex *lx, struct draft *d)
{
	struct token where = lx->now;
	struct addr a = lex_addr(lx, "an IPv6 address");
	uint16_t n;

	(void)lex_want(lx, "]");
	if (lex_failed(lx))
		return;
	if (a.family != ADDR_IPV6) {
		lex_fault_at(lx, &where, "expected an IPv6 address");
		return;
	}
	set_next_hop(d, &a);
	if (lx->now.kind != TOKEN_WORD || !slice_begins(lx->now.word, ":")) {
		add(lx, d, NEXT_HOP, 0, 0);
	} else if (num_u16(slice_after(lx->now.word, 1), &n)) {
		(void)lex_next(lx);
		add_v6(lx, d, REDIRECT_V6, &a, n); /* RFC 8956 6.1 */
	} else {
		lex_fault(lx, "expected a number of 16 bits");
	}
}

static void
parse_redirect(struct lex *lx, struct draft *d)
{
	static const char what[] = "as:number or an address to redirect to";
	struct token where = lx->now;
	struct slice word;
	struct slice left;
	struct slice right;
	struct addr a;
	uint32_t asn;
	uint32_t n;
	bool pair;

	if (lex_take(lx, "[")) {
		parse_redirect_v6(lx, d);
		return;
	}
	word = lex_word(lx, what);
	pair = word_cut(word, ':', &left, &right);
	if (addr_parse(word, &a)) {
		set_next_hop(d, &a);
		add(lx, d, NEXT_HOP, 0, 0);
	} else if (!pair || !num_u32(left, &asn) || !num_u32(right, &n) ||
	    (asn > UINT16_MAX && n > UINT16_MAX)) {
		lex_fault_at(lx, &where, "expected %s", what);
		lex_known_as(lx, &where, pair ? "asn is invalid: %" : "unrecognised ip address %");
	} else if (asn <= UINT16_MAX) {
		add(lx, d, OURS << 8 | REDIRECT, (uint16_t)asn, n);
	} else {
		add_wide(lx, d, OURS << 8 | REDIRECT_AS4, asn, (uint16_t)n);
	}
}

static void
parse_next_hop(struct lex *lx, struct draft *d)
{
	add(lx, d, NEXT_HOP, 0, 0);
}

static void
parse_next_hop_ietf(struct lex *lx, struct draft *d)
{
	struct addr a = lex_addr(lx, "an address to redirect to");

	if (lex_failed(lx))
		return;
	if (a.family == ADDR_IPV4)
		add_wide(lx, d, NEXT_HOP_IETF, addr_u32(&a), 0);
	else
		add_v6(lx, d, NEXT_HOP_IETF_V6, &a, 0);
}

static void
parse_copy(struct lex *lx, struct draft *d)
{
	struct addr a = lex_addr(lx, "an address to copy to");

	if (lex_failed(lx))
		return;
	set_next_hop(d, &a);
	add(lx, d, NEXT_HOP, 0, 1);
}

static void
parse_mark(struct lex *lx, struct draft *d)
{
	add(lx, d, OURS << 8 | MARK, 0, (uint32_t)lex_number(lx, 63, "a DSCP (0 to 63)"));
}

static void
parse_action(struct lex *lx, struct draft *d)
{
	static const char *const words[] = { "terminal", "sample", "sample-terminal" };

	for (uint32_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (lex_take(lx, words[i])) {
			add(lx, d, OURS << 8 | ACTION, 0, i + 1);
			return;
		}
	if (lex_take(lx, "terminal-sample"))
		add(lx, d, OURS << 8 | ACTION, 0, 3);
	else
		lex_fault(lx, "expected sample, terminal or sample-terminal");
}

static void
parse_interface_set(struct lex *lx, struct draft *d)
{
	static const char what[] = "[non-]transitive:input|output|input-output:as:group";
	struct draft_list list = draft_list_on(lx, false);

	while (draft_list_more(lx, &list)) {
		struct token where = lx->now;
		struct slice word = lex_word(lx, what);
		uint8_t one[ONE];

		if (!interface_community(word, one))
			lex_fault_at(lx, &where, "expected %s", what);
		else
			ext_communities_add(lx, d, &attr_ext_community, ONE, slice_of(one, ONE));
	}
}

static const struct attr_word actions[] = {
	{ "accept", parse_accept },
	{ "discard", parse_discard },
	{ "rate-limit", parse_rate },
	{ "redirect", parse_redirect },
	{ "redirect-to-nexthop", parse_next_hop },
	{ "redirect-to-nexthop-ietf", parse_next_hop_ietf },
	{ "copy", parse_copy },
	{ "mark", parse_mark },
	{ "action", parse_action },
	{ "interface-set", parse_interface_set },
};

bool
flow_action(struct lex *lx, struct draft *d)
{
	for (size_t i = 0; i < sizeof(actions) / sizeof(actions[0]); i++)
		if (lex_take(lx, actions[i].word)) {
			actions[i].parse(lx, d);
			return true;
		}
	return false;
}
