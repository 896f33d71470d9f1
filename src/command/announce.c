/* announce: routes, End of RIB, route refresh, watchdogs. */
#include "job.h"

#include "base/log.h"
#include "bgp/operational.h"

static void
say_parts(struct call *c, route_say *say, struct member *m, const struct route *r)
{
	uint8_t room[ROUTE_PART_MAX];

	for (size_t n = 0; n < route_parts(r); n++) {
		struct route one = route_one(r, n, room);

		say(m, c->issuer, &one);
	}
}

enum call_result
routes_to_peers(struct call *c, route_say *say)
{
	const struct routes *routes = &c->commands->routes;

	if (!job_fits(c, routes_parts(routes) * c->peers->count)) {
		job_says(job_new(c), say);
		return CALL_LATER;
	}
	for (size_t i = 0; i < c->peers->count; i++) {
		for (size_t k = 0; k < routes->count; k++)
			say_parts(c, say, c->peers->at[i], &routes->at[k]);
	}
	return CALL_DONE;
}

enum call_result
routes_said(struct call *c, route_say *say)
{
	if (!lex_failed(c->lx) && !lex_take(c->lx, ";"))
		(void)lex_take(c->lx, "}");
	if (!lex_failed(c->lx) && !lex_over(c->lx))
		lex_fault(c->lx, "expected the end of the command");
	if (lex_failed(c->lx))
		return call_bad_words(c);
	if (c->dry)
		return CALL_DONE;
	if (c->peers->count == 0)
		return call_fails(c, "no neighbor takes commands of this helper");
	return routes_to_peers(c, say);
}

static bool
fits_somebody(const struct call *c, const struct route *r)
{
	for (size_t i = 0; i < c->peers->count; i++)
		if (route_self_fits(r, peer_conf(c->peers->at[i]->peer)->peer.addr.family))
			return true;
	return c->peers->count == 0;
}

/* One that can be said to nobody who is meant is none. */
static enum call_result
routes_announced(struct call *c)
{
	const struct routes *routes = &c->commands->routes;

	for (size_t i = 0; !lex_failed(c->lx) && i < routes->count; i++)
		if (!fits_somebody(c, &routes->at[i]))
			return call_fails(c, "%s", route_self_misfit);
	return routes_said(c, member_announce);
}

/* Most are of unicast, and to look one up takes longer than to read its words. */
static void
expect_prefix(const struct call *c, const struct prefix *p)
{
	uint8_t room[ROUTE_PART_MAX];
	struct nlri n = route_nlri(p, room);

	for (size_t i = 0; i < c->peers->count; i++)
		rib_out_expect(peer_out(c->peers->at[i]->peer), &n);
}

static enum call_result
announce_route(struct call *c)
{
	struct prefix p = lex_prefix(c->lx, "a prefix");

	if (!lex_failed(c->lx)) {
		expect_prefix(c, &p);
		route_parse_behind(c->lx, p, ROUTE_ANNOUNCE, &c->commands->routes);
	}
	return routes_announced(c);
}

/* Without a prefix they are an UPDATE of their own, to those that are established. */
static enum call_result
announce_attributes(struct call *c)
{
	route_parse_attributes(c->lx, ROUTE_ANNOUNCE, &c->commands->routes);
	return routes_announced(c);
}

static enum call_result
announce_family(struct call *c)
{
	route_parse_family(c->lx, slice_on(row_object(c)), ROUTE_ANNOUNCE, &c->commands->routes);
	return routes_announced(c);
}

static enum call_result
announce_statement(struct call *c)
{
	route_parse_statement(c->lx, row_object(c), ROUTE_ANNOUNCE, &c->commands->routes);
	return routes_announced(c);
}

static enum call_result
announce_flow(struct call *c)
{
	route_parse_statement(c->lx, "flow", ROUTE_ANNOUNCE, &c->commands->routes);
	return routes_announced(c);
}

/* "<afi> <safi>", or a fault. */
static const struct family *
family_words(struct call *c)
{
	struct slice afi = lex_word(c->lx, "an address family");
	struct slice safi = lex_word(c->lx, "a subsequent address family");
	const struct family *f = lex_failed(c->lx) ? NULL : family_of_words(afi, safi);

	if (!lex_failed(c->lx) && (f == NULL || !lex_over(c->lx))) {
		lex_fault(c->lx, f == NULL ? "unknown family" : "expected the end of the command");
		return NULL;
	}
	return f;
}

static enum call_result
announce_eor(struct call *c)
{
	const struct family *f = family_of(1, 1);
	bool any = false;

	if (!lex_over(c->lx))
		f = family_words(c);
	if (f == NULL)
		return call_bad_words(c);
	for (size_t i = 0; i < c->peers->count; i++)
		any |= peer_send_eor(c->peers->at[i]->peer, f);
	return any ? CALL_DONE : call_fails(c, "no neighbor is established");
}

static enum call_result
announce_refresh(struct call *c)
{
	const struct family *f = family_words(c);
	bool any = false;

	if (f == NULL)
		return call_bad_words(c);
	for (size_t i = 0; i < c->peers->count; i++) {
		struct member *m = c->peers->at[i];

		if (!family_in(m->conf->peer.families, f)) {
			log_say(LOG_WARN, LOG_PROCESSES, "peer=%s family=\"%s\" is not configured",
			    peer_name(m->peer), f->name);
			continue;
		}
		any |= peer_send_refresh(m->peer, f->afi, f->safi);
	}
	return any ? CALL_DONE
		   : call_fails(c, "no established neighbor has the family and takes a refresh");
}

static enum call_result
announce_operational(struct call *c)
{
	struct operational o;
	bool any = false;

	if (!lex_ends(c->lx) && !operational_known(c->lx->now.word)) {
		lex_skip_all(c->lx); /* as the reference does */
		return CALL_DONE;
	}
	operational_parse(c->lx, &o);
	if (!lex_failed(c->lx) && !lex_over(c->lx))
		lex_fault(c->lx, "expected the end of the command");
	if (lex_failed(c->lx))
		return call_bad_words(c);
	for (size_t i = 0; i < c->peers->count; i++)
		any |= peer_say_operational(c->peers->at[i]->peer, &o);
	return any ? CALL_DONE : call_fails(c, "no neighbor has the capability operational");
}

static enum call_result
announce_watchdog(struct call *c)
{
	return watchdog_said(c, true);
}

const struct command commands_announce[] = {
	{ "announce route", NULL, true, announce_route },
	{ "announce attribute", NULL, true, announce_attributes },
	{ "announce attributes", NULL, true, announce_attributes },
	{ "announce ipv4", NULL, true, announce_family },
	{ "announce ipv6", NULL, true, announce_family },
	{ "announce l2vpn", NULL, true, announce_family },
	{ "announce bgp-ls", NULL, true, announce_family },
	{ "announce vpls", NULL, true, announce_statement },
	{ "announce evpn", NULL, true, announce_statement },
	{ "announce flow route", NULL, true, announce_flow },
	{ "announce eor", NULL, true, announce_eor },
	{ "announce route-refresh", NULL, true, announce_refresh },
	{ "announce operational", NULL, true, announce_operational },
	{ "announce watchdog", NULL, true, announce_watchdog },
	{ 0 },
};
