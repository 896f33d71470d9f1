/* A configuration as a tree of statements that keeps its text: what is not changed is written as it
 * was read, with its blanks and comments. */
#pragma once

#include "base/arena.h"
#include "base/text.h"

#include <stdbool.h>

struct node {
	struct node *next;
	struct node *first; /* of a section: what is in it */
	struct slice gap;   /* blanks and comments in front */
	struct slice head;  /* from its first word up to its ; or { */
	struct slice tail;  /* of a section: blanks and comments in front of its } */
	struct slice note;  /* a comment behind it, on its line */
	struct slice *words;
	size_t word_count;
	unsigned line;
	bool section;
};

struct tree {
	struct arena arena;
	struct node root; /* a section without a word; tail: what is behind all */
	unsigned
	    unclosed; /* the line of a section without a }, which is printed with one; 0: none */
};

/* False with *why when the text is not one of statements. What is read points into the text. */
bool tree_read(struct tree *t, struct slice text, struct text *why);
void tree_free(struct tree *t);
void tree_print(const struct tree *t, struct text *to);
/* Without its gap. */
void node_print(const struct node *n, struct text *to);

bool node_is(const struct node *n, const char *word);
/* The word behind the first, or an empty slice. */
struct slice node_value(const struct node *n);
/* The first of this word in the section, or NULL. */
struct node *node_find(const struct node *in, const char *word);

/* Changes. New text: "WORDS;" or "WORDS {"; it is read like a file's. */
void node_rewrite(struct tree *t, struct node *n, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* At the end of the section, with blanks in front like what stands before. */
struct node *node_append(struct tree *t, struct node *to, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* Out of its section, with its gap. */
void node_take(struct node *from, struct node *n);
/* The same, and what was said about it stays. */
void node_drop(struct tree *t, struct node *from, struct node *n);
/* In front of another of the section; NULL: at its end. */
void node_put(struct node *to, struct node *n, struct node *before);
/* Lines begin with blanks for the sections that they are in. */
void tree_indent(struct tree *t);
struct node *node_copy(struct tree *t, const struct node *n);
