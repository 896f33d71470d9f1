/* One walk in three spellings. */
#include "case.h"

#include "lang/emit.h"

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
