/* Descriptors of a node in JSON. RFC 9552 5.2.1.4, RFC 9086 4. */
#include "base/addr.h"
#include "bgp/shape.h"
#include "ls/chains.h"
#include "ls/nlri_json.h"

enum {
	TLV_AS = 512,
	TLV_LS_ID = 513,
	TLV_AREA = 514,
	TLV_ROUTER = 515,
	TLV_BGP_ROUTER = 516, /* RFC 9086 4.1 */
	TLV_MEMBER = 517,
};

enum ls_protocol { PROTOCOL_ISIS_1 = 1, PROTOCOL_ISIS_2 };

static void
put_quad(struct text *t, const char *name, struct slice bytes)
{
	struct addr a = addr_of_bytes(bytes);

	text_format(t, "\"%s\": \"", name);
	addr_print(t, &a);
	text_char(t, '"');
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
			put_quad(t, LS_DESIGNATED, read_rest(&r));
		}
		return;
	}
	text_string(t, "\"router-id\": \"");
	text_hex(t, object && pseudonode ? read_slice(&r, SYSTEM_LEN) : tlv->value);
	text_char(t, '"');
	if (pseudonode)
		text_format(t, ", \"psn\": \"%u\"", tlv->value.at[SYSTEM_LEN]);
}

/* Those of 4 bytes have a name; a router-id has one whatever its length. */
static bool
has_name(const struct ls_tlv *tlv)
{
	return tlv->type == TLV_ROUTER ||
	    (tlv->value.len == 4 && ls_row_of(&ls_descriptors, tlv->type) != NULL);
}

static void
put_named(struct text *t, const struct ls_tlv *tlv, uint8_t protocol, bool object)
{
	switch (tlv->type) {
	case TLV_AS:
	case TLV_MEMBER:
		text_format(t, "\"%s\": %u", ls_row_of(&ls_descriptors, tlv->type)->name,
		    load_u32(tlv->value.at));
		break;
	case TLV_LS_ID:
		text_format(t, "\"bgp-ls-identifier\": \"%u\"", load_u32(tlv->value.at));
		break;
	case TLV_AREA: put_quad(t, "ospf-area-id", tlv->value); break;
	case TLV_BGP_ROUTER: put_quad(t, "bgp-router-id", tlv->value); break;
	case TLV_ROUTER: put_router(t, tlv, protocol, object); break;
	}
}

static void
put_odd(struct text *t, const struct ls_tlv *tlv)
{
	text_format(t, "\"%s%u\": [\"0x", ls_descriptors.generic, tlv->type);
	text_hex_upper(t, tlv->value);
	text_string(t, "\"]");
}

/* An object per descriptor. */
static void
put_list(struct text *t, struct slice tlvs, uint8_t protocol)
{
	struct reader r = reader_on(tlvs);
	const char *between = "";

	text_string(t, "[ ");
	while (reader_more(&r)) {
		struct ls_tlv tlv = ls_take(&r);

		text_format(t, "%s{ ", between);
		if (has_name(&tlv))
			put_named(t, &tlv, protocol, false);
		else
			put_odd(t, &tlv);
		text_string(t, " }");
		between = ", ";
	}
	text_string(t, tlvs.len == 0 ? "]" : " ]");
}

#define ODD 0x10000u

/* Before 5.0: all of them in one, of which a name is told once. */
static void
put_object(struct text *t, struct slice tlvs, uint8_t protocol)
{
	struct ls_chains *c = ls_chains_empty(LS_OF_VALUE);
	struct reader r = reader_on(tlvs);
	const char *between = "";

	text_string(t, "{ ");
	while (reader_more(&r)) {
		struct ls_member m = { .tlv = ls_take(&r) };

		m.key = has_name(&m.tlv) ? m.tlv.type : m.tlv.type | ODD;
		ls_chains_add(c, &m);
	}
	for (size_t i = 0; i < c->count; i++) {
		if (!c->first[i])
			continue;
		text_string(t, between);
		if (has_name(&c->at[i].tlv))
			put_named(t, &c->at[i].tlv, protocol, true);
		else
			ls_chains_put(t, c, i, ls_descriptors.generic);
		between = ", ";
	}
	text_string(t, " }");
}

void
ls_node_json(struct emit *e, const char *name, struct slice tlvs, uint8_t protocol)
{
	struct text *t = emit_value(e, &BARE);

	text_format(t, "\"%s\": ", name);
	if ((e->shape & SHAPE_LS_OBJECT) != 0)
		put_object(t, tlvs, protocol);
	else
		put_list(t, tlvs, protocol);
}
