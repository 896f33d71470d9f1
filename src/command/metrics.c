/* What is measured: queues, the loop, everything. */
#include "call.h"

#include "base/num.h"
#include "engine/measure.h"

/* The last word; json was cut off already. */
enum form { FORM_TEXT, FORM_JSON, FORM_PROMETHEUS, FORM_OPENMETRICS, FORM_NONE };

static enum form
form_of(struct call *c, bool prometheus)
{
	enum form form = c->json ? FORM_JSON : FORM_TEXT;

	if (prometheus && lex_take(c->lx, "prometheus"))
		form = FORM_PROMETHEUS;
	else if (prometheus && lex_take(c->lx, "openmetrics"))
		form = FORM_OPENMETRICS;
	return lex_over(c->lx) ? form : FORM_NONE;
}

typedef void say_fn(const struct metrics *m, struct text *to);

static enum call_result
say(struct call *c, struct measured *from, bool prometheus, say_fn *json)
{
	struct metrics m = {
		.loop = from->loop.lag == NULL ? NULL : &from->loop,
		.queues = from->queues,
		.queue_count = from->queue_count,
		.peers = from->peers,
		.peer_count = from->peer_count,
		.fds = from->fds,
		.fd_count = from->fd_count,
		.buffers = from->buffers,
		.buffer_count = from->buffer_count,
		.ways = from->ways,
		.way_count = from->way_count,
	};
	enum form form = form_of(c, prometheus);

	switch (form) {
	case FORM_TEXT: metrics_text(&m, c->answer); break;
	case FORM_JSON: json(&m, c->answer); break;
	case FORM_PROMETHEUS: metrics_prometheus(&m, c->answer); break;
	case FORM_OPENMETRICS: metrics_openmetrics(&m, c->answer); break;
	case FORM_NONE: break;
	}
	measured_free(from);
	if (form != FORM_NONE)
		return CALL_DONE;
	return call_fails(
	    c, "expected json%s or nothing", prometheus ? ", prometheus, openmetrics" : "");
}

static enum call_result
show_queues(struct call *c)
{
	struct measured m = { 0 };

	measure_queues(c->engine, &m);
	return say(c, &m, true, metrics_queues_json);
}

static enum call_result
show_loop(struct call *c)
{
	struct measured m = { 0 };

	measure_loop(c->engine, &m);
	return say(c, &m, true, metrics_loop_json);
}

static enum call_result
show_metrics(struct call *c)
{
	struct measured m = { 0 };

	measure_loop(c->engine, &m);
	measure_queues(c->engine, &m);
	measure_peers(c->engine, &m);
	return say(c, &m, true, metrics_json);
}

static enum call_result
show_fds(struct call *c)
{
	struct measured m = { 0 };

	measure_fds(c->engine, &m);
	return say(c, &m, false, metrics_fds_json);
}

static enum call_result
show_buffers(struct call *c)
{
	struct measured m = { 0 };

	measure_buffers(c->engine, &m);
	return say(c, &m, false, metrics_buffers_json);
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
	struct measured m = { 0 };

	measure_ways(c->engine, &m);
	return say(c, &m, false, metrics_ways_json);
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
