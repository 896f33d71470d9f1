/* BGP Prefix-SID: RFC 8669 and, for services over SRv6, RFC 9252. Its value is kept as it came. */
#include "attr/prefix_sid.h"

#include "attr.h"
#include "draft.h"

bool
sid_info_read(struct slice value, struct sid_info *to)
{
	struct reader r = reader_on(value);
	struct reader in;

	*to = (struct sid_info){ .reserved = read_u8(&r) };
	to->sid = read_slice(&r, 16);
	to->flags = read_u8(&r);
	to->behavior = read_u16(&r);
	to->reserved_too = read_u8(&r);
	to->data = read_rest(&r);
	in = reader_on(to->data);
	while (reader_more(&in)) {
		struct tlv t = tlv_take(&in);

		if (t.type != SUB_STRUCTURE || to->structure.at != NULL) {
			to->more = true;
			continue;
		}
		if (t.value.len != STRUCTURE_LEN) /* RFC 9252 3.2.1 */
			return false;
		to->structure = t.value;
	}
	return reader_done(&r) && reader_done(&in);
}

static bool
service_good(struct slice value)
{
	struct reader r = reader_on(value);
	struct sid_info info;

	read_skip(&r, 1);
	while (reader_more(&r)) {
		struct tlv t = tlv_take(&r);

		if (reader_ok(&r) && t.type == SUB_SID && !sid_info_read(t.value, &info))
			return false;
	}
	return reader_done(&r);
}

static bool
tlv_good(const struct tlv *t)
{
	switch (t->type) {
	case TLV_LABEL_INDEX: return t->value.len == LABEL_INDEX_LEN; /* RFC 8669 3.1 */
	case TLV_SRGB:                                                /* RFC 8669 3.2 */
		return t->value.len >= 2 + RANGE_LEN && (t->value.len - 2) % RANGE_LEN == 0;
	case TLV_L3_SERVICE:
	case TLV_L2_SERVICE: return service_good(t->value);
	default: return true;
	}
}

/* RFC 8669 6, RFC 9252 7 */
static enum verdict
decode(struct reader *r, const struct session *s, struct attrs_build *to)
{
	struct reader in = *r;
	struct slice value = read_rest(r);

	(void)s;
	if (!reader_more(&in))
		return VERDICT_DISCARD;
	while (reader_more(&in)) {
		struct tlv t = tlv_take(&in);

		if (!reader_ok(&in))
			return VERDICT_DISCARD;
		if (!tlv_good(&t))
			return t.type == TLV_L3_SERVICE || t.type == TLV_L2_SERVICE
			    ? VERDICT_WITHDRAW
			    : VERDICT_DISCARD;
	}
	(void)build_add(to, attr_prefix_sid.code, attr_prefix_sid.flags, RECORD_VALUE, value);
	return VERDICT_FINE;
}

/* ( BASE,RANGE ) as often as there are: RFC 8669 3.2 */
static void
ranges_parse(struct lex *lx, struct writer *w)
{
	while (!lex_failed(lx) && !lex_take(lx, "]")) {
		if (lex_take(lx, ","))
			continue;
		(void)lex_want(lx, "(");
		write_u24(w, (uint32_t)lex_number(lx, 0xffffff, "a base label"));
		(void)lex_want(lx, ",");
		write_u24(w, (uint32_t)lex_number(lx, 0xffffff, "a number of labels"));
		(void)lex_want(lx, ")");
		if (!writer_ok(w))
			lex_fault(lx, "too many ranges for bgp-prefix-sid");
	}
}

/* [ INDEX ] or [ INDEX, [ ( BASE,RANGE ) ... ] ] */
static void
parse(struct lex *lx, struct draft *d)
{
	uint8_t value[ATTR_VALUE_MAX];
	struct writer w = writer_on(value, sizeof(value));
	struct gap ranges;
	size_t before;

	(void)lex_want(lx, "[");
	write_u8(&w, TLV_LABEL_INDEX);
	write_u16(&w, LABEL_INDEX_LEN);
	write_fill(&w, 0, 3); /* reserved, flags */
	write_u32(&w, lex_u32(lx, "a label index"));
	(void)lex_take(lx, ",");
	if (lex_take(lx, "[")) {
		before = writer_len(&w);
		write_u8(&w, TLV_SRGB);
		ranges = open_u16(&w);
		write_u16(&w, 0);
		ranges_parse(lx, &w);
		close_u16(&w, ranges);
		if (writer_len(&w) == before + 5)
			writer_back(&w, before); /* none */
	}
	(void)lex_want(lx, "]");
	draft_add(lx, d, &attr_prefix_sid, writer_slice(&w));
}

/* [LB,LN,FUN,ARG,TL,TO] */
static void
structure_parse(struct lex *lx, struct writer *w)
{
	write_u8(w, SUB_STRUCTURE);
	write_u16(w, STRUCTURE_LEN);
	for (size_t i = 0; i < STRUCTURE_LEN; i++) {
		if (i != 0)
			(void)lex_want(lx, ",");
		write_u8(w, (uint8_t)lex_number_any(lx, UINT8_MAX, "a number of bits"));
	}
	(void)lex_want(lx, "]");
}

static void
sid_parse(struct lex *lx, struct writer *w)
{
	struct token where = lx->now;
	struct addr sid = lex_addr(lx, "a SID");
	struct gap info;

	if (!lex_failed(lx) && sid.family != ADDR_IPV6)
		lex_fault_at(lx, &where, "expected a SID, which is an IPv6 address");
	write_u8(w, 0);
	write_u8(w, SUB_SID);
	info = open_u16(w);
	write_u8(w, 0);
	write_bytes(w, sid.bytes, 16);
	write_u8(w, 0);
	if (lex_is(lx, ")") || lex_is(lx, "["))
		write_u16(w, NO_BEHAVIOR);
	else
		write_u16(w, (uint16_t)lex_number_any(lx, UINT16_MAX, "a behavior"));
	write_u8(w, 0);
	if (lex_take(lx, "["))
		structure_parse(lx, w);
	close_u16(w, info);
}

/* ( l3-service|l2-service SID [BEHAVIOR [ [LB,LN,FUN,ARG,TL,TO] ]] ); vpn and l3vpn are what ExaBGP
 * 4.2 calls the first. */
static void
parse_srv6(struct lex *lx, struct draft *d)
{
	uint8_t value[64];
	struct writer w = writer_on(value, sizeof(value));
	struct gap service;

	(void)lex_want(lx, "(");
	if (lex_take(lx, "l3-service") || lex_take(lx, "vpn") || lex_take(lx, "l3vpn"))
		write_u8(&w, TLV_L3_SERVICE);
	else if (lex_take(lx, "l2-service"))
		write_u8(&w, TLV_L2_SERVICE);
	else
		lex_fault(lx, "expected l3-service or l2-service");
	service = open_u16(&w);
	sid_parse(lx, &w);
	close_u16(&w, service);
	(void)lex_want(lx, ")");
	draft_add(lx, d, &attr_prefix_sid, writer_slice(&w));
}

const struct attr attr_prefix_sid = {
	.code = 40,
	.flags = ATTR_OPT_TRANS,
	.traits = ATTR_EMPTY_FINE,     /* decode() says what it comes to */
	.malformed = VERDICT_WITHDRAW, /* a service; else it is only discarded */
	.words = { { "bgp-prefix-sid", parse }, { "bgp-prefix-sid-srv6", parse_srv6 } },
	.decode = decode,
	.emit = prefix_sid_emit,
};
