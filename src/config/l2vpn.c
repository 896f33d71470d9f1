/* l2vpn { ... }: VPLS label blocks and EVPN routes, on a line or as blocks. */
#include "parse.h"

static void
vpls_read(struct parse *p, const struct token *word)
{
	(void)word;
	p->block = statement_is_block(p, 1);
	route_parse_statement(&p->lx, "vpls", ROUTE_FILE, &p->neighbor->l2vpn);
}

static void
evpn_read(struct parse *p, const struct token *word)
{
	(void)word;
	p->block = statement_is_block(p, 2);
	route_parse_statement(&p->lx, "evpn", ROUTE_FILE, &p->neighbor->l2vpn);
}

static const struct statement statements[] = {
	{ "vpls", vpls_read, "[name] { rd, endpoint, base, offset, size ... }, or those words" },
	{ "evpn", evpn_read, "KIND [name] { rd, mac, ip ... }, or those words" },
	{ NULL, NULL, NULL },
};

const struct section section_l2vpn = {
	.word = "l2vpn",
	.title = "l2vpn",
	.statements = statements,
};
