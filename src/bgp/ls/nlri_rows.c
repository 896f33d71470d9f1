/* Descriptors of nodes, links, prefixes and SIDs. RFC 9552 5.2, RFC 9086 4, RFC 9514 6. */
#include "ls/ls.h"

/* what a row leaves out is zero */
#pragma GCC diagnostic ignored "-Wmissing-field-initializers"

#define FIELDS(...) ((const struct ls_field[]){ __VA_ARGS__, { .kind = LS_END } })
#define VALUE(...)  FIELDS({ NULL, __VA_ARGS__ })
#define COUNT(a)    (sizeof(a) / sizeof((a)[0]))

/* clang-format off */
static const struct ls_row descriptors[] = {
	{ 512, 4, 4, 0, 0, "autonomous-system", VALUE(LS_NUMBER, 0, 4) },
	{ 513, 4, 4, 0, 0, "bgp-ls-identifier", VALUE(LS_NUMBER, 0, 4) },
	{ 514, 4, 4, 0, 0, "ospf-area-id", VALUE(LS_ADDR, 0, 4) },
	{ 515, 1, 8, 0, 0, "router-id", VALUE(LS_ROUTER) },
	{ 516, 4, 4, 0, 0, "bgp-router-id", VALUE(LS_ADDR, 0, 4) },
	{ 517, 4, 4, 0, 0, "confederation-member", VALUE(LS_NUMBER, 0, 4) },
};

const struct ls_table ls_descriptors = {
	"a node", "generic-tlv-", descriptors, COUNT(descriptors),
};

#define NODE       VALUE(LS_TLVS, .tlvs = &ls_descriptors)
#define TOPOLOGIES { 263, 2, 0, 2, 0, "multi-topology-ids", VALUE(LS_NUMBERS, 0, 2) }

static const struct ls_row node[] = {
	{ 256, 4, 0, 0, LS_NEEDED, "node-descriptors", NODE },
};

static const struct ls_row link[] = {
	{ 256, 4, 0, 0, LS_NEEDED, "local-node-descriptors", NODE },
	{ 257, 4, 0, 0, LS_NEEDED, "remote-node-descriptors", NODE },
	{ 258, 8, 8, 0, LS_LIST, "link-identifiers",
	  FIELDS({ "link-local-id", LS_NUMBER, 0, 4 }, { "link-remote-id", LS_NUMBER, 4, 4 }) },
	{ 259, 4, 4, 0, LS_LIST, "interface-addresses", VALUE(LS_ADDR), 261 },
	{ 260, 4, 4, 0, LS_LIST, "neighbor-addresses", VALUE(LS_ADDR), 262 },
	{ 261, 16, 16, 0, LS_LIST, "interface-addresses", VALUE(LS_ADDR) },
	{ 262, 16, 16, 0, LS_LIST, "neighbor-addresses", VALUE(LS_ADDR) },
	TOPOLOGIES,
};

static const struct ls_row prefix_v4[] = {
	{ 256, 4, 0, 0, LS_NEEDED, "node-descriptors", NODE },
	TOPOLOGIES,
	{ 264, 1, 1, 0, 0, "ospf-route-type", VALUE(LS_NUMBER, 0, 1) },
	{ 265, 1, 5, 0, LS_NEEDED, "ip-reach-prefix", VALUE(LS_PREFIX, 0, 4) },
};

static const struct ls_row prefix_v6[] = {
	{ 256, 4, 0, 0, LS_NEEDED, "node-descriptors", NODE },
	TOPOLOGIES,
	{ 264, 1, 1, 0, 0, "ospf-route-type", VALUE(LS_NUMBER, 0, 1) },
	{ 265, 1, 17, 0, LS_NEEDED, "ip-reach-prefix", VALUE(LS_PREFIX, 0, 16) },
};

static const struct ls_row srv6_sid[] = {
	{ 256, 4, 0, 0, LS_NEEDED, "node-descriptors", NODE },
	TOPOLOGIES,
	{ 518, 16, 16, 0, LS_NEEDED, "srv6-sid", VALUE(LS_ADDR, 0, 16) },
};
/* clang-format on */

static const struct ls_table tables[] = {
	[LS_NODE] = { "node", "generic-tlv-", node, COUNT(node) },
	[LS_LINK] = { "link", "generic-tlv-", link, COUNT(link) },
	[LS_PREFIX_V4] = { "prefix-v4", "generic-tlv-", prefix_v4, COUNT(prefix_v4) },
	[LS_PREFIX_V6] = { "prefix-v6", "generic-tlv-", prefix_v6, COUNT(prefix_v6) },
	[LS_SRV6_SID] = { "srv6-sid", "generic-tlv-", srv6_sid, COUNT(srv6_sid) },
};

const struct ls_table *
ls_nlri_table(uint16_t type)
{
	return type < COUNT(tables) && tables[type].count != 0 ? &tables[type] : NULL;
}
