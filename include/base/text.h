/*
 * Growing characters. The zero value is empty; never fails. Always followed by an end mark when at
 * is not NULL, which does not count in len.
 */
#pragma once

#include "base/slice.h"

#include <stdarg.h>
#include <stdint.h>

struct text {
	char *at;
	size_t len;
	size_t size;
};

void text_free(struct text *t);                 /* back to the zero value */
bool text_free_some(struct text *t);            /* the same in steps: true if there is more */
void text_clear(struct text *t);                /* empty, keeps its room */
void text_reserve(struct text *t, size_t more); /* room for that many characters and an end mark */

void text_char(struct text *t, char c);
void text_bytes(struct text *t, const void *from, size_t n);
void text_slice(struct text *t, struct slice s);
void text_string(struct text *t, const char *string);
void text_uint(struct text *t, uint64_t n);
void text_int(struct text *t, int64_t n);
void text_hex(struct text *t, struct slice s);       /* lower-case digits */
void text_hex_upper(struct text *t, struct slice s); /* upper-case digits */
void text_format(struct text *t, const char *format, ...) __attribute__((format(printf, 2, 3)));
void text_vformat(struct text *t, const char *format, va_list args)
    __attribute__((format(printf, 2, 0)));

static inline struct slice
text_view(const struct text *t)
{
	return slice_of(t->at, t->len);
}

/* The characters as a C string, also when empty. */
static inline const char *
text_chars(const struct text *t)
{
	return t->at == NULL ? "" : t->at;
}

/* Room for at least n characters at the end; the caller fills some and calls text_took(). */
static inline char *
text_room(struct text *t, size_t n)
{
	if (t->size - t->len <= n)
		text_reserve(t, n);
	return t->at + t->len;
}

static inline void
text_took(struct text *t, size_t n)
{
	t->len += n;
	t->at[t->len] = '\0';
}
