/*
 * Link state, SAFI 71 and, with a route distinguisher, 72: RFC 9552 5.2, RFC 9514 6. Type (2),
 * length (2), value. Only that the lengths fit is asked of a peer (RFC 9552 8.2.2): what is not
 * known, or is of an odd length, is kept, and shown as its bytes where it can be.
 */
#include "bgp/shape.h"
#include "draft.h"
#include "family_rows.h"
#include "ls/ls.h"
#include "ls/nlri_words.h"
#include "nlri/rd.h"
#include "nlri/words.h"

#define SAFI_VPN 72

enum {
	TLV_LOCAL_NODE = 256,
	TLV_REMOTE_NODE = 257,
	TLV_LINK_IDS = 258,
	TLV_INTERFACE_V4 = 259,
	TLV_NEIGHBOR_V4 = 260,
	TLV_INTERFACE_V6 = 261,
	TLV_NEIGHBOR_V6 = 262,
	TLV_TOPOLOGIES = 263,
	TLV_OSPF_ROUTE = 264,
	TLV_REACHABILITY = 265,
	TLV_AS = 512,
	TLV_LS_ID = 513,
	TLV_AREA = 514,
	TLV_ROUTER = 515,
	TLV_BGP_ROUTER = 516, /* RFC 9086 4.1 */
	TLV_MEMBER = 517,
	TLV_SID = 518,
};

enum ls_protocol { PROTOCOL_ISIS_1 = 1, PROTOCOL_ISIS_2, PROTOCOL_OSPF_2, PROTOCOL_OSPF_3 = 6 };

struct ls {
	uint16_t type;
	bool known;
	struct slice rd; /* no bytes: none */
	uint8_t protocol;
	uint64_t topology;
	struct slice tlvs;
};

static bool
tlvs_fit(struct slice tlvs)
{
	struct reader r = reader_on(tlvs);

	while (reader_more(&r)) {
		struct ls_tlv t = ls_take(&r);
		struct reader in = reader_on(t.value);

		while ((t.type == TLV_LOCAL_NODE || t.type == TLV_REMOTE_NODE) && reader_more(&in))
			(void)ls_take(&in);
		if (!reader_ok(&in))
			return false;
	}
	return reader_done(&r);
}

static struct ls
ls_read(struct reader *r, bool vpn)
{
	struct ls l = { .type = read_u16(r) };
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
put_quad(struct text *t, const char *name, struct slice bytes)
{
	struct addr a = addr_of_bytes(bytes);

	text_format(t, "\"%s\": \"", name);
	addr_print(t, &a);
	text_char(t, '"');
}

static void
put_odd(struct text *t, const struct ls_tlv *tlv)
{
	text_format(t, "\"generic-tlv-%u\": [\"0x", tlv->type);
	text_hex_upper(t, tlv->value);
	text_string(t, "\"]");
}

#define SYSTEM_LEN     6
#define PSEUDONODE_LEN 7

/* RFC 9552 5.2.1.4: a system, or a pseudonode behind it, which is a part of it from 5.0 on. */
static void
put_router(struct text *t, const struct ls_tlv *tlv, uint8_t protocol, bool object)
{
	bool pseudonode = tlv->value.len == PSEUDONODE_LEN;
	bool isis = protocol == PROTOCOL_ISIS_1 || protocol == PROTOCOL_ISIS_2;
	struct reader r = reader_on(tlv->value);

	if (!isis && (tlv->value.len == 4 || tlv->value.len == 8)) {
		put_quad(t, "router-id", read_slice(&r, 4));
		if (reader_more(&r)) {
			text_string(t, ", ");
			put_quad(t, "designated-router-id", read_rest(&r));
		}
		return;
	}
	text_string(t, "\"router-id\": \"");
	text_hex(t, object && pseudonode ? read_slice(&r, SYSTEM_LEN) : tlv->value);
	text_char(t, '"');
	if (pseudonode)
		text_format(t, ", \"psn\": \"%u\"", tlv->value.at[SYSTEM_LEN]);
}

static void
put_node_member(struct text *t, const struct ls_tlv *tlv, uint8_t protocol, bool object)
{
	bool four = tlv->value.len == 4;

	if (tlv->type == TLV_AS && four)
		text_format(t, "\"autonomous-system\": %u", load_u32(tlv->value.at));
	else if (tlv->type == TLV_LS_ID && four)
		text_format(t, "\"bgp-ls-identifier\": \"%u\"", load_u32(tlv->value.at));
	else if (tlv->type == TLV_AREA && four)
		put_quad(t, "ospf-area-id", tlv->value);
	else if (tlv->type == TLV_BGP_ROUTER && four)
		put_quad(t, "bgp-router-id", tlv->value);
	else if (tlv->type == TLV_MEMBER && four)
		text_format(t, "\"confederation-member\": %u", load_u32(tlv->value.at));
	else if (tlv->type == TLV_ROUTER)
		put_router(t, tlv, protocol, object);
	else
		put_odd(t, tlv);
}

/* An object per descriptor; before 5.0 all of them in one, of which each is told once. */
static void
put_node(struct emit *e, const char *name, struct slice value, uint8_t protocol)
{
	bool object = (e->shape & SHAPE_LS_OBJECT) != 0;
	struct text *t = emit_value(e, &BARE);
	struct reader r = reader_on(value);
	uint8_t told[8192] = { 0 }; /* a bit for each type */
	bool any = false;

	text_format(t, "\"%s\": %s", name, object ? "{ " : "[ ");
	while (reader_more(&r)) {
		struct ls_tlv tlv = ls_take(&r);
		uint8_t bit = (uint8_t)(1 << tlv.type % 8);

		if (object && (told[tlv.type / 8] & bit) != 0)
			continue;
		told[tlv.type / 8] |= bit;
		text_string(t, any ? ", " : "");
		text_string(t, object ? "" : "{ ");
		put_node_member(t, &tlv, protocol, object);
		text_string(t, object ? "" : " }");
		any = true;
	}
	text_string(t, object ? " }" : any ? " ]" : "]");
}

static bool
tlv_find(const struct ls *l, uint16_t type, struct ls_tlv *to)
{
	struct reader r = reader_on(l->tlvs);

	while (reader_more(&r)) {
		*to = ls_take(&r);
		if (to->type == type)
			return true;
	}
	return false;
}

static void
emit_node(struct emit *e, const struct ls *l, uint16_t type, const char *name)
{
	struct ls_tlv tlv = { 0 };

	if (!tlv_find(l, type, &tlv))
		tlv.value = (struct slice){ NULL, 0 };
	put_node(e, name, tlv.value, l->protocol);
}

/* The addresses of two types, in the order they came. */
static void
emit_addrs(struct emit *e, const struct ls *l, uint16_t v4, uint16_t v6, const struct spell *name)
{
	struct reader r = reader_on(l->tlvs);

	emit_open(e, name, &MARKS_LIST);
	while (reader_more(&r)) {
		struct ls_tlv tlv = ls_take(&r);
		struct addr a = addr_of_bytes(tlv.value);

		if ((tlv.type == v4 && a.family == ADDR_IPV4) ||
		    (tlv.type == v6 && a.family == ADDR_IPV6))
			emit_addr(e, &BARE, &a);
	}
	emit_close(e);
}

/* Before 5.0: an object with the last of them. */
static void
emit_last_addr(
    struct emit *e, const struct ls *l, uint16_t v4, uint16_t v6, const struct spell *name)
{
	struct reader r = reader_on(l->tlvs);
	struct addr last = { 0 };

	while (reader_more(&r)) {
		struct ls_tlv tlv = ls_take(&r);

		if (tlv.type == v4 || tlv.type == v6)
			last = addr_of_bytes(tlv.value);
	}
	emit_open(e, name, &MARKS_OBJECT);
	if (last.family != ADDR_NONE)
		emit_addr(e, name, &last);
	emit_close(e);
}

#define TOPOLOGY 0xfff /* RFC 9552 5.2.2.1: above it bits are reserved */

static void
emit_topologies(struct emit *e, const struct ls *l)
{
	struct reader r = reader_on(l->tlvs);

	emit_open(e, &FIELD("multi-topology-ids"), &MARKS_LIST);
	while (reader_more(&r)) {
		struct ls_tlv tlv = ls_take(&r);
		struct reader ids = reader_on(tlv.value);

		while (tlv.type == TLV_TOPOLOGIES && reader_left(&ids) >= 2)
			emit_uint(e, &BARE, read_u16(&ids) & TOPOLOGY);
	}
	emit_close(e);
}

static void
emit_link_ids(struct emit *e, const struct ls *l)
{
	struct reader r = reader_on(l->tlvs);

	emit_open(e, &FIELD("link-identifiers"), &MARKS_LIST);
	while (reader_more(&r)) {
		struct ls_tlv tlv = ls_take(&r);

		if (tlv.type != TLV_LINK_IDS || tlv.value.len != 8)
			continue;
		emit_open(e, &BARE, &MARKS_OBJECT);
		emit_uint(e, &FIELD("link-local-id"), load_u32(tlv.value.at));
		emit_uint(e, &FIELD("link-remote-id"), load_u32(tlv.value.at + 4));
		emit_close(e);
	}
	emit_close(e);
}

static void
emit_link(struct emit *e, const struct ls *l)
{
	emit_node(e, l, TLV_LOCAL_NODE, "local-node-descriptors");
	emit_node(e, l, TLV_REMOTE_NODE, "remote-node-descriptors");
	if ((e->shape & SHAPE_LS_OBJECT) != 0) {
		emit_last_addr(
		    e, l, TLV_INTERFACE_V4, TLV_INTERFACE_V6, &FIELD("interface-address"));
		emit_last_addr(e, l, TLV_NEIGHBOR_V4, TLV_NEIGHBOR_V6, &FIELD("neighbor-address"));
	}
	emit_addrs(e, l, TLV_INTERFACE_V4, TLV_INTERFACE_V6, &FIELD("interface-addresses"));
	emit_addrs(e, l, TLV_NEIGHBOR_V4, TLV_NEIGHBOR_V6, &FIELD("neighbor-addresses"));
	emit_topologies(e, l);
	emit_link_ids(e, l);
}

static void
emit_next_hop(struct emit *e)
{
	struct addr hop = addr_of_bytes(e->next_hop);

	if ((e->shape & SHAPE_NLRI_NEXT_HOP) != 0 && hop.family != ADDR_NONE)
		emit_addr(e, &FIELD("nexthop"), &hop);
}

static void
put_reach(struct emit *e, const struct spell *name, bool v6, struct slice value, bool bare)
{
	struct text *t = emit_value(e, name);

	text_char(t, '"');
	addr_print_bytes(t, v6 ? ADDR_IPV6 : ADDR_IPV4, value.at + 1, value.len - 1);
	if (!bare)
		text_format(t, "/%u", value.at[0]);
	text_char(t, '"');
}

static void
emit_prefix_of(struct emit *e, const struct ls *l)
{
	bool old = (e->shape & SHAPE_LS_6) == 0;
	bool v6 = l->type == LS_PREFIX_V6;
	size_t most = v6 ? 16 : 4;
	struct ls_tlv tlv;

	emit_node(e, l, TLV_LOCAL_NODE, "node-descriptors");
	if (tlv_find(l, TLV_REACHABILITY, &tlv) && tlv.value.len != 0 &&
	    tlv.value.len - 1 <= most && tlv.value.at[0] <= most * 8) {
		put_reach(e, &FIELD("ip-reachability-tlv"), v6, tlv.value, old);
		put_reach(e, &FIELD("ip-reach-prefix"), v6, tlv.value, false);
	}
	if (old && l->rd.len == 0)
		emit_next_hop(e);
	if (tlv_find(l, TLV_OSPF_ROUTE, &tlv) && tlv.value.len == 1)
		emit_uint(e, &FIELD("ospf-route-type"), tlv.value.at[0]);
}

static void
emit_other_tlvs(struct emit *e, const struct ls *l)
{
	struct reader r = reader_on(l->tlvs);
	uint8_t told[8192] = { 0 };

	while (reader_more(&r)) {
		struct ls_tlv tlv = ls_take(&r);
		uint8_t bit = (uint8_t)(1 << tlv.type % 8);

		if (tlv.type == TLV_LOCAL_NODE || tlv.type == TLV_TOPOLOGIES ||
		    (tlv.type == TLV_SID && tlv.value.len == 16) || (told[tlv.type / 8] & bit) != 0)
			continue;
		told[tlv.type / 8] |= bit;
		put_odd(emit_value(e, &BARE), &tlv);
	}
}

static void
emit_sid(struct emit *e, const struct ls *l)
{
	struct reader r = reader_on(l->tlvs);
	struct addr sid;
	struct ls_tlv tlv;

	emit_node(e, l, TLV_LOCAL_NODE, "node-descriptors");
	emit_open(e, &FIELD("srv6-sid-descriptors"), &MARKS_OBJECT_TIGHT);
	emit_open(e, &FIELD("multi-topology-ids"), &MARKS_LIST_TIGHT);
	while (reader_more(&r)) {
		struct reader ids;

		tlv = ls_take(&r);
		ids = reader_on(tlv.value);
		while (tlv.type == TLV_TOPOLOGIES && reader_left(&ids) >= 2)
			nlri_digits_emit(e, &BARE, read_u16(&ids) & TOPOLOGY);
	}
	emit_close(e);
	if (tlv_find(l, TLV_SID, &tlv) && tlv.value.len == 16) {
		sid = addr_of_bytes(tlv.value);
		emit_addr(e, &FIELD("srv6-sid"), &sid);
	}
	emit_other_tlvs(e, l);
	emit_close(e);
}

static const char *const names[] = {
	[LS_NODE] = "bgpls-node",
	[LS_LINK] = "bgpls-link",
	[LS_PREFIX_V4] = "bgpls-prefix-v4",
	[LS_PREFIX_V6] = "bgpls-prefix-v6",
	[LS_SRV6_SID] = "bgpls-srv6sid",
};

static void
json_known(struct emit *e, const struct ls *l)
{
	bool early = (e->shape & SHAPE_LS_6) == 0 &&
	    (l->rd.len != 0 || (l->type != LS_PREFIX_V4 && l->type != LS_PREFIX_V6));

	emit_word(e, &FIELD("ls-nlri-type"), slice_on(names[l->type]));
	emit_uint(e, &FIELD("l3-routing-topology"), l->topology);
	emit_uint(e, &FIELD("protocol-id"), l->protocol);
	switch ((enum ls_type)l->type) {
	case LS_NODE: emit_node(e, l, TLV_LOCAL_NODE, "node-descriptors"); break;
	case LS_LINK: emit_link(e, l); break;
	case LS_PREFIX_V4:
	case LS_PREFIX_V6: emit_prefix_of(e, l); break;
	case LS_SRV6_SID: emit_sid(e, l); break;
	}
	if (early && l->type != LS_SRV6_SID)
		emit_next_hop(e);
	if (l->rd.len != 0)
		rd_emit(e, l->rd);
	if ((e->shape & SHAPE_LS_6) != 0 && l->type != LS_SRV6_SID)
		emit_next_hop(e);
}

static void
json(struct emit *e, const struct nlri *n, const struct ls *l)
{
	bool known = l->known && (l->type != LS_SRV6_SID || (e->shape & SHAPE_LS_OBJECT) == 0);

	emit_open(e, &BARE, &MARKS_OBJECT);
	if (known) {
		json_known(e, l);
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
	struct ls l = ls_read(&r, n->family->safi == SAFI_VPN);

	if (e->spelling == SPELL_JSON) {
		json(e, n, &l);
		return;
	}
	if (e->spelling == SPELL_TEXT && (e->shape & SHAPE_LONG) == 0)
		nlri_family_emit(e, n->family);
	else
		ls_nlri_emit(e, n);
}

const struct family family_bgp_ls_bgp_ls = {
	.afi = 16388,
	.safi = 71,
	.id = FAMILY_ID_bgp_ls_bgp_ls,
	.afi_word = "bgp-ls",
	.safi_word = "bgp-ls",
	.name = "bgp-ls bgp-ls",
	.next_hop_lens = NEXT_HOP_LEN(4) | NEXT_HOP_LEN(16),
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
	.next_hop_lens = NEXT_HOP_LEN(12) | NEXT_HOP_LEN(24),
	.pass = pass,
	.emit = emit,
	.parse = ls_nlri_parse,
	.settle = nlri_settle,
};
