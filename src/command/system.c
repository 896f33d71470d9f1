/* The daemon: version, help, status, and its end. */
#include "call.h"

#include "api/show.h"
#include "lang/emit.h"

#include <unistd.h>

static enum call_result
version(struct call *c)
{
	const char *v = engine_conf(c->engine)->version;

	if (c->json || call_mentions(c, "json"))
		text_format(c->answer, "{\"version\": \"%s\", \"application\": \"exabgp\"}\n", v);
	else
		text_format(c->answer, "exabgp %s\n", v);
	return CALL_DONE;
}

/* "shutdown in progress", in the form that was asked for. */
static void
say_status(struct call *c, const char *words)
{
	text_format(c->answer, c->json ? "{\"status\": \"%s\"}\n" : "%s\n", words);
}

static enum call_result
shut_down(struct call *c)
{
	say_status(c, "shutdown in progress");
	engine_stop(c->engine);
	return CALL_DONE;
}

static enum call_result
reload(struct call *c)
{
	say_status(c, "reload in progress");
	engine_request_of(c->engine, ENGINE_RELOAD, c->issuer);
	return CALL_DONE;
}

static enum call_result
restart(struct call *c)
{
	say_status(c, "restart in progress");
	engine_request_of(c->engine, ENGINE_RESTART, c->issuer);
	return CALL_DONE;
}

static void
status_json(struct engine *e, usec up, struct text *to)
{
	usec start = engine_started(e);

	text_string(to, "{\"version\": \"");
	json_escape(to, slice_on(engine_conf(e)->version));
	text_format(to,
	    "\", \"uuid\": \"%s\", \"pid\": %d, \"uptime\": %lld, \"start_time\": %lld.%06lld, "
	    "\"peers\": {",
	    engine_conf(e)->uuid, (int)getpid(), (long long)up, (long long)(start / USEC_SECOND),
	    (long long)(start % USEC_SECOND));
	for (size_t i = 0; i < engine_member_count(e); i++) {
		const struct peer *p = engine_member(e, i)->peer;

		text_string(to, i == 0 ? "\"" : ", \"");
		json_escape(to, slice_on(peer_name(p)));
		text_format(to, "\": \"%s\"", fsm_state_name(peer_state(p)));
	}
	text_string(to, "}}\n");
}

static enum call_result
status(struct call *c)
{
	struct engine *e = c->engine;
	usec up = (loop_wall(engine_loop(e)) - engine_started(e)) / USEC_SECOND;

	if (c->json) {
		status_json(e, up, c->answer);
		return CALL_DONE;
	}
	text_format(c->answer,
	    "ExaBGP Daemon Status\n====================\nVersion: %s\nUUID: %s\nPID: %d\n"
	    "Uptime: %lldh %lldm %llds\nPeers: %zu\n",
	    engine_conf(e)->version, engine_conf(e)->uuid, (int)getpid(), (long long)(up / 3600),
	    (long long)(up / 60 % 60), (long long)(up % 60), engine_member_count(e));
	for (size_t i = 0; i < engine_member_count(e); i++) {
		const struct peer *p = engine_member(e, i)->peer;

		text_format(c->answer, "  - %s: %s\n", peer_name(p), fsm_state_name(peer_state(p)));
	}
	return CALL_DONE;
}

/* The reference raises an exception here, and lives; its 6.0 has acknowledged by then. */
static enum call_result
crash(struct call *c)
{
	if (call_of_coming_line(c))
		c->issuer->explain(c->issuer, SLICE("done\n"));
	return CALL_ERROR;
}

static void
queues_json(struct call *c)
{
	struct crew *crew;

	text_char(c->answer, '{');
	for (size_t i = 0; (crew = engine_crew(c->engine, i)) != NULL; i++) {
		size_t bytes;
		size_t items = helper_queued(crew->helper, &bytes);

		text_string(c->answer, i == 0 ? "\"" : ", \"");
		json_escape(c->answer, slice_on(crew->conf->name));
		text_format(c->answer, "\": {\"items\": %zu, \"bytes\": %zu}", items, bytes);
	}
	text_string(c->answer, "}\n");
}

static enum call_result
queue_status(struct call *c)
{
	bool any = false;
	struct crew *crew;

	if (c->json) {
		queues_json(c);
		return CALL_DONE;
	}
	for (size_t i = 0; (crew = engine_crew(c->engine, i)) != NULL; i++) {
		size_t bytes;
		size_t items = helper_queued(crew->helper, &bytes);

		if (items == 0)
			continue;
		any = true;
		text_format(
		    c->answer, "%s: %zu items (%zu bytes)\n", crew->conf->name, items, bytes);
	}
	if (!any)
		text_string(c->answer, "no queued messages\n");
	return CALL_DONE;
}

/* peer list: each neighbor in a line's object. */
static enum call_result
peer_list(struct call *c)
{
	text_char(c->answer, '[');
	for (size_t i = 0; i < c->peers->count; i++) {
		const struct peer *p = c->peers->at[i]->peer;
		struct addr a = peer_address(p);

		text_string(
		    c->answer, i == 0 ? "{\"peer-address\": \"" : ", {\"peer-address\": \"");
		addr_print(c->answer, &a);
		text_format(c->answer, "\", \"peer-as\": %u, \"state\": \"%s\"}",
		    peer_conf(p)->peer_as, fsm_state_name(peer_state(p)));
	}
	text_string(c->answer, "]\n");
	return CALL_DONE;
}

static enum call_result
tell_version(struct call *c)
{
	unsigned version = engine_api_version(c->engine);
	const char *what = version == 6 ? "json-only" : "legacy (text/json)";

	text_format(c->answer,
	    c->json ? "{\"api_version\": %u, \"description\": \"%s\"}\n" : "API version: %u (%s)\n",
	    version, what);
	return CALL_DONE;
}

/* The grammar of both versions is understood at any time; the number says how events are told to
 * those that start from now on, and the answer has its form already. */
static enum call_result
api_version(struct call *c)
{
	struct slice word = { 0 };
	bool json;

	c->why_json = c->json;
	if (lex_over(c->lx))
		return tell_version(c);
	word = lex_next(c->lx).word;
	if ((!slice_is(word, "4") && !slice_is(word, "6")) || !lex_over(c->lx)) {
		lex_skip_all(c->lx);
		return call_fails(c, "API version must be 4 or 6");
	}
	engine_set_api_version(c->engine, slice_is(word, "6") ? 6 : 4);
	json = slice_is(word, "6") ? !c->text : c->asked_json;
	text_format(c->answer,
	    json ? "{\"status\": \"API version set\", \"version\": %.*s, "
		   "\"note\": \"effective on next process restart\"}\n"
		 : "API version set to %.*s (effective on next process restart)\n",
	    (int)word.len, (const char *)word.at);
	return CALL_DONE;
}

const struct command commands_system[] = {
	{ "version", NULL, false, version },
	{ "shutdown", NULL, false, shut_down },
	{ "reload", NULL, false, reload },
	{ "restart", NULL, false, restart },
	{ "status", NULL, false, status },
	{ "queue-status", NULL, false, queue_status },
	{ "crash", NULL, true, crash },
	{ "api version", "[ 4 | 6 ]", false, api_version },
	{ "peer list", NULL, false, peer_list },
	{ 0 },
};
