/*
 * Reload: old configuration, new configuration, the fewest changes. Sessions and helpers that are
 * the same in both notice nothing; of an unchanged neighbor only the route differences are sent.
 */
#include "house.h"

#include "base/log.h"
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
		member_change(m, NULL, NULL, false);
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
			peer_renew(e->members[i - 1]->peer, "stop, message [restart]");
	}
	return true;
}

static void
grant(struct again *a)
{
	struct engine *e = owner_of(a, struct engine, wish);
	unsigned wishes = e->wishes;

	if (e->changes > 0 && (wishes & (ENGINE_GIVE_UP | ENGINE_TERMINATE)) == 0)
		return; /* one after the other: the last change asks again */
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
