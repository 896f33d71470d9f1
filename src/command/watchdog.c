/* Watchdogs: routes of the file that a helper announces and withdraws by their name. */
#include "job.h"
#include "long.h"

#include "base/mem.h"

struct watchdog {
	struct numbered members; /* whoever may command them */
	bool announce;
	struct text name;
};

static route_say *
verb_of(const struct watchdog *w)
{
	return w->announce ? member_announce : member_withdraw;
}

/* One neighbor after the other, for each has routes of its own. */
static bool
next_neighbor(struct job *j)
{
	struct watchdog *w = j->more;

	while (!numbered_over(&w->members)) {
		struct member *m = numbered_member(&w->members, j->commands->engine);
		const uint32_t *number = &w->members.numbers[w->members.at++];
		struct routes *routes = &j->commands->routes;

		routes_clear(routes);
		if (m != NULL && !m->leaving)
			member_watchdog(m, text_view(&w->name), w->announce, routes);
		if (routes->count == 0)
			continue;
		job_says(j, verb_of(w));
		j->spread.numbers = number;
		j->spread.count = 1;
		return true;
	}
	return false;
}

static void
watchdog_drop(struct job *j)
{
	struct watchdog *w = j->more;

	text_free(&w->name);
	numbered_free(&w->members);
	mem_free(w);
}

static struct watchdog *
watchdog_new(struct engine *e, struct slice name, bool announce)
{
	struct watchdog *w = mem_zero(1, sizeof(*w));

	w->announce = announce;
	text_slice(&w->name, name);
	w->members = numbered_all(e);
	return w;
}

enum call_result
watchdog_said(struct call *c, bool announce)
{
	struct slice name = slice_on(c->issuer->name);

	if (!lex_over(c->lx))
		name = lex_word(c->lx, "the name of a watchdog");
	if (lex_failed(c->lx))
		return call_bad_words(c);
	(void)job_new(c);
	c->job->more = watchdog_new(c->engine, name, announce);
	c->job->then = next_neighbor;
	c->job->drop = watchdog_drop;
	return job_try(c);
}
