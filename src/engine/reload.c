/*
 * Reload: old configuration, new configuration, the fewest changes. Sessions and helpers that are
 * the same in both notice nothing; of an unchanged neighbor only the route differences are sent.
 */
#include "house.h"

#include "base/log.h"
#include "base/map.h"
#include "base/mem.h"

#include <string.h>

/* A route's identity. Attributes alone have none: they are all the same to us. */
static size_t
route_key(const struct route *r, uint8_t *room)
{
	if (r->nlri.family == NULL)
		return 0;
	room[0] = r->nlri.family->id;
	return 1 + nlri_key(&r->nlri, room + 1);
}

/* The routes of a file by their identity, to find what is gone. */
static void
index_routes(const struct routes *routes, struct map *to)
{
	static uint8_t room[1 + NLRI_KEY_MAX];

	for (size_t i = 0; i < routes->count; i++) {
		size_t len = route_key(&routes->at[i], room);

		map_put(to, slice_of(room, len), &routes->at[i]);
	}
}

/* A route of the new file. One that is as it was is left alone: a helper may have changed it. A
 * watchdog route stays in the half it is in. True: it is to be announced. */
static bool
change_route(bool *standing, const struct route *r, const struct route *was, bool stood)
{
	*standing = r->watchdog.at == NULL || !r->withdrawn;
	if (r->watchdog.at != NULL && was != NULL && was->watchdog.at != NULL)
		*standing = stood;
	return *standing && !(stood && was != NULL && was->attrs == r->attrs);
}

/* Announce what the new file has, then withdraw what only the old one had. */
static void
change_routes(
    struct member *m, const struct routes *old, const bool *standing, const struct routes *new)
{
	static uint8_t room[1 + NLRI_KEY_MAX];
	struct map before = { 0 };
	struct map after = { 0 };

	index_routes(old, &before);
	index_routes(new, &after);
	for (size_t i = 0; i < new->count; i++) {
		const struct route *r = &new->at[i];
		const struct route *was = map_get(&before, slice_of(room, route_key(r, room)));

		if (change_route(&m->standing[i], r, was, was != NULL && standing[was - old->at]))
			member_announce(m, NULL, r);
	}
	for (size_t i = 0; i < old->count; i++) {
		const struct route *r = &old->at[i];

		if (standing[i] && map_get(&after, slice_of(room, route_key(r, room))) == NULL)
			later_withdraw(m, r);
	}
	map_free(&before);
	map_free(&after);
}

void
engine_delete(struct member *m)
{
	if (m->leaving)
		return;
	m->leaving = true;
	m->engine->leaving_members++;
	fanout_unsubscribe(m);
	member_stop(m, 3, "stop, message [removed]");
}

/* The member goes on with the new settings. */
static void
member_take(struct member *m, const struct neighbor_conf *conf, bool again)
{
	const struct neighbor_conf *old = m->conf;
	bool *standing = m->standing;

	m->conf = conf;
	m->standing = mem_zero(conf->routes.count, sizeof(bool));
	peer_reconfigure(m->peer, &conf->peer, again);
	change_routes(m, &old->routes, standing, &conf->routes);
	mem_free(standing);
	if (m->created != NULL)
		retired_add(m->engine, m->created); /* a file has it now */
	m->created = NULL;
}

static struct neighbor_conf *
find_neighbor(struct config *c, const char *name)
{
	for (size_t i = 0; i < c->neighbor_count; i++) {
		if (strcmp(c->neighbors[i]->peer.name, name) == 0)
			return c->neighbors[i];
	}
	return NULL;
}

/* Sessions of a range live on only if the range did not change at all for a session. */
static void
change_sessions(struct member *range, bool keep)
{
	struct engine *e = range->engine;

	for (size_t i = e->member_count; i > 0; i--) {
		struct member *m = e->members[i - 1];
		struct neighbor_conf *old = m->own;

		if (m->range != range || m->leaving)
			continue;
		if (!keep) {
			engine_delete(m);
			continue;
		}
		m->own = member_own_conf(range, &old->peer.peer.addr, &old->peer.local);
		member_take(m, m->own, false);
		member_own_free(old);
	}
}

static void
change_members(struct engine *e, struct config *c)
{
	for (size_t i = e->member_count; i > 0; i--) {
		struct member *m = e->members[i - 1];
		struct neighbor_conf *now;
		bool same;

		if (m->range != NULL || m->leaving)
			continue;
		now = find_neighbor(c, peer_name(m->peer));
		if (now == NULL) {
			change_sessions(m, false);
			engine_delete(m);
			continue;
		}
		same = peer_conf_same_session(&m->conf->peer, &now->peer);
		member_take(m, now, !same);
		if (peer_conf_is_range(&now->peer))
			change_sessions(m, same);
	}
	for (size_t i = 0; i < c->neighbor_count; i++) {
		struct member *m = member_find(e, c->neighbors[i]->peer.name);

		if (m != NULL)
			continue;
		m = member_new(e, c->neighbors[i]);
		member_load_routes(m);
		if (e->running)
			peer_start(m->peer);
	}
}

static struct helper_conf *
find_helper(struct config *c, const char *name)
{
	for (size_t i = 0; i < c->helper_count; i++) {
		if (strcmp(c->helpers[i]->name, name) == 0)
			return c->helpers[i];
	}
	return NULL;
}

static void
crew_stop(struct crew *c)
{
	struct text last = { 0 };

	fanout_shutdown_line(c, &last);
	helper_stop(c->helper, text_view(&last));
	text_free(&last);
}

static void
change_crews(struct engine *e, struct config *c, bool restart)
{
	for (size_t i = e->crew_count; i > 0; i--) {
		struct crew *crew = e->crews[i - 1];
		struct helper_conf *now = find_helper(c, crew->conf->name);
		bool same;

		if (crew->leaving)
			continue;
		if (now == NULL) {
			crew->leaving = true;
			e->leaving_crews++;
			crew_stop(crew);
			continue;
		}
		same = helper_conf_same(crew->conf, now);
		crew_take(crew, now);
		helper_reconfigure(crew->helper, now);
		if (restart && !same) {
			crew->restart = true;
			crew_stop(crew);
		} else if (helper_state_of(crew->helper) == HELPER_GONE) {
			(void)helper_start(crew->helper); /* a failure is told and retried */
		}
	}
	for (size_t i = 0; i < c->helper_count; i++) {
		if (crew_find(e, c->helpers[i]->name) == NULL)
			(void)helper_start(crew_new(e, c->helpers[i])->helper); /* as above */
	}
}

bool
engine_reload(struct engine *e, bool helpers)
{
	struct text why = { 0 };
	struct text warnings = { 0 };
	struct config *c;

	if (e->stopping)
		return false;
	c = e->hooks.load(e, &why, &warnings);
	if (warnings.len > 0)
		log_lines(LOG_WARN, LOG_CONFIGURATION, text_chars(&warnings));
	text_free(&warnings);
	if (c != NULL && doors_open(e, c, &why) != 0) {
		config_free(c);
		c = NULL;
	}
	if (c == NULL) {
		log_say(LOG_ERROR, LOG_CONFIGURATION, "reload failed, nothing changed zone=%s: %s",
		    zone_name(ZONE_PROCESS), text_chars(&why));
		text_free(&why);
		engine_failed(e, ZONE_PROCESS);
		return false;
	}
	text_free(&why);
	engine_fine(e, ZONE_PROCESS);
	change_members(e, c);
	change_crews(e, c, helpers);
	for (size_t i = 0; i < e->member_count; i++) {
		if (!e->members[i]->leaving)
			fanout_subscribe(e->members[i]);
	}
	retired_add(e, e->config);
	e->config = c;
	retired_check(e);
	log_say(LOG_INFO, LOG_CONFIGURATION, "loaded neighbors=%zu helpers=%zu", c->neighbor_count,
	    c->helper_count);
	return true;
}

bool
engine_restart(struct engine *e)
{
	if (!engine_reload(e, true))
		return false;
	for (size_t i = e->member_count; i > 0; i--) {
		if (!e->members[i - 1]->leaving)
			peer_reset(e->members[i - 1]->peer, 6, 3, "", "stop, message [restart]");
	}
	return true;
}

static void
grant(struct again *a)
{
	struct engine *e = owner_of(a, struct engine, wish);
	unsigned wishes = e->wishes;

	e->wishes = 0;
	if ((wishes & ENGINE_GIVE_UP) != 0) {
		e->status = ENGINE_FAILED;
		engine_stop(e);
	} else if ((wishes & ENGINE_TERMINATE) != 0) {
		e->status = 1;
		engine_stop(e);
	} else if ((wishes & ENGINE_RESTART) != 0) {
		(void)engine_restart(e); /* a fault was logged */
	} else {
		(void)engine_reload(e, false); /* as above */
	}
}

void
engine_request(struct engine *e, enum engine_wish wish)
{
	e->wishes |= wish;
	loop_again(&e->wish, e->loop, grant, "reload");
}
