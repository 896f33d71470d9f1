/* A line to a row: words, call, acknowledgement. */
#include "job.h"

#include "base/log.h"
#include "bgp/shape.h"
#include "lang/emit.h"

#include <string.h>

static const struct command *const files[] = {
#define X(word) commands_##word,
#include "command.inc"
#undef X
};

void
commands_init(struct commands *c, struct engine *e)
{
	*c = (struct commands){ .engine = e };
}

void
commands_done(struct commands *c)
{
	selection_free(&c->selection);
	routes_free(&c->routes);
	text_free(&c->answer);
}

const struct command *
command_at(size_t i)
{
	for (size_t f = 0; f < sizeof(files) / sizeof(files[0]); f++) {
		for (const struct command *row = files[f]; row->words != NULL; row++) {
			if (i-- == 0)
				return row;
		}
	}
	return NULL;
}

const char *
command_words(size_t i)
{
	const struct command *row = command_at(i);

	return row == NULL ? NULL : row->words;
}

/* Helpers mostly say the same thing again, with single blanks. */
static bool
said_again(const struct commands *commands, struct slice rest)
{
	const struct command *row = commands->last;
	size_t len = row == NULL ? 0 : strlen(row->words);

	return row != NULL && slice_begins(rest, row->words) &&
	    (rest.len == len || call_blank(rest.at[len]));
}

/* No row's words are the beginning of another's (a test says so): the first that fits is the one.
 */
static const struct command *
find_row(struct commands *commands, struct slice rest, size_t *words)
{
	const struct command *row = NULL;

	if (said_again(commands, rest)) {
		*words = commands->last_words;
		return commands->last;
	}
	*words = 0;
	for (size_t i = 0; *words == 0 && (row = command_at(i)) != NULL; i++)
		*words = words_match(row->words, rest);
	if (row != NULL) {
		commands->last = row;
		commands->last_words = *words;
	}
	return row;
}

/* Where 4.2 and 5.0 are not told which to clear, it is what is announced. */
static const char *
whole_row(struct slice rest, size_t *words)
{
	*words = words_match("clear adj-rib", rest);
	for (size_t i = 0; i < *words; i++)
		(void)call_word(&rest);
	return *words > 0 && call_word(&rest).len == 0 ? "clear adj-rib out" : NULL;
}

static const struct command *
find(struct call *c, size_t *words)
{
	struct slice rest = lex_rest(c->lx);
	const struct command *row = find_row(c->commands, rest, words);
	const char *name;
	size_t ignored;

	if (row != NULL)
		return row;
	name = whole_row(rest, words);
	if (name != NULL)
		return find_row(c->commands, slice_on(name), &ignored);
	name = version_6_row(rest, c->version_6, words);
	if (name == NULL)
		return NULL;
	c->named_6 = true;
	c->json = !c->text; /* what that version answers with */
	return find_row(c->commands, slice_on(name), &ignored);
}

static enum call_result
run_row(struct call *c, const struct command *row, size_t words)
{
	enum call_result result;
	bool routes;

	for (size_t i = 0; i < words; i++) {
		(void)lex_next(c->lx);
		if (i == 0)
			c->object = lex_rest(c->lx);
	}
	if (c->selected && !row->neighbors)
		return call_fails(c, "%s takes no neighbor", row->words);
	routes = slice_begins(slice_on(row->words), "announce ") ||
	    slice_begins(slice_on(row->words), "withdraw ");
	c->sync &= routes;
	if (c->routes_only && !routes)
		return call_fails(c, "only announce and withdraw can stand here");
	c->row = row;
	/* also where no word is wanted: what was begun could not be undone */
	if (lex_failed(c->lx))
		return call_bad_words(c);
	result = row->run(c);
	if (lex_failed(c->lx))
		return call_bad_words(c);
	return result;
}

static enum call_result
no_row(struct call *c)
{
	struct slice rest = lex_rest(c->lx);
	struct slice action = call_word(&rest);
	struct slice object = call_word(&rest);

	if (c->line.len == 0 && call_of_coming_line(c))
		return CALL_DONE; /* an empty line */
	if (slice_is(action, "announce") || slice_is(action, "withdraw"))
		return call_fails(c, "unknown %.*s type: %.*s", (int)action.len,
		    (const char *)action.at, (int)object.len, (const char *)object.at);
	return call_fails(c, "unknown command");
}

enum call_result
call_inside(struct call *outer, struct slice line, bool dry, struct text *why)
{
	struct lex lx;
	struct call c = *outer;
	const struct command *row;
	enum call_result result;
	size_t words;

	c.lx = &lx;
	c.line = line;
	c.dry = dry;
	c.why = (struct text){ 0 };
	routes_clear(&c.commands->routes);
	lex_init(&lx, line, LEX_COMMAND);
	row = find(&c, &words);
	result = row == NULL ? no_row(&c) : run_row(&c, row, words);
	lex_done(&lx);
	*why = c.why;
	outer->job = c.job;
	return result;
}

/* The routes of a watchdog are those of all neighbors: a selector in front means nothing. */
static bool
whoever(const struct command *row)
{
	return row != NULL &&
	    (strcmp(row->words, "announce watchdog") == 0 ||
		strcmp(row->words, "withdraw watchdog") == 0);
}

static enum call_result
run(struct call *c)
{
	const struct command *row;
	size_t words;

	c->peers->count = 0;
	c->selected = call_selects(c);
	if (lex_failed(c->lx))
		return call_bad_words(c);
	if (!c->selected)
		select_all(c->engine, c->peers);
	row = find(c, &words);
	if (row == NULL || !slice_begins(slice_on(row->words), "show "))
		select_granted(c->issuer, c->peers); /* all are shown to anybody */
	if (c->selected && c->peers->count == 0 && !whoever(row))
		return call_fails(c, "no neighbor matches the selector");
	return row == NULL ? no_row(c) : run_row(c, row, words);
}

enum call_result
call_behind(struct call *call, struct slice line)
{
	struct lex lx;
	enum call_result result;

	call->lx = &lx;
	call->line = line;
	call->sync = false;
	call->routes_only = true;
	call->why = (struct text){ 0 };
	lex_init(&lx, line, LEX_COMMAND);
	result = run(call);
	call->lx = NULL;
	lex_done(&lx);
	return result;
}

#define SHOWN 256 /* bytes of a refused command that the log has: enough to find it */

static void
explain(struct call *c)
{
	struct text line = { 0 };
	struct emit e = emit_on(&line, SPELL_TEXT, 0);
	int shown = c->line.len < SHOWN ? (int)c->line.len : SHOWN;

	log_say(LOG_WARN, LOG_PROCESSES, "command refused helper=%s reason=\"%s\" command=\"%.*s\"",
	    c->issuer->name, text_chars(&c->why), shown, (const char *)c->line.at);
	if (!engine_explains(c->engine, c->issuer))
		return;
	if (c->why_json && !c->text) {
		text_string(&line, "{\"error\": \"");
		json_escape(&line, text_view(&c->why));
		text_string(&line, "\"}\n");
	} else {
		text_string(&line, "error: ");
		emit_str(&e, &BARE, text_view(&c->why)); /* it may quote what was said: one line */
		text_char(&line, '\n');
	}
	c->issuer->explain(c->issuer, text_view(&line));
	text_free(&line);
}

static void
finish(struct call *c, enum call_result result)
{
	struct issuer *i = c->issuer;

	i->commands++;
	i->refused += result == CALL_ERROR;
	if (c->answer->len > 0)
		i->answer(i, text_view(c->answer));
	if (result == CALL_ERROR && c->why.len > 0)
		explain(c);
	if (result == CALL_DONE && c->sync && sync_starts(c))
		return;
	if (c->job != NULL) {
		c->job->sync = c->sync;
		job_start(c->job);
		return;
	}
	if (result == CALL_DONE || result == CALL_ERROR)
		i->ack(i, result == CALL_DONE);
}

static struct slice
trim(struct slice s)
{
	while (s.len > 0 && call_blank(s.at[0]))
		s = slice_after(s, 1);
	while (s.len > 0 && call_blank(s.at[s.len - 1]))
		s.len--;
	return s;
}

static struct slice
last_word(struct slice line)
{
	size_t n = line.len;

	while (n > 0 && !call_blank(line.at[n - 1]))
		n--;
	return slice_after(line, n);
}

/* Takes the last word off the line; false: it is the value of a word that takes any, or the command
 * itself. */
static bool
cut_last(struct slice *line, struct slice last)
{
	struct slice before = trim(slice_of(line->at, line->len - last.len));
	struct slice owner = last_word(before);

	if (owner.len == 0 || slice_is(owner, "name") || slice_is(owner, "watchdog"))
		return false;
	*line = before;
	return true;
}

/* A last word "sync" or "async" of announce and withdraw says when it is acknowledged, instead of
 * what the issuer chose; true: there was one. */
static bool
cut_sync(struct call *c)
{
	struct slice last = last_word(c->line);
	bool sync = slice_is(last, "sync");

	if ((!sync && !slice_is(last, "async")) || !cut_last(&c->line, last))
		return false;
	c->sync = sync;
	return true;
}

/* A last word "json" or "text" chooses the form of an answer, and is nothing to commands that have
 * only one form. */
static void
cut_form(struct call *c)
{
	struct slice last = last_word(c->line);
	bool json = slice_is(last, "json");

	if ((!json && !slice_is(last, "text")) || !cut_last(&c->line, last))
		return;
	c->json = json;
	c->asked_json = json;
	c->text = !json;
}

void
command_line(struct commands *commands, struct issuer *i, struct slice line)
{
	enum call_result result;
	struct lex lx;
	struct call c = {
		.commands = commands,
		.engine = commands->engine,
		.issuer = i,
		.lx = &lx,
		.line = trim(line),
		.sync = i->sync,
		.peers = &commands->selection,
		.answer = &commands->answer,
	};

	if (slice_begins(c.line, "debug ")) {
		log_say(LOG_WARN, LOG_PROCESSES, "helper=%s says=\"%.*s\"", i->name,
		    (int)(c.line.len - 6), (const char *)c.line.at + 6);
		return;
	}
	cut_form(&c);
	if (cut_sync(&c))
		cut_form(&c); /* in either order */
	text_clear(c.answer);
	routes_clear(&commands->routes);
	if (c.line.len > 0 && c.line.at[0] == '#') {
		i->ack(i, true);
		return;
	}
	lex_init(&lx, c.line, LEX_COMMAND);
	finish(&c, group_takes(&c, &result) ? result : run(&c));
	text_free(&c.why);
	lex_done(&lx);
}
