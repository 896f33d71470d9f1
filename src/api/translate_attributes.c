/* Attributes of an event whose JSON differs by dialect: as bytes, and emitted again. */
#include "translate.h"

#include "base/num.h"
#include "bgp/attrs.h"
#include "bgp/shape.h"

#define ROOM         65536
#define SEGMENT_MOST 255 /* RFC 4271 4.3: a count of one byte */

enum { SET = 1, SEQUENCE, CONFED_SEQUENCE, CONFED_SET, SEGMENT_KINDS };

static bool
number(const struct json *j, uint64_t max, uint64_t *to)
{
	return j != NULL && j->kind == JSON_NUMBER && num_decimal(j->text, max, to);
}

static bool
put_segment(struct writer *w, uint8_t kind, const struct json *list)
{
	const struct json *one = list->first;

	while (one != NULL) {
		size_t left = SEGMENT_MOST;
		size_t count = 0;
		uint64_t asn;

		for (const struct json *n = one; n != NULL && count < left; n = n->next)
			count++;
		write_u8(w, kind);
		write_u8(w, (uint8_t)count);
		for (; count > 0; count--, one = one->next) {
			if (!number(one, UINT32_MAX, &asn))
				return false;
			write_u32(w, (uint32_t)asn);
		}
	}
	return true;
}

/* Its four lists. */
static bool
read_flat(const struct json *attribute, struct writer *w)
{
	static const char *const names[SEGMENT_KINDS] = { [SEQUENCE] = "as-path",
		[SET] = "as-set",
		[CONFED_SEQUENCE] = "confederation-path",
		[CONFED_SET] = "confederation-set" };
	static const uint8_t order[] = { CONFED_SEQUENCE, CONFED_SET, SEQUENCE, SET };

	for (size_t i = 0; i < sizeof(order); i++) {
		const struct json *list = json_member(attribute, names[order[i]]);

		if (list != NULL && (list->kind != JSON_LIST || !put_segment(w, order[i], list)))
			return false;
	}
	return true;
}

static uint8_t
kind_of(const struct json *element)
{
	static const char *const names[SEGMENT_KINDS] = { [SEQUENCE] = "as-sequence",
		[SET] = "as-set",
		[CONFED_SEQUENCE] = "as-confed-sequence",
		[CONFED_SET] = "as-confed-set" };

	for (uint8_t kind = SET; element != NULL && kind < SEGMENT_KINDS; kind++)
		if (slice_is(element->text, names[kind]))
			return kind;
	return 0;
}

static bool
read_as_path(const struct json *attribute, struct writer *w)
{
	const struct json *path = json_member(attribute, "as-path");

	if (path == NULL || path->kind == JSON_LIST)
		return read_flat(attribute, w);
	for (const struct json *s = path->first; s != NULL; s = s->next) {
		uint8_t kind = s->kind != JSON_OBJECT ? 0 : kind_of(json_member(s, "element"));
		const struct json *value = kind == 0 ? NULL : json_member(s, "value");

		if (value == NULL || value->kind != JSON_LIST || !put_segment(w, kind, value))
			return false;
	}
	return true;
}

static bool
read_community(const struct json *attribute, struct writer *w)
{
	const struct json *list = json_member(attribute, "community");

	for (const struct json *c = list == NULL ? NULL : list->first; c != NULL; c = c->next) {
		uint64_t high;
		uint64_t low;

		if (!number(c->first, UINT16_MAX, &high) ||
		    !number(c->first->next, UINT16_MAX, &low))
			return false;
		write_u16(w, (uint16_t)high);
		write_u16(w, (uint16_t)low);
	}
	return true;
}

static bool
read_extended(const struct json *attribute, struct writer *w)
{
	const struct json *list = json_member(attribute, "extended-community");

	for (const struct json *c = list == NULL ? NULL : list->first; c != NULL; c = c->next) {
		uint64_t value;

		if (c->kind != JSON_OBJECT || !number(json_member(c, "value"), UINT64_MAX, &value))
			return false;
		write_u32(w, (uint32_t)(value >> 32));
		write_u32(w, (uint32_t)value);
	}
	return true;
}

static const struct rebuilt {
	uint8_t code;
	uint8_t flags;
	const char *names[5]; /* of its members, the first is always there; NULL ends them */
	bool (*read)(const struct json *attribute, struct writer *w);
} rows[] = {
	{ 2, 0x40, { "as-path", "as-set", "confederation-path", "confederation-set" },
	    read_as_path },
	{ 8, 0xc0, { "community" }, read_community },
	{ 16, 0xc0, { "extended-community" }, read_extended },
};

/* The members of the value in the other shape, an object; NULL: it has none. */
static struct json *
emitted(struct translation *t, const struct rebuilt *r, struct slice value)
{
	struct writer w = writer_on(arena_get(t->arena, ROOM), ROOM);
	struct attrs_build b = { .room = &w };
	struct text words = { 0 };
	struct text why = { 0 };
	struct emit e = emit_on(&words, SPELL_JSON, t->to->shape);
	struct json *object = NULL;
	struct attrs *one;

	if (!build_add(&b, r->code, r->flags, RECORD_VALUE, value))
		return NULL;
	one = attrs_freeze(&b);
	emit_open(&e, &BARE, &MARKS_OBJECT);
	attrs_emit(&e, one);
	emit_close(&e);
	attrs_drop(one);
	object = json_read(text_view(&words), t->arena, &why);
	text_free(&words);
	text_free(&why);
	return object;
}

static bool
is_named(const struct json *m, const struct rebuilt *r)
{
	for (size_t i = 0; r->names[i] != NULL; i++)
		if (slice_is(m->name, r->names[i]))
			return true;
	return false;
}

static bool
has_any(const struct json *attribute, const struct rebuilt *r)
{
	for (const struct json *m = attribute->first; m != NULL; m = m->next)
		if (is_named(m, r))
			return true;
	return false;
}

/* The others stand where the first of the old ones stood. */
static void
put_in_place(struct json *attribute, const struct rebuilt *r, struct json *others)
{
	struct json **at = &attribute->first;
	struct json *old = attribute->first;
	struct json *next;

	for (; old != NULL; old = next) {
		next = old->next;
		if (!is_named(old, r)) {
			*at = old;
			at = &old->next;
			continue;
		}
		*at = others;
		while (*at != NULL)
			at = &(*at)->next;
		others = NULL;
	}
	*at = NULL;
}

static void
rebuild(struct translation *t, struct json *attribute, const struct rebuilt *r)
{
	struct writer w = writer_on(arena_get(t->arena, ROOM), ROOM);
	struct json *object;

	if (!has_any(attribute, r) || !r->read(attribute, &w) || !writer_ok(&w))
		return;
	object = emitted(t, r, writer_slice(&w));
	if (object != NULL)
		put_in_place(attribute, r, object->first);
}

void
translate_attributes(struct translation *t)
{
	struct json *update = translate_message(t);
	struct json *attribute = update == NULL ? NULL : json_member(update, "attribute");

	if (attribute == NULL || attribute->kind != JSON_OBJECT)
		return;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		rebuild(t, attribute, &rows[i]);
}
