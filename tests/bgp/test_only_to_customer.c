/* ONLY_TO_CUSTOMER: RFC 9234 5. */
#include "bytes.h"
#include "statement.h"

#include "base/arena.h"
#include "bgp/route.h"
#include "bgp/update.h"

#define BASE "4001010040020602010000fdea400304c0000201"

static enum verdict
verdict_on(const char *attribute)
{
	struct session s = session_assumed();
	struct text all = { 0 };
	struct arena a = { 0 };
	enum verdict v;
	struct update u;
	struct bytes b;

	text_format(&all, BASE "%s", attribute);
	update_decode(update_of(&b, "", text_chars(&all), "180a0101"), &s, &a, NULL, &u);
	v = u.verdict;
	update_done(&u);
	arena_free(&a);
	text_free(&all);
	return v;
}

Case(only_to_customer, it_has_4_bytes_or_the_routes_are_withdrawn)
{
	static const struct {
		const char *attribute;
		enum verdict verdict;
	} table[] = {
		{ "c023040000fde9", VERDICT_FINE },
		{ "e023040000fde9", VERDICT_FINE }, /* partial */
		{ "d02300040000fde9", VERDICT_FINE }, { "c02300", VERDICT_WITHDRAW },
		{ "c02303000001", VERDICT_WITHDRAW }, { "c023050000000001", VERDICT_WITHDRAW },
		{ "8023040000fde9", VERDICT_WITHDRAW }, /* not transitive: RFC 7606 3 (c) */
		{ "4023040000fde9", VERDICT_WITHDRAW }, /* not optional */
	};

	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		enum verdict v = verdict_on(table[i].attribute);

		cr_expect(v == table[i].verdict, "%s: verdict %d", table[i].attribute, (int)v);
	}
}

Case(only_to_customer, words_bytes_and_spellings_say_the_same)
{
	struct attrs *a = statement_attrs("route 10.0.0.0/24 next-hop 192.0.2.1 otc 4200000001");
	struct attrs *b = statement_attrs("route 10.0.0.0/24 next-hop 192.0.2.1 otc 64086.59905");
	struct session s = session_assumed();
	struct text t = { 0 };
	uint8_t room[256];

	s.peer_as = 65002;
	cr_assert(a != NULL && a == b, "both ways to write an ASN");
	for (int asn4 = 0; asn4 < 2; asn4++) { /* RFC 9234 5: 4 bytes for everybody */
		struct writer w = writer_on(room, sizeof(room));

		s.asn4 = asn4 != 0;
		text_clear(&t);
		attrs_encode(a, &s, attrs_next_hop(a), &w);
		text_hex(&t, writer_slice(&w));
		cr_expect(strstr(text_chars(&t), "c02304fa56ea01") != NULL, "%s", text_chars(&t));
	}
	for (int spelling = SPELL_JSON; spelling <= SPELL_WORDS; spelling++) {
		struct emit e = emit_on(&t, (enum spelling)spelling, 0);

		text_clear(&t);
		attrs_emit(&e, a);
		cr_expect(
		    strstr(text_chars(&t),
			spelling == SPELL_JSON ? "\"otc\": 4200000001" : "otc 4200000001") != NULL,
		    "%s", text_chars(&t));
	}
	attrs_drop(a);
	attrs_drop(b);
	text_free(&t);
}

Case(only_to_customer, what_is_no_asn_is_refused)
{
	static const char *const words[] = { "otc", "otc -1", "otc 4294967296", "otc customer" };

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		struct text t = { 0 };

		text_format(&t, "route 10.0.0.0/24 next-hop 192.0.2.1 %s", words[i]);
		cr_expect(statement_attrs(text_chars(&t)) == NULL, "%s", words[i]);
		text_free(&t);
	}
}
