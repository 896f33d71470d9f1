/* The settings as rows: where the value of each stands in struct env, and which it may have. */
#pragma once

#include "env.h"

#include <stddef.h>

enum env_kind { SET_BOOL, SET_NUMBER, SET_OCTAL, SET_WORD, SET_WORDS };

struct env_row {
	const char *section;
	const char *option;
	enum env_kind kind;
	size_t at;
	const char *value; /* the default, as it is written in a file */
	uint64_t max;
	const char *help;
};

const struct env_row *env_row_at(size_t i); /* NULL at the end */
bool env_row_is_words(const struct env_row *r);
/* Those that it may be, up to NULL; NULL: any value. */
const char *const *env_row_words(const struct env_row *r);

/* False: it can't have this value. */
bool env_row_set(struct env *s, const struct env_row *r, const char *value);
void env_row_print(const struct env *s, const struct env_row *r, struct text *to);
void env_row_done(struct env *s, const struct env_row *r);
