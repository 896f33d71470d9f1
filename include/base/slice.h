/* Borrowed bytes: never kept past the call that gave them. The zero value is empty. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct slice {
	const uint8_t *at;
	size_t len;
};

#define SLICE(literal) ((struct slice){ (const uint8_t *)(literal), sizeof(literal) - 1 })

static inline struct slice
slice_of(const void *at, size_t len)
{
	return (struct slice){ at, len };
}

/* The characters of a string, without its end mark. */
static inline struct slice
slice_on(const char *string)
{
	return (struct slice){ (const uint8_t *)string, strlen(string) };
}

static inline bool
slice_same(struct slice a, struct slice b)
{
	return a.len == b.len && (a.len == 0 || memcmp(a.at, b.at, a.len) == 0);
}

static inline bool
slice_is(struct slice a, const char *string)
{
	return slice_same(a, slice_on(string));
}

/* Does a begin with the characters of string? */
static inline bool
slice_begins(struct slice a, const char *string)
{
	size_t n = strlen(string);

	return a.len >= n && memcmp(a.at, string, n) == 0;
}

/* What is left of a without its first n bytes; n may not exceed its length. */
static inline struct slice
slice_after(struct slice a, size_t n)
{
	if (n == 0) /* of an empty slice too, which may point nowhere */
		return a;
	return (struct slice){ a.at + n, a.len - n };
}

/* Order by bytes, then by length; like memcmp, a shorter prefix comes first. */
static inline int
slice_compare(struct slice a, struct slice b)
{
	size_t n = a.len < b.len ? a.len : b.len;
	int order = n == 0 ? 0 : memcmp(a.at, b.at, n);

	if (order != 0)
		return order;
	return a.len < b.len ? -1 : a.len > b.len;
}
