/* A configuration as a tree of statements that keeps its text. */
#include "migrate_tree.h"

#include "lang/lex.h"

#include <stdarg.h>
#include <string.h>

#define INDENT     "    "
#define DEPTH_MOST 64

struct reading {
	struct tree *tree;
	struct lex lx;
	struct slice text;
	size_t gap; /* where the text begins that no node has yet */
	unsigned depth;
};

static struct slice
between(const struct reading *r, size_t from, size_t to)
{
	return slice_of(r->text.at + from, to - from);
}

static void
add_word(struct reading *r, struct node *n, struct slice word)
{
	struct slice *words = n->words;

	if ((n->word_count & (n->word_count + 1)) ==
	    0) { /* 0, 1, 3, 7...: room for twice as many */
		words = arena_zero(&r->tree->arena, n->word_count * 2 + 1, sizeof(*words));
		if (n->word_count > 0)
			memcpy(words, n->words, n->word_count * sizeof(*words));
		n->words = words;
	}
	words[n->word_count++] = arena_copy(&r->tree->arena, word);
}

/* What follows a statement on its line, if that is a comment. */
static struct slice
note_behind(struct reading *r, size_t end)
{
	const uint8_t *at = r->text.at;
	size_t from = r->gap;
	size_t to = from;

	while (to < end && (at[to] == ' ' || at[to] == '\t'))
		to++;
	if (to == end || at[to] != '#')
		return slice_of(at + from, 0);
	while (to < end && at[to] != '\n')
		to++;
	r->gap = to;
	return slice_of(at + from, to - from);
}

static void read_inside(struct reading *r, struct node *in);

static void
read_section(struct reading *r, struct node *n)
{
	if (++r->depth > DEPTH_MOST)
		lex_fault(&r->lx, "expected no more than %d sections in each other", DEPTH_MOST);
	read_inside(r, n);
	if (!lex_is(&r->lx, "}")) {
		r->tree->unclosed = n->line;
		return;
	}
	r->gap = r->lx.at;
	(void)lex_next(&r->lx);
	r->depth--;
}

/* Up to its ; or with all of its section. */
static struct node *
read_node(struct reading *r)
{
	struct node *n = arena_zero(&r->tree->arena, 1, sizeof(*n));
	size_t begin = r->lx.now_at;

	n->line = r->lx.now.line;
	n->gap = between(r, r->gap, begin);
	while (!lex_ends(&r->lx))
		add_word(r, n, lex_next(&r->lx).word);
	if (lex_failed(&r->lx) || lex_is(&r->lx, "}") || lex_over(&r->lx)) {
		lex_fault(&r->lx, "expected ; or {");
		return n;
	}
	r->gap = r->lx.at;
	n->head = between(r, begin, r->gap);
	n->section = lex_next(&r->lx).word.at[0] == '{';
	if (n->section)
		read_section(r, n);
	return n;
}

static void
read_inside(struct reading *r, struct node *in)
{
	struct node **end = &in->first;
	struct node *last = NULL;

	while (!lex_over(&r->lx) && !lex_is(&r->lx, "}")) {
		if (last != NULL)
			last->note = note_behind(r, r->lx.now_at);
		last = read_node(r);
		*end = last;
		end = &last->next;
	}
	if (last != NULL)
		last->note = note_behind(r, r->lx.now_at);
	in->tail = between(r, r->gap, r->lx.now_at);
}

bool
tree_read(struct tree *t, struct slice text, struct text *why)
{
	struct reading r = { .tree = t, .text = text };
	bool fine;

	lex_init(&r.lx, text, LEX_FILE);
	t->root.section = true;
	read_inside(&r, &t->root);
	if (lex_is(&r.lx, "}"))
		lex_fault(&r.lx, "expected a section");
	fine = !lex_failed(&r.lx);
	if (!fine)
		lex_explain(&r.lx, why);
	lex_done(&r.lx);
	return fine;
}

void
tree_free(struct tree *t)
{
	arena_free(&t->arena);
	*t = (struct tree){ 0 };
}

static bool
begins_line(struct slice gap)
{
	return gap.len > 0 && (gap.at[0] == '\n' || gap.at[0] == '\r');
}

/* What stands in front of the next; a comment before it ends its line. */
static void
put_gap(const struct node *before, struct slice gap, struct text *to)
{
	if (before != NULL && before->note.len > 0 && !begins_line(gap))
		text_char(to, '\n');
	text_slice(to, gap);
}

void
node_print(const struct node *n, struct text *to)
{
	const struct node *before = NULL;

	text_slice(to, n->head);
	for (const struct node *inside = n->first; inside != NULL; inside = inside->next) {
		put_gap(before, inside->gap, to);
		node_print(inside, to);
		before = inside;
	}
	if (n->section)
		put_gap(before, n->tail, to);
	if (n->section && n->head.len > 0)
		text_char(to, '}');
	text_slice(to, n->note);
}

void
tree_print(const struct tree *t, struct text *to)
{
	node_print(&t->root, to);
}

bool
node_is(const struct node *n, const char *word)
{
	return n->word_count > 0 && slice_is(n->words[0], word);
}

struct slice
node_value(const struct node *n)
{
	return n->word_count > 1 ? n->words[1] : SLICE("");
}

struct node *
node_find(const struct node *in, const char *word)
{
	struct node *n = in->first;

	while (n != NULL && !node_is(n, word))
		n = n->next;
	return n;
}

/* Words without blanks, marks and quotes in them: ours. */
static __attribute__((format(printf, 3, 0))) void
set_head(struct tree *t, struct node *n, const char *format, va_list args)
{
	struct text head = { 0 };
	struct reading r = { .tree = t };

	text_vformat(&head, format, args);
	n->head = arena_copy(&t->arena, text_view(&head));
	n->words = NULL;
	n->word_count = 0;
	lex_init(&r.lx, n->head, LEX_FILE);
	while (!lex_ends(&r.lx))
		add_word(&r, n, lex_next(&r.lx).word);
	lex_done(&r.lx);
	text_free(&head);
}

void
node_rewrite(struct tree *t, struct node *n, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	set_head(t, n, format, args);
	va_end(args);
}

static struct node *
last_of(const struct node *in)
{
	struct node *n = in->first;

	while (n != NULL && n->next != NULL)
		n = n->next;
	return n;
}

static bool
is_blank(struct slice gap)
{
	for (size_t i = 0; i < gap.len; i++)
		if (gap.at[i] != ' ' && gap.at[i] != '\t' && gap.at[i] != '\r' && gap.at[i] != '\n')
			return false;
	return gap.len > 0;
}

struct node *
node_append(struct tree *t, struct node *to, const char *format, ...)
{
	struct node *n = arena_zero(&t->arena, 1, sizeof(*n));
	const struct node *last = last_of(to);
	va_list args;

	va_start(args, format);
	set_head(t, n, format, args);
	va_end(args);
	n->line = to->line;
	n->gap = last != NULL && is_blank(last->gap) ? last->gap : SLICE("\n" INDENT);
	n->section = n->head.at[n->head.len - 1] == '{';
	if (n->section)
		n->tail = SLICE("\n");
	node_put(to, n, NULL);
	return n;
}

/* Each line behind a line end gets its blanks anew. */
static struct slice
indented(struct tree *t, struct slice gap, unsigned depth)
{
	struct text to = { 0 };
	struct slice made;
	size_t i = 0;

	while (i < gap.len) {
		text_char(&to, (char)gap.at[i]);
		if (gap.at[i++] != '\n')
			continue;
		while (i < gap.len && (gap.at[i] == ' ' || gap.at[i] == '\t'))
			i++;
		for (unsigned k = 0; k < depth && (i == gap.len || gap.at[i] != '\n'); k++)
			text_string(&to, INDENT);
	}
	made = arena_copy(&t->arena, text_view(&to));
	text_free(&to);
	return made;
}

static void
indent_inside(struct tree *t, struct node *in, unsigned depth)
{
	for (struct node *n = in->first; n != NULL; n = n->next) {
		n->gap = indented(t, n->gap, depth);
		if (!n->section)
			continue;
		n->tail = indented(t, n->tail, depth);
		indent_inside(t, n, depth + 1);
	}
}

void
tree_indent(struct tree *t)
{
	indent_inside(t, &t->root, 0);
}

void
node_take(struct node *from, struct node *n)
{
	struct node **at = &from->first;

	while (*at != n)
		at = &(*at)->next;
	*at = n->next;
	n->next = NULL;
}

void
node_drop(struct tree *t, struct node *from, struct node *n)
{
	struct slice *behind = n->next != NULL ? &n->next->gap : &from->tail;
	struct text gap = { 0 };

	node_take(from, n);
	if (n->note.len == 0 && (n->gap.len == 0 || memchr(n->gap.at, '#', n->gap.len) == NULL))
		return;
	text_slice(&gap, n->gap);
	text_slice(&gap, n->note);
	if (n->note.len > 0 && !begins_line(*behind))
		text_char(&gap, '\n');
	text_slice(&gap, *behind);
	*behind = arena_copy(&t->arena, text_view(&gap));
	text_free(&gap);
}

void
node_put(struct node *to, struct node *n, struct node *before)
{
	struct node **at = &to->first;

	while (*at != before)
		at = &(*at)->next;
	n->next = before;
	*at = n;
}

struct node *
node_copy(struct tree *t, const struct node *n)
{
	struct node *copy = arena_zero(&t->arena, 1, sizeof(*copy));

	*copy = *n;
	copy->next = NULL;
	copy->first = NULL;
	for (const struct node *inside = n->first; inside != NULL; inside = inside->next)
		node_put(copy, node_copy(t, inside), NULL);
	return copy;
}
