/* Events of one dialect in the shape of another: the tree of the line is changed, a row for each
 * bit of the shape. What is a value of a row of bgp/ is read, and emitted again in the other shape.
 */
#include "api/translate.h"

#include "bgp/shape.h"
#include "tale.h"
#include "translate.h"

#include <string.h>

struct json *
translate_message(const struct translation *t)
{
	struct json *neighbor = json_member(t->event, "neighbor");
	struct json *message = neighbor == NULL ? NULL : json_member(neighbor, "message");

	return message == NULL ? NULL : json_member(message, "update");
}

void
translate_remove(struct json *object, const char *name)
{
	struct json **at;

	if (object == NULL || object->kind != JSON_OBJECT)
		return;
	for (at = &object->first; *at != NULL;) {
		if (slice_is((*at)->name, name))
			*at = (*at)->next;
		else
			at = &(*at)->next;
	}
}

struct json *
translate_string(struct translation *t, const char *name, struct slice value)
{
	struct json *j = arena_zero(t->arena, 1, sizeof(*j));

	j->kind = JSON_STRING;
	j->name = slice_on(name);
	j->text = arena_copy(t->arena, value);
	return j;
}

void
translate_add(struct json *object, struct json *member, const char *before)
{
	struct json **at = &object->first;

	while (*at != NULL && (before == NULL || !slice_is((*at)->name, before)))
		at = &(*at)->next;
	member->next = *at;
	*at = member;
}

static void
set_version(struct translation *t)
{
	struct json *version = json_member(t->event, "exabgp");

	version->text = slice_on(t->to->version);
}

static void
no_router_id(struct translation *t)
{
	translate_remove(json_member(t->event, "neighbor"), "router-id");
}

static void
no_note(struct translation *t)
{
	struct json *neighbor = json_member(t->event, "neighbor");

	if (neighbor != NULL)
		translate_remove(json_member(neighbor, "notification"), "message");
}

/* Only where it was asked for before 6.0, and we can't know that. */
static void
no_negotiated(struct translation *t)
{
	struct json *neighbor = json_member(t->event, "neighbor");

	if (neighbor != NULL && json_member(neighbor, "message") != NULL)
		translate_remove(neighbor, "negotiated");
}

#define WRAP_HEAD   "peer reset, message ("
#define WRAP_DETAIL ") error("

static struct json *
reason_of(const struct translation *t)
{
	struct json *neighbor = json_member(t->event, "neighbor");
	struct json *reason = neighbor == NULL ? NULL : json_member(neighbor, "reason");

	return reason == NULL || reason->kind != JSON_STRING ? NULL : reason;
}

static void
wrap_reason(struct translation *t)
{
	struct json *reason = reason_of(t);
	struct text words = { 0 };

	if (reason == NULL)
		return;
	if (tale_wraps(reason->text))
		text_string(&words, WRAP_HEAD);
	for (size_t i = 0; i < reason->text.len; i++) {
		char c = (char)reason->text.at[i];

		text_char(&words, c == '[' || c == '{' ? '(' : c == ']' || c == '}' ? ')' : c);
	}
	if (tale_wraps(reason->text))
		text_string(&words, WRAP_DETAIL ")");
	reason->text = arena_copy(t->arena, text_view(&words));
	text_free(&words);
}

static void
unwrap_reason(struct translation *t)
{
	struct json *reason = reason_of(t);
	struct slice words;

	if (reason == NULL || !slice_begins(reason->text, WRAP_HEAD))
		return;
	words = slice_after(reason->text, strlen(WRAP_HEAD));
	for (size_t i = 0; i < words.len; i++)
		if (slice_begins(slice_after(words, i), WRAP_DETAIL)) {
			reason->text = slice_of(words.at, i);
			return;
		}
}

static void
no_attribute(struct translation *t, const char *name)
{
	struct json *update = translate_message(t);

	if (update != NULL)
		translate_remove(json_member(update, "attribute"), name);
}

static void
no_error(struct translation *t)
{
	no_attribute(t, "error");
}

static void
no_next_hop_inside(struct translation *t)
{
	no_attribute(t, "next-hop");
}

static const struct change {
	uint32_t bit;
	void (*set)(struct translation *t);   /* the other dialect has the bit, this has not */
	void (*clear)(struct translation *t); /* the other way round */
} changes[] = {
	{ SHAPE_NO_ROUTER_ID, no_router_id, NULL },
	{ SHAPE_NO_NOTE, no_note, NULL },
	{ SHAPE_NEGOTIATED, NULL, no_negotiated },
	{ SHAPE_REASON_WRAPPED, wrap_reason, unwrap_reason },
	{ SHAPE_NO_ERROR, no_error, NULL },
	{ SHAPE_NEXT_HOP_INSIDE, NULL, no_next_hop_inside },
};

static void
change(struct translation *t)
{
	for (size_t i = 0; i < sizeof(changes) / sizeof(changes[0]); i++) {
		const struct change *c = &changes[i];
		bool had = (t->from->shape & c->bit) != 0;
		bool has = (t->to->shape & c->bit) != 0;

		if (!had && has && c->set != NULL)
			c->set(t);
		if (had && !has && c->clear != NULL)
			c->clear(t);
	}
	set_version(t);
	translate_attributes(t);
	translate_routes(t);
}

bool
event_translate(
    struct slice line, const struct dialect *from, const struct dialect *to, struct text *out)
{
	struct arena arena = { 0 };
	struct text why = { 0 };
	struct translation t = { .arena = &arena, .from = from, .to = to };
	const struct json *version;
	bool fine;

	t.event = json_read(line, &arena, &why);
	version =
	    t.event == NULL || t.event->kind != JSON_OBJECT ? NULL : json_member(t.event, "exabgp");
	fine = version != NULL && version->kind == JSON_STRING;
	if (fine) {
		change(&t);
		json_print(t.event, out);
	}
	arena_free(&arena);
	text_free(&why);
	return fine;
}
