/* Spelling: JSON strings, in pure ASCII whatever the bytes are. */
#include "lang/emit.h"

#include "lang/utf8.h"
#include "pen.h"

#include <stdbool.h>

static const char digits[] = "0123456789abcdef";

static inline bool
is_plain(uint8_t c)
{
	return c >= 0x20 && c < 0x7f && c != '"' && c != '\\';
}

static char *
put_unit(char *p, uint32_t unit)
{
	*p++ = '\\';
	*p++ = 'u';
	for (int shift = 12; shift >= 0; shift -= 4)
		*p++ = digits[unit >> shift & 15];
	return p;
}

static char *
put_escape(char *p, uint32_t point)
{
	static const char letter[128] = { ['"'] = '"',
		['\\'] = '\\',
		['\b'] = 'b',
		['\f'] = 'f',
		['\n'] = 'n',
		['\r'] = 'r',
		['\t'] = 't' };

	if (point < 128 && letter[point] != 0) {
		*p++ = '\\';
		*p++ = letter[point];
		return p;
	}
	if (point < 0x10000)
		return put_unit(p, point);
	point -= 0x10000;
	p = put_unit(p, 0xd800 + (point >> 10));
	return put_unit(p, 0xdc00 + (point & 0x3ff));
}

/* One character that is not plain; a byte that begins no UTF-8 character stands for itself. */
static size_t
escape_one(struct text *to, struct slice s)
{
	char *begin = text_room(to, 12);
	uint32_t point;
	size_t n = utf8_take(s, &point);

	if (n == 0) {
		point = s.at[0];
		n = 1;
	}
	text_took(to, (size_t)(put_escape(begin, point) - begin));
	return n;
}

void
json_escape(struct text *to, struct slice bytes)
{
	while (bytes.len != 0) {
		size_t n = 0;

		while (n < bytes.len && is_plain(bytes.at[n]))
			n++;
		text_bytes(to, bytes.at, n);
		bytes = slice_after(bytes, n);
		if (bytes.len != 0)
			bytes = slice_after(bytes, escape_one(to, bytes));
	}
}

void
pen_json_string(struct text *to, struct slice bytes)
{
	text_char(to, '"');
	json_escape(to, bytes);
	text_char(to, '"');
}
