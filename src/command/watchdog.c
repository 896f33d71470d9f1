/* Watchdogs: routes of the file that a helper announces and withdraws by their name. */
#include "job.h"

#include "base/mem.h"

struct watchdog {
	uint32_t *numbers; /* of all neighbors, whoever may command them */
	size_t count;
	size_t next;
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

	while (w->next < w->count) {
		const uint32_t *number = &w->numbers[w->next++];
		struct member *m = engine_member_numbered(j->commands->engine, *number);
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
	mem_free(w->numbers);
	mem_free(w);
}

static struct watchdog *
watchdog_new(struct engine *e, struct slice name, bool announce)
{
	struct watchdog *w = mem_zero(1, sizeof(*w));

	w->announce = announce;
	text_slice(&w->name, name);
	w->count = engine_member_count(e);
	w->numbers = mem_get((w->count + 1) * sizeof(*w->numbers));
	for (size_t i = 0; i < w->count; i++)
		w->numbers[i] = engine_member(e, i)->number;
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
