/* Where the program of a process is found. */
#include "parse.h"

#include "base/num.h"

#define ETC_WORD "etc/exabgp"
#define ETC      "/etc/exabgp"

/* The places where a program may be, one after the other; the last that can be run is it. */
struct search {
	struct parse *p;
	struct text path;   /* being tried */
	struct text found;  /* empty: none */
	const char *absent; /* what is said of a path that names nothing */
	const char *why;    /* what was said of one that is there */
};

static void
try_path(struct search *s)
{
	const char *why = s->p->env->runnable(text_chars(&s->path));

	if (why == NULL) {
		text_clear(&s->found);
		text_slice(&s->found, text_view(&s->path));
	} else if (s->absent == NULL || strcmp(why, s->absent) != 0) {
		s->why = why;
	}
	text_clear(&s->path);
}

static void
try_in(struct search *s, struct slice directory, struct slice program)
{
	text_slice(&s->path, directory.len == 0 ? SLICE(".") : directory);
	text_char(&s->path, '/');
	text_slice(&s->path, program);
	try_path(s);
}

static void
try_all_of(struct search *s, const char *path, struct slice program)
{
	struct slice left = slice_on(path);
	struct slice head;

	while (word_cut(left, ':', &head, &left))
		try_in(s, head, program);
	try_in(s, left, program);
}

static void
search_for(struct search *s, struct slice program)
{
	const struct config_env *env = s->p->env;
	const char *etc = env->etc == NULL ? ETC : env->etc;

	if (program.at[0] == '/') {
		text_slice(&s->path, program);
		try_path(s);
		return;
	}
	if (slice_begins(program, ETC_WORD)) {
		text_string(&s->path, etc);
		text_slice(&s->path, slice_after(program, sizeof(ETC_WORD) - 1));
		try_path(s);
		return;
	}
	try_in(s, slice_on(etc), program);
	if (env->directory != NULL)
		try_in(s, slice_on(env->directory), program);
	if (env->path != NULL)
		try_all_of(s, env->path, program);
}

char *
program_of(struct parse *p, const struct token *program)
{
	struct search s = { .p = p };
	char *found = NULL;

	if (program->word.len == 0) {
		lex_fault_at(&p->lx, program, "expected a program for run");
		return NULL;
	}
	if (!p->env->check_programs || p->env->runnable == NULL)
		return word_string(program->word);
	s.absent = p->env->runnable("");
	search_for(&s, program->word);
	if (s.found.len != 0)
		found = word_string(text_view(&s.found));
	else
		lex_fault_at(&p->lx, program, "expected a program that can be run (%s \"%.*s\")",
		    s.why != NULL          ? s.why
			: s.absent != NULL ? s.absent
					   : "can not locate the program",
		    (int)program->word.len, (const char *)program->word.at);
	text_free(&s.path);
	text_free(&s.found);
	return found;
}
