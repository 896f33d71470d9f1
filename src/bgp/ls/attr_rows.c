/*
 * TLVs of attribute 29. RFC 9552 5.3, RFC 9085 2, RFC 9514, RFC 9086 5, RFC 8571 2, RFC 9351,
 * RFC 8814, RFC 9104, RFC 9247, RFC 9294. Fields stand in the order in which they are told.
 */
#include "ls/ls.h"

/* what a row leaves out is zero */
#pragma GCC diagnostic ignored "-Wmissing-field-initializers"

#define FLAGS(...)  ((const char *const[]){ __VA_ARGS__, NULL })
#define FIELDS(...) ((const struct ls_field[]){ __VA_ARGS__, { .kind = LS_END } })
#define VALUE(...)  FIELDS({ NULL, __VA_ARGS__ })

#define ADJ_FLAGS    FLAGS("F", "B", "V", "L", "S", "P")
#define PREFIX_FLAGS FLAGS("R", "N", "P", "E", "V", "L")
#define ENDX_FLAGS   FLAGS("B", "S", "P")
#define PEER_FLAGS   FLAGS("V", "L", "B", "P")

#define ANOMALOUS                                                                                  \
	{                                                                                          \
		"anomalous", LS_ANOMALOUS, 0, 1                                                    \
	}
#define WEIGHT                                                                                     \
	{                                                                                          \
		"weight", LS_NUMBER, 1, 1                                                          \
	}

static const struct ls_table inside; /* what may stand in a TLV of the attribute */
static const struct ls_field hex[] = { { NULL, LS_HEX }, { .kind = LS_END } };
static const struct ls_field string[] = { { NULL, LS_STRING }, { .kind = LS_END } };
static const struct ls_field addr[] = { { NULL, LS_ADDR }, { .kind = LS_END } };
static const struct ls_field u8[] = { { NULL, LS_NUMBER, 0, 1 }, { .kind = LS_END } };
static const struct ls_field u32[] = { { NULL, LS_NUMBER, 0, 4 }, { .kind = LS_END } };
static const struct ls_field bytes[] = { { NULL, LS_NUMBERS, 0, 1 }, { .kind = LS_END } };
static const struct ls_field numbers[] = { { NULL, LS_NUMBERS, 0, 4 }, { .kind = LS_END } };
static const struct ls_field bandwidth[] = { { NULL, LS_FLOAT, 0, 4 }, { .kind = LS_END } };

static const struct ls_field ranges[] = {
	{ "sr-capability-flags", LS_FLAGS, 0, 1, FLAGS("I", "V") },
	{ "sids", LS_RANGES, 2 },
	{ .kind = LS_END },
};

static const struct ls_field block[] = {
	{ "flags", LS_FLAGS_OTHER, 0, 1 },
	{ "sids", LS_RANGES, 2 },
	{ .kind = LS_END },
};

static const struct ls_field adj_lan[] = {
	{ "flags", LS_FLAGS, 0, 1, ADJ_FLAGS },
	WEIGHT,
	{ "system-id", LS_HEX, 4, 6 },
	{ "sids", LS_SID, 10 },
	{ "undecoded", LS_SID_ODD, 10 },
	{ .kind = LS_END },
};

static const struct ls_field adj[] = {
	{ "flags", LS_FLAGS, 0, 1, ADJ_FLAGS },
	{ "sids", LS_SID, 4 },
	WEIGHT,
	{ "undecoded-sids", LS_SID_ODD, 4 },
	{ .kind = LS_END },
};

static const struct ls_field prefix_sid[] = {
	{ "sr-prefix-flags", LS_FLAGS, 0, 1, PREFIX_FLAGS },
	{ "sids", LS_SID, 4 },
	{ "undecoded-sids", LS_SID_ODD, 4 },
	{ "sr-algorithm", LS_NUMBER, 1, 1 },
	{ .kind = LS_END },
};

static const struct ls_field peer_sid[] = {
	{ "flags", LS_FLAGS, 0, 1, PEER_FLAGS },
	WEIGHT,
	{ "sids", LS_SID, 4 },
	{ .kind = LS_END },
};

#define LOCATOR                                                                                    \
	{ "flags", LS_FLAGS, 0, 1, FLAGS("D") }, { "algorithm", LS_NUMBER, 1, 1 },                 \
	{                                                                                          \
		"metric", LS_NUMBER, 4, 4                                                          \
	}

static const struct ls_field locator[] = {
	LOCATOR,
	{ "sub-tlvs", LS_SUBS, 8, .tlvs = &inside },
	{ NULL, LS_OTHERS, 8 },
	{ .kind = LS_END },
};

#define ENDX_HEAD                                                                                  \
	{                                                                                          \
		"flags", LS_FLAGS, 2, 1, ENDX_FLAGS                                                \
	}
#define ENDX_TAIL(at)                                                                              \
	{ "behavior", LS_NUMBER, 0, 2 }, { "algorithm", LS_NUMBER, 3, 1 },                         \
	    { "weight", LS_NUMBER, 4, 1 }, { "sid", LS_ADDR, at, 16 },                             \
	{                                                                                          \
		"srv6-sid-structure", LS_STRUCTURE, at + 16                                        \
	}
#define ENDX(others) FIELDS(ENDX_HEAD, ENDX_TAIL(6), { NULL, others, 22 })
#define ENDX_ISIS(others)                                                                          \
	FIELDS(ENDX_HEAD, { "neighbor-id", LS_HEX, 6, 6 }, ENDX_TAIL(12), { NULL, others, 28 })
#define ENDX_OSPF(others)                                                                          \
	FIELDS(ENDX_HEAD, { "neighbor-id", LS_ADDR, 6, 4 }, ENDX_TAIL(10), { NULL, others, 26 })

static const struct ls_field structure[] = {
	{ "loc_block_len", LS_NUMBER, 0, 1 },
	{ "loc_node_len", LS_NUMBER, 1, 1 },
	{ "func_len", LS_NUMBER, 2, 1 },
	{ "arg_len", LS_NUMBER, 3, 1 },
	{ .kind = LS_END },
};

const struct ls_row ls_structure_row = { 1252, 4, 4, 0, 0, "srv6-sid-structure", structure };

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

/* RFC 9351 3 */
static const struct ls_row flex_algo[] = {
	{ 1040, 4, 0, 4, 0, "exclude-any-affinity", numbers },
	{ 1041, 4, 0, 4, 0, "include-any-affinity", numbers },
	{ 1042, 4, 0, 4, 0, "include-all-affinity", numbers },
	{ 1043, 1, 0, 0, 0, "definition-flags", hex },
	{ 1045, 4, 0, 4, 0, "exclude-srlg", numbers },
};

static const struct ls_table in_flex_algo = {
	"flex-algo-definition",
	"generic-lsid-",
	flex_algo,
	COUNT(flex_algo),
	0,
};

/* clang-format off */
static const struct ls_row rows[] = {
	{ 258, 8, 8, 0, 0, "link-local-remote-identifiers",
	  FIELDS({ "local-id", LS_NUMBER, 0, 4 }, { "remote-id", LS_NUMBER, 4, 4 }) },
	{ 263, 2, 0, 2, LS_GENERIC, "multi-topology-ids", VALUE(LS_NUMBERS, 0, 2) },
	{ 266, 2, 0, 2, LS_GENERIC, "node-msd", bytes },
	{ 267, 2, 0, 2, LS_GENERIC, "link-msd", bytes },
	{ 1024, 1, 1, 0, 0, "node-flags",
	  VALUE(LS_FLAGS, 0, 1, FLAGS("O", "T", "E", "B", "R", "V")) },
	{ 1025, 0, 0, 0, 0, "opaque", hex },
	{ 1026, 0, 0, 0, 0, "node-name", string },
	{ 1027, 1, 8, 0, LS_LIST, "area-ids", VALUE(LS_AREA) },
	{ 1028, 4, 4, 0, LS_LIST, "local-router-ids", addr, 1029 },
	{ 1029, 16, 16, 0, LS_LIST, "local-router-ids", addr },
	{ 1030, 4, 4, 0, LS_LIST, "remote-router-ids", addr, 1031 },
	{ 1031, 16, 16, 0, LS_LIST, "remote-router-ids", addr },
	{ 1032, 4, 0, 4, LS_GENERIC, "s-bfd-discriminators", numbers },
	{ 1034, 2, 0, 0, LS_BARE, "sr-capabilities", ranges },
	{ 1035, 0, 0, 0, 0, "sr-algorithms", bytes },
	{ 1036, 2, 0, 0, LS_GENERIC, "sr-local-block", block },
	{ 1037, 1, 1, 0, LS_GENERIC, "srms-preference", u8 },
	{ 1038, 4, 0, 0, 0, "srv6-capabilities", FIELDS({ "flags", LS_FLAG_O, 0, 1 }) },
	{ 1039, 4, 0, 0, LS_LIST | LS_GENERIC | LS_OUTER, "flex-algo-definition",
	  FIELDS({ "algorithm", LS_NUMBER, 0, 1 }, { "metric-type", LS_NUMBER, 1, 1 },
	         { "calculation-type", LS_NUMBER, 2, 1 }, { "priority", LS_NUMBER, 3, 1 },
	         { "sub-tlvs", LS_SUBS, 4, .tlvs = &in_flex_algo }) },
	{ 1044, 8, 8, 0, LS_LIST | LS_GENERIC, "flex-algo-prefix-metric",
	  FIELDS({ "algorithm", LS_NUMBER, 0, 1 }, { "flags", LS_FLAGS, 1, 1, FLAGS("E") },
	         { "metric", LS_NUMBER, 4, 4 }) },
	{ 1046, 1, 0, 0, LS_LIST | LS_GENERIC, "flex-algo-unsupported",
	  FIELDS({ "protocol-id", LS_NUMBER, 0, 1 }, { "sub-tlv-types", LS_HEX, 1 }) },
	{ 1088, 4, 4, 0, 0, "admin-group-mask", u32 },
	{ 1089, 4, 4, 0, 0, "maximum-link-bandwidth", bandwidth },
	{ 1090, 4, 4, 0, 0, "maximum-reservable-link-bandwidth", bandwidth },
	{ 1091, 32, 32, 0, 0, "unreserved-bandwidth", VALUE(LS_FLOATS, 0, 4) },
	{ 1092, 1, 4, 0, 0, "te-metric", VALUE(LS_METRIC, 0, 4) },
	{ 1093, 2, 2, 0, 0, "link-protection-flags",
	  VALUE(LS_FLAGS_OTHER, 0, 1,
	        FLAGS("ExtraTrafic", "Unprotected", "Shared", "Dedicated 1:1", "Dedicated 1+1",
	              "Enhanced")) },
	{ 1094, 1, 1, 0, 0, "mpls-mask", VALUE(LS_FLAGS, 0, 1, FLAGS("LDP", "RSVP-TE")) },
	{ 1095, 1, 3, 0, 0, "igp-metric", VALUE(LS_METRIC, 0, 3) },
	{ 1096, 0, 0, 4, 0, "shared-risk-link-groups", numbers },
	{ 1097, 0, 0, 0, 0, "opaque-link", hex },
	{ 1098, 0, 0, 0, 0, "link-name", string },
	{ 1099, 4, 0, 0, LS_LIST, "sr-adjs", adj },
	{ 1100, 10, 0, 0, LS_LIST, "sr-adj-lan", adj_lan },
	{ 1101, 4, 0, 0, LS_LIST | LS_GENERIC, "peer-node-sid", peer_sid },
	{ 1102, 4, 0, 0, LS_LIST | LS_GENERIC, "peer-adj-sid", peer_sid },
	{ 1103, 4, 0, 0, LS_LIST | LS_GENERIC, "peer-set-sid", peer_sid },
	{ 1106, 22, 0, 0, LS_LIST, "srv6-endx", ENDX(LS_OTHERS) },
	{ 1107, 28, 0, 0, LS_LIST, "srv6-lan-endx-isis", ENDX_ISIS(LS_OTHERS) },
	{ 1108, 26, 0, 0, LS_LIST, "srv6-lan-endx-ospf", ENDX_OSPF(LS_OTHERS) },
	{ 1114, 4, 4, 0, 0, "unidirectional-link-delay",
	  FIELDS({ "delay-us", LS_NUMBER, 1, 3 }, ANOMALOUS) },
	{ 1115, 8, 8, 0, 0, "minmax-unidirectional-link-delay",
	  FIELDS({ "min-delay-us", LS_NUMBER, 1, 3 }, { "max-delay-us", LS_NUMBER, 5, 3 },
	         ANOMALOUS) },
	{ 1116, 4, 4, 0, 0, "unidirectional-delay-variation", VALUE(LS_NUMBER, 1, 3) },
	{ 1117, 4, 4, 0, 0, "unidirectional-link-loss",
	  FIELDS({ "loss-percent", LS_LOSS, 1, 3 }, ANOMALOUS) },
	{ 1118, 4, 4, 0, 0, "unidirectional-residual-bandwidth", bandwidth },
	{ 1119, 4, 4, 0, 0, "unidirectional-available-bandwidth", bandwidth },
	{ 1120, 4, 4, 0, 0, "unidirectional-utilized-bandwidth", bandwidth },
	{ 1122, 4, 0, 0, LS_LIST | LS_GENERIC | LS_OUTER, "application-specific-attributes",
	  VALUE(LS_MASKED, .tlvs = &inside) },
	{ 1152, 1, 1, 0, 0, "igp-flags", VALUE(LS_FLAGS, 0, 1, FLAGS("D", "N", "L", "P")) },
	{ 1153, 0, 0, 4, 0, "igp-route-tags", numbers },
	{ 1154, 0, 0, 8, 0, "igp-extended-route-tags", VALUE(LS_NUMBERS, 0, 8) },
	{ 1155, 4, 4, 0, 0, "prefix-metric", u32 },
	{ 1156, 4, 16, 12, 0, "ospf-forwarding-address", addr },
	{ 1157, 0, 0, 0, 0, "opaque-prefix", hex },
	{ 1158, 4, 0, 0, LS_LIST, "sr-prefix-sids", prefix_sid },
	{ 1159, 4, 0, 0, LS_LIST | LS_GENERIC | LS_OUTER, "sr-prefix-range",
	  FIELDS({ "flags", LS_FLAGS, 0, 1, FLAGS("F", "M", "S", "D", "A") },
	         { "range", LS_NUMBER, 2, 2 },
	         { "sub-tlvs", LS_SUBS, 4, .tlvs = &inside }) },
	{ 1162, 8, 0, 0, LS_LIST | LS_OUTER, "srv6-locators", locator },
	{ 1170, 1, 1, 0, 0, "sr-prefix-attribute-flags",
	  VALUE(LS_FLAGS, 0, 1, FLAGS("X", "R", "N")) },
	{ 1171, 4, 16, 12, 0, "sr-source-router-id", addr },
	{ 1172, 4, 0, 0, LS_LIST | LS_GENERIC | LS_OUTER, "l2-bundle-member",
	  FIELDS({ "descriptor", LS_NUMBER, 0, 4 }, { "sub-tlvs", LS_SUBS, 4, .tlvs = &inside }) },
	{ 1173, 4, 0, 4, LS_GENERIC, "extended-admin-group", numbers },
	{ 1174, 4, 4, 0, LS_GENERIC, "source-ospf-router-id", addr },
	{ 1250, 4, 4, 0, 0, "srv6-endpoint-behavior",
	  FIELDS({ "endpoint-behavior", LS_NUMBER, 0, 2 }, { "flags", LS_FLAGS_NONE, 2, 1 },
	         { "algorithm", LS_NUMBER, 3, 1 }) },
	{ 1251, 12, 12, 0, LS_GENERIC, "srv6-bgp-peer-node-sid",
	  FIELDS({ "flags", LS_FLAGS, 0, 1, ENDX_FLAGS }, WEIGHT, { "peer-as", LS_NUMBER, 4, 4 },
	         { "peer-router-id", LS_ADDR, 8, 4 }) },
	{ 1252, 4, 4, 0, 0, "srv6-sid-structure", structure },
};

/* What JSON tells otherwise than words do. */
static const struct ls_row told_6[] = {
	{ 1100, 10, 0, 0, LS_LIST, "sr-adj-lan", VALUE(LS_FLAGS, 0, 1, ADJ_FLAGS) },
};

static const struct ls_row told_5[] = {
	{ 258, 8, 8, 0, LS_GENERIC, "link-local-remote-identifiers", hex },
	{ 1025, 0, 0, 0, 0, "opaque", string },
	{ 1027, 1, 8, 0, 0, "area-id", VALUE(LS_AREA) },
	{ 1028, 4, 4, 0, LS_LIST, "local-te-router-ids", addr, 1029 },
	{ 1029, 16, 16, 0, LS_LIST, "local-te-router-ids", addr },
	{ 1030, 4, 4, 0, 0, "remote-te-router-id", addr, 1031 },
	{ 1031, 16, 16, 0, 0, "remote-te-router-id", addr },
	{ 1097, 0, 0, 0, 0, "opaque-link", string },
	{ 1099, 4, 0, 0, 0, "sr-adj", adj },
	{ 1100, 10, 0, 0, LS_LIST, "sr-adj-lan-sids", adj_lan },
	{ 1106, 22, 0, 0, LS_LIST, "srv6-endx", ENDX(LS_OTHERS_5) },
	{ 1107, 28, 0, 0, LS_LIST, "srv6-lan-endx-isis", ENDX_ISIS(LS_OTHERS_5) },
	{ 1108, 26, 0, 0, LS_LIST, "srv6-lan-endx-ospf", ENDX_OSPF(LS_OTHERS_5) },
	{ 1114, 4, 4, 0, LS_GENERIC, "unidirectional-link-delay", hex },
	{ 1115, 8, 8, 0, LS_GENERIC, "minmax-unidirectional-link-delay", hex },
	{ 1116, 4, 4, 0, LS_GENERIC, "unidirectional-delay-variation", hex },
	{ 1117, 4, 4, 0, LS_GENERIC, "unidirectional-link-loss", hex },
	{ 1118, 4, 4, 0, LS_GENERIC, "unidirectional-residual-bandwidth", hex },
	{ 1119, 4, 4, 0, LS_GENERIC, "unidirectional-available-bandwidth", hex },
	{ 1120, 4, 4, 0, LS_GENERIC, "unidirectional-utilized-bandwidth", hex },
	{ 1157, 0, 0, 0, 0, "opaque-prefix", string },
	{ 1158, 4, 0, 0, LS_BARE, "sr-prefix-sids", prefix_sid },
	{ 1162, 8, 0, 0, 0, "srv6-locator", FIELDS(LOCATOR, { NULL, LS_OTHERS_5, 8 }) },
};
/* clang-format on */

const struct ls_table ls_attribute = { "bgp-ls", "generic-lsid-", rows, COUNT(rows), 0 };
static const struct ls_table inside = { "sub-tlvs", "generic-lsid-", rows, COUNT(rows), LS_OUTER };

static const struct ls_table json_6 = { "bgp-ls", "generic-lsid-", told_6, COUNT(told_6), 0 };
static const struct ls_table json_5 = { "bgp-ls", "generic-lsid-", told_5, COUNT(told_5), 0 };

/* Where JSON tells the TLVs inside, they have to fit their bytes. */
static bool
holds_together(const struct ls_row *row, struct slice value)
{
	const struct ls_field *last = row->fields;
	struct reader r;

	while (last->kind != LS_END)
		last++;
	last--; /* every row has a field */
	if (last->kind != LS_OTHERS && last->kind != LS_OTHERS_5)
		return true;
	r = reader_on(ls_field_of(last, value));
	while (reader_more(&r))
		(void)ls_take(&r);
	return reader_ok(&r);
}

const struct ls_row *
ls_told(const struct ls_tlv *tlv, bool six)
{
	const struct ls_row *row = ls_row_of(six ? &json_6 : &json_5, tlv->type);

	if (row == NULL)
		row = ls_row_of(&ls_attribute, tlv->type);
	if (row == NULL || (row->traits & LS_GENERIC) != 0 || !ls_fits(row, tlv->value.len) ||
	    !holds_together(row, tlv->value))
		return NULL;
	return row;
}
