/*
 * The routes of a file, put into effect: what is new is announced, and when that has gone out, what
 * is gone is withdrawn: so users of the reference see it, and traffic moves before the old path
 * goes. All of it goes in slices, the comparison too, and nothing of it is sent before all is
 * announced, as if it were one.
 */
#include "house.h"

#include "among.h"

#include "base/mem.h"

#define BLOCK 64

enum phase { COMPARE, KNOW_OLD, KNOW_NEW, STAND, ANNOUNCE, WAIT, WITHDRAW };

struct change {
	struct list link; /* of those that go on; while it waits, on itself */
	struct member *member;
	struct routes old; /* borrowed from a configuration that is kept for it */
	bool *stood;       /* by route of old */
	struct among before;
	struct among after;
	enum phase phase;
	bool differs;
	bool gathers; /* the peer sends nothing meanwhile */
	size_t route; /* the next one, of the list that its phase is about */
	size_t part;
	struct timer wait;
};

static bool
same_route(const struct route *a, const struct route *b)
{
	return a->nlri.family == b->nlri.family && slice_same(a->nlri.bytes, b->nlri.bytes) &&
	    a->nlri.has_path_id == b->nlri.has_path_id && a->nlri.path_id == b->nlri.path_id &&
	    a->attrs == b->attrs && a->split_bits == b->split_bits &&
	    (a->watchdog.at != NULL) == (b->watchdog.at != NULL) && a->withdrawn == b->withdrawn;
}

/* The list that the phase goes through. */
static const struct routes *
routes_of(const struct change *c)
{
	return c->phase == KNOW_OLD || c->phase == WITHDRAW ? &c->old : &c->member->conf->routes;
}

/* Of each phase, what is done for a route; true: it is the next one's turn. */

static bool
compare_next(struct change *c)
{
	if (!same_route(&c->old.at[c->route], &c->member->conf->routes.at[c->route])) {
		c->differs = true;
		c->route = c->old.count - 1; /* the others don't matter */
	}
	return true;
}

static bool
know_old_next(struct change *c)
{
	(void)among_add_some(&c->before, 1);
	return true;
}

static bool
know_new_next(struct change *c)
{
	(void)among_add_some(&c->after, 1);
	return true;
}

/* A watchdog route stays in the half it is in. */
static bool
stands(const struct change *c, const struct route *r)
{
	const struct route *was = r->watchdog.at == NULL ? NULL : among_same(&c->before, r);

	if (was != NULL && was->watchdog.at != NULL)
		return c->stood[was - c->old.at];
	return r->watchdog.at == NULL || !r->withdrawn;
}

static bool
stand_next(struct change *c)
{
	c->member->standing[c->route] = stands(c, &c->member->conf->routes.at[c->route]);
	return true;
}

/* One that is as it was is left alone: a helper may have changed it. */
static bool
is_as_it_was(const struct change *c, const struct route *r, const struct nlri *n)
{
	const struct route *was;

	if (n->family == NULL) {
		was = among_same(&c->before, r);
		return was != NULL && c->stood[was - c->old.at];
	}
	was = among_standing(&c->before, n, c->stood);
	return was != NULL && was->attrs == r->attrs;
}

/* Does a later statement of the file say the prefix too? */
static bool
is_said_again(const struct change *c, const struct route *r, const struct nlri *n)
{
	const struct route *last =
	    n->family == NULL ? NULL : among_standing(&c->after, n, c->member->standing);

	return last != NULL && last > r;
}

static bool
announce_next(struct change *c)
{
	struct member *m = c->member;
	const struct route *r = &m->conf->routes.at[c->route];
	uint8_t room[ROUTE_PART_MAX];
	struct route one = route_one(r, c->part, room);

	if (!m->standing[c->route])
		return true;
	if (!is_as_it_was(c, r, &one.nlri) && !is_said_again(c, r, &one.nlri))
		member_announce(m, NULL, &one);
	return ++c->part == route_parts(r);
}

/* What somebody announced anew meanwhile is not ours to withdraw any more. */
static void
withdraw_unless_changed(struct member *m, const struct route *r)
{
	struct attrs *now;

	if (!rib_out_has(peer_out(m->peer), &r->nlri, NULL, &now) || now == r->attrs)
		member_withdraw(m, NULL, r);
}

/* A file may say a route of a family without path identifiers twice, and tells the two apart by one
 * (config/routes.c). The peer knows one route: what stands is said again when the other has gone.
 */
static void
say_the_others(struct change *c, const struct nlri *gone)
{
	struct nlri n = *gone;

	if (!n.has_path_id || (n.family->traits & FAMILY_PATH_ID) != 0)
		return;
	for (n.path_id = 0;; n.path_id++) {
		const struct route *r;

		n.has_path_id = n.path_id != 0;
		r = among_standing(&c->after, &n, c->member->standing);
		if (r == NULL)
			return;
		member_withdraw(c->member, NULL, r);
		member_announce(c->member, NULL, r);
	}
}

static bool
withdraw_next(struct change *c)
{
	const struct route *r = &c->old.at[c->route];
	uint8_t room[ROUTE_PART_MAX];
	struct route one = route_one(r, c->part, room);

	if (!c->stood[c->route] || r->nlri.family == NULL)
		return true;
	if (among_standing(&c->after, &one.nlri, c->member->standing) == NULL) {
		withdraw_unless_changed(c->member, &one);
		say_the_others(c, &one.nlri);
	}
	return ++c->part == route_parts(r);
}

/* So many routes of this phase. True: there are more. */
static bool
do_some(struct change *c, size_t most)
{
	static bool (*const nexts[])(struct change * c) = {
		[COMPARE] = compare_next,
		[KNOW_OLD] = know_old_next,
		[KNOW_NEW] = know_new_next,
		[STAND] = stand_next,
		[ANNOUNCE] = announce_next,
		[WAIT] = NULL,
		[WITHDRAW] = withdraw_next,
	};
	size_t all = routes_of(c)->count;

	for (; most > 0 && c->route < all; most--) {
		if (nexts[c->phase](c)) {
			c->route++;
			c->part = 0;
		}
	}
	return c->route < all;
}

static void
gather(struct change *c)
{
	if (!c->gathers)
		peer_gather(c->member->peer);
	c->gathers = true;
}

static void
let_go(struct change *c)
{
	if (c->gathers)
		peer_let_go(c->member->peer);
	c->gathers = false;
}

static void
change_free(struct change *c)
{
	struct member *m = c->member;

	let_go(c);
	list_cut(&c->link);
	timer_stop(&c->wait);
	among_done(&c->before);
	among_done(&c->after);
	mem_free(c->stood);
	mem_free(c);
	m->change = NULL;
	if (--m->engine->changes == 0)
		reload_check(m->engine);
}

static void changes_again(struct again *a);

static void
go_on(struct change *c)
{
	struct engine *e = c->member->engine;

	list_add(&e->changing, &c->link);
	loop_again(&e->change, e->loop, changes_again, "configuration");
}

static void
wait_over(struct timer *t)
{
	struct change *c = owner_of(t, struct change, wait);

	c->phase = WITHDRAW;
	go_on(c);
}

/* Where a file says the same of a neighbor, all stays. */
static void
keep_all(struct change *c)
{
	mem_free(c->member->standing);
	c->member->standing = c->stood;
	c->stood = NULL;
	change_free(c);
}

static void
wait(struct change *c)
{
	struct engine *e = c->member->engine;

	let_go(c);
	timer_start(&c->wait, e->loop, loop_now(e->loop) + e->conf.globals.linger, wait_over,
	    "reload withdraws");
}

/* All of its phase is done: the next one, or it is gone. */
static void
phase_over(struct change *c)
{
	if (c->phase == COMPARE && !c->differs) {
		keep_all(c);
		return;
	}
	if (c->phase == WITHDRAW || (c->phase == ANNOUNCE && c->old.count == 0)) {
		change_free(c);
		return;
	}
	c->phase++;
	c->route = c->part = 0;
	if (c->phase == ANNOUNCE)
		gather(c);
	if (c->phase == WAIT)
		wait(c);
	else
		go_on(c);
}

static void
changes_again(struct again *a)
{
	struct engine *e = owner_of(a, struct engine, change);

	while (!list_empty(&e->changing) && !loop_spent(e->loop)) {
		struct change *c = owner_of(e->changing.next, struct change, link);

		list_cut(&c->link);
		if (do_some(c, BLOCK))
			list_add(&e->changing, &c->link);
		else
			phase_over(c);
	}
	if (!list_empty(&e->changing))
		loop_again(&e->change, e->loop, changes_again, "configuration");
	else if (e->changes == 0)
		retired_check(e);
}

void
member_change(struct member *m, const struct routes *old, bool *stood, bool whole)
{
	struct engine *e = m->engine;
	const struct routes *new = &m->conf->routes;
	struct change *c;

	member_change_finish(m);
	if (new->count == 0 && (old == NULL || old->count == 0)) {
		mem_free(stood);
		return;
	}
	c = mem_zero(1, sizeof(*c));
	*c = (struct change){ .member = m, .stood = stood, .phase = STAND };
	list_init(&c->link);
	if (old != NULL && old->count > 0) {
		c->old = *old;
		c->phase = old->count == new->count ? COMPARE : KNOW_OLD;
		among_init(&c->before, old);
		among_init(&c->after, new);
	} else {
		gather(c); /* the session may come up meanwhile, with none of them */
	}
	m->change = c;
	e->changes++;
	go_on(c);
	if (whole)
		member_change_finish(m);
}

static void
finish_phase(struct change *c)
{
	list_cut(&c->link);
	timer_stop(&c->wait);
	if (c->phase == WAIT)
		c->phase = WITHDRAW;
	(void)do_some(c, SIZE_MAX);
	phase_over(c);
}

void
member_change_finish(struct member *m)
{
	while (m->change != NULL)
		finish_phase(m->change);
}

void
member_change_settle(struct member *m)
{
	while (m->change != NULL && m->change->phase < ANNOUNCE)
		finish_phase(m->change);
}

void
member_change_drop(struct member *m)
{
	if (m->change != NULL)
		change_free(m->change);
}
