/* Extended communities of FlowSpec in words: RFC 8955 7, and the drafts that ExaBGP follows for
 * next hops and interface sets. */
#include "attr/ext_community.h"

#include "base/num.h"
#include "lang/lex.h"

#define GROUP_MOST 0x3fff
#define DSCP_MOST  63

static const char *const ways[] = { NULL, "input", "output", "input-output" };
static const char *const actions[] = { NULL, "terminal", "sample", "sample-terminal" };

#define WAYS (sizeof(ways) / sizeof(ways[0]))

static size_t
place_of(struct slice word, const char *const names[WAYS])
{
	size_t i = 1;

	while (i < WAYS && !slice_is(word, names[i]))
		i++;
	return i;
}

static void
put_value(uint8_t to[ONE], uint16_t kind, uint16_t first, uint32_t second)
{
	store_u16(to, kind);
	store_u16(to + 2, first);
	store_u32(to + 4, second);
}

void
rate_community(uint16_t kind, uint64_t rate, bool negative, uint8_t to[ONE])
{
	float f = (float)(rate > RATE_MOST ? RATE_MOST : rate);

	put_value(to, OURS << 8 | kind, 0, float_bits(negative ? -f : f));
}

bool
interface_community(struct slice word, uint8_t to[ONE])
{
	uint16_t kind = INTERFACE_SET;
	struct slice way;
	struct slice number;
	size_t place;
	uint32_t asn;
	uint16_t group;

	if (!word_cut(word, ':', &way, &word))
		return false;
	if (slice_is(way, "non-transitive"))
		kind |= LOCAL << 8;
	if (slice_is(way, "transitive") || slice_is(way, "non-transitive"))
		if (!word_cut(word, ':', &way, &word))
			return false;
	if (!word_cut(word, ':', &number, &word) || !num_u32(number, &asn) ||
	    !num_u16(word, &group) || group > GROUP_MOST)
		return false;
	place = place_of(way, ways);
	put_value(to, kind, (uint16_t)(asn >> 16), asn << 16 | (uint32_t)place << 14 | group);
	return place < WAYS;
}

/* N, N:bytes or N:packets */
static bool
rate_parse(struct slice word, uint8_t to[ONE])
{
	struct slice number = word;
	struct slice unit = SLICE("bytes");
	uint64_t rate;

	(void)word_cut(word, ':', &number, &unit);
	if (!num_decimal(number, UINT64_MAX, &rate) ||
	    (!slice_is(unit, "bytes") && !slice_is(unit, "packets")))
		return false;
	rate_community(slice_is(unit, "packets") ? RATE_PACKETS : RATE_BYTES, rate, false, to);
	return true;
}

#define RATE_WORD      "rate-limit:"
#define INTERFACE_WORD "interface-set:"

bool
flow_community_parse(struct slice word, uint8_t to[ONE])
{
	if (slice_begins(word, RATE_WORD))
		return rate_parse(slice_after(word, sizeof(RATE_WORD) - 1), to);
	if (slice_begins(word, INTERFACE_WORD))
		return interface_community(slice_after(word, sizeof(INTERFACE_WORD) - 1), to);
	put_value(to, NEXT_HOP, 0, 1);
	return slice_is(word, "copy-to-nexthop");
}

/* Text events say it once more, behind the address. */
static void
take_note(struct lex *lx)
{
	if (!lex_take(lx, "("))
		return;
	(void)lex_want(lx, "with");
	(void)lex_want(lx, "copy");
	(void)lex_want(lx, ")");
}

static void
take_next_hop(struct lex *lx, bool copy, uint8_t to[ONE])
{
	struct token where = lx->now;
	struct addr a = lex_addr(lx, "an IPv4 address");
	uint32_t ip = 0;

	if (a.family == ADDR_IPV4)
		ip = addr_u32(&a);
	else
		lex_fault_at(lx, &where, "expected an IPv4 address");
	put_value(to, NEXT_HOP_IETF, (uint16_t)(ip >> 16), ip << 16 | copy);
	if (copy)
		take_note(lx);
}

static void
take_next_hop_v6(struct lex *lx, bool copy, uint8_t to[ONE_V6])
{
	struct token where = lx->now;
	struct addr a = lex_addr(lx, "an IPv6 address");

	memset(to, 0, ONE_V6);
	store_u16(to, NEXT_HOP_IETF_V6);
	if (a.family == ADDR_IPV6)
		memcpy(to + 2, a.bytes, sizeof(a.bytes));
	else
		lex_fault_at(lx, &where, "expected an IPv6 address");
	to[ONE_V6 - 1] = copy;
	if (copy)
		take_note(lx);
}

bool
flow_community_take_v6(struct lex *lx, uint8_t to[ONE_V6])
{
	bool copy = lex_take(lx, "copy-to-nexthop-ietf");

	if (!copy && !lex_take(lx, "redirect-to-nexthop-ietf"))
		return false;
	take_next_hop_v6(lx, copy, to);
	return true;
}

bool
flow_community_take(struct lex *lx, uint8_t to[ONE])
{
	size_t place;

	if (lex_take(lx, "redirect-to-nexthop-ietf")) {
		take_next_hop(lx, false, to);
	} else if (lex_take(lx, "copy-to-nexthop-ietf")) {
		take_next_hop(lx, true, to);
	} else if (lex_take(lx, "mark")) {
		put_value(to, OURS << 8 | MARK, 0,
		    (uint32_t)lex_number(lx, DSCP_MOST, "a DSCP (0 to 63)"));
	} else if (lex_take(lx, "action")) {
		place = place_of(lx->now.word, actions);
		if (place == WAYS || lx->now.kind != TOKEN_WORD)
			lex_fault(lx, "expected sample, terminal or sample-terminal");
		(void)lex_word(lx, "an action");
		put_value(to, OURS << 8 | ACTION, 0, (uint32_t)place);
	} else {
		return false;
	}
	return true;
}

static void
put_rate(struct text *t, const uint8_t *at)
{
	uint32_t bits = load_u32(at + 4);
	float f;

	memcpy(&f, &bits, sizeof(f));
	if (f >= 0 && f <= (float)RATE_MOST)
		text_format(t, "rate-limit:%ju%s", (uintmax_t)f,
		    kind_of(at) == RATE_PACKETS ? ":packets" : "");
}

static void
put_interface(struct text *t, const uint8_t *at)
{
	uint16_t group = load_u16(at + 6);

	if (group >> 14 != 0)
		text_format(t, "interface-set:%s:%s:%u:%u",
		    (at[0] & LOCAL) != 0 ? "non-transitive" : "transitive", ways[group >> 14],
		    load_u32(at + 2), group & GROUP_MOST);
}

static void
put_words(struct text *t, const uint8_t *at)
{
	switch (kind_of(at)) {
	case RATE_BYTES:
	case RATE_PACKETS: put_rate(t, at); break;
	case INTERFACE_SET: put_interface(t, at); break;
	case NEXT_HOP: text_string(t, "copy-to-nexthop"); break;
	case MARK: text_format(t, "mark %u", at[7]); break;
	case ACTION: text_format(t, "action %s", at[7] % 4 == 0 ? "" : actions[at[7] % 4]); break;
	case NEXT_HOP_IETF:
		text_string(t, at[7] == 0 ? "redirect-to-nexthop-ietf " : "copy-to-nexthop-ietf ");
		addr_print_bytes(t, ADDR_IPV4, at + 2, 4);
		break;
	default: break;
	}
}

/* Whether the words say all of the bytes is seen by reading them. */
bool
flow_community_put(struct text *t, const uint8_t *at)
{
	struct text words = { 0 };
	uint8_t again[ONE];
	struct lex lx;
	bool same;

	put_words(&words, at);
	lex_init(&lx, text_view(&words), LEX_COMMAND);
	same = words.len != 0 &&
	    (flow_community_take(&lx, again) ? !lex_failed(&lx)
					     : flow_community_parse(text_view(&words), again)) &&
	    memcmp(again, at, ONE) == 0;
	lex_done(&lx);
	if (same)
		text_slice(t, text_view(&words));
	text_free(&words);
	return same;
}
