/* Spelling: words. TEXT is for lines that are read by eye or cut at blanks, WORDS for lex.h. */
#include "pen.h"

#include <stdbool.h>

static const char digits[] = "0123456789abcdef";

static char
letter_of(uint8_t c)
{
	switch (c) {
	case '\n': return 'n';
	case '\r': return 'r';
	case '\t': return 't';
	case '\\': return '\\';
	default: return 0;
	}
}

/* Control characters and what is not ASCII are escaped, so that no byte can begin a line. */
void
pen_text_string(struct text *to, struct slice bytes)
{
	char *begin = text_room(to, 4 * bytes.len);
	char *p = begin;

	for (size_t i = 0; i < bytes.len; i++) {
		uint8_t c = bytes.at[i];

		if (c >= 0x20 && c < 0x7f && c != '\\') {
			*p++ = (char)c;
			continue;
		}
		*p++ = '\\';
		if (letter_of(c) != 0) {
			*p++ = letter_of(c);
			continue;
		}
		*p++ = 'x';
		*p++ = digits[c >> 4];
		*p++ = digits[c & 15];
	}
	text_took(to, (size_t)(p - begin));
}

/* May it stand in a bare word, in files and commands? */
static bool
is_bare(uint8_t c)
{
	return c > 0x20 && c != 0x7f && memchr("()[]{};,#\"'\\", c, 12) == NULL;
}

static char *
put_quoted(char *p, uint8_t c)
{
	if (c >= 0x20 && c != 0x7f && c != '"' && c != '\\') {
		*p++ = (char)c;
		return p;
	}
	*p++ = '\\';
	if (letter_of(c) != 0) {
		*p++ = letter_of(c);
		return p;
	}
	/* only this one is never a mark */
	memcpy(p, "u00", 3);
	p[3] = digits[c >> 4];
	p[4] = digits[c & 15];
	return p + 5;
}

void
pen_words_string(struct text *to, struct slice bytes)
{
	char *begin = text_room(to, 6 * bytes.len + 2);
	char *p = begin;
	size_t bare = 0;

	while (bare < bytes.len && is_bare(bytes.at[bare]))
		bare++;
	if (bare == bytes.len && bare != 0) {
		memcpy(begin, bytes.at, bare);
		text_took(to, bare);
		return;
	}
	*p++ = '"';
	for (size_t i = 0; i < bytes.len; i++)
		p = put_quoted(p, bytes.at[i]);
	*p++ = '"';
	text_took(to, (size_t)(p - begin));
}
