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

/* Neighbors of one name are told apart by the ports that they listen on. */
static struct slice
key_of(const struct neighbor_conf *n, struct text *room)
{
	text_clear(room);
	text_format(room, "%s listen %u", n->peer.name, n->peer.listen);
	return text_view(room);
}

/* Of members that are as they were by name and port; the others remain in members. */
static void
change_known(struct map *missing, struct member **members, size_t *count, struct text *room)
{
	size_t left = 0;

	for (size_t i = 0; i < *count; i++) {
		struct neighbor_conf *now = map_cut(missing, key_of(members[i]->conf, room));

		if (now != NULL)
			change_member(members[i], now);
		else
			members[left++] = members[i];
	}
	*count = left;
}

/* By name: one that listens on another port is the same one, if no other has its place. */
static void
change_others(struct map *missing, const struct config *c, struct member **members, size_t count,
    struct text *room)
{
	struct map names = { 0 };

	for (size_t i = 0; i < c->neighbor_count; i++) {
		struct neighbor_conf *n = map_get(missing, key_of(c->neighbors[i], room));

		if (n != NULL)
			map_put(&names, slice_on(n->peer.name), n);
	}
	for (size_t i = 0; i < count; i++) {
		struct neighbor_conf *now = map_cut(&names, slice_on(members[i]->conf->peer.name));

		if (now != NULL)
			(void)map_cut(missing, key_of(now, room));
		change_member(members[i], now);
	}
	map_free(&names);
}

/* From the last to the first, as each may go. */
static size_t
members_of_files(struct engine *e, struct member **to)
{
	size_t count = 0;

	for (size_t i = e->member_count; i > 0; i--) {
		if (e->members[i - 1]->range == NULL && !e->members[i - 1]->leaving)
			to[count++] = e->members[i - 1];
	}
	return count;
}

static void
change_members(struct engine *e, const struct config *c)
{
	struct map missing = { 0 }; /* what no member has yet */
	struct text room = { 0 };
	struct member **members = mem_zero(e->member_count, sizeof(struct member *));
	size_t count = members_of_files(e, members);

	for (size_t i = 0; i < c->neighbor_count; i++)
		map_put(&missing, key_of(c->neighbors[i], &room), c->neighbors[i]);
	change_known(&missing, members, &count, &room);
	change_others(&missing, c, members, count, &room);
	for (size_t i = 0; i < c->neighbor_count; i++) {
		if (map_get(&missing, key_of(c->neighbors[i], &room)) != NULL)
			add_member(e, c->neighbors[i]);
	}
	mem_free(members);
	text_free(&room);
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
