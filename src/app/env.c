/* Where settings come from: their defaults, the ini file, the environment; and how they are
 * printed. */
#include "env.h"

#include "base/mem.h"
#include "base/num.h"
#include "env_rows.h"
#include "file.h"
#include "root.h"

#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *
from_environment(const struct env_row *r)
{
	char name[128];
	const char *value;

	(void)snprintf(name, sizeof(name), "exabgp.%s.%s", r->section, r->option);
	value = getenv(name);
	if (value != NULL)
		return value;
	(void)snprintf(name, sizeof(name), "exabgp_%s_%s", r->section, r->option);
	return getenv(name);
}

/* As files write it: in any case, and with '-' for '_'. */
static bool
is_option(struct slice word, const char *option)
{
	if (word.len != strlen(option))
		return false;
	for (size_t i = 0; i < word.len; i++) {
		char c = (char)(word.at[i] == '-' ? '_' : word.at[i]);

		if (c >= 'A' && c <= 'Z')
			c = (char)(c - 'A' + 'a');
		if (c != option[i])
			return false;
	}
	return true;
}

static const struct env_row *
row_of(struct slice section, struct slice option)
{
	const struct env_row *r;

	for (size_t i = 0; (r = env_row_at(i)) != NULL; i++) {
		if (slice_is(section, r->section) && is_option(option, r->option))
			return r;
	}
	return NULL;
}

/* "option = value" or "option: value", whichever mark comes first. */
static bool
cut_option(struct slice line, struct slice *option, struct slice *value)
{
	struct slice by_colon;
	struct slice behind_colon;
	bool equals = word_cut(line, '=', option, value);

	if (!word_cut(line, ':', &by_colon, &behind_colon) ||
	    (equals && option->len < by_colon.len))
		return equals;
	*option = by_colon;
	*value = behind_colon;
	return true;
}

static bool
bad_value(const struct env_row *r, struct slice value, struct text *why)
{
	const char *const *words = env_row_words(r);

	text_format(why, "%s.%s: \"%.*s\" is no value for it, expected ", r->section, r->option,
	    (int)value.len, (const char *)value.at);
	if (words != NULL) {
		for (size_t i = 0; words[i] != NULL; i++)
			text_format(why, "%s%s", i == 0 ? "" : " or ", words[i]);
		return false;
	}
	text_string(why, r->kind == SET_OCTAL ? "an octal number" : "a number");
	if (r->kind == SET_NUMBER)
		text_format(why, " up to %llu", (unsigned long long)r->max);
	return false;
}

/* odd: what is passed over, and why. */
static bool
ini_option(
    struct env *s, struct slice section, struct slice line, struct text *why, struct text *odd)
{
	struct slice option;
	struct slice value;
	const struct env_row *r;
	char *word;
	bool fine;

	if (!cut_option(line, &option, &value)) {
		text_format(odd, "not understood: %.*s", (int)line.len, (const char *)line.at);
		return true;
	}
	option = word_trim(option);
	value = word_trim(value);
	r = row_of(section, option);
	if (r == NULL) {
		text_format(odd, "unknown setting %.*s.%.*s", (int)section.len,
		    (const char *)section.at, (int)option.len, (const char *)option.at);
		return true;
	}
	word = mem_string((const char *)value.at, value.len);
	fine = env_row_set(s, r, word);
	mem_free(word);
	return fine || bad_value(r, value, why);
}

static bool
ini_read(struct env *s, const char *path, struct slice text, struct text *why, struct text *advice)
{
	struct slice section = { NULL, 0 };
	struct text odd = { 0 };
	bool fine = true;

	for (unsigned number = 1; fine && text.len > 0; number++) {
		struct slice line = text;
		struct slice rest = { NULL, 0 };

		(void)word_cut(text, '\n', &line, &rest); /* false: the last line */
		text = rest;
		line = word_trim(line);
		if (line.len == 0 || line.at[0] == '#' || line.at[0] == ';')
			continue;
		if (line.at[0] == '[' && line.at[line.len - 1] == ']') {
			section = slice_of(line.at + 1, line.len - 2);
			if (slice_begins(section, "exabgp."))
				section = slice_after(section, 7);
			continue;
		}
		text_clear(&odd);
		fine = ini_option(s, section, line, why, &odd);
		if (!fine)
			text_format(why, " (%s line %u)", path, number);
		else if (odd.len > 0)
			text_format(advice, "%s (%s line %u)\n", text_chars(&odd), path, number);
	}
	text_free(&odd);
	return fine;
}

static bool
load_file(struct env *s, const char *env_file, struct text *why, struct text *advice)
{
	const char *named = env_file != NULL ? env_file : getenv("EXABGP_ENVFILE");
	struct text path = { 0 };
	struct text content = { 0 };
	bool fine = true;
	int error;

	if (named != NULL)
		text_string(&path, named);
	else
		text_format(&path, "%s/etc/exabgp/exabgp.env", root_path());
	error = file_read(text_chars(&path), &content);
	s->absent = named == NULL && error == -ENOENT;
	if (error == 0)
		fine = ini_read(s, text_chars(&path), text_view(&content), why, advice);
	else
		text_format(
		    advice, "environment file %s: %s\n", text_chars(&path), strerror(-error));
	text_free(&content);
	text_free(&path);
	return fine;
}

static bool
load_environment(struct env *s, struct text *why)
{
	const struct env_row *r;

	for (size_t i = 0; (r = env_row_at(i)) != NULL; i++) {
		const char *value = from_environment(r);

		if (value == NULL)
			continue;
		if (r->at == offsetof(struct env, port))
			s->port_in_environment = true;
		if (!env_row_set(s, r, value))
			return bad_value(r, slice_on(value), why);
	}
	return true;
}

bool
env_load(struct env *s, const char *env_file, struct text *why, struct text *advice)
{
	const struct env_row *r;

	*s = (struct env){ 0 };
	for (size_t i = 0; (r = env_row_at(i)) != NULL; i++)
		(void)env_row_set(s, r, r->value); /* defaults are good: a test says so */
	if (!load_file(s, env_file, why, advice) || !load_environment(s, why))
		return false;
	if (s->attempts == 0)
		s->attempts = s->once ? 1 : s->connections;
	return true;
}

void
env_free(struct env *s)
{
	const struct env_row *r;

	for (size_t i = 0; (r = env_row_at(i)) != NULL; i++)
		env_row_done(s, r);
	*s = (struct env){ 0 };
}

static void
row_print(const struct env_row *r, const char *value, enum env_form form, struct text *to)
{
	switch (form) {
	case ENV_INI: text_format(to, "%s = %s\n", r->option, value); break;
	case ENV_ENVIRONMENT:
		text_format(to, env_row_is_words(r) ? "exabgp.%s.%s='%s'\n" : "exabgp.%s.%s=%s\n",
		    r->section, r->option, value);
		break;
	case ENV_HELP:
		text_format(to, " - exabgp.%s.%s\n     %s. default (%s)\n", r->section, r->option,
		    r->help, r->value);
		break;
	}
}

void
env_print(const struct env *s, enum env_form form, bool differing, struct text *to)
{
	const char *section = "";
	const struct env_row *r;
	struct text value = { 0 };

	for (size_t i = 0; (r = env_row_at(i)) != NULL; i++) {
		if (strcmp(r->section, "debug") == 0)
			continue;
		text_clear(&value);
		env_row_print(s, r, &value);
		if (differing && strcmp(text_chars(&value), r->value) == 0)
			continue;
		if (form == ENV_INI && strcmp(section, r->section) != 0) {
			text_format(
			    to, "%s[exabgp.%s]\n", *section == '\0' ? "" : "\n", r->section);
			section = r->section;
		}
		row_print(r, text_chars(&value), form, to);
	}
	text_free(&value);
}
