/*
 * Groups: commands that are carried out together. Those of an open block wait as they were said,
 * one line each; "peer SELECTOR group a ; b" brings its own. On the wire the withdraws of a group
 * go first, and announces of one set share their UPDATEs, as of any commands of one round.
 */
#include "job.h"

#include "base/mem.h"
#include "base/num.h"
#include "lang/emit.h"

#define GROUP_COMMANDS 100000
#define GROUP_BYTES    ((size_t)100 * 1024 * 1024)
#define ROUND_COMMANDS 1024 /* of a group, at once */
#define STEP_COMMANDS  64   /* when they take more than a round */

struct group {
	struct text shared; /* words of every route */
	size_t announced;
	size_t withdrawn;
	size_t failed;
	struct text errors; /* JSON strings, comma separated */
};

static void
group_done(struct group *g)
{
	text_free(&g->shared);
	text_free(&g->errors);
}

static void
group_fault(struct group *g, const char *what, struct slice why)
{
	text_string(&g->errors, g->failed++ == 0 ? "\"" : ", \"");
	text_string(&g->errors, what);
	json_escape(&g->errors, why);
	text_char(&g->errors, '"');
}

/* How many routes it meant; what is none (End of RIB) counts as one. */
static size_t
meant(const struct call *c)
{
	size_t parts = c->job == NULL ? routes_parts(&c->commands->routes) : job_parts(c->job);

	return parts == 0 ? 1 : parts;
}

static void
carry_out(struct call *c, struct slice line, struct group *g)
{
	struct slice rest = line;
	struct slice word = call_word(&rest);
	struct text why = { 0 };
	bool announce = slice_is(word, "announce");
	enum call_result result;

	if (!announce && !slice_is(word, "withdraw")) {
		group_fault(g, "unknown action in group: ", word);
		return;
	}
	c->commands->routes.shared = text_view(&g->shared);
	result = call_inside(c, line, false, &why);
	c->commands->routes.shared = (struct slice){ 0 };
	if (result == CALL_ERROR)
		group_fault(g, "invalid route: ", text_view(&why));
	else if (announce)
		g->announced += meant(c);
	else
		g->withdrawn += meant(c);
	text_free(&why);
}

static void
say_processed(struct call *c, const struct group *g)
{
	if (c->text) {
		text_format(c->answer, "group processed: %zu announced, %zu withdrawn",
		    g->announced, g->withdrawn);
		if (g->failed > 0)
			text_format(c->answer, ", %zu errors", g->failed);
	} else {
		text_format(c->answer,
		    "{\"status\": \"group processed\", \"announced\": %zu, \"withdrawn\": %zu",
		    g->announced, g->withdrawn);
		if (g->failed > 0) {
			text_string(c->answer, ", \"errors\": [");
			text_slice(c->answer, text_view(&g->errors));
			text_char(c->answer, ']');
		}
		text_char(c->answer, '}');
	}
	text_char(c->answer, '\n');
}

/* Up to the next newline; taken off with it. */
static struct slice
next_line(struct slice *rest)
{
	const uint8_t *end = memchr(rest->at, '\n', rest->len);
	struct slice line = *rest;

	if (end == NULL) {
		*rest = slice_of(NULL, 0);
		return line;
	}
	line.len = (size_t)(end - line.at);
	*rest = slice_after(*rest, line.len + 1);
	return line;
}

/* At most so many, up to one that left a job. True: all were. */
static bool
carry_lines(struct call *c, struct slice *lines, size_t most, struct group *g)
{
	for (size_t n = 0; n < most && lines->len > 0 && c->job == NULL; n++)
		carry_out(c, next_line(lines), g);
	return lines->len == 0 && c->job == NULL;
}

/* A group that takes more than a round: nothing of it is sent before all of it is there. */

struct pending_group {
	struct group group;
	struct text lines;
	size_t done;      /* characters of it */
	struct call call; /* what a line is carried out with, but for what lives in a round only */
};

static bool
group_goes_on(struct job *j)
{
	struct pending_group *p = j->more;
	struct call c = p->call;
	struct slice rest = slice_after(text_view(&p->lines), p->done);
	bool over;

	c.peers = &j->commands->selection;
	c.answer = &j->commands->answer;
	text_clear(c.answer);
	(void)job_peers(j, c.peers);
	over = carry_lines(&c, &rest, STEP_COMMANDS, &p->group);
	p->done = p->lines.len - rest.len;
	if (c.job != NULL) {
		job_takes_over(j, c.job);
		return true;
	}
	if (over) {
		text_clear(c.answer);
		say_processed(&c, &p->group);
		c.issuer->answer(c.issuer, text_view(c.answer));
	}
	return !over;
}

static void
group_drop(struct job *j)
{
	struct pending_group *p = j->more;

	job_gather(j, false);
	group_done(&p->group);
	text_free(&p->lines);
	mem_free(p);
}

static void
group_behind(struct call *c, struct slice rest, const struct group *g)
{
	struct pending_group *p = mem_zero(1, sizeof(*p));
	struct job *j = c->job != NULL ? c->job : job_new(c);

	p->group = *g;
	p->call = *c;
	p->call.job = NULL;
	p->call.lx = NULL;
	p->call.line = (struct slice){ 0 };
	p->call.why = (struct text){ 0 };
	text_slice(&p->lines, rest);
	j->more = p;
	j->then = group_goes_on;
	j->drop = group_drop;
	job_gather(j, true);
}

static enum call_result
process(struct call *c, struct slice lines, struct text shared)
{
	struct group g = { .shared = shared };

	if (!carry_lines(c, &lines, ROUND_COMMANDS, &g)) {
		group_behind(c, lines, &g);
		return CALL_LATER;
	}
	say_processed(c, &g);
	group_done(&g);
	return CALL_DONE;
}

/* "group start" to "group end". */

static enum call_result
group_start(struct call *c)
{
	c->why_json = true;
	if (c->issuer->grouping)
		return call_fails(c, "already in group block (nested groups not allowed)");
	c->issuer->grouping = true;
	text_string(c->answer, c->text ? "group started\n" : "{\"status\": \"group started\"}\n");
	return CALL_DONE;
}

static enum call_result
group_end(struct call *c)
{
	struct issuer *i = c->issuer;
	enum call_result result = CALL_DONE;

	c->why_json = true;
	if (!i->grouping)
		return call_fails(c, "not in group block");
	if (i->group_count == 0)
		text_string(c->answer,
		    c->text ? "group ended (0 commands)\n"
			    : "{\"status\": \"group ended\", \"commands\": 0}\n");
	else
		result = process(c, text_view(&i->group), (struct text){ 0 });
	issuer_group_end(i);
	return result;
}

bool
group_takes(struct call *c, enum call_result *result)
{
	struct issuer *i = c->issuer;
	struct slice rest = c->line;
	struct slice word;

	if (!i->grouping)
		return false;
	word = call_word(&rest);
	if (rest.len == 0 || (!slice_is(word, "announce") && !slice_is(word, "withdraw")))
		return false;
	c->sync =
	    false; /* nothing of it is sent before the group's end, and for whom is not known yet */
	if (i->group_count == GROUP_COMMANDS || i->group.len + c->line.len >= GROUP_BYTES) {
		issuer_group_end(i);
		c->why_json = true;
		*result = call_fails(c, "group buffer limit reached, group discarded");
		return true;
	}
	text_slice(&i->group, c->line);
	text_char(&i->group, '\n');
	i->group_count++;
	*result = CALL_DONE;
	return true;
}

/* "peer SELECTOR group a ; b ; c". */

/* Up to the next semicolon that is in no braces and no quotes; taken off with it. */
static struct slice
next_part(struct slice *rest)
{
	struct slice part = *rest;
	uint8_t quote = 0;
	int depth = 0;

	for (size_t n = 0; n < rest->len; n++) {
		uint8_t ch = rest->at[n];

		if (quote != 0 || ch == '"' || ch == '\'')
			quote = quote == 0 ? ch : quote == ch ? 0 : quote;
		else if (ch == '{' || ch == '}')
			depth += ch == '{' ? 1 : -1;
		else if (ch == ';' && depth <= 0) {
			part.len = n;
			*rest = slice_after(*rest, n + 1);
			return word_trim(part);
		}
	}
	*rest = slice_of(NULL, 0);
	return word_trim(part);
}

/* "attributes WORDS": the words that every route of the line shares, but for the next hop, which is
 * each route's own. */
static bool
shared_words(struct slice part, struct text *to)
{
	struct slice word = call_word(&part);

	if (!slice_is(word, "attribute") && !slice_is(word, "attributes"))
		return false;
	while ((word = call_word(&part)).len > 0) {
		if (slice_is(word, "next-hop")) {
			(void)call_word(&part);
			continue;
		}
		text_char(to, ' ');
		text_slice(to, word);
	}
	return true;
}

static enum call_result
peer_group(struct call *c)
{
	struct slice rest = lex_rest(c->lx);
	struct text shared = { 0 };
	struct text lines = { 0 };
	enum call_result result;
	bool first = true;

	c->why_json = true;
	lex_skip_all(c->lx);
	if (!c->selected)
		return call_fails(c, "expected a selector between peer and group");
	for (; rest.len > 0; first = false) {
		struct slice part = next_part(&rest);

		if (part.len == 0 || (first && shared_words(part, &shared)))
			continue;
		text_slice(&lines, part);
		text_char(&lines, '\n');
	}
	if (lines.len > 0) {
		result = process(c, text_view(&lines), shared);
	} else {
		result = call_fails(c, "empty group");
		text_free(&shared);
	}
	text_free(&lines);
	return result;
}

const struct command commands_group[] = {
	{ "group start", NULL, false, group_start },
	{ "group end", NULL, false, group_end },
	{ "peer group", NULL, true, peer_group },
	{ 0 },
};
