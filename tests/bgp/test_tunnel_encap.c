/* TUNNEL_ENCAP: every part has its member, words give the bytes that routers understand, and what
 * words can't say is said in bytes. */
#include "bytes.h"
#include "mutate.h"
#include "statement.h"

#include "attr.h"
#include "draft.h"

#include "base/arena.h"
#include "bgp/route.h"
#include "bgp/shape.h"
#include "bgp/update.h"
#include "lang/json.h"

#include <stdio.h>

#define SIX (SHAPE_WIRE_ORDER | SHAPE_TUNNEL)

/* clang-format off */
/* whole attributes, and what 6.0 tells of them */
static const struct told {
	const char *attribute;
	const char *json;
} told[] = {
	{ "c017080008000401021234",
	  "\"tunnel-encap\": {\"tunnel-type-8\": \"0x01021234\"}" },
	{ "c01714000f001080000d00030a40800a00000104268000",
	  "\"tunnel-encap\": {\"sr-policy\": {\"segment-lists\": [{\"weight\": 1, \"segments\": [{\"type\": \"C\", \"ipv4_node\": \"10.0.0.1\", \"algorithm\": 128, \"sid\": 17000, \"tc\": 0, \"s\": false, \"ttl\": 0}]}]}}" },
	{ "c01710000f000c80000900030640800a000001",
	  "\"tunnel-encap\": {\"sr-policy\": {\"segment-lists\": [{\"weight\": 1, \"segments\": [{\"type\": \"C\", \"ipv4_node\": \"10.0.0.1\", \"algorithm\": 128}]}]}}" },
	{ "c0171c000f0018800015000412000120010db8000000000000000000000005",
	  "\"tunnel-encap\": {\"sr-policy\": {\"segment-lists\": [{\"weight\": 1, \"segments\": [{\"type\": \"D\", \"ipv6_node\": \"2001:db8::5\", \"algorithm\": 1}]}]}}" },
	{ "c01714000f001080000d00050a0000000000070a000001",
	  "\"tunnel-encap\": {\"sr-policy\": {\"segment-lists\": [{\"weight\": 1, \"segments\": [{\"type\": \"E\", \"local_if_id\": 7, \"ipv4_node\": \"10.0.0.1\"}]}]}}" },
	{ "c01714000f001080000d00060a00000a0000010a000002",
	  "\"tunnel-encap\": {\"sr-policy\": {\"segment-lists\": [{\"weight\": 1, \"segments\": [{\"type\": \"F\", \"local_ipv4\": \"10.0.0.1\", \"remote_ipv4\": \"10.0.0.2\"}]}]}}" },
	{ "c0172c000f0028800025000822000020010db800000000000000000000000520010db8000000000000000000000006",
	  "\"tunnel-encap\": {\"sr-policy\": {\"segment-lists\": [{\"weight\": 1, \"segments\": [{\"type\": \"H\", \"local_ipv6\": \"2001:db8::5\", \"remote_ipv6\": \"2001:db8::6\"}]}]}}" },
	{ "c01734000f003080002d00072a00000000000120010db80000000000000000000000050000000220010db8000000000000000000000006",
	  "\"tunnel-encap\": {\"sr-policy\": {\"segment-lists\": [{\"weight\": 1, \"segments\": [{\"type\": \"G\", \"local_if_id\": 1, \"local_ipv6\": \"2001:db8::5\", \"remote_if_id\": 2, \"remote_ipv6\": \"2001:db8::6\"}]}]}}" },
	{ "c0171c000f0018800015000e12408020010db8000000000000000000000005",
	  "\"tunnel-encap\": {\"sr-policy\": {\"segment-lists\": [{\"weight\": 1, \"segments\": [{\"type\": \"I\", \"ipv6_node\": \"2001:db8::5\", \"algorithm\": 128}]}]}}" },
	{ "c01724000f002080001d000d1a100020010db80000000000000000000000050041000020101000",
	  "\"tunnel-encap\": {\"sr-policy\": {\"segment-lists\": [{\"weight\": 1, \"segments\": [{\"type\": \"B\", \"sid\": \"2001:db8::5\", \"endpoint-behavior\": {\"behavior\": 65, \"lb-length\": 32, \"ln-length\": 16, \"fun-length\": 16, \"arg-length\": 0}}]}]}}" },
	{ "c01734000f003080002d000f2a40800000000120010db80000000000000000000000050000000220010db8000000000000000000000006",
	  "\"tunnel-encap\": {\"sr-policy\": {\"segment-lists\": [{\"weight\": 1, \"segments\": [{\"type\": \"J\", \"local_if_id\": 1, \"local_ipv6\": \"2001:db8::5\", \"remote_if_id\": 2, \"remote_ipv6\": \"2001:db8::6\", \"algorithm\": 128}]}]}}" },
	{ "c0172c000f0028800025001022408020010db800000000000000000000000520010db8000000000000000000000006",
	  "\"tunnel-encap\": {\"sr-policy\": {\"segment-lists\": [{\"weight\": 1, \"segments\": [{\"type\": \"K\", \"local_ipv6\": \"2001:db8::5\", \"remote_ipv6\": \"2001:db8::6\", \"algorithm\": 128}]}]}}" },
	{ "c0170c000f00088000050063021234",
	  "\"tunnel-encap\": {\"sr-policy\": {\"segment-lists\": [{\"weight\": 1, \"segments\": []}]}}" },
	{ "c01718000f00141412000020010db800000000000000000000000b",
	  "\"tunnel-encap\": {\"sr-policy\": {\"srv6-binding-sid\": \"2001:db8::b\"}}" },
	{ "c01720000f001c141a200020010db800000000000000000000000b0041000020101000",
	  "\"tunnel-encap\": {\"sr-policy\": {\"srv6-binding-sid\": {\"sid\": \"2001:db8::b\", \"behavior\": 65, \"lb-length\": 32, \"ln-length\": 16, \"fun-length\": 16, \"arg-length\": 0}}}" },
	{ "c01708000f00040d020000",
	  "\"tunnel-encap\": {\"sr-policy\": {\"binding-sid\": null}}" },
	{ "c01718000f00140d12000020010db800000000000000000000000c",
	  "\"tunnel-encap\": {\"sr-policy\": {\"binding-sid\": {\"type\": \"mpls\", \"label\": 131088}}}" },
	{ "c01708000f00045502abcd",
	  "\"tunnel-encap\": {\"sr-policy\": {\"unknown-subtlv-85\": \"0xABCD\"}}" },
	{ "c01719000f00150c0600000000006482000400666f6f810003006261",
	  "\"tunnel-encap\": {\"sr-policy\": {\"preference\": 100, \"policy-name\": \"foo\", "
	  "\"candidate-path-name\": \"ba\"}}" },
	{ "c01717000f00130c060000000000010c060000000000020f0105",
	  NULL },
	{ "c01712000f000e0c060000000000010f0205005500",
	  "\"tunnel-encap\": {\"sr-policy\": {\"preference\": 1, \"priority\": 5, \"unknown-subtlv-85\": \"0x\"}}" },
	{ "c01714000f00100c060000000000010c06000000000002",
	  "\"tunnel-encap\": {\"sr-policy\": {\"preference\": 1}}" },
	{ "c01704000f0000",
	  "\"tunnel-encap\": {\"sr-policy\": {}}" },
};

/* words behind a policy, and the value of the attribute; NULL: a fault */
static const struct said {
	const char *words;
	const char *value;
} said[] = {
	{ "preference 50", "000f00080c0600000000" "0032" },
	{ "preference 4294967296", NULL },
	{ "priority 10", "000f00040f020a00" },
	{ "priority 256", NULL },
	{ "binding-sid mpls 25000", "000f00080d061000061a8100" },
	{ "binding-sid null", "000f00040d020000" },
	{ "binding-sid mpls 1048576", NULL },
	{ "binding-sid 5", NULL },
	{ "srv6-binding-sid 2001:db8::b", "000f00141412000020010db800000000000000000000000b" },
	{ "srv6-binding-sid 2001:db8::b endpoint-behavior 0x41 32 16 16 0",
	  "000f001c141a200020010db800000000000000000000000b0041000020101000" },
	{ "srv6-binding-sid 10.0.0.1", NULL },
	{ "policy-name foo", "000f000782000400666f6f" },
	{ "candidate-path-name \"a b\"", "000f000781000400612062" },
	{ "segment-list weight 1 segment type-a mpls 17000", "000f00148000110009060000000000010106000004268100" },
	{ "segment-list weight 5", "000f000c800009000906000000000005" },
	{ "segment-list", NULL },
	{ "segment-list segment type-a mpls 17000 segment type-a mpls 17001",
	  "000f0014800011000106000004268000" "0106000004269100" },
	{ "segment-list segment type-a mpls 17000 segment type-b srv6 2001:db8::5",
	  "000f002080001d000106000004268100" "0d12000020010db8000000000000000000000005" },
	{ "segment-list segment type-a mpls 1048576", NULL },
	{ "segment-list segment type-l mpls 1", NULL },
	{ "segment-list segment type-b srv6 2001:db8::5 endpoint-behavior 65 32 16 16 0",
	  "000f002080001d000d1a100020010db80000000000000000000000050041000020101000" },
	{ "segment-list segment type-b srv6 2001:db8::5 endpoint-behavior 65 32 16 16", NULL },
	{ "segment-list segment type-c ipv4 10.0.0.1 algorithm 128 sid 17000",
	  "000f001080000d00030a40800a00000104268100" },
	{ "segment-list segment type-c ipv4 10.0.0.1 algorithm 128", "000f000c80000900030640800a000001" },
	{ "segment-list segment type-c ipv6 ::1 algorithm 128", NULL },
	{ "segment-list segment type-c ipv4 ::1 algorithm 128", NULL },
	{ "segment-list segment type-c ipv4 10.0.0.1", NULL },
	{ "segment-list segment type-d ipv6 2001:db8::5 algorithm 0 sid 17000",
	  "000f001c800019000416000020010db800000000000000000000000504268000" },
	{ "segment-list segment type-e local-if-id 7 ipv4 10.0.0.1", "000f001080000d00050a0000000000070a000001" },
	{ "segment-list segment type-f local 10.0.0.1 remote 10.0.0.2 sid 5",
	  "000f0014800011" "00060e00000a0000010a00000200005000" },
	{ "segment-list segment type-g local-if-id 1 local-ipv6 2001:db8::5 remote-if-id 2 remote-ipv6 2001:db8::6",
	  "000f003080002d00072a00000000000120010db80000000000000000000000050000000220010db8000000000000000000000006" },
	{ "segment-list segment type-h local 2001:db8::5 remote 2001:db8::6",
	  "000f0028800025000822000020010db800000000000000000000000520010db8000000000000000000000006" },
	{ "segment-list segment type-i ipv6 2001:db8::5 algorithm 128",
	  "000f0018800015000e12408020010db8000000000000000000000005" },
	{ "segment-list segment type-i ipv6 2001:db8::5 algorithm 0 sid 2001:db8::6 endpoint-behavior 65 32 16 16 0",
	  "000f003080002d000e2a100020010db800000000000000000000000520010db80000000000000000000000060041000020101000" },
	{ "segment-list segment type-j local-if-id 1 local-ipv6 2001:db8::5 remote-if-id 2 remote-ipv6 2001:db8::6 algorithm 128",
	  "000f003080002d000f2a40800000000120010db80000000000000000000000050000000220010db8000000000000000000000006" },
	{ "segment-list segment type-k local 2001:db8::5 remote 2001:db8::6 algorithm 128",
	  "000f0028800025001022408020010db800000000000000000000000520010db8000000000000000000000006" },
	{ "preference 50 binding-sid mpls 25000 segment-list weight 1 segment type-a mpls 17000",
	  "000f00240c060000000000320d061000061a81008000110009060000000000010106000004268100" },
	{ "preference 1 preference 2", "000f00100c060000000000010c06000000000002" },
	{ "attribute [ 0x17 0xc0 0x0008000401021234 ] preference 1", NULL },
};
/* clang-format on */

#define TOLD (sizeof(told) / sizeof(told[0]))
#define SAID (sizeof(said) / sizeof(said[0]))

static struct slice
body_of(const char *attribute, struct bytes *b)
{
	struct text t = { 0 };
	struct slice body;

	text_format(&t, "4001010040020602010000fde9400304c0000201%s", attribute);
	body = update_of(b, "", text_chars(&t), "180a0101");
	text_free(&t);
	return body;
}

static void
tell(const struct attrs *a, enum spelling spelling, uint32_t shape, struct text *to)
{
	struct emit e = emit_on(to, spelling, shape);
	struct record r;

	text_clear(to);
	emit_open(&e, &BARE, &MARKS_OBJECT);
	if (attrs_find(a, attr_tunnel_encap.code, &r))
		attr_tunnel_encap.emit(&e, r.value);
	emit_close(&e);
}

Case(tunnel_encap, every_part_has_its_member)
{
	struct session s = session_assumed();
	struct arena a = { 0 };
	struct text got = { 0 };
	struct text want = { 0 };
	struct bytes b;

	for (size_t i = 0; i < TOLD; i++) {
		struct update u;

		update_decode(body_of(told[i].attribute, &b), &s, &a, NULL, &u);
		cr_expect(u.verdict == (told[i].json == NULL ? VERDICT_WITHDRAW : VERDICT_FINE),
		    "%s: %d", told[i].attribute, (int)u.verdict);
		if (told[i].json != NULL) {
			text_clear(&want);
			text_format(&want, "{ %s }", told[i].json);
			tell(u.attrs, SPELL_JSON, SIX, &got);
			cr_expect_str_eq(text_chars(&got), text_chars(&want), "%s\n%s\n%s",
			    told[i].attribute, text_chars(&want), text_chars(&got));
		}
		update_done(&u);
		arena_reset(&a);
	}
	text_free(&want);
	text_free(&got);
	arena_free(&a);
}

/* The attributes behind a policy's words; NULL: a fault. */
static struct attrs *
attrs_in(const char *words, struct text *statement)
{
	text_clear(statement);
	text_format(statement,
	    "ipv4 sr-policy distinguisher 1 color 77 endpoint 10.9.9.9 next-hop 192.0.2.1 %s",
	    words);
	return statement_attrs(text_chars(statement));
}

static void
expect_value(const struct attrs *a, const char *value, const char *words)
{
	struct text hex = { 0 };
	struct record r = { 0 };

	if (attrs_find(a, attr_tunnel_encap.code, &r))
		text_hex(&hex, r.value);
	cr_expect_str_eq(text_chars(&hex), value, "%s\n%s\n%s", words, value, text_chars(&hex));
	text_free(&hex);
}

Case(tunnel_encap, words_are_bytes_and_are_read_back)
{
	struct text statement = { 0 };
	struct text words = { 0 };

	for (size_t i = 0; i < SAID; i++) {
		struct attrs *a = attrs_in(said[i].words, &statement);
		struct attrs *again;

		cr_expect((a != NULL) == (said[i].value != NULL), "%s", said[i].words);
		if (a == NULL)
			continue;
		expect_value(a, said[i].value, said[i].words);
		tell(a, SPELL_WORDS, SHAPE_POLICY, &words);
		cr_expect(strstr(text_chars(&words), "attribute") == NULL, "%s\n%s", said[i].words,
		    text_chars(&words));
		again = attrs_in(text_chars(&words), &statement);
		cr_expect(again == a, "%s\n%s", said[i].words, text_chars(&words));
		attrs_drop(again);
		attrs_drop(a);
	}
	text_free(&words);
	text_free(&statement);
}

Case(tunnel_encap, words_have_a_place_in_policies_only)
{
	static const char *const routes[] = {
		"route 10.0.0.0/8 next-hop 1.1.1.1",
		"ipv4 nlri-mpls 10.0.0.0/8 label 5 next-hop 1.1.1.1",
		"l2vpn evpn multicast rd 1:1 ethernet-tag 0 ip 1.1.1.1 next-hop 1.1.1.1",
	};
	static const char *const policy[] = { "preference 50", "segment-list weight 1" };

	for (size_t i = 0; i < sizeof(routes) / sizeof(routes[0]); i++) {
		struct attrs *a = statement_attrs(routes[i]);

		cr_expect_not_null(a, "%s", routes[i]);
		attrs_drop(a);
		for (size_t k = 0; k < sizeof(policy) / sizeof(policy[0]); k++) {
			char words[160];

			(void)snprintf(words, sizeof(words), "%s %s", routes[i], policy[k]);
			cr_expect_null(statement_attrs(words), "%s", words);
		}
	}
}

Case(tunnel_encap, what_words_cannot_say_is_said_in_bytes)
{
	struct session s = session_assumed();
	struct text statement = { 0 };
	struct text words = { 0 };
	struct arena a = { 0 };
	struct bytes b;

	for (size_t i = 0; i < TOLD; i++) {
		struct update u;
		struct attrs *again;
		struct record was = { 0 };
		struct record is = { 0 };

		if (told[i].json == NULL)
			continue;
		update_decode(body_of(told[i].attribute, &b), &s, &a, NULL, &u);
		tell(u.attrs, SPELL_WORDS, SHAPE_POLICY, &words);
		again = attrs_in(text_chars(&words), &statement);
		cr_assert(again != NULL, "%s\n%s", told[i].attribute, text_chars(&words));
		(void)attrs_find(u.attrs, attr_tunnel_encap.code, &was);
		(void)attrs_find(again, attr_tunnel_encap.code, &is);
		cr_expect(slice_same(was.value, is.value), "%s\n%s", told[i].attribute,
		    text_chars(&words));
		attrs_drop(again);
		update_done(&u);
		arena_reset(&a);
	}
	text_free(&words);
	text_free(&statement);
	arena_free(&a);
}

Case(tunnel_encap, text_names_tunnels_and_segments)
{
	struct text statement = { 0 };
	struct text got = { 0 };
	struct attrs *a = attrs_in("preference 50 binding-sid mpls 25000 segment-list weight 5 "
				   "segment type-a mpls 17000 segment type-b srv6 2001:db8::5 "
				   "segment type-f local 10.0.0.1 remote 10.0.0.2",
	    &statement);

	cr_assert(a != NULL);
	tell(a, SPELL_TEXT, SIX, &got);
	cr_expect_str_eq(text_chars(&got),
	    "tunnel-encap tunnel-encap [sr-policy {preference 50 binding-sid mpls 25000 "
	    "segment-list weight 5 [17000 2001:db8::5 10.0.0.1-10.0.0.2]}]");
	tell(a, SPELL_TEXT, 0, &got);
	cr_expect(strncmp(text_chars(&got), "attribute [ 0x17 0xE0 0x000f", 28) == 0, "%s",
	    text_chars(&got));
	attrs_drop(a);
	text_free(&got);
	text_free(&statement);
}

Case(tunnel_encap, before_6_0_it_is_bytes)
{
	struct session s = session_assumed();
	struct text got = { 0 };
	struct arena a = { 0 };
	struct update u;
	struct bytes b;

	update_decode(body_of("c017080008000401021234", &b), &s, &a, NULL, &u);
	tell(u.attrs, SPELL_JSON, 0, &got);
	cr_expect_str_eq(text_chars(&got), "{ \"attribute-0x17-0xE0\": \"0x0008000401021234\" }");
	update_done(&u);
	text_free(&got);
	arena_free(&a);
}

static void
try_body(struct slice body, const char *what, void *with)
{
	const struct session *s = with;
	struct text t = { 0 };
	struct text why = { 0 };
	struct arena a = { 0 };
	struct update u;

	update_decode(body, s, &a, NULL, &u);
	if (u.attrs != NULL) {
		tell(u.attrs, SPELL_JSON, SIX, &t);
		cr_assert(
		    json_read(text_view(&t), &a, &why) != NULL, "%s: %s", what, text_chars(&t));
		tell(u.attrs, SPELL_TEXT, SIX, &t);
		for (size_t i = 0; i < t.len; i++)
			cr_assert((uint8_t)t.at[i] >= ' ', "%s", what);
		tell(u.attrs, SPELL_WORDS, SHAPE_POLICY, &t);
	}
	update_done(&u);
	text_free(&t);
	text_free(&why);
	arena_free(&a);
}

Case(tunnel_encap, every_small_wrong_has_a_verdict_and_is_json)
{
	struct session s = session_assumed();
	struct bytes b;

	for (size_t i = 0; i < TOLD; i++)
		(void)mutate_each(body_of(told[i].attribute, &b), try_body, &s);
	cr_expect(attrs_alive() == 0, "%zu sets left", attrs_alive());
}
