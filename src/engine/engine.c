/* The engine's life: made, started, stopped in order, ended. */
#include "house.h"

#include "base/log.h"
#include "base/mem.h"

#include <string.h>

#define DRAIN_LOOK (5 * USEC_MSEC)

struct engine *
engine_new(
    struct loop *l, const struct engine_conf *conf, const struct engine_hooks *hooks, void *owner)
{
	struct engine *e = mem_zero(1, sizeof(*e));

	e->loop = l;
	e->conf = *conf;
	if (conf->bind_count > 0) {
		e->conf.binds = mem_get(conf->bind_count * sizeof(conf->binds[0]));
		memcpy(e->conf.binds, conf->binds, conf->bind_count * sizeof(conf->binds[0]));
	}
	e->hooks = *hooks;
	e->zones.most = conf->failures;
	e->owner = owner;
	e->started = loop_wall(l);
	list_init(&e->doors);
	list_init(&e->guests);
	list_init(&e->refused);
	list_init(&e->clients);
	list_init(&e->dumps);
	list_init(&e->works);
	list_init(&e->reload_waiters);
	list_init(&e->changing);
	list_init(&e->departed);
	e->control_fd = -1;
	return e;
}

void
engine_free(struct engine *e)
{
	control_close(e);
	refuse_end_all(e);
	doors_close(e);
	timer_stop(&e->drain);
	dawn_end(e);
	again_stop(&e->end);
	dumps_end(e);
	reload_free(e);
	again_stop(&e->change);
	while (e->member_count > 0)
		member_free(e->members[--e->member_count]);
	departed_free(e);
	while (e->crew_count > 0)
		crew_free(e->crews[--e->crew_count]);
	retired_free(e);
	account_names_free(e);
	config_free(e->config);
	mem_free(e->members);
	mem_free(e->crews);
	text_free(&e->line);
	mem_free(e->conf.binds);
	mem_free(e);
}

void *
engine_owner(const struct engine *e)
{
	return e->owner;
}

struct loop *
engine_loop(const struct engine *e)
{
	return e->loop;
}

const struct engine_conf *
engine_conf(const struct engine *e)
{
	return &e->conf;
}

const struct dialect *
engine_dialect(const struct engine *e, const struct issuer *i)
{
	return i->dialect == NULL ? e->conf.dialect : i->dialect;
}

bool
engine_explains(const struct engine *e, const struct issuer *i)
{
	if (i->reasons == HELPER_REASONS_BY_DIALECT)
		return engine_dialect(e, i)->layout->explains;
	return i->reasons == HELPER_REASONS_ALWAYS;
}

unsigned
engine_api_version(const struct engine *e)
{
	return e->conf.dialect == dialect_of(SLICE("6.0")) ? 6 : 4;
}

void
engine_set_api_version(struct engine *e, unsigned version)
{
	if (engine_api_version(e) != version)
		e->conf.dialect = dialect_of(version == 6 ? SLICE("6.0") : SLICE("6.0-v4"));
}

usec
engine_started(const struct engine *e)
{
	return e->started;
}

size_t
engine_member_count(const struct engine *e)
{
	return e->member_count;
}

struct member *
engine_member(struct engine *e, size_t i)
{
	return e->members[i];
}

struct crew *
engine_crew(struct engine *e, size_t i)
{
	return i < e->crew_count ? e->crews[i] : NULL;
}

int
engine_listen(struct engine *e, struct config *c, struct text *why)
{
	int error;

	e->config = c;
	error = doors_open(e, c, why);
	if (error != 0)
		return error;
	control_open(e);
	for (size_t i = 0; i < c->helper_count; i++)
		(void)crew_new(e, c->helpers[i]);
	for (size_t i = 0; i < c->neighbor_count; i++)
		member_change(member_new(e, c->neighbors[i]), NULL, NULL, true);
	return 0;
}

void
engine_start_helpers(struct engine *e)
{
	dawn_begin(e);
}

void
engine_start_peers(struct engine *e)
{
	e->running = true;
	for (size_t i = 0; i < e->member_count; i++)
		peer_start(e->members[i]->peer);
}

static bool
crew_at_rest(const struct crew *c)
{
	enum helper_state s = helper_state_of(c->helper);

	return s == HELPER_OFF || s == HELPER_GONE;
}

static void
end_now(struct again *a)
{
	struct engine *e = owner_of(a, struct engine, end);

	control_close(e); /* the figures tell of what can not be put away, too */
	engine_epitaph(e);
	e->hooks.ended(e, e->status);
}

/* Called whenever something has ended; says so once when all has. */
void
engine_check_end(struct engine *e)
{
	retired_check(e);
	if (!e->stopping && e->running && e->member_count == 0 && e->conf.globals.attempts > 0) {
		log_say(LOG_INFO, LOG_REACTOR, "no peer is left, the daemon ends");
		engine_stop(e);
		return;
	}
	if (!e->stopping || !e->peers_stopped || e->member_count > 0 || !list_empty(&e->departed))
		return;
	for (size_t i = 0; i < e->crew_count; i++) {
		if (!crew_at_rest(e->crews[i]))
			return;
	}
	loop_again(&e->end, e->loop, end_now, "engine end");
}

static bool
all_drained(const struct engine *e)
{
	for (size_t i = 0; i < e->member_count; i++) {
		const struct peer *p = e->members[i]->peer;

		if (peer_established(p) && !peer_drained(p))
			return false;
	}
	return true;
}

/* A peer that was offered graceful restart keeps our routes if we leave without a word. */
void
member_stop(struct member *m, uint8_t subcode, const char *reason)
{
	uint8_t code = m->conf->peer.caps.graceful ? 0 : 6;

	peer_stop(m->peer, code, subcode, "", reason);
}

static void
stop_all(struct engine *e)
{
	struct text last = { 0 };

	e->peers_stopped = true;
	for (size_t i = e->member_count; i > 0; i--)
		member_stop(e->members[i - 1], 2, "stop, message [shutting down]");
	for (size_t i = 0; i < e->crew_count; i++) {
		struct crew *c = e->crews[i];

		c->restart = false;
		text_clear(&last);
		fanout_shutdown_line(c, &last);
		helper_stop(c->helper, text_view(&last));
	}
	text_free(&last);
	engine_check_end(e);
}

/* Sessions that are not up keep their routes for nobody. */
static void
say_drained(const struct engine *e)
{
	size_t left = 0;

	for (size_t i = 0; i < e->member_count; i++) {
		const struct peer *p = e->members[i]->peer;

		if (peer_established(p))
			left += peer_pending(p);
	}
	log_say(left == 0 ? LOG_INFO : LOG_WARN, LOG_REACTOR, "drained routes_left=%zu took=%lldms",
	    left, (long long)((loop_now(e->loop) - e->stopped) / USEC_MSEC));
}

static void
drain_due(struct timer *t)
{
	struct engine *e = owner_of(t, struct engine, drain);
	usec now = loop_now(e->loop);

	if (all_drained(e) || now >= e->drain_limit) {
		say_drained(e);
		stop_all(e);
	} else {
		timer_start(t, e->loop, now + DRAIN_LOOK, drain_due, "engine drain");
	}
}

/* First nothing new comes in, then what was accepted goes out, then all end. */
void
engine_stop(struct engine *e)
{
	if (e->stopping) {
		e->stops++;
		log_say(LOG_WARN, LOG_REACTOR, "shutting down already asked_again=%u", e->stops);
		return;
	}
	e->stopping = true;
	e->stopped = loop_now(e->loop);
	log_say(LOG_INFO, LOG_REACTOR, "shutting down");
	doors_close(e);
	dawn_end(e);
	for (size_t i = 0; i < e->crew_count; i++) {
		dump_cancel(&e->crews[i]->issuer);
		helper_hold(e->crews[i]->helper);
	}
	works_cancel(e);
	reload_stop(e);
	e->drain_limit = e->stopped + e->conf.drain_limit;
	timer_start(&e->drain, e->loop, loop_now(e->loop), drain_due, "engine drain");
}
