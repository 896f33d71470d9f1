/* A JSON value on one line, numbers as they were spelt. */
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
