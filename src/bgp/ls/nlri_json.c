/*
 * NLRI of link state in JSON. What has a name is told by it; the other descriptors are told as
 * bytes, all of a type in one list.
 */
#include "ls/nlri_json.h"

#include "bgp/shape.h"
#include "ls/chains.h"
#include "nlri/rd.h"
#include "nlri/words.h"

enum {
	TLV_LINK_IDS = 258,
	TLV_INTERFACE_V4 = 259,
	TLV_NEIGHBOR_V4 = 260,
	TLV_INTERFACE_V6 = 261,
	TLV_NEIGHBOR_V6 = 262,
	TLV_TOPOLOGIES = 263,
	TLV_OSPF_ROUTE = 264,
	TLV_REACHABILITY = 265,
	TLV_SID = 518,
};

/* Whether a value is what its type has in this NLRI: else it is told as bytes. */
static bool
fits(const struct ls_nlri *l, const struct ls_tlv *tlv)
{
	const struct ls_row *row = ls_row_of(ls_nlri_table(l->type), tlv->type);

	return row != NULL && ls_fits(row, tlv->value.len) &&
	    (tlv->type != TLV_REACHABILITY || tlv->value.at[0] <= (row->most - 1u) * 8);
}

/* The first one of a type that fits. */
static bool
tlv_find(const struct ls_nlri *l, uint16_t type, struct ls_tlv *to)
{
	struct reader r = reader_on(l->tlvs);

	while (reader_more(&r)) {
		*to = ls_take(&r);
		if (to->type == type && fits(l, to))
			return true;
	}
	return false;
}

static void
emit_node(struct emit *e, const struct ls_nlri *l, uint16_t type, const char *name)
{
	struct ls_tlv tlv = { 0 };

	if (!tlv_find(l, type, &tlv))
		tlv.value = (struct slice){ NULL, 0 };
	ls_node_json(e, name, tlv.value, l->protocol);
}

/* Of these JSON has a list, of the others the first. */
static bool
all_are_told(const struct ls_tlv *tlv)
{
	return tlv->type >= TLV_LINK_IDS && tlv->type <= TLV_TOPOLOGIES;
}

/* What has no name here, or would be there twice; seen: the rows that have been told. */
static bool
is_other(const struct ls_nlri *l, const struct ls_tlv *tlv, unsigned *seen)
{
	const struct ls_table *table = ls_nlri_table(l->type);
	unsigned bit;

	if (!fits(l, tlv))
		return true;
	bit = 1u << (ls_row_of(table, tlv->type) - table->rows);
	if (all_are_told(tlv) || (*seen & bit) == 0) {
		*seen |= bit;
		return false;
	}
	return true;
}

static void
emit_others(struct emit *e, const struct ls_nlri *l)
{
	const char *generic = ls_nlri_table(l->type)->generic;
	struct reader r = reader_on(l->tlvs);
	struct ls_chains *c = NULL;
	unsigned seen = 0;

	while (reader_more(&r)) {
		struct ls_member m = { .tlv = ls_take(&r) };

		if (!is_other(l, &m.tlv, &seen))
			continue;
		if (c == NULL)
			c = ls_chains_empty(LS_OF_VALUE);
		m.key = m.tlv.type;
		ls_chains_add(c, &m);
	}
	for (size_t i = 0; c != NULL && i < c->count; i++)
		if (c->first[i])
			ls_chains_put(emit_value(e, &BARE), c, i, generic);
}

/* The addresses of two types, in the order they came. */
static void
emit_addrs(
    struct emit *e, const struct ls_nlri *l, uint16_t v4, uint16_t v6, const struct spell *name)
{
	struct reader r = reader_on(l->tlvs);

	emit_open(e, name, &MARKS_LIST);
	while (reader_more(&r)) {
		struct ls_tlv tlv = ls_take(&r);
		struct addr a = addr_of_bytes(tlv.value);

		if ((tlv.type == v4 || tlv.type == v6) && fits(l, &tlv))
			emit_addr(e, &BARE, &a);
	}
	emit_close(e);
}

/* Before 5.0: an object with the last of them. */
static void
emit_last_addr(
    struct emit *e, const struct ls_nlri *l, uint16_t v4, uint16_t v6, const struct spell *name)
{
	struct reader r = reader_on(l->tlvs);
	struct addr last = { 0 };

	while (reader_more(&r)) {
		struct ls_tlv tlv = ls_take(&r);

		if ((tlv.type == v4 || tlv.type == v6) && fits(l, &tlv))
			last = addr_of_bytes(tlv.value);
	}
	emit_open(e, name, &MARKS_OBJECT);
	if (last.family != ADDR_NONE)
		emit_addr(e, name, &last);
	emit_close(e);
}

#define TOPOLOGY 0xfff /* RFC 9552 5.2.2.1: above it bits are reserved */

static void
emit_topologies(struct emit *e, const struct ls_nlri *l)
{
	struct reader r = reader_on(l->tlvs);

	emit_open(e, &FIELD("multi-topology-ids"), &MARKS_LIST);
	while (reader_more(&r)) {
		struct ls_tlv tlv = ls_take(&r);
		struct reader ids = reader_on(tlv.value);

		while (tlv.type == TLV_TOPOLOGIES && fits(l, &tlv) && reader_more(&ids))
			emit_uint(e, &BARE, read_u16(&ids) & TOPOLOGY);
	}
	emit_close(e);
}

static void
emit_link_ids(struct emit *e, const struct ls_nlri *l)
{
	struct reader r = reader_on(l->tlvs);

	emit_open(e, &FIELD("link-identifiers"), &MARKS_LIST);
	while (reader_more(&r)) {
		struct ls_tlv tlv = ls_take(&r);

		if (tlv.type != TLV_LINK_IDS || !fits(l, &tlv))
			continue;
		emit_open(e, &BARE, &MARKS_OBJECT);
		emit_uint(e, &FIELD("link-local-id"), load_u32(tlv.value.at));
		emit_uint(e, &FIELD("link-remote-id"), load_u32(tlv.value.at + 4));
		emit_close(e);
	}
	emit_close(e);
}

static void
emit_link(struct emit *e, const struct ls_nlri *l)
{
	emit_node(e, l, LS_LOCAL_NODE, "local-node-descriptors");
	emit_node(e, l, LS_REMOTE_NODE, "remote-node-descriptors");
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
emit_prefix_of(struct emit *e, const struct ls_nlri *l)
{
	bool old = (e->shape & SHAPE_LS_6) == 0;
	bool v6 = l->type == LS_PREFIX_V6;
	struct ls_tlv tlv;

	emit_node(e, l, LS_LOCAL_NODE, "node-descriptors");
	if (tlv_find(l, TLV_REACHABILITY, &tlv)) {
		put_reach(e, &FIELD("ip-reachability-tlv"), v6, tlv.value, old);
		put_reach(e, &FIELD("ip-reach-prefix"), v6, tlv.value, false);
	}
	if (old && l->rd.len == 0)
		emit_next_hop(e);
	if (tlv_find(l, TLV_OSPF_ROUTE, &tlv))
		emit_uint(e, &FIELD("ospf-route-type"), tlv.value.at[0]);
}

static void
emit_sid(struct emit *e, const struct ls_nlri *l)
{
	struct reader r = reader_on(l->tlvs);
	struct addr sid;
	struct ls_tlv tlv;

	emit_node(e, l, LS_LOCAL_NODE, "node-descriptors");
	emit_open(e, &FIELD("srv6-sid-descriptors"), &MARKS_OBJECT_TIGHT);
	emit_open(e, &FIELD("multi-topology-ids"), &MARKS_LIST_TIGHT);
	while (reader_more(&r)) {
		struct reader ids;

		tlv = ls_take(&r);
		ids = reader_on(tlv.value);
		while (tlv.type == TLV_TOPOLOGIES && fits(l, &tlv) && reader_more(&ids))
			nlri_digits_emit(e, &BARE, read_u16(&ids) & TOPOLOGY);
	}
	emit_close(e);
	if (tlv_find(l, TLV_SID, &tlv)) {
		sid = addr_of_bytes(tlv.value);
		emit_addr(e, &FIELD("srv6-sid"), &sid);
	}
	emit_others(e, l);
	emit_close(e);
}

static const char *const names[] = {
	[LS_NODE] = "bgpls-node",
	[LS_LINK] = "bgpls-link",
	[LS_PREFIX_V4] = "bgpls-prefix-v4",
	[LS_PREFIX_V6] = "bgpls-prefix-v6",
	[LS_SRV6_SID] = "bgpls-srv6sid",
};

void
ls_nlri_json(struct emit *e, const struct ls_nlri *l)
{
	bool early = (e->shape & SHAPE_LS_6) == 0 &&
	    (l->rd.len != 0 || (l->type != LS_PREFIX_V4 && l->type != LS_PREFIX_V6));

	emit_word(e, &FIELD("ls-nlri-type"), slice_on(names[l->type]));
	emit_uint(e, &FIELD("l3-routing-topology"), l->topology);
	emit_uint(e, &FIELD("protocol-id"), l->protocol);
	switch ((enum ls_type)l->type) {
	case LS_NODE: emit_node(e, l, LS_LOCAL_NODE, "node-descriptors"); break;
	case LS_LINK: emit_link(e, l); break;
	case LS_PREFIX_V4:
	case LS_PREFIX_V6: emit_prefix_of(e, l); break;
	case LS_SRV6_SID: emit_sid(e, l); break;
	}
	if (l->type != LS_SRV6_SID) /* which tells them inside */
		emit_others(e, l);
	if (early && l->type != LS_SRV6_SID)
		emit_next_hop(e);
	if (l->rd.len != 0)
		rd_emit(e, l->rd);
	if ((e->shape & SHAPE_LS_6) != 0 && l->type != LS_SRV6_SID)
		emit_next_hop(e);
}
