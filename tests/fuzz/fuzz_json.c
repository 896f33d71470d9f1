/* What was read as JSON and is written again reads the same. */
#include "lang/emit.h"
#include "lang/json.h"

#include "base/must.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

static void
write_json(const struct json *v, struct text *to)
{
	static const char *const literal[] = { "null", "false", "true" };

	if (v->kind <= JSON_TRUE)
		text_string(to, literal[v->kind]);
	if (v->kind == JSON_NUMBER)
		text_slice(to, v->text);
	if (v->kind == JSON_STRING) {
		text_char(to, '"');
		json_escape(to, v->text);
		text_char(to, '"');
	}
	if (v->kind < JSON_LIST)
		return;
	text_char(to, v->kind == JSON_LIST ? '[' : '{');
	for (const struct json *m = v->first; m != NULL; m = m->next) {
		if (v->kind == JSON_OBJECT) {
			text_char(to, '"');
			json_escape(to, m->name);
			text_string(to, "\":");
		}
		write_json(m, to);
		if (m->next != NULL)
			text_char(to, ',');
	}
	text_char(to, v->kind == JSON_LIST ? ']' : '}');
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	struct arena a = { 0 };
	struct text why = { 0 };
	struct text again = { 0 };
	struct json *v = json_read(slice_of(bytes, len), &a, &why);

	MUST((v == NULL) == (why.len != 0));
	if (v != NULL) {
		struct json *back;

		write_json(v, &again);
		back = json_read(text_view(&again), &a, &why);
		MUST(back != NULL && json_same(v, back) && json_same(back, v));
		json_difference(v, back, &why);
		MUST(why.len == 0);
	}
	text_free(&again);
	text_free(&why);
	arena_free(&a);
	return 0;
}
