/* What is measured: queues, the loop, everything. */
#include "call.h"

#include "engine/measure.h"

/* The last word; json was cut off already. */
enum form { FORM_TEXT, FORM_JSON, FORM_PROMETHEUS, FORM_NONE };

static enum form
form_of(struct call *c)
{
	enum form form = c->json ? FORM_JSON : FORM_TEXT;

	if (!lex_over(c->lx)) {
		if (!lex_is(c->lx, "prometheus"))
			return FORM_NONE;
		(void)lex_next(c->lx);
		form = FORM_PROMETHEUS;
	}
	return lex_over(c->lx) ? form : FORM_NONE;
}

typedef void say_fn(const struct metrics *m, struct text *to);

static enum call_result
say(struct call *c, struct measured *from, bool loop, say_fn *json)
{
	struct metrics m = {
		.loop = loop ? &from->loop : NULL,
		.queues = from->queues,
		.queue_count = from->queue_count,
		.peers = from->peers,
		.peer_count = from->peer_count,
	};
	enum form form = form_of(c);

	switch (form) {
	case FORM_TEXT: metrics_text(&m, c->answer); break;
	case FORM_JSON: json(&m, c->answer); break;
	case FORM_PROMETHEUS: metrics_prometheus(&m, c->answer); break;
	case FORM_NONE: break;
	}
	measured_free(from);
	return form == FORM_NONE ? call_fails(c, "expected json, prometheus or nothing")
				 : CALL_DONE;
}

static enum call_result
show_queues(struct call *c)
{
	struct measured m = { 0 };

	measure_queues(c->engine, &m);
	return say(c, &m, false, metrics_queues_json);
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
clear_high_water(struct call *c)
{
	measure_reset(c->engine);
	return CALL_DONE;
}

const struct command commands_metrics[] = {
	{ "show queues", "[ prometheus ]", false, show_queues },
	{ "show loop", "[ prometheus ]", false, show_loop },
	{ "show metrics", "[ prometheus ]", false, show_metrics },
	{ "clear high-water", NULL, false, clear_high_water },
	{ 0 },
};
