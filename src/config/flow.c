/* flow { ... }: FlowSpec rules, on a line or as blocks. */
#include "parse.h"

enum { FLOW = 133, FLOW_VPN = 134 }; /* SAFIs: RFC 8955 4, 8 */

static bool
is_rule(const struct route *r)
{
	const struct family *f = r->nlri.family;

	return f != NULL && (f->safi == FLOW || f->safi == FLOW_VPN);
}

static void
tell_apart(struct map *seen, struct nlri *n)
{
	uint8_t key[NLRI_KEY_MAX];
	struct nlri same = *n;
	uintptr_t times;
	size_t len;

	same.path_id = n->family->id;
	len = nlri_key(&same, key);
	times = (uintptr_t)map_get(seen, slice_of(key, len));
	if (times != 0) {
		n->path_id = (uint32_t)times;
		n->has_path_id = true;
	}
	map_put(seen, slice_of(key, len), (void *)(times + 1));
}

/* ExaBGP says all, in order, and so the last one counts for the peer; what tells them apart for us
 * is an identifier, which is never sent with these families. */
void
flows_tell_apart(struct routes *routes)
{
	struct map seen = { 0 };

	for (size_t i = 0; i < routes->count; i++)
		if (is_rule(&routes->at[i]))
			tell_apart(&seen, &routes->at[i].nlri);
	map_free(&seen);
}

/* Without a match all packets are meant. ExaBGP says that to the peer, and so do we; but some take
 * an NLRI without components for a malformed one. */
static bool
matches_all(const struct nlri *n)
{
	bool vpn = n->family->safi == FLOW_VPN;

	return n->bytes.len == (vpn ? 9 : 1); /* the length, and a route distinguisher */
}

static void
route_read(struct parse *p, const struct token *word)
{
	struct routes *routes = &p->neighbor->routes;
	size_t before = routes->count;

	p->block = statement_is_block(p, 1);
	route_parse_statement(&p->lx, "flow", ROUTE_FILE, routes);
	if (routes->count == before)
		return;
	if (matches_all(&routes->at[before].nlri))
		parse_warn(p, word, "a rule without a match is for all packets");
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
