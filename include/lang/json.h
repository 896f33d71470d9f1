/*
 * JSON read into a tree in an arena: RFC 8259, with limits. For tests, framed helpers and settings
 * that are JSON; never for what BGP peers send.
 */
#pragma once

#include "base/arena.h"
#include "base/slice.h"
#include "base/text.h"

#include <stdbool.h>
#include <stddef.h>

enum json_kind {
	JSON_NULL,
	JSON_FALSE,
	JSON_TRUE,
	JSON_NUMBER,
	JSON_STRING,
	JSON_LIST,
	JSON_OBJECT
};

struct json {
	enum json_kind kind;
	struct slice text;  /* of a number as spelt, of a string decoded to UTF-8 */
	struct slice name;  /* of a member of an object */
	struct json *first; /* of a list or object, in order */
	struct json *next;  /* sibling */
};

#define JSON_DEPTH 64

/* The one value that the bytes are, and nothing else behind it but white space. NULL, with a
 * sentence and the offset in *why, on anything else; a key given twice is a fault. */
struct json *json_read(struct slice bytes, struct arena *a, struct text *why);

struct json *json_member(const struct json *object, const char *name); /* NULL if absent */
void json_print(const struct json *v, struct text *to);                /* on one line */
