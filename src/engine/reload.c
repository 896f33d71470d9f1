/*
 * Reload: the file is read a little in each round, and nothing changes before all of it is read and
 * good. Then it is the engine's, in one go (differences.c); what its routes say follows in slices
 * (change.c), and what was replaced is given back in slices (retired.c). One after the other: a
 * reload that is asked for meanwhile begins when all that is over.
 */
#include "house.h"

#include "base/log.h"
#include "base/mem.h"

static void
fail(struct engine *e, const struct text *why)
{
	log_say(LOG_ERROR, LOG_CONFIGURATION, "reload failed, nothing changed zone=%s: %s",
	    zone_name(ZONE_PROCESS), text_chars(why));
	engine_failed(e, ZONE_PROCESS);
}

static void
reset_sessions(struct engine *e)
{
	for (size_t i = e->member_count; i > 0; i--) {
		if (!e->members[i - 1]->leaving)
			peer_renew(e->members[i - 1]->peer, "stop, message [restart]");
	}
}

static void
apply(struct engine *e, struct config *c, unsigned wishes)
{
	engine_fine(e, ZONE_PROCESS);
	differences_apply(e, c, (wishes & (ENGINE_RELOAD_ALL | ENGINE_RESTART)) != 0);
	retired_add(e, e->config);
	e->config = c;
	retired_check(e);
	log_say(LOG_INFO, LOG_CONFIGURATION, "loaded neighbors=%zu helpers=%zu", c->neighbor_count,
	    c->helper_count);
	if ((wishes & ENGINE_RESTART) != 0)
		reset_sessions(e);
}

/* All of the file is read. */
static void
judge(struct engine *e)
{
	struct text why = { 0 };
	struct text warnings = { 0 };
	struct config *c = e->loading->take(e->loading, &why, &warnings);
	unsigned wishes = e->reloads;

	e->reloads = 0;
	if (warnings.len > 0)
		log_lines(LOG_WARN, LOG_CONFIGURATION, text_chars(&warnings));
	if (c != NULL && doors_open(e, c, &why) != 0) {
		retired_give_back(e, c);
		c = NULL;
	}
	if (c == NULL)
		fail(e, &why);
	else
		apply(e, c, wishes);
	text_free(&why);
	text_free(&warnings);
}

static bool
some_more(struct engine *e)
{
	struct loading *l = e->loading;
	bool more;

	do
		more = e->reloads != 0 ? l->step(l) : l->give_back(l);
	while (more && !loop_spent(e->loop));
	return more;
}

static void
go_on(struct again *a)
{
	struct engine *e = owner_of(a, struct engine, reload);

	if (some_more(e)) {
		loop_again(a, e->loop, go_on, "reload");
	} else if (e->reloads != 0) {
		judge(e);
		loop_again(a, e->loop, go_on, "reload");
	} else {
		e->loading = NULL;
	}
	reload_check(e);
}

static void
begin(struct engine *e)
{
	e->reloads = e->wishes;
	e->wishes = 0;
	e->loading = e->hooks.load(e);
	go_on(&e->reload);
}

/* Is one going on, with all that comes of it, or asked for? */
static bool
is_busy(const struct engine *e)
{
	return e->reloads != 0 || e->wishes != 0 || e->changes > 0;
}

static void
grant(struct again *a)
{
	struct engine *e = owner_of(a, struct engine, wish);

	if ((e->wishes & (ENGINE_GIVE_UP | ENGINE_TERMINATE)) != 0) {
		e->status = (e->wishes & ENGINE_GIVE_UP) != 0 ? ENGINE_FAILED : 1;
		e->wishes = 0;
		engine_stop(e);
	} else if (e->stopping) {
		e->wishes = 0;
	} else if (e->loading == NULL && e->changes == 0 && e->wishes != 0) {
		begin(e);
	}
}

void
engine_request(struct engine *e, enum engine_wish wish)
{
	e->wishes |= wish;
	loop_again(&e->wish, e->loop, grant, "reload");
}

/* Who asked by a command: its next ones wait, and meet all that is new. */

static bool
waiter_step(struct dump *d)
{
	if (!is_busy(d->engine))
		return false;
	list_add(&d->engine->reload_waiters, &d->link);
	return true;
}

static void
waiter_done(struct dump *d)
{
	mem_free(d);
}

void
engine_request_of(struct engine *e, enum engine_wish wish, struct issuer *by)
{
	struct dump *d;

	engine_request(e, wish);
	if (by->dump != NULL)
		return;
	d = mem_zero(1, sizeof(*d));
	*d = (struct dump){
		.step = waiter_step, .done = waiter_done, .mute = true, .waits = true, .work = true
	};
	dump_start(d, e, by);
}

void
reload_check(struct engine *e)
{
	if (e->wishes != 0 && e->loading == NULL && e->changes == 0)
		engine_request(e, 0);
	while (!is_busy(e) && !list_empty(&e->reload_waiters)) {
		struct dump *d = owner_of(e->reload_waiters.next, struct dump, link);

		list_cut(&d->link);
		dump_wake(d->issuer);
	}
}

void
reload_stop(struct engine *e)
{
	if (e->reloads != 0)
		log_say(LOG_INFO, LOG_CONFIGURATION, "reload given up, nothing changed");
	e->reloads = 0;
	while (!list_empty(&e->reload_waiters))
		dump_cancel(owner_of(e->reload_waiters.next, struct dump, link)->issuer);
}

void
reload_free(struct engine *e)
{
	reload_stop(e);
	e->wishes = 0;
	again_stop(&e->wish);
	again_stop(&e->reload);
	while (e->loading != NULL && e->loading->give_back(e->loading))
		;
	e->loading = NULL;
}
