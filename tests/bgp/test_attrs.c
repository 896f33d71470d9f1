/* Attribute sets: interned and counted; every attribute on the wire has its spelling. */
#include "bytes.h"

#include "attr.h"

#include "base/arena.h"
#include "bgp/shape.h"
#include "bgp/update.h"

#include <time.h>

static struct attrs *
freeze(const char *const *values, size_t n, const char *next_hop)
{
	uint8_t room[ATTRS_MAX];
	struct writer w = writer_on(room, sizeof(room));
	struct bytes hop;
	struct bytes value;
	struct attrs_build b = { .room = &w, .next_hop = bytes_of(&hop, next_hop) };

	for (size_t i = 0; i < n; i++) {
		struct slice v = bytes_of(&value, values[i]);

		cr_assert(build_add(&b, v.at[0], ATTR_OPT_TRANS, RECORD_VALUE, slice_after(v, 1)),
		    "%s", values[i]);
	}
	return attrs_freeze(&b);
}

Case(attrs, equal_sets_are_one_pointer_in_any_order)
{
	static const char *const up[] = { "0100", "0800010002", "20000000010000000200000003" };
	static const char *const down[] = { "20000000010000000200000003", "0800010002", "0100" };
	struct attrs *a = freeze(up, 3, "0a000001");
	struct attrs *b = freeze(down, 3, "0a000001");
	struct attrs *c = freeze(down, 3, "0a000002");

	cr_expect(a == b, "the same records");
	cr_expect(a != c, "another next hop");
	cr_expect(a->holders == 2, "%u holders", a->holders);
	cr_expect(attrs_alive() == 2, "%zu alive", attrs_alive());
	cr_expect(attrs_at(a->id) == a && attrs_at(c->id) == c, "by number");
	attrs_drop(a);
	attrs_drop(b);
	attrs_drop(c);
	cr_expect(attrs_alive() == 0 && attrs_memory() == 0, "all gone");
}

Case(attrs, records_come_ascending_and_are_found)
{
	static const char *const values[] = { "20000000010000000200000003", "0100", "0800010002" };
	struct attrs *a = freeze(values, 3, "");
	struct record r;
	size_t at = 0;
	unsigned codes = 0;

	while (attrs_next(a, &at, &r))
		codes = codes * 256 + r.code;
	cr_expect(codes == 0x010820, "codes %x", codes);
	cr_expect(attrs_find(a, 8, &r) && r.value.len == 4, "community");
	cr_expect(!attrs_find(a, 4, &r), "no med");
	attrs_drop(a);
}

static struct attrs *
med_set(uint32_t med)
{
	uint8_t value[4];
	uint8_t room[64];
	struct writer w = writer_on(room, sizeof(room));
	struct attrs_build b = { .room = &w };

	store_u32(value, med);
	(void)build_add(&b, 4, ATTR_NON_TRANS, RECORD_VALUE, slice_of(value, 4));
	return attrs_freeze(&b);
}

/* Sets come and go in an order that a small generator makes; a model counts them. */
Case(attrs, numbers_of_the_living_stay_true)
{
	enum { SETS = 3000, STEPS = 30000 };
	static struct attrs *held[SETS];
	uint32_t dice = 1;
	size_t alive = 0;

	for (size_t step = 0; step < STEPS; step++) {
		uint32_t pick = (dice = dice * 1664525 + 1013904223) >> 8;
		size_t i = pick % SETS;
		struct attrs *a = med_set((uint32_t)i);

		if (held[i] == NULL) {
			held[i] = a;
			alive++;
		} else {
			cr_assert(a == held[i], "step %zu: equal sets are one", step);
			attrs_drop(a);
			attrs_drop(held[i]);
			held[i] = NULL;
			alive--;
		}
		cr_assert(attrs_alive() == alive, "step %zu: %zu alive", step, attrs_alive());
	}
	for (size_t i = 0; i < SETS; i++) {
		struct record r;

		if (held[i] == NULL)
			continue;
		cr_assert(attrs_at(held[i]->id) == held[i], "set %zu by its number", i);
		cr_assert(attrs_find(held[i], 4, &r) && load_u32(r.value.at) == i, "set %zu", i);
		attrs_drop(held[i]);
	}
}

Case(attrs, first_of_a_code_wins_and_what_is_cut_is_gone)
{
	uint8_t room[64];
	struct writer w = writer_on(room, sizeof(room));
	struct attrs_build b = { .room = &w };
	struct record r;
	struct gap g;

	cr_expect(build_add(&b, 4, 0x80, RECORD_VALUE, SLICE("aaaa")), "first");
	cr_expect(!build_add(&b, 4, 0x80, RECORD_VALUE, SLICE("bbbb")), "second");
	cr_expect(build_add(&b, 5, 0x40, RECORD_VALUE, SLICE("cccc")), "another");
	cr_expect(build_set(&b, 4, 0x80, SLICE("dd")), "replaced");
	cr_expect(build_find(&b, 4, &r) && slice_is(r.value, "dd"), "replaced");
	build_cut(&b, 5);
	cr_expect(!build_has(&b, 5), "cut");
	cr_expect(!record_open(&b, 4, 0x80, &g), "there already");
	cr_expect(record_open(&b, 6, 0x80, &g), "opened");
	write_fill(&w, 0, 64);
	cr_expect(!record_close(&b, g), "did not fit");
	cr_expect(!build_has(&b, 6) && build_has(&b, 4), "taken back");
}

Case(attrs, every_row_is_whole)
{
	const struct attr *row;

	for (size_t i = 0; (row = attr_at(i)) != NULL; i++) {
		bool empty_fine = (row->traits & ATTR_EMPTY_FINE) != 0;

		cr_expect(attr_of(row->code) == row, "code %u has one row", row->code);
		cr_expect(i == 0 || attr_at(i - 1)->code < row->code, "code %u ascends", row->code);
		if ((row->traits & ATTR_REACH) != 0)
			continue;
		cr_expect(row->decode != NULL, "code %u is decoded", row->code);
		cr_expect(row->code == 3 || row->emit != NULL, "code %u is spelt", row->code);
		if (row->malformed == VERDICT_WITHDRAW && !empty_fine)
			cr_expect(row->due != NULL, "code %u has a note", row->code);
		for (size_t k = 0; k < ATTR_WORDS && row->words[k].word != NULL; k++)
			cr_expect(attr_word_of(slice_on(row->words[k].word)) == &row->words[k],
			    "word %s is of one row", row->words[k].word);
	}
}

/* clang-format off */
static const struct {
	const char *wire;
	const char *member; /* of the JSON of 6.0; empty: none */
} spelt[] = {
	{ "40022402020000fdea0000fdeb0102000000010000000203010000000304020000000400000005",
	    "\"origin\": \"igp\", \"as-path\": {\"0\": {\"element\": \"as-sequence\", \"value\": [65002, 65003]}, \"1\": {\"element\": \"as-set\", \"value\": [1, 2]}, \"2\": {\"element\": \"as-confed-sequence\", \"value\": [3]}, \"3\": {\"element\": \"as-confed-set\", \"value\": [4, 5]}}" },
	{ "400200",
	    "\"origin\": \"igp\"" },
	{ "80040400000064",
	    "\"med\": 100" },
	{ "400504000000c8",
	    "\"local-preference\": 200" },
	{ "400600",
	    "\"atomic-aggregate\": true" },
	{ "c007080000fdea0a090909",
	    "\"aggregator\": \"65002:10.9.9.9\"" },
	{ "c00706fdea0a090909",
	    "" },
	{ "c00818fdea0064ffffff01ffffff02ffffff03ffffff04ffff029a",
	    "\"community\": [ [ 65002, 100 ], [ 65535, 65281 ], [ 65535, 65282 ], [ 65535, 65283 ], [ 65535, 65284 ], [ 65535, 666 ] ]" },
	{ "8009040a010101",
	    "\"originator-id\": \"10.1.1.1\"" },
	{ "800a080a0202020a030303",
	    "\"cluster-list\": [ \"10.2.2.2\", \"10.3.3.3\" ]" },
	{ "c01208000f42400a090909",
	    "\"aggregator\": \"1000000:10.9.9.9\"" },
	{ "c0160900060006400a040404",
	    "\"pmsi\": \"pmsi:ingressreplication:0:100:10.4.4.4\"" },
	{ "c016050000000000",
	    "\"pmsi\": \"pmsi:notunnel:0:0:\"" },
	{ "c0160d01030000f00a040404e8010101",
	    "\"pmsi\": \"pmsi:pim-ssmtree:1:15:0x0A040404E8010101\"" },
	{ "c016070009000000aabb",
	    "\"pmsi\": \"pmsi:unknown:0:0:0xAABB\"" },
	{ "801a0b01000b000000000000000a",
	    "\"aigp\": \"0x000000000000000a\"" },
	{ "c020240000fdea00000001000000020000fdea00000003000000040000fdea0000000100000002",
	    "\"large-community\": [ [ 65002, 1 , 2 ], [ 65002, 3 , 4 ] ]" },
	{ "c010080002fdea00000001",
	    "\"extended-community\": [ { \"value\": 842131417595905, \"string\": \"target:65002:1\" } ]" },
	{ "c010080102c00002010005",
	    "\"extended-community\": [ { \"value\": 72831650257502213, \"string\": \"target:192.0.2.1:5\" } ]" },
	{ "c0100802020000fdea0005",
	    "\"extended-community\": [ { \"value\": 144678142289248261, \"string\": \"target:65002:5\" } ]" },
	{ "c010080003fdea00000001",
	    "\"extended-community\": [ { \"value\": 1123606394306561, \"string\": \"origin:65002:0.0.0.1\" } ]" },
	{ "c010080103c00002010005",
	    "\"extended-community\": [ { \"value\": 73113125234212869, \"string\": \"origin:192.0.2.1:5\" } ]" },
	{ "c0100802030000fdea0005",
	    "\"extended-community\": [ { \"value\": 144959617265958917, \"string\": \"origin:65002:5\" } ]" },
	{ "c010080013fdea00000001",
	    "\"extended-community\": [ { \"value\": 5627206021677057, \"string\": \"rtrecord:65002:1\" } ]" },
	{ "c010080113c00002010005",
	    "\"extended-community\": [ { \"value\": 77616724861583365, \"string\": \"rtrecord:192.0.2.1:5\" } ]" },
	{ "c010088006fdea4640e400",
	    "\"extended-community\": [ { \"value\": 9225340069357872128, \"string\": \"rate-limit:12345\" } ]" },
	{ "c0100880060000463b8000",
	    "\"extended-community\": [ { \"value\": 9225060887893344256, \"string\": \"rate-limit:12000\" } ]" },
	{ "c01008800c0000463b8000",
	    "\"extended-community\": [ { \"value\": 9226749737753608192, \"string\": \"rate-limit:12000:packets\" } ]" },
	{ "c010088007000000000001",
	    "\"extended-community\": [ { \"value\": 9225342361691750401, \"string\": \"action terminal\" } ]" },
	{ "c010088007000000000002",
	    "\"extended-community\": [ { \"value\": 9225342361691750402, \"string\": \"action sample\" } ]" },
	{ "c010088007000000000003",
	    "\"extended-community\": [ { \"value\": 9225342361691750403, \"string\": \"action sample-terminal\" } ]" },
	{ "c010088007000000000000",
	    "\"extended-community\": [ { \"value\": 9225342361691750400, \"string\": \"action \" } ]" },
	{ "c010088008fdea00000001",
	    "\"extended-community\": [ { \"value\": 9225903018132635649, \"string\": \"redirect:65002:1\" } ]" },
	{ "c010088108c00002010005",
	    "\"extended-community\": [ { \"value\": 9297892536972541957, \"string\": \"0x8108C00002010005\" } ]" },
	{ "c0100882080000fdea0005",
	    "\"extended-community\": [ { \"value\": 9369739029004288005, \"string\": \"0x82080000FDEA0005\" } ]" },
	{ "c010088009000000000014",
	    "\"extended-community\": [ { \"value\": 9225905311645171732, \"string\": \"mark 20\" } ]" },
	{ "c01008800a130005780007",
	    "\"extended-community\": [ { \"value\": 9226207677434560519, \"string\": \"l2info:19:0:1400:7\" } ]" },
	{ "c01008010cc00002010000",
	    "\"extended-community\": [ { \"value\": 75646400024608768, \"string\": \"redirect-to-nexthop-ietf 192.0.2.1\" } ]" },
	{ "c01008010cc00002010001",
	    "\"extended-community\": [ { \"value\": 75646400024608769, \"string\": \"copy-to-nexthop-ietf 192.0.2.1 (with copy)\" } ]" },
	{ "c010080800000000000000",
	    "\"extended-community\": [ { \"value\": 576460752303423488, \"string\": \"redirect-to-nexthop\" } ]" },
	{ "c010080800000000000001",
	    "\"extended-community\": [ { \"value\": 576460752303423489, \"string\": \"copy-to-nexthop\" } ]" },
	{ "c01008030c000000000008",
	    "\"extended-community\": [ { \"value\": 219550481834311688, \"string\": \"encap:VXLAN\" } ]" },
	{ "c01008030c000000000003",
	    "\"extended-community\": [ { \"value\": 219550481834311683, \"string\": \"encap:encap:UNKNOWN-3\" } ]" },
	{ "c010080314000000000001",
	    "\"extended-community\": [ { \"value\": 221802281647996929, \"string\": \"consistentHashSortOrder:0\" } ]" },
	{ "c010080702000000fd4001",
	    "\"extended-community\": [ { \"value\": 504966108235513857, \"string\": \"interface-set:input:253:1\", \"transitive\": true } ]" },
	{ "c010084702000000fdc00a",
	    "\"extended-community\": [ { \"value\": 5116652126662934538, \"string\": \"interface-set:input-output:253:10\", \"transitive\": false } ]" },
	{ "c010080600010000000007",
	    "\"extended-community\": [ { \"value\": 432346663739195399, \"string\": \"mac-mobility:7:sticky\" } ]" },
	{ "c010080600000000000009",
	    "\"extended-community\": [ { \"value\": 432345564227567625, \"string\": \"mac-mobility:9\" } ]" },
	{ "c010080c00000a0000000a",
	    "\"extended-community\": [ { \"value\": 864691171404808202, \"string\": \"mup:10:10\" } ]" },
	{ "c010084004fdea49742400",
	    "\"extended-community\": [ { \"value\": 4613091101030753280, \"string\": \"0x4004FDEA49742400\" } ]" },
	{ "c010080004fdea49742400",
	    "\"extended-community\": [ { \"value\": 1405082603365376, \"string\": \"0x0004FDEA49742400\" } ]" },
	{ "c0100806030011223344aa",
	    "\"extended-community\": [ { \"value\": 433190062745928874, \"string\": \"0x06030011223344AA\" } ]" },
	{ "c010080601000000271111",
	    "\"extended-community\": [ { \"value\": 432627039206838545, \"string\": \"0x0601000000271111\" } ]" },
	{ "c010080305000000000000",
	    "\"extended-community\": [ { \"value\": 217580156997337088, \"string\": \"0x0305000000000000\" } ]" },
	{ "c01008030b000000000064",
	    "\"extended-community\": [ { \"value\": 219269006857601124, \"string\": \"0x030B000000000064\" } ]" },
	{ "c010084300000000000000",
	    "\"extended-community\": [ { \"value\": 4827858800541171712, \"string\": \"0x4300000000000000\" } ]" },
	{ "c01008ff12345678901234",
	    "\"extended-community\": [ { \"value\": 18379810575246955060, \"string\": \"0xFF12345678901234\" } ]" },
	{ "c0193c000c20010db80000000000000000000000010000000b20010db80000000000000000000000010005000220010db80000000000000000000000010005",
	    "\"extended-community-ipv6\": [ { \"value\": 270396894049897293703898678829571923249266688, \"string\": \"redirect-to-nexthop-ietf 2001:db8::1\" }, { \"value\": 248096148851366670562362960556923561743286277, \"string\": \"0x000B20010DB80000000000000000000000010005\" }, { \"value\": 47389442064591062288541496103088308189462533, \"string\": \"0x000220010DB80000000000000000000000010005\" } ]" },
	{ "c028150100070000000000012c03000800000c3500000064",
	    "\"bgp-prefix-sid\": { \"sr-label-index\": 300, \"sr-srgbs\": [[800000, 100]] }" },
	{ "c028250500220001001e0020010db800010001000000000000000000004800010006401810000000",
	    "\"bgp-prefix-sid\": { \"l3-service\": [ { \"sid\": \"2001:db8:1:1::\", \"flags\": 0, \"endpoint_behavior\": 72, \"structure\": {\"locator-block-length\": 64, \"locator-node-length\": 24, \"function-length\": 16, \"argument-length\": 0, \"transposition-length\": 0, \"transposition-offset\": 0} } ] }" },
	{ "c0281c060019000100150020010db800010001000000000000000000004200",
	    "\"bgp-prefix-sid\": { \"l2-service\": [ { \"sid\": \"2001:db8:1:1::\", \"flags\": 0, \"endpoint_behavior\": 66 } ] }" },
	{ "c028050900021234",
	    "\"bgp-prefix-sid\": { \"attribute-not-implemented-9\": \"0x1234\" }" },
	{ "c02809050006000900021234",
	    "\"bgp-prefix-sid\": { \"l3-service\": [ {\"type\": 9, \"raw\": \"1234\"} ] }" },
	{ "c06303010203",
	    "\"attribute-0x63-0xE0\": \"0x010203\"" },
	{ "e06303010203",
	    "\"attribute-0x63-0xE0\": \"0x010203\"" },
	{ "806303010203",
	    "" },
	{ "406303010203",
	    "\"attribute-0x63-0x60\": \"0x010203\"" },
	{ "c080080000fdea40010100",
	    "\"attribute-0x80-0xE0\": \"0x0000fdea40010100\"" },
};
/* clang-format on */

#define SHAPE_6 (SHAPE_WIRE_ORDER | SHAPE_LABEL_RAW | SHAPE_EXT_HEX | SHAPE_NO_ERROR)
#define BASE_JSON                                                                                  \
	"\"origin\": \"igp\", \"as-path\": {\"0\": {\"element\": \"as-sequence\", \"value\": [65002]}}"

static void
spell(const char *wire, struct session s, enum spelling spelling, uint32_t shape, struct text *to)
{
	struct bytes b;
	struct arena a = { 0 };
	struct update u;
	struct emit e = emit_on(to, spelling, shape);
	struct text all = { 0 };
	bool own_path = strncmp(wire + 2, "02", 2) == 0;

	text_format(&all, "40010100%s400304c0000201%s", own_path ? "" : "40020602010000fdea", wire);
	text_clear(to);
	update_decode(update_of(&b, "", text_chars(&all), "180a0101"), &s, &a, NULL, &u);
	if (u.attrs != NULL)
		attrs_emit(&e, u.attrs);
	update_done(&u);
	arena_free(&a);
	text_free(&all);
}

Case(attrs, wire_has_the_json_of_6)
{
	struct session s = session_assumed();
	struct text t = { 0 };

	s.aigp = true;
	for (size_t i = 0; i < sizeof(spelt) / sizeof(spelt[0]); i++) {
		spell(spelt[i].wire, s, SPELL_JSON, SHAPE_6, &t);
		if (spelt[i].member[0] == '\0')
			cr_expect_str_eq(text_chars(&t), BASE_JSON, "%s", spelt[i].wire);
		else
			cr_expect(strstr(text_chars(&t), spelt[i].member) != NULL, "%s:\n%s\n%s",
			    spelt[i].wire, spelt[i].member, text_chars(&t));
	}
	text_free(&t);
}

/* clang-format off */
static const struct {
	const char *wire;
	enum spelling spelling;
	uint32_t shape;
	const char *member;
} shaped[] = {
	{ "40022402020000fdea0000fdeb0102000000010000000203010000000304020000000400000005", SPELL_JSON,
	    SHAPE_AS_PATH_FLAT, "\"origin\": \"igp\", \"as-path\": [ 65002, 65003 ], \"as-set\": [ 1, 2 ], "
	    "\"confederation-path\": [ 3 ], \"confederation-set\": [ 4, 5 ]" },
	{ "80040400000001", SPELL_JSON, SHAPE_AS_PATH_FLAT,
	    "\"as-path\": [ 65002 ], \"confederation-path\": [], \"med\": 1" },
	{ "40022402020000fdea0000fdeb0102000000010000000203010000000304020000000400000005", SPELL_TEXT, 0,
	    "origin igp as-path ( 65002 65003 ) [ 1 2 ] {( 3 )} {[ 4 5 ]}" },
	{ "40022402020000fdea0000fdeb0102000000010000000203010000000304020000000400000005", SPELL_TEXT,
	    SHAPE_AS_PATH_FLAT, "as-path [ 65002 65003 ( 1 2 ) ][ 3 ( 4 5 ) ]" },
	{ "40022402020000fdea0000fdeb0102000000010000000203010000000304020000000400000005", SPELL_JSON, 0,
	    "\"2\": {\"element\": \"as-sequence\", \"value\": [3]}, \"3\": {\"element\": \"as-sequence\"" },
	{ "400206030100000003", SPELL_JSON, SHAPE_AS_PATH_FLAT,
	    "\"as-path\": [], \"confederation-path\": [ 3 ]" },
	{ "40020080040400000001", SPELL_JSON, SHAPE_AS_PATH_FLAT, "\"origin\": \"igp\", \"med\": 1" },
	{ "c0101000020001000000020002000100000001", SPELL_JSON, SHAPE_COMMUNITY_WIRE,
	    "\"string\": \"target:1:2\" }, { \"value\": 562954248388609, \"string\": \"target:1:1\" } ]" },
	{ "c02018000000010000000200000004000000010000000200000003", SPELL_JSON, SHAPE_COMMUNITY_WIRE,
	    "[ [ 1, 2 , 4 ], [ 1, 2 , 3 ] ]" },
	{ "c010080103c00002010005", SPELL_JSON, 0, "origin:5:192.0.2.1" },
	{ "c0100802030001000a0005", SPELL_JSON, SHAPE_AS_PATH_FLAT, "origin:65546L:5" },
	{ "c0160900060006400a040404", SPELL_JSON, 0, "pmsi:ingressreplication:0:100(1600):10.4.4.4" },
	{ "c016050000000640", SPELL_JSON, 0, "pmsi:notunnel:0:100:" },
	{ "c00808ffffff0100010002", SPELL_JSON, 0, "\"community\": [ [ 1, 2 ], [ 65535, 65281 ] ]" },
	{ "c00808ffffff0100010002", SPELL_JSON, SHAPE_6, "\"community\": [ [ 65535, 65281 ], [ 1, 2 ] ]" },
	{ "c00808ffffff0100010002", SPELL_TEXT, 0, "community [ 1:2 no-export ]" },
	{ "c00804ffffff01", SPELL_TEXT, 0, "community no-export" },
	{ "c00804ffffff01", SPELL_WORDS, 0, "community [65535:65281]" },
	{ "c007080000fdea0a090909", SPELL_TEXT, 0, "aggregator ( 65002:10.9.9.9 )" },
	{ "c007080000fdea0a090909", SPELL_WORDS, 0, "aggregator 65002:10.9.9.9" },
	{ "800a040a020202", SPELL_TEXT, 0, "cluster-list [ 10.2.2.2 ]" },
	{ "800a040a020202", SPELL_TEXT, SHAPE_COMMUNITY_WIRE | SHAPE_AS_PATH_FLAT, "cluster-list [ 10.2.2.2 ]" },
	{ "800a040a020202", SPELL_TEXT, SHAPE_WIRE_ORDER, "cluster-list 10.2.2.2" },
	{ "800a080a0202020a030303", SPELL_TEXT, 0, "cluster-list [ 10.2.2.2 10.3.3.3 ]" },
	{ "801a0b01000b000000000000000a", SPELL_TEXT, 0, "aigp 0x000000000000000a" },
	{ "c0200c0000fdea0000000100000002", SPELL_TEXT, 0, "large-community 65002:1:2" },
	{ "c06303010203", SPELL_TEXT, 0, "attribute [ 0x63 0xE0 0x010203 ]" },
	{ "c010100002fdea000000014004fdea49742400", SPELL_JSON, 0, "\"string\": \"\" }" },
	{ "c010100002fdea000000014004fdea49742400", SPELL_WORDS, 0,
	    "extended-community [target:65002:1 0x4004FDEA49742400]" },
	{ "80040400000001", SPELL_JSON, SHAPE_6 | SHAPE_NEXT_HOP_INSIDE,
	    "\"value\": [65002]}}, \"next-hop\": \"192.0.2.1\", \"med\": 1" },
	{ "c06303010203", SPELL_WORDS, 0, "attribute [0x63 0xe0 0x010203]" },
	{ "c0110602010000fdea", SPELL_TEXT, 0, "origin igp as-path ( 65002 )" },
};
/* clang-format on */

Case(attrs, dialects_differ_where_their_shapes_do)
{
	struct session s = session_assumed();
	struct text t = { 0 };

	for (size_t i = 0; i < sizeof(shaped) / sizeof(shaped[0]); i++) {
		spell(shaped[i].wire, s, shaped[i].spelling, shaped[i].shape, &t);
		cr_expect(strstr(text_chars(&t), shaped[i].member) != NULL, "%s:\n%s\n%s",
		    shaped[i].wire, shaped[i].member, text_chars(&t));
	}
	text_free(&t);
}

/* Each is another one, and of the same value as a number in which 31 ones of a byte are one of the
 * next. */
static void
alike(uint8_t to[12], unsigned n)
{
	for (size_t i = 0; i < 12; i += 2, n /= 9) {
		to[i] = (uint8_t)(n % 9);
		to[i + 1] = (uint8_t)(31 * (8 - n % 9));
	}
}

Case(attrs, communities_that_a_peer_picks_take_no_longer_than_others)
{
	static uint8_t list[5460 * 12];
	size_t count = sizeof(list) / 12;
	clock_t before = clock();

	for (unsigned times = 0; times < 10; times++) {
		for (unsigned i = 0; i < count; i++)
			alike(list + 12 * (size_t)i, i);
		cr_assert_eq(attr_unique(list, count, 12), count, "all are different");
	}
	cr_expect_lt(clock() - before, CLOCKS_PER_SEC / 5, "%ld", (long)(clock() - before));
}
