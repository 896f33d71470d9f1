/*
 * create neighbor and delete neighbor: neighbors that no file has. What is said of one is written
 * down as a section and read like a file, so that it means the same.
 */
#include "call.h"

#include <string.h>

enum parameter {
	LOCAL_ADDRESS,
	LOCAL_AS,
	PEER_AS,
	ROUTER_ID,
	FAMILIES,
	GRACEFUL,
	GROUPED,
	PARAMETERS
};

#define NEEDED 3 /* the first ones have to be said */

static const char *const names[PARAMETERS] = {
	[LOCAL_ADDRESS] = "local-address",
	[LOCAL_AS] = "local-as",
	[PEER_AS] = "peer-as",
	[ROUTER_ID] = "router-id",
	[FAMILIES] = "family-allowed",
	[GRACEFUL] = "graceful-restart",
	[GROUPED] = "group-updates",
};

struct creation {
	struct slice address;
	struct slice values[PARAMETERS]; /* at NULL: not said */
	struct text processes;           /* process sections, which give the names a meaning */
	struct text api;                 /* their names */
};

/* A value is one plain word: nothing that could end a statement. */
static struct slice
plain_word(struct call *c, const char *what)
{
	struct token t = c->lx->now;
	struct slice word = lex_word(c->lx, what);

	for (size_t i = 0; i < word.len; i++) {
		if (strchr("{};\"'\\#[](), \t", word.at[i]) != NULL) {
			lex_fault_at(c->lx, &t, "expected %s", what);
			return slice_of(NULL, 0);
		}
	}
	return word;
}

static enum parameter
parameter_of(struct slice word)
{
	enum parameter p = LOCAL_ADDRESS;

	if (slice_is(word, "local-ip"))
		return p;
	while (p < PARAMETERS && !slice_is(word, names[p]))
		p++;
	return p;
}

static void
take_process(struct call *c, struct creation *n)
{
	struct slice word = plain_word(c, "the name of a process");
	const struct crew *crew;

	for (size_t i = 0; (crew = engine_crew(c->engine, i)) != NULL; i++) {
		if (!slice_is(word, crew->conf->name))
			continue;
		text_format(
		    &n->processes, "process %s { run none; encoder text; }\n", crew->conf->name);
		text_format(&n->api, " %s", crew->conf->name);
		return;
	}
	lex_fault(c->lx, "no process has the name %.*s", (int)word.len, (const char *)word.at);
}

static enum call_result
take_parameter(struct call *c, struct creation *n)
{
	struct slice word = plain_word(c, "a parameter");
	enum parameter p = parameter_of(word);

	if (slice_is(word, "api")) {
		take_process(c, n);
		return lex_failed(c->lx) ? call_bad_words(c) : CALL_DONE;
	}
	if (p == PARAMETERS)
		return call_fails(c, "Unexpected error: ValueError: unknown parameter: %.*s",
		    (int)word.len, (const char *)word.at);
	if (n->values[p].at != NULL)
		return call_fails(
		    c, "Unexpected error: ValueError: duplicate parameter: %s", names[p]);
	n->values[p] = plain_word(c, "its value");
	return lex_failed(c->lx) ? call_bad_words(c) : CALL_DONE;
}

static enum call_result
check_needed(struct call *c, const struct creation *n)
{
	struct text missing = { 0 };
	enum call_result result = CALL_DONE;

	for (int p = 0; p < NEEDED; p++) {
		if (n->values[p].at == NULL)
			text_format(&missing, "%s%s", missing.len == 0 ? "" : ", ", names[p]);
	}
	if (missing.len > 0)
		result =
		    call_fails(c, "Unexpected error: ValueError: missing required parameters: %s",
			text_chars(&missing));
	text_free(&missing);
	return result;
}

/* The dash between AFI and SAFI; both may have others. Where no family has that name it is the
 * first. */
static size_t
parting_dash(struct slice name)
{
	size_t first = name.len;

	for (size_t i = name.len; i-- > 0;) {
		if (name.at[i] != '-')
			continue;
		first = i;
		if (family_of_words(
			slice_of(name.at, i), slice_of(name.at + i + 1, name.len - i - 1)) != NULL)
			break;
	}
	return first;
}

static void
write_family(struct slice name, struct text *to)
{
	size_t dash = parting_dash(name);

	text_slice(to, slice_of(name.at, dash));
	if (dash < name.len) {
		text_char(to, ' ');
		text_slice(to, slice_of(name.at + dash + 1, name.len - dash - 1));
	}
	text_string(to, "; ");
}

/* AFI-SAFI[/AFI-SAFI...]: a statement each. in-open says nothing. */
static void
write_families(struct slice words, struct text *to)
{
	if (words.at == NULL || slice_is(words, "in-open"))
		words = SLICE("ipv4-unicast");
	text_string(to, "family { ");
	while (words.len > 0) {
		const uint8_t *slash = memchr(words.at, '/', words.len);
		size_t len = slash == NULL ? words.len : (size_t)(slash - words.at);
		size_t used = slash == NULL ? len : len + 1;

		write_family(slice_of(words.at, len), to);
		words = slice_after(words, used);
	}
	text_string(to, "}\n");
}

static void
write_setting(const struct creation *n, enum parameter p, struct text *to)
{
	if (n->values[p].at == NULL)
		return;
	text_format(
	    to, "%s %.*s;\n", names[p], (int)n->values[p].len, (const char *)n->values[p].at);
}

static void
write_section(const struct creation *n, struct text *to)
{
	text_slice(to, text_view(&n->processes));
	text_format(to, "neighbor %.*s {\n", (int)n->address.len, (const char *)n->address.at);
	for (enum parameter p = LOCAL_ADDRESS; p <= ROUTER_ID; p++)
		write_setting(n, p, to);
	write_setting(n, GROUPED, to);
	text_string(to, "capability {\n");
	write_setting(n, GRACEFUL, to);
	text_string(to, "}\n");
	write_families(n->values[FAMILIES], to);
	if (n->api.len > 0)
		text_format(to, "api { processes [%s ]; }\n", text_chars(&n->api));
	text_string(to, "}\n");
}

static enum call_result
create(struct call *c, struct creation *n)
{
	enum call_result result = CALL_DONE;
	struct text section = { 0 };
	struct text why = { 0 };

	n->address = plain_word(c, "the address of a neighbor");
	while (result == CALL_DONE && !lex_over(c->lx))
		result = take_parameter(c, n);
	if (lex_failed(c->lx))
		return call_bad_words(c);
	if (result == CALL_DONE)
		result = check_needed(c, n);
	if (result != CALL_DONE)
		return result;
	write_section(n, &section);
	if (!engine_create(c->engine, text_view(&section), &why))
		result = call_fails(c, "%s", text_chars(&why));
	text_free(&section);
	text_free(&why);
	return result;
}

static enum call_result
create_neighbor(struct call *c)
{
	struct creation n = { 0 };
	enum call_result result = create(c, &n);

	text_free(&n.processes);
	text_free(&n.api);
	return result;
}

static enum call_result
delete_neighbor(struct call *c)
{
	call_select(c);
	if (!lex_failed(c->lx) && !lex_over(c->lx))
		lex_fault(c->lx, "expected the end of the command");
	if (lex_failed(c->lx))
		return call_bad_words(c);
	if (c->peers->count == 0)
		return call_fails(c, "no neighbors match the selector");
	for (size_t i = 0; i < c->peers->count; i++)
		engine_delete(c->peers->at[i]);
	return CALL_DONE;
}

const struct command commands_create[] = {
	{ "create neighbor", NULL, false, create_neighbor },
	{ "delete neighbor", NULL, false, delete_neighbor },
	{ 0 },
};
