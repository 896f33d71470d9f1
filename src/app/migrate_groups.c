/* 3.4: groups of neighbors, and helpers inside of neighbors. */
#include "migrate.h"

#include "base/num.h"

#include <string.h>

static bool
is_neighbor(const struct node *n)
{
	return n->section && node_is(n, "neighbor");
}

/* The neighbor's own value goes before the group's, and a template's before the neighbor's: what
 * one neighbor has itself is given to the others, not to the template. */
static bool
some_has(const struct node *group, const char *section, const char *word)
{
	for (const struct node *n = group->first; n != NULL; n = n->next) {
		const struct node *in = n;

		if (!is_neighbor(n))
			continue;
		if (section != NULL)
			in = node_find(n, section);
		if (in != NULL && node_find(in, word) != NULL)
			return true;
	}
	return false;
}

static void
give_others(struct migration *m, struct node *group, const char *section, const struct node *s,
    const char *word)
{
	for (struct node *n = group->first; n != NULL; n = n->next) {
		struct node *in = n;
		struct node *copy;

		if (!is_neighbor(n))
			continue;
		if (section != NULL) {
			in = node_find(n, section);
			if (in == NULL)
				in = node_append(&m->tree, n, "%s {", section);
		}
		if (node_find(in, word) != NULL)
			continue;
		copy = node_copy(&m->tree, s);
		if (in->first == NULL)
			copy->gap = SLICE("\n");
		node_put(in, copy, NULL);
	}
}

static void
distribute(struct migration *m, struct node *group, struct node *from, const char *section)
{
	struct node *next;

	for (struct node *s = from->first; s != NULL; s = next) {
		char word[64];

		next = s->next;
		if (s->section || s->word_count == 0 || s->words[0].len >= sizeof(word))
			continue;
		memcpy(word, s->words[0].at, s->words[0].len);
		word[s->words[0].len] = '\0';
		if (!some_has(group, section, word))
			continue;
		give_others(m, group, section, s, word);
		node_take(from, s); /* its comments are at the copies */
	}
}

/* Of letters, digits and what may be among them. */
static void
template_name(const struct node *group, struct text *to)
{
	struct slice name = node_value(group);

	for (size_t i = 0; i < name.len; i++) {
		char c = (char)name.at[i];
		bool fine = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
		    (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-';

		text_char(to, fine ? c : '-');
	}
	if (name.len == 0)
		text_format(to, "group-%u", group->line);
}

static void
ungroup(struct migration *m, struct node *group)
{
	struct node *capability = node_find(group, "capability");
	struct node *before = group->next;
	struct node *next;
	struct text name = { 0 };
	struct node *template;

	template_name(group, &name);
	migrate_says(m, group, "group is template %s", text_chars(&name));
	distribute(m, group, group, NULL);
	if (capability != NULL)
		distribute(m, group, capability, "capability");
	node_rewrite(&m->tree, group, "template {");
	template = node_append(&m->tree, group, "neighbor %s {", text_chars(&name));
	for (struct node *n = group->first; n != template; n = next) {
		next = n->next;
		node_take(group, n);
		if (!is_neighbor(n)) {
			node_put(template, n, NULL);
			continue;
		}
		node_put(&m->tree.root, n, before);
		node_append(&m->tree, n, "inherit %s;", text_chars(&name));
	}
	text_free(&name);
}

void
migrate_groups(struct migration *m)
{
	struct node *next;

	for (struct node *n = m->tree.root.first; n != NULL; n = next) {
		next = n->next;
		if (n->section && node_is(n, "group"))
			ungroup(m, n);
	}
}

#define ALL_TYPES "open; update; notification; keepalive; refresh; operational;"

/* What a process was told, by the words of the section api. */
static const struct told {
	const char *word;
	const char *api;
} told[] = {
	{ "neighbor-changes", "neighbor-changes;" },
	{ "parse-routes", "receive { parsed; update; }" },
	{ "receive-routes", "receive { parsed; update; }" },
	{ "peer-updates", "neighbor-changes; receive { parsed; update; }" },
	{ "receive-packets", "receive { packets; " ALL_TYPES " }" },
	{ "send-packets", "send { packets; " ALL_TYPES " }" },
	{ "receive", NULL },
	{ "send", NULL },
};

static const struct told *
told_by(const struct node *n)
{
	for (size_t i = 0; i < sizeof(told) / sizeof(told[0]); i++)
		if (node_is(n, told[i].word))
			return &told[i];
	return NULL;
}

/* "receive { parsed; neighbor-changes; }": the latter stands beside it now. */
static void
put_direction(struct node *api, struct node *n, struct text *to)
{
	struct node *changes = node_find(n, "neighbor-changes");

	if (changes != NULL) {
		node_take(n, changes);
		text_string(to, " neighbor-changes;");
	}
	node_put(api, n, NULL);
}

/* Out of the process, as the inside of a section api. */
static void
move_told(struct migration *m, struct node *process, struct node *api)
{
	struct text words = { 0 };
	struct node *next;

	for (struct node *n = process->first; n != NULL; n = next) {
		const struct told *row = told_by(n);

		next = n->next;
		if (row == NULL)
			continue;
		node_drop(&m->tree, process, n);
		if (row->api == NULL)
			put_direction(api, n, &words);
		else
			text_format(&words, " %s", row->api);
	}
	if (words.len > 0)
		node_append(&m->tree, api, "%s", text_chars(&words) + 1);
	text_free(&words);
}

static bool
same_text(const struct node *a, const struct node *b)
{
	struct text one = { 0 };
	struct text other = { 0 };
	bool same;

	node_print(a, &one);
	node_print(b, &other);
	same = slice_same(word_trim(text_view(&one)), word_trim(text_view(&other)));
	text_free(&one);
	text_free(&other);
	return same;
}

/* One of this name and another text; *known: one that is the same. */
static bool
is_taken(const struct migration *m, const struct node *process, struct slice name, bool *known)
{
	for (const struct node *n = m->tree.root.first; n != NULL; n = n->next) {
		if (!n->section || !node_is(n, "process") || !slice_same(node_value(n), name))
			continue;
		*known = same_text(n, process);
		return !*known;
	}
	return false;
}

static void
lift(struct migration *m, struct node *neighbor, struct node *process, struct node *before)
{
	struct slice given = node_value(process);
	struct text name = { 0 };
	struct node *api;
	bool known = false;

	node_take(neighbor, process);
	text_slice(&name, given);
	api = node_append(&m->tree, neighbor, "api {");
	move_told(m, process, api);
	for (unsigned i = 2; is_taken(m, process, text_view(&name), &known); i++) {
		text_clear(&name);
		text_format(&name, "%.*s-%u", (int)given.len, (const char *)given.at, i);
		node_rewrite(&m->tree, process, "process %s {", text_chars(&name));
	}
	migrate_says(m, process, "process %s stands by itself, the neighbor names it in api",
	    text_chars(&name));
	node_append(&m->tree, api, "processes [ %s ];", text_chars(&name));
	if (!known) {
		process->gap = before->gap; /* what the file says of itself stays at its top */
		before->gap = SLICE("\n");
		node_put(&m->tree.root, process, before);
	}
	text_free(&name);
}

static void
lift_all(struct migration *m, struct node *neighbor, struct node *before)
{
	struct node *next;

	for (struct node *n = neighbor->first; n != NULL; n = next) {
		next = n->next;
		if (n->section && node_is(n, "process"))
			lift(m, neighbor, n, before);
	}
}

void
migrate_processes(struct migration *m)
{
	struct node *before = m->tree.root.first;

	for (struct node *n = before; n != NULL; n = n->next) {
		if (is_neighbor(n))
			lift_all(m, n, before);
		if (!n->section || !node_is(n, "template"))
			continue;
		for (struct node *in = n->first; in != NULL; in = in->next)
			if (is_neighbor(in))
				lift_all(m, in, before);
	}
}
