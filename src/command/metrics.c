/* What is measured: queues, the loop, everything. */
#include "long.h"

#include "base/mem.h"
#include "base/num.h"
#include "engine/measure.h"

/* Whether the last word is a form, or there is none; json was cut off already. */
static bool
take_form(struct call *c, bool prometheus, enum metrics_form *form)
{
	*form = c->json ? METRICS_JSON : METRICS_TEXT;
	if (prometheus && lex_take(c->lx, "prometheus"))
		*form = METRICS_PROMETHEUS;
	else if (prometheus && lex_take(c->lx, "openmetrics"))
		*form = METRICS_OPENMETRICS;
	return lex_over(c->lx);
}

static enum call_result
no_form(struct call *c, bool prometheus)
{
	return call_fails(
	    c, "expected json%s or nothing", prometheus ? ", prometheus, openmetrics" : "");
}

/* What there are few records of is told at once. */
static enum call_result
say(struct call *c, bool prometheus, void (*measure)(struct engine *e, struct measured *to))
{
	struct measured m = { 0 };
	enum metrics_form form;

	if (!take_form(c, prometheus, &form))
		return no_form(c, prometheus);
	measure(c->engine, &m);
	metrics_say(&m.metrics, form, c->answer);
	measured_free(&m);
	return CALL_DONE;
}

/* Neighbors and their queues are measured in slices, and then told in slices: of each the figures
 * are those of one moment. */
struct figures {
	struct dump dump;
	struct numbered members;
	struct measured measured;
	struct metrics_walk walk;
	enum metrics_form form;
	struct text answer;
};

static bool
figures_step(struct dump *d)
{
	struct figures *f = owner_of(d, struct figures, dump);
	const struct member *m;
	bool more;

	if (f->walk.of != NULL) {
		more = metrics_some(&f->walk);
		if (f->form != METRICS_JSON || !more) /* which is one line */
			long_give(d, &f->answer);
		return more;
	}
	if (numbered_over(&f->members)) {
		measure_others(d->engine, &f->measured);
		metrics_begin(&f->walk, &f->measured.metrics, f->form, &f->answer);
		return true;
	}
	m = numbered_member(&f->members, d->engine);
	if (m != NULL)
		measure_member(m, &f->measured);
	f->members.at++;
	return true;
}

static void
figures_done(struct dump *d)
{
	struct figures *f = owner_of(d, struct figures, dump);

	measured_free(&f->measured);
	numbered_free(&f->members);
	text_free(&f->answer);
	mem_free(f);
}

static enum call_result
say_long(struct call *c, void (*begin)(struct engine *e, struct measured *to))
{
	enum metrics_form form;
	struct figures *f;

	if (!take_form(c, true, &form))
		return no_form(c, true);
	f = mem_zero(1, sizeof(*f));
	f->dump = (struct dump){ .step = figures_step, .done = figures_done };
	f->form = form;
	f->members = numbered_all(c->engine);
	begin(c->engine, &f->measured);
	return long_told(c, &f->dump, f->members.count);
}

static void
ask_queues(struct engine *e, struct measured *to)
{
	(void)e;
	measured_ask(to, METRIC_QUEUES);
}

static void
ask_all(struct engine *e, struct measured *to)
{
	measure_loop(e, to);
	measured_ask(to, METRIC_QUEUES);
	measured_ask(to, METRIC_PEERS);
}

static enum call_result
show_queues(struct call *c)
{
	return say_long(c, ask_queues);
}

static enum call_result
show_metrics(struct call *c)
{
	return say_long(c, ask_all);
}

static enum call_result
show_loop(struct call *c)
{
	return say(c, true, measure_loop);
}

static enum call_result
show_fds(struct call *c)
{
	return say(c, false, measure_fds);
}

static enum call_result
show_buffers(struct call *c)
{
	return say(c, false, measure_buffers);
}

static enum call_result
trace_update(struct call *c)
{
	if (!lex_over(c->lx))
		return call_fails(c, "expected nothing behind trace update");
	for (size_t i = 0; i < c->peers->count; i++)
		peer_trace_next(c->peers->at[i]->peer);
	return CALL_DONE;
}

static enum call_result
show_trace(struct call *c)
{
	return say(c, false, measure_ways);
}

/* Each line of a history behind whose it is. */
static void
put_history(struct call *c, const char *of, struct text *history)
{
	struct slice rest;
	struct slice line;

	for (rest = text_view(history); word_cut(rest, '\n', &line, &rest);) {
		text_format(c->answer, "%s: ", of);
		text_slice(c->answer, line);
		text_char(c->answer, '\n');
	}
	text_clear(history);
}

static enum call_result
show_history(struct call *c)
{
	struct text history = { 0 };
	struct crew *crew;

	if (c->json || !lex_over(c->lx))
		return call_fails(c, "expected nothing behind show history");
	for (size_t i = 0; i < engine_member_count(c->engine); i++) {
		const struct peer *p = engine_member(c->engine, i)->peer;

		peer_history(p, &history);
		put_history(c, peer_name(p), &history);
	}
	for (size_t i = 0; (crew = engine_crew(c->engine, i)) != NULL; i++) {
		helper_history(crew->helper, &history);
		put_history(c, crew->conf->name, &history);
	}
	text_free(&history);
	return CALL_DONE;
}

static enum call_result
clear_high_water(struct call *c)
{
	measure_reset(c->engine);
	return CALL_DONE;
}

const struct command commands_metrics[] = {
	{ "show queues", "[ prometheus | openmetrics ]", false, show_queues },
	{ "show loop", "[ prometheus | openmetrics ]", false, show_loop },
	{ "show metrics", "[ prometheus | openmetrics ]", false, show_metrics },
	{ "show fds", NULL, false, show_fds },
	{ "show buffers", NULL, false, show_buffers },
	{ "trace update", NULL, true, trace_update },
	{ "show trace", NULL, false, show_trace },
	{ "show history", NULL, false, show_history },
	{ "clear high-water", NULL, false, clear_high_water },
	{ 0 },
};
