/* What makes two JSON values different: the path and both sides. */
#include "lang/json.h"

#include "lang/emit.h"
#include "pen.h"

void
json_print(const struct json *v, struct text *to)
{
	static const char *const literal[] = { "null", "false", "true" };
	const char *before = "";

	switch (v->kind) {
	case JSON_NULL:
	case JSON_FALSE:
	case JSON_TRUE: text_string(to, literal[v->kind]); return;
	case JSON_NUMBER: text_slice(to, v->text); return;
	case JSON_STRING: pen_json_string(to, v->text); return;
	case JSON_LIST:
	case JSON_OBJECT: break;
	}
	text_char(to, v->kind == JSON_LIST ? '[' : '{');
	for (const struct json *m = v->first; m != NULL; m = m->next) {
		text_string(to, before);
		before = ", ";
		if (v->kind == JSON_OBJECT) {
			pen_json_string(to, m->name);
			text_string(to, ": ");
		}
		json_print(m, to);
	}
	text_char(to, v->kind == JSON_LIST ? ']' : '}');
}

static void
say(const struct text *path, const struct json *a, const struct json *b, struct text *to)
{
	text_string(to, path->len == 0 ? "the whole" : text_chars(path));
	text_string(to, ": ");
	if (a != NULL)
		json_print(a, to);
	else
		text_string(to, "absent");
	text_string(to, " and ");
	if (b != NULL)
		json_print(b, to);
	else
		text_string(to, "absent");
}

static const struct json *
named(const struct json *object, struct slice name)
{
	const struct json *m = object->first;

	while (m != NULL && !slice_same(m->name, name))
		m = m->next;
	return m;
}

static void differ(struct text *path, const struct json *a, const struct json *b, struct text *to);

static void
step(struct text *path, const struct json *a, const struct json *b, struct text *to)
{
	if (a == NULL || b == NULL)
		say(path, a, b, to);
	else
		differ(path, a, b, to);
}

static void
differ_object(struct text *path, const struct json *a, const struct json *b, struct text *to)
{
	size_t len = path->len;

	for (const struct json *m = a->first; m != NULL && to->len == 0; m = m->next) {
		text_char(path, '.');
		json_escape(path, m->name);
		step(path, m, named(b, m->name), to);
		path->len = len;
	}
	for (const struct json *m = b->first; m != NULL && to->len == 0; m = m->next) {
		if (named(a, m->name) != NULL)
			continue;
		text_char(path, '.');
		json_escape(path, m->name);
		step(path, NULL, m, to);
		path->len = len;
	}
}

static void
differ_list(struct text *path, const struct json *a, const struct json *b, struct text *to)
{
	const struct json *x = a->first;
	const struct json *y = b->first;
	size_t len = path->len;

	for (size_t i = 0; (x != NULL || y != NULL) && to->len == 0; i++) {
		text_format(path, "[%zu]", i);
		step(path, x, y, to);
		path->len = len;
		x = x == NULL ? NULL : x->next;
		y = y == NULL ? NULL : y->next;
	}
}

/* Nothing is said of what is the same. */
static void
differ(struct text *path, const struct json *a, const struct json *b, struct text *to)
{
	if (a->kind == JSON_OBJECT && b->kind == JSON_OBJECT)
		differ_object(path, a, b, to);
	else if (a->kind == JSON_LIST && b->kind == JSON_LIST)
		differ_list(path, a, b, to);
	else if (!json_same(a, b))
		say(path, a, b, to);
}

void
json_difference(const struct json *a, const struct json *b, struct text *to)
{
	struct text path = { 0 };
	struct text said = { 0 };

	differ(&path, a, b, &said);
	text_slice(to, text_view(&said));
	text_free(&path);
	text_free(&said);
}
