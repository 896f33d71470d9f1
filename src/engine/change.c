/*
 * The routes of a file, put into effect: what is new is announced, and when that has gone out, what
 * is gone is withdrawn: so users of the reference see it, and traffic moves before the old path
 * goes. What is too much for a round goes on in the next ones, and nothing of it is sent before all
 * is announced, as if it were one.
 */
#include "house.h"

#include "among.h"

#include "base/mem.h"

#define ROUND 8192 /* routes of all neighbors, at once */
#define BLOCK 256

enum phase { ANNOUNCE, WAIT, WITHDRAW };

struct change {
	struct list link; /* of those that go on; while it waits, on itself */
	struct member *member;
	struct routes old; /* borrowed from a configuration that is kept for it */
	bool *stood;       /* by route of old */
	struct among before;
	struct among after;
	enum phase phase;
	size_t route; /* the next one, of the list that its phase is about */
	size_t part;
	struct timer wait;
};

/* A watchdog route stays in the half it is in. */
static bool
stands(const struct change *c, const struct route *r)
{
	const struct route *was = among_same(&c->before, r);

	if (r->watchdog.at != NULL && was != NULL && was->watchdog.at != NULL)
		return c->stood[was - c->old.at];
	return r->watchdog.at == NULL || !r->withdrawn;
}

/* Attributes without a route are found by what they are. */
static bool
said_alone(const struct change *c, const struct attrs *a)
{
	for (size_t i = 0; i < c->old.count; i++)
		if (c->stood[i] && c->old.at[i].nlri.family == NULL && c->old.at[i].attrs == a)
			return true;
	return false;
}

/* One that is as it was is left alone: a helper may have changed it. */
static bool
is_as_it_was(const struct change *c, const struct route *r, const struct nlri *n)
{
	const struct route *was;

	if (n->family == NULL)
		return said_alone(c, r->attrs);
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

	if (!rib_out_has(peer_out(m->peer), &r->nlri, &now) || now == r->attrs)
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

static size_t
routes_left(const struct change *c)
{
	size_t all = c->phase == ANNOUNCE ? c->member->conf->routes.count
	    : c->phase == WITHDRAW        ? c->old.count
					  : 0;

	return all - c->route;
}

/* So many routes of this phase. How many are left of them. */
static size_t
do_some(struct change *c, size_t most)
{
	for (; most > 0 && routes_left(c) > 0; most--) {
		if (c->phase == ANNOUNCE ? announce_next(c) : withdraw_next(c)) {
			c->route++;
			c->part = 0;
		}
	}
	return most;
}

static void
change_free(struct change *c)
{
	struct member *m = c->member;

	if (c->phase == ANNOUNCE)
		peer_let_go(m->peer);
	list_cut(&c->link);
	timer_stop(&c->wait);
	among_done(&c->before);
	among_done(&c->after);
	mem_free(c->stood);
	mem_free(c);
	m->change = NULL;
	if (--m->engine->changes == 0 && m->engine->wishes != 0)
		engine_request(m->engine, 0); /* a reload waits for it */
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

/* All of its phase is done. True: it goes on at once. */
static void
phase_over(struct change *c)
{
	struct engine *e = c->member->engine;

	if (c->phase == WITHDRAW || c->old.count == 0) {
		change_free(c);
		return;
	}
	peer_let_go(c->member->peer);
	c->phase = WAIT;
	c->route = c->part = 0;
	timer_start(&c->wait, e->loop, loop_now(e->loop) + e->conf.globals.linger, wait_over,
	    "reload withdraws");
}

static void
changes_again(struct again *a)
{
	struct engine *e = owner_of(a, struct engine, change);

	while (!list_empty(&e->changing) && !loop_spent(e->loop)) {
		struct change *c = owner_of(e->changing.next, struct change, link);

		list_cut(&c->link);
		if (do_some(c, BLOCK) > 0)
			phase_over(c);
		else
			list_add(&e->changing, &c->link);
	}
	if (!list_empty(&e->changing))
		loop_again(&e->change, e->loop, changes_again, "configuration");
	else if (e->changes == 0)
		retired_check(e);
}

/* What is left of this round, for all neighbors. */
static size_t
round_left(struct engine *e)
{
	usec now = loop_now(e->loop);

	if (e->change_round != now)
		e->change_left = ROUND;
	e->change_round = now;
	return e->change_left;
}

static bool
same_route(const struct route *a, const struct route *b)
{
	return a->nlri.family == b->nlri.family && slice_same(a->nlri.bytes, b->nlri.bytes) &&
	    a->nlri.has_path_id == b->nlri.has_path_id && a->nlri.path_id == b->nlri.path_id &&
	    a->attrs == b->attrs && a->split_bits == b->split_bits &&
	    (a->watchdog.at != NULL) == (b->watchdog.at != NULL) && a->withdrawn == b->withdrawn;
}

/* Where a file says the same of a neighbor, all stays. */
static bool
same_routes(const struct routes *a, const struct routes *b)
{
	if (a->count != b->count)
		return false;
	for (size_t i = 0; i < a->count; i++) {
		if (!same_route(&a->at[i], &b->at[i]))
			return false;
	}
	return true;
}

void
member_change(struct member *m, const struct routes *old, bool *stood, bool whole)
{
	struct engine *e = m->engine;
	const struct routes *new = &m->conf->routes;
	struct change *c;
	size_t left;

	member_change_finish(m);
	if (old != NULL && same_routes(old, new)) {
		mem_free(m->standing);
		m->standing = stood;
		return;
	}
	c = mem_zero(1, sizeof(*c));
	*c = (struct change){ .member = m, .stood = stood };
	if (old != NULL)
		c->old = *old;
	list_init(&c->link);
	if (c->old.count > 0) {
		among_init(&c->before, &c->old);
		among_init(&c->after, new);
	}
	m->change = c;
	e->changes++;
	for (size_t i = 0; i < new->count; i++)
		m->standing[i] = stands(c, &new->at[i]);
	peer_gather(m->peer);
	left = do_some(c, whole ? SIZE_MAX : round_left(e));
	if (!whole)
		e->change_left = left;
	if (left > 0)
		phase_over(c);
	else
		go_on(c);
}

void
member_change_finish(struct member *m)
{
	struct change *c = m->change;

	while (m->change != NULL) {
		timer_stop(&c->wait);
		if (c->phase == WAIT)
			c->phase = WITHDRAW;
		(void)do_some(c, SIZE_MAX); /* all */
		phase_over(c);
	}
}

void
member_change_drop(struct member *m)
{
	if (m->change != NULL)
		change_free(m->change);
}
