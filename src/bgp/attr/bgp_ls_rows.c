/* The TLVs of BGP-LS in JSON. RFC 9552 5.3, RFC 9085 2, RFC 9514, RFC 8571 2. */
#include "attr/bgp_ls.h"

#include "base/addr.h"
#include "base/must.h"
#include "lang/emit.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

/* The bits from the left by their names, which end with NULL, then what is left of the byte. */
static void
put_flags(struct text *t, uint8_t bits, const char *const *names)
{
	text_char(t, '{');
	for (; *names != NULL; names++) {
		text_format(t, "\"%s\": %u, ", *names, bits >> 7);
		bits = (uint8_t)(bits << 1);
	}
	text_format(t, "\"RSV\": %u}", bits != 0);
}

#define FLAGS(name, ...)                                                                           \
	static void put_##name(struct text *t, struct slice v)                                     \
	{                                                                                          \
		static const char *const names[] = { __VA_ARGS__, NULL };                          \
		put_flags(t, v.at[0], names);                                                      \
	}

FLAGS(node_flags, "O", "T", "E", "B", "R", "V")
FLAGS(protection, "ExtraTrafic", "Unprotected", "Shared", "Dedicated 1:1", "Dedicated 1+1",
    "Enhanced")
FLAGS(mpls_mask, "LDP", "RSVP-TE")
FLAGS(igp_flags, "D", "N", "L", "P")
FLAGS(prefix_flags, "X", "R", "N")
FLAGS(adj_flags, "F", "B", "V", "L", "S", "P")
FLAGS(sid_flags, "R", "N", "P", "E", "V", "L")
FLAGS(endx_flags, "B", "S", "P")
FLAGS(locator_flags, "D")
FLAGS(capability_flags, "I", "V")

static void
put_hex(struct text *t, struct slice v)
{
	text_char(t, '"');
	text_hex(t, v);
	text_char(t, '"');
}

static void
put_string(struct text *t, struct slice v)
{
	text_char(t, '"');
	json_escape(t, v);
	text_char(t, '"');
}

static void
put_addr(struct text *t, struct slice v)
{
	struct addr a = addr_of_bytes(v);

	text_char(t, '"');
	addr_print(t, &a);
	text_char(t, '"');
}

static uint64_t
number_of(struct slice v)
{
	uint64_t n = 0;

	for (size_t i = 0; i < v.len; i++)
		n = n << 8 | v.at[i];
	return n;
}

static void
put_number(struct text *t, struct slice v)
{
	text_uint(t, number_of(v));
}

static void
put_area(struct text *t, struct slice v)
{
	text_format(t, "\"%llu\"", (unsigned long long)number_of(v));
}

static void
put_numbers(struct text *t, struct slice v, size_t unit)
{
	struct reader r = reader_on(v);

	text_char(t, '[');
	while (reader_more(&r)) {
		put_number(t, read_slice(&r, unit));
		text_string(t, reader_more(&r) ? ", " : "");
	}
	text_char(t, ']');
}

static void
put_bytes(struct text *t, struct slice v)
{
	put_numbers(t, v, 1);
}

static void
put_words(struct text *t, struct slice v)
{
	put_numbers(t, v, 4);
}

static void
put_longs(struct text *t, struct slice v)
{
	put_numbers(t, v, 8);
}

/* The shortest digits that give the same number; what JSON has no word for is null. */
static void
put_double(struct text *t, double d)
{
	char digits[40];
	int precision = 1;

	if (!isfinite(d)) {
		text_string(t, "null");
		return;
	}
	do
		(void)snprintf(digits, sizeof(digits), "%.*g", precision, d);
	while (strtod(digits, NULL) != d && precision++ < 17);
	if (fabs(d) < 1e16 && (fabs(d) >= 1e-4 || d == 0)) {
		int decimals = 1;

		do
			(void)snprintf(digits, sizeof(digits), "%.*f", decimals, d);
		while (strtod(digits, NULL) != d && decimals++ < 30);
	}
	text_string(t, digits);
}

static void
put_float(struct text *t, struct slice v)
{
	struct reader r = reader_on(v);
	uint32_t bits = read_u32(&r);
	float f;

	memcpy(&f, &bits, sizeof(f));
	put_double(t, (double)f);
}

static void
put_floats(struct text *t, struct slice v)
{
	struct reader r = reader_on(v);

	text_char(t, '[');
	while (reader_more(&r)) {
		put_float(t, read_slice(&r, 4));
		text_string(t, reader_more(&r) ? ", " : "");
	}
	text_char(t, ']');
}

static void
put_anomalous(struct text *t, uint8_t first)
{
	text_format(t, ", \"anomalous\": %s}", (first & 0x80) != 0 ? "true" : "false");
}

static void
put_delay(struct text *t, struct slice v)
{
	text_format(t, "{\"delay-us\": %u", load_u24(v.at + 1));
	put_anomalous(t, v.at[0]);
}

static void
put_delays(struct text *t, struct slice v)
{
	text_format(t, "{\"min-delay-us\": %u, \"max-delay-us\": %u", load_u24(v.at + 1),
	    load_u24(v.at + 5));
	put_anomalous(t, v.at[0]);
}

static void
put_variation(struct text *t, struct slice v)
{
	text_uint(t, load_u24(v.at + 1));
}

/* RFC 8571 2.4: in units of 0.000003 percent. */
static void
put_loss(struct text *t, struct slice v)
{
	text_string(t, "{\"loss-percent\": ");
	put_double(t, load_u24(v.at + 1) * 0.000003);
	put_anomalous(t, v.at[0]);
}

static void
put_ids(struct text *t, struct slice v)
{
	text_format(t, "{\"local-id\": %u, \"remote-id\": %u}", load_u32(v.at), load_u32(v.at + 4));
}

/* A label of 3 bytes or an index of 4; what else is there is told as bytes. */
static void
put_sids(struct text *t, struct slice v, const char *between, const char *rest)
{
	bool good = v.len == 3 || v.len == 4;

	text_string(t, "\"sids\": [");
	if (good)
		text_uint(t, v.len == 3 ? load_u24(v.at) & 0xfffff : load_u32(v.at));
	text_format(t, "]%s, \"%s\": [", between, rest);
	if (!good)
		put_hex(t, v);
	text_char(t, ']');
}

static void
put_adj(struct text *t, struct slice v)
{
	char weight[32];

	(void)snprintf(weight, sizeof(weight), ", \"weight\": %u", v.at[1]);
	text_string(t, "{\"flags\": ");
	put_adj_flags(t, v);
	text_string(t, ", ");
	put_sids(t, slice_after(v, 4), weight, "undecoded-sids");
	text_char(t, '}');
}

static void
put_adj_lan(struct text *t, struct slice v)
{
	text_string(t, "{\"flags\": ");
	put_adj_flags(t, v);
	text_format(t, ", \"weight\": %u, \"system-id\": ", v.at[1]);
	put_hex(t, slice_of(v.at + 4, 6));
	text_string(t, ", ");
	put_sids(t, slice_after(v, 10), "", "undecoded");
	text_char(t, '}');
}

static void
put_prefix_members(struct text *t, struct slice v)
{
	text_string(t, "\"sr-prefix-flags\": ");
	put_sid_flags(t, v);
	text_string(t, ", ");
	put_sids(t, slice_after(v, 4), "", "undecoded-sids");
	text_format(t, ", \"sr-algorithm\": %u", v.at[1]);
}

static void
put_prefix_sid(struct text *t, struct slice v)
{
	text_char(t, '{');
	put_prefix_members(t, v);
	text_char(t, '}');
}

static void
put_locator(struct text *t, struct slice v)
{
	text_string(t, "{\"flags\": ");
	put_locator_flags(t, v);
	text_format(t, ", \"algorithm\": %u, \"metric\": %u}", v.at[1], load_u32(v.at + 4));
}

static void
put_structure(struct text *t, struct slice v)
{
	text_format(t,
	    "{\"loc_block_len\": %u, \"loc_node_len\": %u, \"func_len\": %u, \"arg_len\": %u}",
	    v.at[0], v.at[1], v.at[2], v.at[3]);
}

#define STRUCTURE 1252 /* RFC 9514 8 */

/* A SID, and behind it its structure. RFC 9514 4: of several the first is told. */
static void
put_endx_end(struct text *t, struct slice v, size_t at)
{
	struct reader r = reader_on(slice_after(v, at));
	bool told = false;

	text_format(t,
	    "\"behavior\": %u, \"algorithm\": %u, \"weight\": %u, \"sid\": ", load_u16(v.at),
	    v.at[3], v.at[4]);
	put_addr(t, read_slice(&r, 16));
	while (reader_more(&r) && !told) {
		struct ls_tlv sub = ls_tlv_take(&r);

		told = reader_ok(&r) && sub.type == STRUCTURE && sub.value.len == 4;
		if (told) {
			text_string(t, ", \"srv6-sid-structure\": ");
			put_structure(t, sub.value);
		}
	}
	text_char(t, '}');
}

static void
put_endx_start(struct text *t, struct slice v)
{
	text_string(t, "{\"flags\": ");
	put_endx_flags(t, slice_after(v, 2));
	text_string(t, ", ");
}

static void
put_endx(struct text *t, struct slice v)
{
	put_endx_start(t, v);
	put_endx_end(t, v, 6);
}

static void
put_endx_isis(struct text *t, struct slice v)
{
	put_endx_start(t, v);
	text_string(t, "\"neighbor-id\": ");
	put_hex(t, slice_of(v.at + 6, 6));
	text_string(t, ", ");
	put_endx_end(t, v, 12);
}

static void
put_endx_ospf(struct text *t, struct slice v)
{
	put_endx_start(t, v);
	text_string(t, "\"neighbor-id\": ");
	put_addr(t, slice_of(v.at + 6, 4));
	text_string(t, ", ");
	put_endx_end(t, v, 10);
}

static void
put_behavior(struct text *t, struct slice v)
{
	text_format(t, "{\"endpoint-behavior\": %u, \"flags\": [], \"algorithm\": %u}",
	    load_u16(v.at), v.at[3]);
}

static void
put_srv6(struct text *t, struct slice v)
{
	text_format(t, "{\"flags\": {\"O\": %u}}", v.at[0] >> 7);
}

/* RFC 9085 2.1.2: ranges (3), each with a SID/Label sub-TLV. */
static void
put_capability(struct text *t, struct slice v)
{
	struct reader r = reader_on(slice_after(v, 2));
	bool any = false;

	text_string(t, "\"sr-capability-flags\": ");
	put_capability_flags(t, v);
	text_string(t, ", \"sids\": [");
	while (reader_more(&r)) {
		uint32_t range = read_u24(&r);
		struct ls_tlv sub = ls_tlv_take(&r);

		if (!reader_ok(&r) || (sub.value.len != 3 && sub.value.len != 4))
			continue;
		text_format(t, "%s[%u, %u]", any ? ", " : "", range,
		    sub.value.len == 3 ? load_u24(sub.value.at) & 0xfffff : load_u32(sub.value.at));
		any = true;
	}
	text_char(t, ']');
}

/* Ascending. */
static const struct ls_row rows_6[] = {
	{ 258, 8, 8, 0, false, "link-local-remote-identifiers", put_ids },
	{ 1024, 1, 1, 0, false, "node-flags", put_node_flags },
	{ 1025, 0, 0, 0, false, "opaque", put_hex },
	{ 1026, 0, 0, 0, false, "node-name", put_string },
	{ 1027, 1, 8, 0, true, "area-ids", put_area },
	{ 1028, 4, 4, 0, true, "local-router-ids", put_addr },
	{ 1029, 16, 16, 0, true, "local-router-ids", put_addr },
	{ 1030, 4, 4, 0, true, "remote-router-ids", put_addr },
	{ 1031, 16, 16, 0, true, "remote-router-ids", put_addr },
	{ 1034, 2, 0, 0, false, NULL, put_capability },
	{ 1035, 0, 0, 0, false, "sr-algorithms", put_bytes },
	{ 1038, 4, 0, 0, false, "srv6-capabilities", put_srv6 },
	{ 1088, 4, 4, 0, false, "admin-group-mask", put_number },
	{ 1089, 4, 4, 0, false, "maximum-link-bandwidth", put_float },
	{ 1090, 4, 4, 0, false, "maximum-reservable-link-bandwidth", put_float },
	{ 1091, 32, 32, 0, false, "unreserved-bandwidth", put_floats },
	{ 1092, 1, 4, 0, false, "te-metric", put_number },
	{ 1093, 2, 2, 0, false, "link-protection-flags", put_protection },
	{ 1094, 1, 1, 0, false, "mpls-mask", put_mpls_mask },
	{ 1095, 1, 3, 0, false, "igp-metric", put_number },
	{ 1096, 0, 0, 4, false, "shared-risk-link-groups", put_words },
	{ 1097, 0, 0, 0, false, "opaque-link", put_hex },
	{ 1098, 0, 0, 0, false, "link-name", put_string },
	{ 1099, 4, 0, 0, true, "sr-adjs", put_adj },
	{ 1100, 10, 0, 0, true, "sr-adj-lan", put_adj_flags },
	{ 1106, 22, 0, 0, true, "srv6-endx", put_endx },
	{ 1107, 28, 0, 0, true, "srv6-lan-endx-isis", put_endx_isis },
	{ 1108, 26, 0, 0, true, "srv6-lan-endx-ospf", put_endx_ospf },
	{ 1114, 4, 4, 0, false, "unidirectional-link-delay", put_delay },
	{ 1115, 8, 8, 0, false, "minmax-unidirectional-link-delay", put_delays },
	{ 1116, 4, 4, 0, false, "unidirectional-delay-variation", put_variation },
	{ 1117, 4, 4, 0, false, "unidirectional-link-loss", put_loss },
	{ 1118, 4, 4, 0, false, "unidirectional-residual-bandwidth", put_float },
	{ 1119, 4, 4, 0, false, "unidirectional-available-bandwidth", put_float },
	{ 1120, 4, 4, 0, false, "unidirectional-utilized-bandwidth", put_float },
	{ 1152, 1, 1, 0, false, "igp-flags", put_igp_flags },
	{ 1153, 0, 0, 4, false, "igp-route-tags", put_words },
	{ 1154, 0, 0, 8, false, "igp-extended-route-tags", put_longs },
	{ 1155, 4, 4, 0, false, "prefix-metric", put_number },
	{ 1156, 4, 16, 12, false, "ospf-forwarding-address", put_addr },
	{ 1157, 0, 0, 0, false, "opaque-prefix", put_hex },
	{ 1158, 4, 0, 0, true, "sr-prefix-sids", put_prefix_sid },
	{ 1162, 8, 0, 0, true, "srv6-locators", put_locator },
	{ 1170, 1, 1, 0, false, "sr-prefix-attribute-flags", put_prefix_flags },
	{ 1171, 4, 16, 12, false, "sr-source-router-id", put_addr },
	{ 1250, 4, 4, 0, false, "srv6-endpoint-behavior", put_behavior },
	{ 1252, 4, 4, 0, false, "srv6-sid-structure", put_structure },
};

/* What 5.0 tells otherwise; without put(): as bytes. */
static const struct ls_row rows_5[] = {
	{ 258, 0, 0, 0, false, NULL, NULL },
	{ 1025, 0, 0, 0, false, "opaque", put_string },
	{ 1027, 1, 8, 0, false, "area-id", put_area },
	{ 1028, 4, 4, 0, true, "local-te-router-ids", put_addr },
	{ 1029, 16, 16, 0, true, "local-te-router-ids", put_addr },
	{ 1030, 4, 4, 0, false, "remote-te-router-id", put_addr },
	{ 1031, 16, 16, 0, false, "remote-te-router-id", put_addr },
	{ 1097, 0, 0, 0, false, "opaque-link", put_string },
	{ 1099, 4, 0, 0, false, "sr-adj", put_adj },
	{ 1100, 10, 0, 0, true, "sr-adj-lan-sids", put_adj_lan },
	{ 1114, 0, 0, 0, false, NULL, NULL },
	{ 1115, 0, 0, 0, false, NULL, NULL },
	{ 1116, 0, 0, 0, false, NULL, NULL },
	{ 1117, 0, 0, 0, false, NULL, NULL },
	{ 1118, 0, 0, 0, false, NULL, NULL },
	{ 1119, 0, 0, 0, false, NULL, NULL },
	{ 1120, 0, 0, 0, false, NULL, NULL },
	{ 1157, 0, 0, 0, false, "opaque-prefix", put_string },
	{ 1158, 4, 0, 0, false, NULL, put_prefix_members },
	{ 1162, 8, 0, 0, false, "srv6-locator", put_locator },
};

static const struct ls_row *
row_in(const struct ls_row *rows, size_t count, uint16_t type)
{
	for (size_t i = 0; i < count && rows[i].type <= type; i++)
		if (rows[i].type == type)
			return &rows[i];
	return NULL;
}

/* IPv4 and IPv6 identifiers of routers share a member. */
static uint16_t
member_of(uint16_t type)
{
	return type == 1029 || type == 1031 ? (uint16_t)(type - 1) : type;
}

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

/* What is of an odd length stands in a list of its own. */
#define MEMBER_ODD 0x10000u
/* Those that name several members have names in common: one of them is told. */
#define MEMBER_SEVERAL 0x20000u

void
ls_tlv_row(struct ls_tlv *tlv, bool six)
{
	const struct ls_row *row = six ? NULL : row_in(rows_5, COUNT(rows_5), tlv->type);
	size_t len = tlv->value.len;

	if (row == NULL)
		row = row_in(rows_6, COUNT(rows_6), tlv->type);
	tlv->row = NULL;
	tlv->member = tlv->type;
	if (row == NULL || row->put == NULL)
		return;
	if (len < row->least || (row->most != 0 && len > row->most) ||
	    (row->unit != 0 && (len - row->least) % row->unit != 0)) {
		tlv->member |= MEMBER_ODD;
		return;
	}
	tlv->row = row;
	tlv->member = row->name == NULL ? MEMBER_SEVERAL : member_of(tlv->type);
}
