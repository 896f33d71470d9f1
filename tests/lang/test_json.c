/* JSON, strictly, and as it was printed. */
#include "case.h"

#include "lang/emit.h"
#include "lang/json.h"

#include "mutate.h"

static const char *const good[] = {
	"null",
	" true ",
	"false",
	"0",
	"-0",
	"10",
	"-1.5e+10",
	"1E-9",
	"\"\"",
	"[]",
	"[ ]",
	"{}",
	"[1,[2],{\"a\":3}]",
	"{\"a\":{},\"b\":[]}",
	"\"\\u00e9\\ud83d\\ude00\\/\\b\"",
	"\"\u00e9\"",
	"\t\r\n[\n1\t,\r2 ]\n",
	"1e999999999",
};

static const char *const bad[] = {
	"",
	" ",
	"nul",
	"nullx",
	"True",
	"01",
	"1.",
	".5",
	"-",
	"+1",
	"1e",
	"1e+",
	"1e1234567890",
	"0x1",
	"\"",
	"\"\\x\"",
	"\"\\u12\"",
	"\"\\ud800\"",
	"\"\\udc00\"",
	"\"\\ud800\\u0041\"",
	"\"\n\"",
	"\"\xff\"",
	"\"\xc0\x80\"",
	"\"\xed\xa0\x80\"",
	"[",
	"[1",
	"[1,",
	"[1,]",
	"[,]",
	"[1 2]",
	"{",
	"{1:2}",
	"{\"a\"}",
	"{\"a\":}",
	"{\"a\":1,}",
	"{\"a\":1 \"b\":2}",
	"{\"a\":1,\"a\":1}",
	"{\"a\":1,\"\\u0061\":1}",
	"1 2",
	"[]]",
	"NaN",
	"//\n1",
};

Case(json, values_are_read_and_other_texts_refused_with_a_reason)
{
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		struct arena a = { 0 };
		struct text why = { 0 };

		cr_expect(json_read(slice_on(good[i]), &a, &why) != NULL && why.len == 0, "%s: %s",
		    good[i], text_chars(&why));
		text_free(&why);
		arena_free(&a);
	}
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct arena a = { 0 };
		struct text why = { 0 };

		cr_expect(json_read(slice_on(bad[i]), &a, &why) == NULL, "%s", bad[i]);
		cr_expect(strncmp(text_chars(&why), "offset ", 7) == 0, "%s: %s", bad[i],
		    text_chars(&why));
		text_free(&why);
		arena_free(&a);
	}
}

Case(json, depth_is_limited)
{
	struct arena a = { 0 };
	struct text why = { 0 };
	struct text t = { 0 };

	for (int i = 0; i < JSON_DEPTH; i++)
		text_string(&t, i & 1 ? "[" : "{\"k\":");
	text_char(&t, '1');
	for (int i = JSON_DEPTH; i-- > 0;)
		text_char(&t, i & 1 ? ']' : '}');
	cr_expect(json_read(text_view(&t), &a, &why) != NULL, "%s", text_chars(&why));
	text_clear(&t);
	for (int i = 0; i < 1000000; i++)
		text_char(&t, '[');
	cr_expect(json_read(text_view(&t), &a, &why) == NULL);
	text_free(&t);
	text_free(&why);
	arena_free(&a);
}

Case(json, what_a_walk_wrote_is_read_as_it_was_meant)
{
	struct arena a = { 0 };
	struct text t = { 0 };
	struct emit e = emit_on(&t, SPELL_JSON, 0);
	struct json *v;
	struct json *list;

	emit_open(&e, &BARE, &MARKS_OBJECT);
	emit_str(&e, &FIELD("s"), SLICE("\u00e9\"\n\\"));
	emit_open(&e, &FIELD("list"), &MARKS_LIST_TIGHT);
	emit_uint(&e, &BARE, 7);
	emit_open(&e, &BARE, &MARKS_OBJECT_TIGHT);
	emit_close(&e);
	emit_close(&e);
	emit_flag(&e, &FIELD("flag"));
	emit_close(&e);
	v = json_read(text_view(&t), &a, &t);
	cr_assert(v != NULL, "%s", text_chars(&t));
	cr_expect(slice_is(json_member(v, "s")->text, "\u00e9\"\n\\"));
	list = json_member(v, "list");
	cr_expect(slice_is(list->first->text, "7") && list->first->next->kind == JSON_OBJECT);
	cr_expect(json_member(v, "flag")->kind == JSON_TRUE);
	cr_expect(json_member(v, "other") == NULL && json_member(list, "s") == NULL);
	text_free(&t);
	arena_free(&a);
}

static void
try_json(struct slice bytes, const char *what, void *with)
{
	struct arena a = { 0 };
	struct text why = { 0 };

	cr_assert((json_read(bytes, &a, &why) == NULL) == (why.len != 0), "%s", what);
	text_free(&why);
	arena_free(&a);
	(void)with;
}

Case(json, no_wrong_in_a_text_is_read_past_its_end)
{
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
		(void)mutate_each(slice_on(good[i]), try_json, NULL);
}
