/* What a statement of a configuration is in later versions: a row for each, in the order in which
 * they are asked. */
#include "migrate.h"

#include "base/num.h"

#include <ctype.h>
#include <limits.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define GRACEFUL_BITS 0xfff /* RFC 4724 3 */

struct rule {
	enum version since; /* the first version that does not take it as it is */
	const char *section;
	const char *word;
	const char *becomes; /* another first word; NULL: apply knows */
	void (*apply)(struct migration *m, struct node *section, struct node *n);
};

static __attribute__((format(printf, 4, 0))) void
say(struct migration *m, const char *what, const struct node *n, const char *format, va_list args)
{
	text_format(&m->said, "line %u: %s", n->line, what);
	text_vformat(&m->said, format, args);
	text_char(&m->said, '\n');
}

void
migrate_says(struct migration *m, const struct node *n, const char *format, ...)
{
	va_list args;

	m->changed = true;
	va_start(args, format);
	say(m, "", n, format, args);
	va_end(args);
}

__attribute__((format(printf, 3, 4))) static void
warn(struct migration *m, const struct node *n, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	say(m, "warning: ", n, format, args);
	va_end(args);
}

/* The statement without its first word: as it was written. */
static struct slice
rest_of(const struct node *n)
{
	return slice_after(n->head, n->words[0].len);
}

static void
drop(struct migration *m, struct node *section, struct node *n, const char *why)
{
	migrate_says(
	    m, n, "%.*s is dropped: %s", (int)n->words[0].len, (const char *)n->words[0].at, why);
	node_drop(&m->tree, section, n);
}

static void
rename_word(struct migration *m, struct node *n, const char *to)
{
	struct slice rest = rest_of(n);

	migrate_says(
	    m, n, "%.*s is called %s", (int)n->words[0].len, (const char *)n->words[0].at, to);
	node_rewrite(&m->tree, n, "%s%.*s", to, (int)rest.len, (const char *)rest.at);
}

/* 3.4 takes them in the neighbor, too. */
static void
into_capability(struct migration *m, struct node *section, struct node *n)
{
	struct slice name = n->words[0];
	struct slice rest = rest_of(n);

	(void)section;
	if (n->section)
		return; /* add-path { } is of later versions */
	migrate_says(m, n, "%.*s is a capability", (int)name.len, (const char *)name.at);
	node_rewrite(&m->tree, n, "capability { %.*s%.*s }", (int)name.len, (const char *)name.at,
	    (int)rest.len, (const char *)rest.at);
}

static void
drop_minimal(struct migration *m, struct node *section, struct node *n)
{
	drop(m, section, n, "no version since 3.4 has it; list the families that are needed");
}

static void
drop_if_off(struct migration *m, struct node *section, struct node *n)
{
	struct slice value = node_value(n);

	if (slice_is(value, "disable") || slice_is(value, "disabled") || slice_is(value, "0"))
		drop(m, section, n, "it is off without it");
}

/* 5.0 sends the lower 12 bits; main takes nothing above. */
static void
cut_graceful(struct migration *m, struct node *section, struct node *n)
{
	uint64_t seconds;

	(void)section;
	if (!num_decimal(node_value(n), UINT16_MAX, &seconds) || seconds <= GRACEFUL_BITS)
		return;
	migrate_says(m, n, "%u seconds are what was sent for %u", (unsigned)seconds & GRACEFUL_BITS,
	    (unsigned)seconds);
	node_rewrite(&m->tree, n, "graceful-restart %u;", (unsigned)seconds & GRACEFUL_BITS);
}

/* Values of rules that have a name in 4.2 only, and what it sends for them. */
static const struct old_value {
	const char *name;
	unsigned value;
} old_values[] = {
	{ "not-a-fragment", 0 },
	{ "source-quench", 4 },
	{ "info-request", 15 },
	{ "info-reply", 16 },
	{ "mask-request", 17 },
	{ "mask-reply", 18 },
	{ "traceroute", 30 },
};

static size_t
name_length(struct slice text)
{
	size_t n = 0;

	while (n < text.len && (isalnum(text.at[n]) || text.at[n] == '-' || text.at[n] == '_'))
		n++;
	return n;
}

static const struct old_value *
old_value_of(struct slice name)
{
	for (size_t i = 0; i < sizeof(old_values) / sizeof(old_values[0]); i++)
		if (word_same_case(name, old_values[i].name))
			return &old_values[i];
	return NULL;
}

/* Names stand behind marks and beside each other: the text is looked through, not its words. */
static void
number_values(struct migration *m, struct node *section, struct node *n)
{
	struct slice left = n->head;
	struct text line = { 0 };
	bool found = false;

	(void)section;
	while (left.len > 0) {
		size_t len = name_length(left);
		const struct old_value *old = old_value_of(slice_of(left.at, len));

		if (len == 0)
			len = 1;
		if (old != NULL) {
			found = true;
			text_format(&line, "%u", old->value);
			migrate_says(m, n, "%s is %u", old->name, old->value);
		} else {
			text_slice(&line, slice_of(left.at, len));
		}
		left = slice_after(left, len);
	}
	if (found)
		node_rewrite(&m->tree, n, "%s", text_chars(&line));
	text_free(&line);
}

static void
add_encoder(struct migration *m, struct node *section, struct node *n)
{
	const char *encoder = m->from == VERSION_4 ? "json" : "text";

	(void)section;
	if (node_find(n, "encoder") != NULL)
		return;
	migrate_says(m, n, "process gets the encoder that it had: %s", encoder);
	node_append(&m->tree, n, "encoder %s;", encoder);
}

static void
warn_encoder(struct migration *m, struct node *section, struct node *n)
{
	(void)section;
	if (slice_is(node_value(n), "text"))
		warn(m, n,
		    "events are JSON with exabgp.api.version 6, whatever the "
		    "encoder; 4 tells them as text");
}

/* The program as the daemon would find it: beside the file, else along PATH. */
static void
put_program(const struct migration *m, struct slice program, struct text *to)
{
	struct text beside = { 0 };

	if (m->directory != NULL && program.len > 0 && program.at[0] != '/') {
		text_format(
		    &beside, "%s/%.*s", m->directory, (int)program.len, (const char *)program.at);
		if (access(text_chars(&beside), X_OK) == 0)
			program = text_view(&beside);
	}
	text_slice(to, program);
	text_free(&beside);
}

static const char *
own_path(void)
{
	static char path[PATH_MAX];
	ssize_t n = readlink("/proc/self/exe", path, sizeof(path) - 1);

	return n > 0 ? path : "peerpipe"; /* what was not read is zero */
}

static void
wrap_run(struct migration *m, struct node *section, struct node *n)
{
	static const char *const names[VERSIONS] = { "4", "4", "5", "main" };
	struct text words = { 0 };
	struct slice rest = rest_of(n);
	bool quoted;

	(void)section;
	if (!m->wrap || n->word_count < 2 || m->from == m->to)
		return;
	if (n->word_count > 3 && slice_is(n->words[2], "migrate") && slice_is(n->words[3], "api"))
		return;
	rest = word_trim(rest);
	quoted = rest.at[0] == '"' || rest.at[0] == '\'';
	rest = slice_after(rest, quoted ? 1 : 0);
	if (rest.len < n->words[1].len ||
	    !slice_same(slice_of(rest.at, n->words[1].len), n->words[1])) {
		warn(m, n, "run is not wrapped: its program is not spelt plainly");
		return;
	}
	rest = slice_after(rest, n->words[1].len + (quoted ? 1 : 0));
	put_program(m, n->words[1], &words);
	migrate_says(m, n, "run is wrapped: its commands and events are translated");
	node_rewrite(&m->tree, n, "run \"%s\" migrate api -f %s -t %s -e \"%s\"%.*s", own_path(),
	    names[m->from], names[m->to], text_chars(&words), (int)rest.len, (const char *)rest.at);
	text_free(&words);
}

static const struct rule rules[] = {
	{ VERSION_4, "neighbor", "md5", "md5-password", NULL },
	{ VERSION_4, "neighbor", "ttl-security", "outgoing-ttl", NULL },
	{ VERSION_4, "neighbor", "add-path", NULL, into_capability },
	{ VERSION_4, "neighbor", "asn4", NULL, into_capability },
	{ VERSION_4, "neighbor", "graceful-restart", NULL, into_capability },
	{ VERSION_4, "neighbor", "multi-session", NULL, into_capability },
	{ VERSION_4, "neighbor", "route-refresh", NULL, into_capability },
	{ VERSION_4, "family", "inet", "ipv4", NULL },
	{ VERSION_4, "family", "inet4", "ipv4", NULL },
	{ VERSION_4, "family", "inet6", "ipv6", NULL },
	{ VERSION_4, "family", "minimal", NULL, drop_minimal },
	{ VERSION_4, "", "process", NULL, add_encoder },
	{ VERSION_5, "", "process", NULL, add_encoder },
	{ VERSION_5, "match", "fragment", NULL, number_values },
	{ VERSION_5, "match", "icmp-type", NULL, number_values },
	{ VERSION_MAIN, "neighbor", "rate-limit", NULL, drop_if_off },
	{ VERSION_MAIN, "neighbor", "listen", NULL, drop_if_off },
	{ VERSION_MAIN, "neighbor", "connect", NULL, drop_if_off },
	{ VERSION_MAIN, "capability", "graceful-restart", NULL, cut_graceful },
	{ VERSION_MAIN, "process", "encoder", NULL, warn_encoder },
	{ VERSION_5, "process", "run", NULL, wrap_run },
	{ VERSION_MAIN, "process", "run", NULL, wrap_run },
};

static void
apply_rules(struct migration *m, struct node *section, struct node *n)
{
	for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++) {
		const struct rule *r = &rules[i];
		bool here =
		    r->section[0] == '\0' ? section->word_count == 0 : node_is(section, r->section);

		if (!here || m->from >= r->since || r->since > m->to || !node_is(n, r->word) ||
		    !slice_begins(n->head, r->word)) /* in quotes: not ours to spell */
			continue;
		if (r->becomes != NULL)
			rename_word(m, n, r->becomes);
		else
			r->apply(m, section, n);
		return;
	}
}

static void
walk(struct migration *m, struct node *section)
{
	struct node *next;

	for (struct node *n = section->first; n != NULL; n = next) {
		next = n->next; /* a rule may drop it */
		if (n->section)
			walk(m, n);
		apply_rules(m, section, n);
	}
}

void
migrate_tree(struct migration *m)
{
	if (m->from < VERSION_4 && m->to >= VERSION_4) {
		migrate_groups(m);
		migrate_processes(m);
		if (m->changed)
			tree_indent(&m->tree);
	}
	walk(m, &m->tree.root);
	if (m->tree.unclosed != 0) {
		m->changed = true;
		text_format(
		    &m->said, "line %u: the section gets the } that it lacks\n", m->tree.unclosed);
	}
}
