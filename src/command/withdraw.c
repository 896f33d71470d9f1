/* withdraw: routes and watchdogs. */
#include "routes.h"

static enum call_result
withdraw_route(struct call *c)
{
	route_parse(c->lx, ROUTE_WITHDRAW, &c->commands->routes);
	return routes_said(c, member_withdraw);
}

static enum call_result
withdraw_attributes(struct call *c)
{
	const struct routes *routes = &c->commands->routes;

	route_parse_attributes(c->lx, ROUTE_WITHDRAW, &c->commands->routes);
	if (!lex_failed(c->lx) && routes->at[0].nlri.family == NULL)
		lex_fault(c->lx, "expected nlri and prefixes");
	return routes_said(c, member_withdraw);
}

static enum call_result
withdraw_family(struct call *c)
{
	route_parse_family(c->lx, slice_on(row_object(c)), ROUTE_WITHDRAW, &c->commands->routes);
	return routes_said(c, member_withdraw);
}

static enum call_result
withdraw_statement(struct call *c)
{
	route_parse_statement(c->lx, row_object(c), ROUTE_WITHDRAW, &c->commands->routes);
	return routes_said(c, member_withdraw);
}

static enum call_result
withdraw_flow(struct call *c)
{
	route_parse_statement(c->lx, "flow", ROUTE_WITHDRAW, &c->commands->routes);
	return routes_said(c, member_withdraw);
}

static enum call_result
withdraw_watchdog(struct call *c)
{
	return watchdog_said(c, false);
}

const struct command commands_withdraw[] = {
	{ "withdraw route", NULL, true, withdraw_route },
	{ "withdraw attribute", NULL, true, withdraw_attributes },
	{ "withdraw attributes", NULL, true, withdraw_attributes },
	{ "withdraw ipv4", NULL, true, withdraw_family },
	{ "withdraw ipv6", NULL, true, withdraw_family },
	{ "withdraw l2vpn", NULL, true, withdraw_family },
	{ "withdraw bgp-ls", NULL, true, withdraw_family },
	{ "withdraw vpls", NULL, true, withdraw_statement },
	{ "withdraw evpn", NULL, true, withdraw_statement },
	{ "withdraw flow route", NULL, true, withdraw_flow },
	{ "withdraw watchdog", NULL, true, withdraw_watchdog },
	{ 0 },
};
