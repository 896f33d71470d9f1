/*
 * Old configuration, new configuration, the fewest changes. Sessions and helpers that are the same
 * in both notice nothing; of an unchanged neighbor only the route differences are sent.
 */
#include "house.h"

#include "base/map.h"
#include "base/mem.h"

#include <string.h>

void
engine_delete(struct member *m)
{
	if (m->leaving)
		return;
	m->leaving = true;
	m->engine->leaving_members++;
	member_change_drop(m);
	fanout_unsubscribe(m);
	member_stop(m, 3, "stop, message [removed]");
}

/* The member goes on with the new settings. */
static void
member_take(struct member *m, const struct neighbor_conf *conf, bool again)
{
	const struct neighbor_conf *old = m->conf;
	bool *standing = m->standing;

	member_change_finish(m); /* of the reload before */
	m->conf = conf;
	m->standing = mem_zero(conf->routes.count, sizeof(bool));
	peer_reconfigure(m->peer, &conf->peer, again);
	member_change(m, &old->routes, standing, false);
	if (m->created != NULL)
		retired_add(m->engine, m->created); /* a file has it now */
	m->created = NULL;
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

/* now: what the file says of it; NULL: nothing. */
static void
change_member(struct member *m, const struct neighbor_conf *now)
{
	bool same;

	if (now == NULL) {
		change_sessions(m, false);
		engine_delete(m);
		return;
	}
	same = peer_conf_same_session(&m->conf->peer, &now->peer);
	member_take(m, now, !same);
	if (peer_conf_is_range(&now->peer))
		change_sessions(m, same);
}

static void
add_member(struct engine *e, const struct neighbor_conf *conf)
{
	struct member *m = member_new(e, conf);

	member_change(m, NULL, NULL, false);
	if (e->running)
		peer_start(m->peer);
}

static void
change_members(struct engine *e, const struct config *c)
{
	struct map missing = { 0 }; /* by name, what no member has yet */

	for (size_t i = 0; i < c->neighbor_count; i++)
		map_put(&missing, slice_on(c->neighbors[i]->peer.name), c->neighbors[i]);
	for (size_t i = e->member_count; i > 0; i--) {
		struct member *m = e->members[i - 1];

		if (m->range == NULL && !m->leaving)
			change_member(m, map_cut(&missing, slice_on(peer_name(m->peer))));
	}
	for (size_t i = 0; i < c->neighbor_count; i++) {
		if (map_get(&missing, slice_on(c->neighbors[i]->peer.name)) != NULL)
			add_member(e, c->neighbors[i]);
	}
	map_free(&missing);
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

		if (crew->leaving)
			continue;
		if (now == NULL) {
			crew->leaving = true;
			e->leaving_crews++;
			crew_stop(crew);
			continue;
		}
		crew_take(crew, now);
		helper_reconfigure(crew->helper, now);
		if (restart && crew->changed) {
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

void
differences_apply(struct engine *e, struct config *c, bool restart)
{
	change_members(e, c);
	change_crews(e, c, restart);
	for (size_t i = 0; i < e->member_count; i++) {
		if (!e->members[i]->leaving)
			fanout_subscribe(e->members[i]);
	}
}
