/* Growing characters; never fails. */
#include "base/text.h"

#include "base/mem.h"
#include "base/must.h"

#include <stdio.h>

#define FREED_AT_ONCE (1024u * 1024u)

void
text_free(struct text *t)
{
	mem_free(t->at);
	*t = (struct text){ 0 };
}

/* It gives room back from the end: the kernel takes its time for much at once. */
bool
text_free_some(struct text *t)
{
	if (t->size > FREED_AT_ONCE) {
		t->size -= FREED_AT_ONCE;
		t->at = mem_grow(t->at, t->size);
		return true;
	}
	text_free(t);
	return false;
}

void
text_clear(struct text *t)
{
	t->len = 0;
	if (t->at != NULL)
		t->at[0] = '\0';
}

void
text_reserve(struct text *t, size_t more)
{
	size_t need = t->len + more + 1;
	size_t size = t->size == 0 ? 64 : t->size;

	MUST(need > more);
	if (need <= t->size)
		return;
	while (size < need)
		size *= 2;
	t->at = mem_grow(t->at, size);
	t->size = size;
}

void
text_bytes(struct text *t, const void *from, size_t n)
{
	char *room = text_room(t, n);

	if (n != 0)
		memcpy(room, from, n);
	text_took(t, n);
}

void
text_char(struct text *t, char c)
{
	text_room(t, 1)[0] = c;
	text_took(t, 1);
}

void
text_slice(struct text *t, struct slice s)
{
	text_bytes(t, s.at, s.len);
}

void
text_string(struct text *t, const char *string)
{
	text_bytes(t, string, strlen(string));
}

void
text_uint(struct text *t, uint64_t n)
{
	char digits[20];
	size_t at = sizeof(digits);

	do {
		digits[--at] = (char)('0' + n % 10);
		n /= 10;
	} while (n != 0);
	text_bytes(t, digits + at, sizeof(digits) - at);
}

void
text_int(struct text *t, int64_t n)
{
	if (n < 0) {
		text_char(t, '-');
		text_uint(t, (uint64_t)0 - (uint64_t)n);
	} else {
		text_uint(t, (uint64_t)n);
	}
}

static void
hex_with(struct text *t, struct slice s, const char *digits)
{
	char *room = text_room(t, 2 * s.len);

	for (size_t i = 0; i < s.len; i++) {
		room[2 * i] = digits[s.at[i] >> 4];
		room[2 * i + 1] = digits[s.at[i] & 15];
	}
	text_took(t, 2 * s.len);
}

void
text_hex(struct text *t, struct slice s)
{
	hex_with(t, s, "0123456789abcdef");
}

void
text_hex_upper(struct text *t, struct slice s)
{
	hex_with(t, s, "0123456789ABCDEF");
}

void
text_vformat(struct text *t, const char *format, va_list args)
{
	va_list again;
	int n;

	va_copy(again, args);
	n = vsnprintf(NULL, 0, format, again);
	va_end(again);
	MUST(n >= 0);
	(void)vsnprintf(text_room(t, (size_t)n), (size_t)n + 1, format, args);
	text_took(t, (size_t)n);
}

void
text_format(struct text *t, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	text_vformat(t, format, args);
	va_end(args);
}
