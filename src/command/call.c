/* What rows ask of a call: its words, how it fails, who answers. */
#include "call.h"

#include "base/num.h"
#include "bgp/shape.h"

#include <stdarg.h>

bool
call_blank(uint8_t c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

enum call_result
call_fails(struct call *c, const char *format, ...)
{
	va_list args;

	text_clear(&c->why);
	va_start(args, format);
	text_vformat(&c->why, format, args);
	va_end(args);
	return CALL_ERROR;
}

static bool
is_route(const struct command *row)
{
	return strcmp(row->words, "announce route") == 0 ||
	    strcmp(row->words, "withdraw route") == 0;
}

/* For a route 6.0 says the words again; what is wrong with them is ours. */
enum call_result
call_bad_words(struct call *c)
{
	text_clear(&c->why);
	if (c->row == NULL || !call_of_coming_line(c) || !is_route(c->row)) {
		lex_explain(c->lx, &c->why);
		return CALL_ERROR;
	}
	text_string(&c->why, "Could not parse route: ");
	text_slice(&c->why, word_trim(c->object));
	text_string(&c->why, " (");
	lex_explain(c->lx, &c->why);
	text_char(&c->why, ')');
	return CALL_ERROR;
}

struct slice
call_word(struct slice *rest)
{
	struct slice word = *rest;

	while (word.len > 0 && call_blank(word.at[0]))
		word = slice_after(word, 1);
	*rest = word;
	while (rest->len > 0 && !call_blank(rest->at[0]))
		*rest = slice_after(*rest, 1);
	word.len -= rest->len;
	return word;
}

bool
call_mentions(const struct call *c, const char *word)
{
	struct slice rest = lex_rest(c->lx);
	struct slice one;

	while ((one = call_word(&rest)).len > 0) {
		if (slice_is(one, word))
			return true;
	}
	return false;
}

bool
call_of_coming_line(const struct call *c)
{
	const struct dialect *own = c->issuer->dialect;

	if (c->version_6 || c->named_6)
		return true;
	return own == NULL ? engine_conf(c->engine)->globals.coming_line
			   : (own->shape & SHAPE_TEXT_6) != 0;
}

void
call_keep_established(struct call *c)
{
	size_t n = 0;

	for (size_t i = 0; i < c->peers->count; i++) {
		if (peer_established(c->peers->at[i]->peer))
			c->peers->at[n++] = c->peers->at[i];
	}
	c->peers->count = n;
}

size_t
words_match(const char *words, struct slice rest)
{
	size_t at = 0;
	size_t n = 0;

	for (; *words != '\0'; n++) {
		while (at < rest.len && call_blank(rest.at[at]))
			at++;
		for (; *words != '\0' && *words != ' '; words++, at++) {
			if (at == rest.len || rest.at[at] != (uint8_t)*words)
				return 0;
		}
		if (at < rest.len && !call_blank(rest.at[at]))
			return 0;
		words += *words == ' ';
	}
	return n;
}
