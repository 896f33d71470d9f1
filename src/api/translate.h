/* What the files of event_translate() share: a line on its way. Members may be absent, and of any
 * kind: nobody has looked at what was read. */
#pragma once

#include "api/dialect.h"
#include "base/arena.h"
#include "lang/json.h"

struct translation {
	const struct dialect *from;
	const struct dialect *to;
	struct arena *arena;
	struct json *event;
};

static inline bool
translate_has(const struct translation *t, uint32_t bit)
{
	return (t->to->shape & bit) != 0;
}

struct json *translate_message(const struct translation *t);  /* the "update", or NULL */
void translate_remove(struct json *object, const char *name); /* NULL or no object: nothing */
/* In front of another member; NULL or absent: behind all. */
void translate_add(struct json *object, struct json *member, const char *before);
struct json *translate_string(struct translation *t, const char *name, struct slice value);

void translate_attributes(struct translation *t);
void translate_routes(struct translation *t);
