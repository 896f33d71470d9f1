/* One walk in three spellings. */
#include "case.h"

#include "lang/emit.h"
#include "lang/json.h"

#include "pieces.h"

#include <signal.h>

static const char *const spelling_names[] = { "json", "text", "words" };

typedef void walk(struct emit *e);

static void
expect_spelt(walk *walk_it, const char *json, const char *text, const char *words)
{
	const char *want[SPELLINGS] = { json, text, words };

	for (int s = 0; s < SPELLINGS; s++) {
		struct text t = { 0 };
		struct emit e = emit_on(&t, (enum spelling)s, 0);

		walk_it(&e);
		cr_expect(e.depth == 0 && e.left_out == 0);
		cr_expect(strcmp(text_chars(&t), want[s]) == 0, "%s: got <%s>, want <%s>",
		    spelling_names[s], text_chars(&t), want[s]);
		cr_expect(strlen(text_chars(&t)) == t.len);
		text_free(&t);
	}
}

static void
walk_update(struct emit *e)
{
	emit_open(e, &BARE, &MARKS_OBJECT);
	emit_open(e, &JSON_NAMED("attribute"), &MARKS_OBJECT);
	emit_word(e, &FIELD("origin"), SLICE("igp"));
	emit_open(e, &JSON_ONLY("as-path"), &MARKS_OBJECT_TIGHT);
	emit_open(e, &FIELD("0"), &MARKS_OBJECT_TIGHT);
	emit_word(e, &FIELD("element"), SLICE("as-sequence"));
	emit_open(e, &FIELD("value"), &MARKS_LIST_TIGHT);
	emit_uint(e, &BARE, 65002);
	emit_uint(e, &BARE, 65003);
	emit_close(e);
	emit_close(e);
	emit_close(e);
	emit_uint(e, &FIELD("med"), 10);
	emit_flag(e, &FIELD("atomic-aggregate"));
	emit_list(e, &FIELD("community"), 1);
	emit_open(e, &BARE, &MARKS_LIST_BARE);
	emit_uint(e, &BARE, 65002);
	emit_uint(e, &BARE, 1);
	emit_close(e);
	emit_close(e);
	emit_list(e, &FIELD("cluster-list"), 2);
	emit_addr(e, &BARE, &(struct addr){ ADDR_IPV4, { 1, 1, 1, 1 } });
	emit_addr(e, &BARE, &(struct addr){ ADDR_IPV4, { 2, 2, 2, 2 } });
	emit_close(e);
	emit_close(e);
	emit_open(e, &JSON_NAMED("announce"), &MARKS_LIST);
	emit_open(e, &BARE, &MARKS_OBJECT);
	emit_prefix(e, &JSON_NAMED("nlri"), &(struct prefix){ { ADDR_IPV4, { 10, 1, 1, 0 } }, 24 });
	emit_close(e);
	emit_close(e);
	emit_close(e);
}

Case(emit, blanks_are_exactly_those_of_the_events)
{
	expect_spelt(walk_update,
	    "{ \"attribute\": { \"origin\": \"igp\", \"as-path\": {\"0\": {\"element\": "
	    "\"as-sequence\", \"value\": [65002, 65003]}}, \"med\": 10, \"atomic-aggregate\": true, "
	    "\"community\": [ [ 65002, 1 ] ], \"cluster-list\": [ \"1.1.1.1\", \"2.2.2.2\" ] }, "
	    "\"announce\": [ { \"nlri\": \"10.1.1.0/24\" } ] }",
	    "origin igp med 10 atomic-aggregate community 65002 1 cluster-list [ 1.1.1.1 2.2.2.2 ] "
	    "[ 10.1.1.0/24 ]",
	    "origin igp med 10 atomic-aggregate community 65002 1 cluster-list [ 1.1.1.1 2.2.2.2 ] "
	    "[ 10.1.1.0/24 ]");
}

static void
walk_empty(struct emit *e)
{
	emit_open(e, &BARE, &MARKS_OBJECT);
	emit_open(e, &FIELD("a"), &MARKS_OBJECT);
	emit_close(e);
	emit_open(e, &FIELD("b"), &MARKS_OBJECT_TIGHT);
	emit_close(e);
	emit_open(e, &FIELD("c"), &MARKS_LIST);
	emit_close(e);
	emit_open(e, &FIELD("d"), &MARKS_LIST_TIGHT);
	emit_close(e);
	emit_list(e, &FIELD("e"), 0);
	emit_close(e);
	emit_open(e, &FIELD("f"), &MARKS_LIST_BARE);
	emit_close(e);
	emit_close(e);
}

Case(emit, empty_groups_keep_their_name_and_no_blank_too_many)
{
	expect_spelt(walk_empty,
	    "{ \"a\": {  }, \"b\": {}, \"c\": [ ], \"d\": [], \"e\": [ ], \"f\": [ ] }",
	    "a b c [ ] d [ ] e [ ] f", "a b c [ ] d [ ] e [ ] f");
}

static void
walk_values(struct emit *e)
{
	emit_uint(e, &FIELD("most"), UINT64_MAX);
	emit_bool(e, &FIELD("yes"), true);
	emit_bool(e, &SPELT("no", "nay", "non"), false);
	emit_null(e, &FIELD("nil"));
	emit_hex(e, &FIELD("low"), SLICE("\x01\xab"));
	emit_hex_upper(e, &FIELD("high"), SLICE("\x01\xab"));
	emit_hex(e, &FIELD("none"), SLICE(""));
	emit_flag(e, &WORDS_ONLY("flag"));
	emit_flag(e, &WORDS_ONLY("last"));
}

Case(emit, values_are_spelt)
{
	expect_spelt(walk_values,
	    "\"most\": 18446744073709551615, "
	    "\"yes\": true, \"no\": false, \"nil\": null, \"low\": \"0x01ab\", \"high\": \"0x01AB\", "
	    "\"none\": \"0x\"",
	    "most 18446744073709551615 yes true nay false nil "
	    "none low 0x01ab high 0x01AB none 0x flag last",
	    "most 18446744073709551615 yes true non false nil "
	    "none low 0x01ab high 0x01AB none 0x flag last");
}

static void
walk_strings(struct emit *e)
{
	emit_str(e, &FIELD("a"), SLICE("plain"));
	emit_str(e, &FIELD("b"), SLICE("x\n\"y\" \\ \x1b\x7f"));
	emit_str(e, &FIELD("c"), SLICE("\u00e9\U0001f600\xff\xc3"));
	emit_str(e, &FIELD("d"), SLICE(""));
	emit_str(e, &JSON_ONLY("e"), SLICE("left out elsewhere"));
}

Case(emit, strings_of_others_can_not_break_out)
{
	expect_spelt(walk_strings,
	    "\"a\": \"plain\", \"b\": \"x\\n\\\"y\\\" \\\\ \\u001b\\u007f\", \"c\": "
	    "\"\\u00e9\\ud83d\\ude00\\u00ff\\u00c3\", \"d\": \"\", \"e\": \"left out elsewhere\"",
	    "a plain b x\\n\"y\" \\\\ \\x1b\\x7f c \\xc3\\xa9\\xf0\\x9f\\x98\\x80\\xff\\xc3 d ",
	    "a plain b \"x\\n\\u0022y\\u0022 \\\\ \\u001b\\u007f\" c \u00e9\U0001f600\xff\xc3 d "
	    "\"\"");
}

static void
walk_left_out(struct emit *e)
{
	emit_uint(e, &FIELD("a"), 1);
	emit_open(e, &JSON_ONLY("b"), &MARKS_OBJECT);
	emit_open(e, &FIELD("c"), &MARKS_LIST);
	emit_uint(e, &BARE, 2);
	emit_close(e);
	emit_str(e, &FIELD("d"), SLICE("x"));
	emit_close(e);
	emit_open(e, &WORDS_ONLY("e"), &MARKS_LIST);
	emit_uint(e, &FIELD("f"), 3);
	emit_close(e);
	emit_uint(e, &FIELD("g"), 4);
}

Case(emit, a_group_without_a_name_is_left_out_with_all_inside)
{
	expect_spelt(walk_left_out, "\"a\": 1, \"b\": { \"c\": [ 2 ], \"d\": \"x\" }, \"g\": 4",
	    "a 1 e [ f 3 ] g 4", "a 1 e [ f 3 ] g 4");
}

Case(emit, any_bytes_make_one_line_of_ascii_and_json_that_reads_back)
{
	uint64_t seed = 5;

	for (int i = 0; i < 20000; i++) {
		struct arena a = { 0 };
		struct text t = { 0 };
		struct text why = { 0 };
		struct emit e = emit_on(&t, i & 1 ? SPELL_JSON : SPELL_TEXT, 0);
		uint8_t bytes[16];
		size_t len = dice(&seed) % sizeof(bytes);

		for (size_t k = 0; k < len; k++)
			bytes[k] = (uint8_t)(dice(&seed) % 7 ? dice(&seed) : 0xc3);
		emit_str(&e, &BARE, slice_of(bytes, len));
		for (size_t k = 0; k < t.len; k++)
			cr_assert(t.at[k] >= 0x20 && t.at[k] < 0x7f, "%s", text_chars(&t));
		if (i & 1)
			cr_assert(json_read(text_view(&t), &a, &why) != NULL, "%s: %s",
			    text_chars(&t), text_chars(&why));
		text_free(&why);
		text_free(&t);
		arena_free(&a);
	}
}

Test(emit, depth_without_end_ends_the_program, .signal = SIGABRT, .timeout = CASE_SECONDS)
{
	struct text t = { 0 };
	struct emit e = emit_on(&t, SPELL_JSON, 0);

	for (;;)
		emit_open(&e, &BARE, &MARKS_LIST);
}
