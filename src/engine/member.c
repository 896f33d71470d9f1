/* Members: a neighbor of the configuration with its peer, or a session of a range. */
#include "house.h"

#include "base/log.h"
#include "base/mem.h"

#include <string.h>

static void
member_told(struct peer *p, const struct event *event)
{
	struct member *m = peer_owner(p);

	if (event->kind == EVENT_STATE && strcmp(event->state.name, "connected") == 0)
		dawn_connected(m->engine);
	fanout_event(m, event);
}

/* It ended for good: taken out of the engine. */
static void
member_over(struct peer *p)
{
	struct member *m = peer_owner(p);
	struct engine *e = m->engine;
	size_t i = 0;

	while (i < e->member_count && e->members[i] != m)
		i++;
	if (i < e->member_count) {
		memmove(e->members + i, e->members + i + 1,
		    (e->member_count - i - 1) * sizeof(struct member *));
		e->member_count--;
	}
	for (i = 0; i < e->member_count; i++) {
		if (e->members[i]->range == m)
			e->members[i]->range = NULL; /* it is leaving too */
	}
	fanout_unsubscribe(m);
	departed_add(m);
	engine_check_end(e);
}

static const struct peer_hooks member_hooks = { .told = member_told, .over = member_over };

static struct member *
enlist(struct engine *e, struct member *m)
{
	if (e->member_count == e->member_size) {
		e->member_size = e->member_size == 0 ? 16 : e->member_size * 2;
		e->members = mem_grow(e->members, e->member_size * sizeof(struct member *));
	}
	e->members[e->member_count++] = m;
	m->engine = e;
	m->number = ++m->engine->members_ever;
	m->peer = peer_new(e->loop, &m->conf->peer, &e->conf.globals, &member_hooks, m);
	m->standing = mem_zero(m->conf->routes.count, sizeof(bool));
	fanout_subscribe(m);
	return m;
}

struct member *
member_new(struct engine *e, const struct neighbor_conf *conf)
{
	struct member *m = mem_zero(1, sizeof(*m));

	m->conf = conf;
	return enlist(e, m);
}

/* The range's settings with one address: everything but that and the name is borrowed, so the range
 * may not be freed before its sessions. */
struct neighbor_conf *
member_own_conf(const struct member *range, const struct addr *peer, const struct addr *local)
{
	struct neighbor_conf *own = mem_copy(range->conf, sizeof(*range->conf));
	const char *rest = strstr(range->conf->peer.name, " local-as ");
	struct text name = { 0 };

	own->peer.peer = (struct prefix){ *peer, (uint8_t)(addr_len(peer) * 8) };
	own->peer.local = *local;
	own->peer.passive = true;
	text_string(&name, "neighbor ");
	addr_print(&name, peer);
	text_string(&name, " local-ip ");
	addr_print(&name, local);
	text_string(&name, rest == NULL ? "" : rest);
	own->peer.name = mem_string(text_chars(&name), name.len);
	text_free(&name);
	return own;
}

void
member_own_free(struct neighbor_conf *own)
{
	if (own == NULL)
		return;
	mem_free(own->peer.name);
	mem_free(own);
}

struct member *
member_new_session(struct member *range, const struct addr *peer, const struct addr *local)
{
	struct member *m = mem_zero(1, sizeof(*m));

	m->own = member_own_conf(range, peer, local);
	m->conf = m->own;
	m->range = range;
	enlist(range->engine, m);
	member_change(m, NULL, NULL, false);
	return m;
}

void
member_free(struct member *m)
{
	fanout_unsubscribe(m);
	member_change_drop(m);
	rib_check_end(&m->check);
	peer_free(m->peer);
	mem_free(m->tallies);
	mem_free(m->standing);
	member_own_free(m->own);
	config_free(m->created);
	mem_free(m);
}

static bool
is_there(const struct engine *e, const char *name)
{
	for (size_t i = 0; i < e->member_count; i++) {
		if (!e->members[i]->leaving && strcmp(peer_name(e->members[i]->peer), name) == 0)
			return true;
	}
	return false;
}

bool
engine_create(struct engine *e, struct slice section, struct text *why)
{
	struct config *c;
	struct member *m;

	if (e->stopping) { /* nobody would stop it any more */
		text_string(why, "the program ends");
		return false;
	}
	c = e->hooks.compile(e, section, why);
	if (c == NULL)
		return false;
	if (is_there(e, c->neighbors[0]->peer.name)) {
		text_format(why, "peer already exists: %s", c->neighbors[0]->peer.name);
		config_free(c);
		return false;
	}
	m = member_new(e, c->neighbors[0]);
	m->created = c;
	if (e->running)
		peer_start(m->peer);
	return true;
}

/* They are in order: what comes later has a higher number, and stands behind. */
struct member *
engine_member_numbered(const struct engine *e, uint32_t number)
{
	size_t low = 0;
	size_t high = e->member_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (e->members[middle]->number < number)
			low = middle + 1;
		else
			high = middle;
	}
	return low < e->member_count && e->members[low]->number == number ? e->members[low] : NULL;
}

/* A family that the neighbor does not have is skipped, as the reference does. */
static bool
member_speaks(struct member *m, const struct issuer *by, const struct route *r)
{
	bool has = family_in(m->conf->peer.families, r->nlri.family);

	account_route(m, by, r->nlri.family, !has);
	if (has)
		return true;
	log_say(LOG_DEBUG, LOG_ROUTES, "peer=%s family=\"%s\" is not configured, route skipped",
	    peer_name(m->peer), r->nlri.family->name);
	return false;
}

/* Of a route that the file says more than once (config/routes.c) a command means all. */
static void
drop_others(struct member *m, const struct issuer *by, const struct route *r)
{
	struct route other = *r;
	struct attrs *a;

	if (by == NULL || r->nlri.has_path_id || (r->nlri.family->traits & FAMILY_PATH_ID) != 0)
		return;
	other.nlri.has_path_id = true;
	for (other.nlri.path_id = 1; rib_out_has(peer_out(m->peer), &other.nlri, NULL, &a);
	     other.nlri.path_id++)
		member_withdraw(m, NULL, &other);
}

void
member_announce(struct member *m, const struct issuer *by, const struct route *r)
{
	if (r->nlri.family == NULL) {
		(void)peer_send_attributes(m->peer, r->attrs); /* nothing to keep for later */
		return;
	}
	drop_others(m, by, r);
	if (!member_speaks(m, by, r))
		return;
	logged_route(m, "announce", r);
	(void)rib_out_announce(peer_out(m->peer), &r->nlri, r->attrs);
	peer_poke(m->peer);
}

void
member_withdraw(struct member *m, const struct issuer *by, const struct route *r)
{
	if (r->nlri.family == NULL)
		return;
	drop_others(m, by, r);
	if (!member_speaks(m, by, r))
		return;
	logged_route(m, "withdraw", r);
	(void)rib_out_withdraw(peer_out(m->peer), &r->nlri, r->attrs);
	peer_poke(m->peer);
}

void
member_watchdog(struct member *m, struct slice name, bool announce, struct routes *to)
{
	member_change_settle(m);
	for (size_t i = 0; i < m->conf->routes.count; i++) {
		const struct route *r = &m->conf->routes.at[i];

		if (r->watchdog.at == NULL || !slice_same(r->watchdog, name) ||
		    m->standing[i] == announce)
			continue;
		m->standing[i] = announce;
		routes_add(to, r);
	}
}
