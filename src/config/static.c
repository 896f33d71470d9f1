/* static { ... } and announce { ... }: places where route statements stand. */
#include "parse.h"

bool
statement_is_block(const struct parse *p, unsigned words)
{
	struct lex ahead;
	bool block;

	lex_init(&ahead, lex_rest(&p->lx), LEX_FILE);
	while (words-- > 0 && !lex_ends(&ahead))
		(void)lex_next(&ahead);
	block = lex_is(&ahead, "{");
	lex_done(&ahead);
	return block;
}

static void
route_read(struct parse *p, const struct token *word)
{
	(void)word;
	p->block = statement_is_block(p, 1);
	route_parse(&p->lx, ROUTE_FILE, &p->neighbor->routes);
}

static void
attributes_read(struct parse *p, const struct token *word)
{
	struct routes *routes = &p->neighbor->routes;
	size_t before = routes->count;

	route_parse_attributes(&p->lx, ROUTE_FILE, routes);
	if (routes->count != before && routes->at[before].nlri.family == NULL)
		parse_warn(p, word, "attributes without nlri and a prefix announce no route");
}

static void
policy_read(struct parse *p, const struct token *word)
{
	(void)word;
	route_parse_statement(&p->lx, "sr-policy", ROUTE_FILE, &p->neighbor->routes);
}

static const struct statement statements[] = {
	{ "route", route_read, "a prefix with its attributes" },
	{ "attributes", attributes_read, "attributes, nlri and prefixes" },
	{ "attribute", attributes_read, "the same" },
	{ "sr-policy", policy_read, "distinguisher N color N endpoint IP, then words" },
	{ NULL, NULL, NULL },
};

const struct section section_static = {
	.word = "static",
	.title = "static",
	.statements = statements,
};

static void
afi_open(struct parse *p, const struct token *word)
{
	p->afi = word->word;
}

static void
announce_read(struct parse *p)
{
	struct routes *routes = &p->neighbor->routes;
	struct token word = p->lx.now;
	size_t before = routes->count;

	route_parse_family(&p->lx, p->afi, ROUTE_FILE, routes);
	if (routes->count != before)
		flow_check(p, &word, &routes->at[before]);
}

static const struct section section_ipv4 = {
	.word = "ipv4",
	.title = "announce ipv4",
	.all = announce_read,
	.open = afi_open,
};

static const struct section section_ipv6 = {
	.word = "ipv6",
	.title = "announce ipv6",
	.all = announce_read,
	.open = afi_open,
};

static const struct section section_announce_l2vpn = {
	.word = "l2vpn",
	.title = "announce l2vpn",
	.all = announce_read,
	.open = afi_open,
};

static const struct section section_announce_bgp_ls = {
	.word = "bgp-ls",
	.title = "announce bgp-ls",
	.all = announce_read,
	.open = afi_open,
};

static const struct section *const afis[] = {
	&section_ipv4,
	&section_ipv6,
	&section_announce_l2vpn,
	&section_announce_bgp_ls,
	NULL,
};

const struct section section_announce = {
	.word = "announce",
	.title = "announce",
	.sections = afis,
};
