/* api [NAME] { ... }: which helpers hear what of a neighbor, and which may command it. */
#include "parse.h"

#include "base/mem.h"
#include "base/num.h"
#include "bgp/message.h"

#include <regex.h>

#define FLAG(name, type, member, says)                                                             \
	{                                                                                          \
		.word = (name), .slot = SLOT_BOOL, .offset = offsetof(type, member),               \
		.traits = SETTING_IF_SET, .initial = "false", .bare = "true",                      \
		.expects = "true or false", .help = (says)                                         \
	}

static const struct setting rows[] = {
	FLAG("neighbor-changes", struct api_conf, neighbor_changes, "sessions going up and down"),
	FLAG("negotiated", struct api_conf, negotiated, "what was agreed on"),
	FLAG("fsm", struct api_conf, fsm, "every step of the state machine"),
	FLAG("signal", struct api_conf, signal, "signals that the daemon gets"),
	FLAG("backpressure", struct api_conf, backpressure,
	    "the neighbor is not read because a helper is full, and is read again"),
};

static const struct setting direction_rows[] = {
	FLAG("parsed", struct api_direction, parsed, "messages as their content"),
	FLAG("packets", struct api_direction, packets, "messages as their bytes"),
	FLAG("consolidate", struct api_direction, consolidate, "content and bytes in one event"),
};

const struct settings api_settings = SETTINGS(rows);
const struct settings direction_settings = SETTINGS(direction_rows);

bool
api_named(const struct neighbor_draft *d, struct slice name)
{
	for (const struct api_draft *a = d->apis; a != NULL; a = a->next)
		if (a->name.at != NULL && slice_same(a->name, name))
			return true;
	return false;
}

static struct api_draft *
api_add(struct parse *p, struct neighbor_draft *d)
{
	struct api_draft *a = arena_zero(&p->strings, 1, sizeof(*a));
	struct api_draft **end = &d->apis;

	while (*end != NULL)
		end = &(*end)->next;
	*end = a;
	return a;
}

static void
api_open(struct parse *p, const struct token *word)
{
	struct token name = p->lx.now;

	(void)word;
	if (lex_ends(&p->lx)) {
		p->api = api_add(p, p->neighbor);
		return;
	}
	(void)lex_word(&p->lx, "a name or {");
	if (!lex_failed(&p->lx) && api_named(p->neighbor, name.word))
		lex_fault_at(&p->lx, &name, "expected another name: an api section has this one");
	p->api = api_add(p, p->neighbor);
	p->api->name = name.word;
}

static struct slots
api_slots(struct parse *p)
{
	return (struct slots){ &p->api->flags, &p->api->given };
}

/* Names end where C ends them. */
static void
names_check(struct parse *p, const struct names *names)
{
	for (const struct name *n = names->first; n != NULL; n = n->next)
		if (n->at.word.len == 0 || memchr(n->at.word.at, 0, n->at.word.len) != NULL)
			lex_fault_at(&p->lx, &n->at, "expected a name");
}

static void
processes_read(struct parse *p, const struct token *word)
{
	(void)word;
	names_read(p, &p->api->processes, "the name of a process or ]");
	names_check(p, &p->api->processes);
}

#define PATTERN_MAX 255
#define REPEATS_MAX 4  /* of what is a group or repeated itself: each may double the expression */
#define COUNT_MAX   64 /* of the one {count} or {least,most} */

static bool
repeats(uint8_t c)
{
	return c == '+' || c == '*' || c == '?' || c == '}';
}

/* The numbers behind a '{' are small. */
static bool
counts_are_small(struct slice behind)
{
	unsigned n = 0;

	for (size_t i = 0; i < behind.len && behind.at[i] != '}'; i++) {
		uint8_t c = behind.at[i];

		n = c >= '0' && c <= '9' ? n * 10 + c - '0' : 0;
		if (n > COUNT_MAX)
			return false;
	}
	return true;
}

/* libc writes repeats out, so that nested ones make an expression of any size out of a short word:
 * few of them are enough to match names. */
static bool
is_small(struct slice pattern)
{
	unsigned counts = 0;
	unsigned nested = 0;

	if (pattern.len > PATTERN_MAX)
		return false;
	for (size_t i = 0; i < pattern.len; i++) {
		uint8_t c = pattern.at[i];
		uint8_t before = i == 0 ? 0 : pattern.at[i - 1];

		if (c == '{' && (++counts > 1 || !counts_are_small(slice_after(pattern, i + 1))))
			return false;
		if ((repeats(c) || c == '{') && (repeats(before) || before == ')') &&
		    ++nested > REPEATS_MAX)
			return false;
	}
	return true;
}

static bool
compiles(const struct token *pattern)
{
	char *string = word_string(pattern->word);
	regex_t made;
	bool good = is_small(pattern->word) && regcomp(&made, string, REG_EXTENDED) == 0;

	if (good)
		regfree(&made);
	mem_free(string);
	return good;
}

static void
matches_read(struct parse *p, const struct token *word)
{
	(void)word;
	names_read(p, &p->api->matches, "a regular expression or ]");
	names_check(p, &p->api->matches);
	for (const struct name *n = p->api->matches.first; n != NULL; n = n->next)
		if (!compiles(&n->at))
			lex_fault_at(&p->lx, &n->at, "expected a regular expression");
}

static const struct statement statements[] = {
	{ "processes", processes_read, "helpers that are told and may command" },
	{ "processes-match", matches_read, "helpers that may command, by regular expression" },
	{ NULL, NULL, NULL },
};

static void
send_open(struct parse *p, const struct token *word)
{
	(void)word;
	p->direction = &p->api->flags.send;
}

static void
receive_open(struct parse *p, const struct token *word)
{
	(void)word;
	p->direction = &p->api->flags.receive;
}

static bool
is_send(const struct parse *p)
{
	return p->direction == &p->api->flags.send;
}

static struct slots
direction_slots(struct parse *p)
{
	return (struct slots){ p->direction,
		is_send(p) ? &p->api->send.given : &p->api->receive.given };
}

/* A type of message, with an optional bool. */
static bool
direction_other(struct parse *p, const struct token *word)
{
	const struct message_row *row = message_of_word(word->word);
	uint32_t *given = is_send(p) ? &p->api->send.types_given : &p->api->receive.types_given;
	bool on = true;

	if (row == NULL)
		return false;
	if (!lex_ends(&p->lx)) {
		if (!word_bool(p->lx.now.word, &on)) {
			lex_fault(&p->lx, "expected true or false for %s", row->word);
			return true;
		}
		(void)lex_next(&p->lx);
	}
	*given |= 1u << row->type;
	p->direction->types &= ~(1u << row->type);
	if (on)
		p->direction->types |= 1u << row->type;
	return true;
}

#define DIRECTION(name, opens)                                                                     \
	{                                                                                          \
		.word = (name), .title = (name),                                                   \
		.settings = { direction_rows,                                                      \
			sizeof(direction_rows) / sizeof(direction_rows[0]) },                      \
		.slots = direction_slots, .other = direction_other, .open = (opens)                \
	}

static const struct section section_send = DIRECTION("send", send_open);
static const struct section section_receive = DIRECTION("receive", receive_open);
static const struct section *const sections[] = { &section_send, &section_receive, NULL };

const struct section section_api = {
	.word = "api",
	.title = "api",
	.name = "[NAME]",
	.settings = SETTINGS(rows),
	.slots = api_slots,
	.statements = statements,
	.sections = sections,
	.open = api_open,
};

static void
merge_direction(struct api_direction *to, const struct api_direction *from, uint64_t given,
    uint32_t types_given)
{
	settings_copy(&direction_settings, given, from, to);
	to->types = (to->types & ~types_given) | (from->types & types_given);
}

static void
api_merge(struct parse *p, struct api_draft *to, const struct api_draft *from)
{
	names_append(p, &to->processes, &from->processes);
	names_append(p, &to->matches, &from->matches);
	settings_copy(&api_settings, from->given, &from->flags, &to->flags);
	merge_direction(
	    &to->flags.send, &from->flags.send, from->send.given, from->send.types_given);
	merge_direction(&to->flags.receive, &from->flags.receive, from->receive.given,
	    from->receive.types_given);
}

/* Sections of the same name become one; those without a name stay apart. */
void
apis_merge(struct parse *p, struct neighbor_draft *to, const struct neighbor_draft *from)
{
	for (const struct api_draft *a = from->apis; a != NULL; a = a->next) {
		struct api_draft *same = to->apis;

		while (same != NULL &&
		    (a->name.at == NULL || same->name.at == NULL ||
			!slice_same(a->name, same->name)))
			same = same->next;
		if (same == NULL) {
			same = api_add(p, to);
			same->name = a->name;
		}
		api_merge(p, same, a);
	}
}
