/* flow { ... }: FlowSpec rules, on a line or as blocks. */
#include "parse.h"

#define SAFI_FLOW     133
#define SAFI_FLOW_VPN 134

/* Without a match all packets are meant. ExaBGP says that to the peer, and so do we; but some take
 * an NLRI without components for a malformed one. */
static bool
matches_all(const struct nlri *n)
{
	bool vpn = n->family->safi == SAFI_FLOW_VPN;

	return n->bytes.len == (vpn ? 9 : 1); /* the length, and a route distinguisher */
}

void
flow_check(struct parse *p, const struct token *word, const struct route *r)
{
	uint8_t safi = r->nlri.family == NULL ? 0 : r->nlri.family->safi;

	if (safi != SAFI_FLOW && safi != SAFI_FLOW_VPN)
		return;
	if (matches_all(&r->nlri))
		parse_warn(p, word, "a rule without a match is for all packets");
	if (!r->acts)
		parse_warn(p, word, "a rule without an action does nothing");
}

static void
route_read(struct parse *p, const struct token *word)
{
	struct routes *routes = &p->neighbor->flows;
	size_t before = routes->count;

	p->block = statement_is_block(p, 1);
	route_parse_statement(&p->lx, "flow", ROUTE_FILE, routes);
	if (routes->count != before)
		flow_check(p, word, &routes->at[before]);
}

static const struct statement statements[] = {
	{ "route", route_read, "a rule: [name] { match, then, scope }, or its words" },
	{ NULL, NULL, NULL },
};

const struct section section_flow = {
	.word = "flow",
	.title = "flow",
	.statements = statements,
};
