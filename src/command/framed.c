/* Helpers that speak frames: work that is asked of them, and what they ask. */
#include "call.h"

#include "base/mem.h"
#include "lang/emit.h"

#include <errno.h>

#define DEADLINE     (60 * USEC_SECOND)
#define DEADLINE_MAX 86400000          /* milliseconds */
#define PARTS_MOST   ((size_t)8 << 20) /* of an answer that the reader does not take */

struct asked { /* a long answer that comes from a helper */
	struct dump dump;
	struct helper_exec exec;
	struct text lines; /* not given yet */
	struct text why;   /* a failure */
	bool failed;
	bool over;
};

static void
part(struct helper_exec *x, struct slice data)
{
	struct asked *a = owner_of(x, struct asked, exec);

	text_slice(&a->lines, data);
	if (data.at[data.len - 1] != '\n')
		text_char(&a->lines, '\n');
	if (a->lines.len > PARTS_MOST) {
		helper_exec_stop(x);
		text_string(&a->why, "overflow: its answer is not read");
		a->failed = a->over = true;
	}
	dump_wake(a->dump.issuer);
}

static void
over(struct helper_exec *x, const char *code, struct slice what)
{
	struct asked *a = owner_of(x, struct asked, exec);

	a->over = true;
	a->failed = code != NULL;
	if (code != NULL)
		text_format(&a->why, "%s: ", code);
	text_slice(code != NULL ? &a->why : &a->lines, what);
	if (code == NULL)
		text_char(&a->lines, '\n');
	if (a->dump.issuer != NULL) /* else it is over before it began to wait */
		dump_wake(a->dump.issuer);
}

static void
say_failure(struct asked *a)
{
	struct issuer *i = a->dump.issuer;
	struct text line = { 0 };
	struct emit e = emit_on(&line, SPELL_TEXT, 0);

	text_string(&line, "error: ");
	emit_str(&e, &BARE, text_view(&a->why));
	text_char(&line, '\n');
	i->refused++;
	i->explain(i, text_view(&line));
	i->ack(i, false);
	text_free(&line);
}

static bool
asked_step(struct dump *d)
{
	struct asked *a = owner_of(d, struct asked, dump);

	if (a->lines.len > 0)
		d->issuer->answer(d->issuer, text_view(&a->lines));
	text_clear(&a->lines);
	if (a->over && a->failed) {
		d->mute = true; /* it is acknowledged here */
		say_failure(a);
	}
	return !a->over;
}

static void
asked_done(struct dump *d)
{
	struct asked *a = owner_of(d, struct asked, dump);

	helper_exec_stop(&a->exec);
	text_free(&a->lines);
	text_free(&a->why);
	mem_free(a);
}

static struct crew *
crew_named(struct call *c, struct slice name)
{
	struct crew *crew;

	for (size_t i = 0; (crew = engine_crew(c->engine, i)) != NULL; i++) {
		if (!crew->leaving && slice_is(name, crew->conf->name))
			return crew;
	}
	return NULL;
}

/* The helper whose name comes; NULL: the lexer, or call_fails(), said why. */
static struct crew *
take_crew(struct call *c, enum call_result *result)
{
	struct slice name = lex_word(c->lx, "the name of a helper");
	struct crew *crew = crew_named(c, name);

	*result = CALL_ERROR;
	if (!lex_failed(c->lx) && crew == NULL)
		*result = call_fails(c, "no helper has the name %.*s", (int)(name.len & 0xffff),
		    (const char *)name.at);
	return lex_failed(c->lx) ? NULL : crew;
}

static usec
take_deadline(struct call *c)
{
	uint64_t msec = 0;

	if (!lex_take(c->lx, "deadline"))
		return DEADLINE;
	msec = lex_number(c->lx, DEADLINE_MAX, "milliseconds for deadline");
	return msec == 0 ? USEC_MSEC : (usec)msec * USEC_MSEC;
}

static void
take_rest(struct call *c, struct slice *rest)
{
	*rest = lex_rest(c->lx);
	while (rest->len > 0 && (rest->at[0] == ' ' || rest->at[0] == '\t'))
		*rest = slice_after(*rest, 1);
	lex_skip_all(c->lx);
}

static enum call_result
start_fails(struct call *c, const struct crew *crew, int error)
{
	const char *name = crew->conf->name;

	switch (-error) {
	case EPROTONOSUPPORT: return call_fails(c, "helper %s does not speak frames", name);
	case ENOBUFS: return call_fails(c, "too much waits for helper %s", name);
	default: return call_fails(c, "helper %s is not ready", name);
	}
}

/* exec NAME [deadline MSEC] KIND [BODY] */
static enum call_result
exec(struct call *c)
{
	enum call_result result;
	struct crew *crew = take_crew(c, &result);
	usec deadline = crew == NULL ? 0 : take_deadline(c);
	struct slice kind = crew == NULL ? SLICE("") : lex_word(c->lx, "a kind of work");
	const struct member *m = c->selected ? c->peers->at[0] : NULL;
	struct text peer = { 0 };
	struct asked *a;
	struct slice body;
	int error;

	if (crew == NULL || lex_failed(c->lx))
		return result;
	if (c->selected && c->peers->count > 1)
		return call_fails(c, "expected one neighbor");
	take_rest(c, &body);
	a = mem_zero(1, sizeof(*a));
	a->dump = (struct dump){ .step = asked_step, .done = asked_done, .waits = true };
	a->exec = (struct helper_exec){ .part = part, .over = over };
	if (m != NULL) {
		struct addr address = peer_address(m->peer);

		addr_print(&peer, &address);
	}
	error = helper_exec_start(crew->helper, &a->exec, kind, text_view(&peer), body, deadline);
	text_free(&peer);
	if (error != 0) {
		mem_free(a);
		return start_fails(c, crew, error);
	}
	dump_start(&a->dump, c->engine, c->issuer);
	return CALL_LATER;
}

static enum call_result
cancel_exec(struct call *c)
{
	enum call_result result;
	struct crew *crew = take_crew(c, &result);

	if (crew == NULL)
		return result;
	text_format(c->answer, "cancelled %zu\n", helper_exec_cancel(crew->helper));
	return CALL_DONE;
}

/* reply NAME ID VALUE */
static enum call_result
reply(struct call *c)
{
	enum call_result result;
	struct crew *crew = take_crew(c, &result);
	uint64_t id = crew == NULL ? 0 : lex_number(c->lx, UINT64_MAX, "the id of a question");
	struct slice value;

	if (crew == NULL || lex_failed(c->lx))
		return result;
	take_rest(c, &value);
	if (!helper_reply(crew->helper, id, value))
		return call_fails(c, "helper %s asks nothing by that id", crew->conf->name);
	return CALL_DONE;
}

static void
show_questions(struct call *c, const struct helper *h)
{
	struct slice prompt;
	uint64_t id;

	text_string(c->answer, ", \"questions\": {");
	for (size_t i = 0; helper_question(h, i, &id, &prompt); i++) {
		text_format(
		    c->answer, "%s\"%llu\": \"", i == 0 ? "" : ", ", (unsigned long long)id);
		json_escape(c->answer, prompt);
		text_char(c->answer, '"');
	}
	text_char(c->answer, '}');
}

static void
show_one(struct call *c, const struct crew *crew, const struct helper_session *s)
{
	text_string(c->answer, "\"");
	json_escape(c->answer, slice_on(crew->conf->name));
	text_format(c->answer,
	    "\": {\"state\": \"%s\", \"paused\": %s, \"pending\": %zu, \"pending-most\": %zu, "
	    "\"resolved\": %llu, \"timeouts\": %llu, \"late\": %llu, \"waiting\": %zu, "
	    "\"checkpoints\": %zu, \"checkpoint-bytes\": %zu, \"raw\": {\"offered\": %llu, "
	    "\"delivered\": %llu, \"dropped\": %llu, \"queued\": %zu}",
	    s->state, s->paused ? "true" : "false", s->pending, s->pending_most,
	    (unsigned long long)s->resolved, (unsigned long long)s->timeouts,
	    (unsigned long long)s->late, s->waiting, s->kept, s->kept_bytes,
	    (unsigned long long)s->raw_offered, (unsigned long long)s->raw_delivered,
	    (unsigned long long)s->raw_dropped, s->raw_queued);
	show_questions(c, crew->helper);
	text_char(c->answer, '}');
}

static enum call_result
show_framed(struct call *c)
{
	struct helper_session s;
	const char *between = "";
	const struct crew *crew;

	text_char(c->answer, '{');
	for (size_t i = 0; (crew = engine_crew(c->engine, i)) != NULL; i++) {
		if (!helper_session_of(crew->helper, &s))
			continue;
		text_string(c->answer, between);
		show_one(c, crew, &s);
		between = ", ";
	}
	text_string(c->answer, "}\n");
	return CALL_DONE;
}

const struct command commands_framed[] = {
	{ "exec", "NAME [ deadline MSEC ] KIND [ BODY ]", true, exec },
	{ "cancel exec", "NAME", false, cancel_exec },
	{ "reply", "NAME ID VALUE", false, reply },
	{ "show framed", NULL, false, show_framed },
	{ 0 },
};
