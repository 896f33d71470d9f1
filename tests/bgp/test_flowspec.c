/* FlowSpec rules: how they are shown, what is passed over, how long they may be. */
#include "bytes.h"
#include "statement.h"

#include "bgp/shape.h"
#include "bgp/update.h"

/* clang-format off */
static const struct {
	uint16_t afi;
	const char *nlri;
	const char *member;
} members[] = {
	{ 2, "05070180""8187",
	  "\"icmp-type\": [ \"=128\", \"=135\" ]" },
	{ 2, "0901301020010db80001",
	  "\"destination-ipv6\": [ \"2001:db8:1::/48/16\" ]" },
	/* RFC 8956 3.1 has no bytes for what is in front of the offset; the first is its example. */
	{ 2, "12""01200020010db8""026840123456789a""038106",
	  "\"source-ipv6\": [ \"::1234:5678:9a00:0/104/64\" ]" },
	{ 2, "0b""0140301234""038111""058135",
	  "\"destination-ipv6\": [ \"0:0:0:1234::/64/48\" ]" },
	{ 2, "0b""0140301234""038111""058135",
	  "\"next-header\": [ \"=udp\" ]" },
	{ 2, "09""01230c2468ad""038106",
	  "\"destination-ipv6\": [ \"2:468a:c000::/35/12\" ]" },
	/* What is left of a whole prefix passes for a component, but for bits that nobody sets. */
	{ 2, "15""0210082003""09011202048002""0d2200016026d407d9",
	  "\"source-ipv6\": [ \"2003::/16/8\" ]" },
	{ 1, "050301068111",
	  "\"protocol\": [ \"=tcp\", \"=udp\" ]" },
	{ 1, "06038106038111",
	  "\"protocol\": [ \"=tcp\", \"=udp\" ]" },
	{ 1, "03038163",
	  "\"protocol\": [ \"=99\" ]" },
	{ 1, "0604a100001f90",
	  "\"port\": [ \"=8080\" ]" },
	{ 1, "0a04b10000000000001f90",
	  "\"port\": [ \"=8080\" ]" },
	{ 1, "03098100",
	  "\"tcp-flags\": [ \"=\" ]" },
	{ 1, "0409910112",
	  "\"tcp-flags\": [ \"=syn+ack+ns\" ]" },
	{ 1, "030c8190",
	  "\"fragment\": [ \"=unknown fragment type 144\" ]" },
};
/* clang-format on */

/* Members in the JSON of 6.0. */
Case(flowspec, values_are_shown_as_the_reference_shows_them)
{
	struct text got = { 0 };

	for (size_t i = 0; i < sizeof(members) / sizeof(members[0]); i++) {
		struct bytes b;
		struct nlri n = { .family = family_of(members[i].afi, 133) };
		struct emit e = emit_on(&got, SPELL_JSON, SHAPE_EXT_HEX);

		n.bytes = bytes_of(&b, members[i].nlri);
		cr_assert(n.family->sound(n.family, n.bytes), "%s", members[i].nlri);
		text_clear(&got);
		n.family->emit(&e, &n);
		cr_expect(strstr(text_chars(&got), members[i].member) != NULL, "%s\n%s",
		    members[i].member, text_chars(&got));
	}
	text_free(&got);
}

Case(flowspec, rules_that_make_no_sense_are_passed_over)
{
	static const struct {
		uint16_t afi;
		uint8_t safi;
		const char *nlri;
		size_t left;
	} table[] = {
		{ 1, 133,
		    "020381"
		    "0501180a0101",
		    1 },
		{ 1, 133,
		    "0501180a0101"
		    "030e8101",
		    1 },
		{ 1, 133,
		    "030d8101"
		    "0501180a0101",
		    1 },
		{ 2, 133, "030d8101", 1 },
		{ 1, 133, "0a01180a010101180a0101", 0 },
		{ 1, 133, "0501210a0101", 0 },
		{ 2, 133,
		    "080120212001"
		    "0db8",
		    0 },
		{ 1, 134, "0501180a0101", 0 },
		{ 1, 133,
		    "f005"
		    "01180a0101"
		    "00",
		    2 },
	};

	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		struct bytes b;
		struct update_part part = { .family = family_of(table[i].afi, table[i].safi) };

		part.nlri = bytes_of(&b, table[i].nlri);
		cr_expect(nlri_count(&part) == table[i].left, "%s: %zu", table[i].nlri,
		    nlri_count(&part));
	}
}

/* What 4.2 and 5.0 show beside the rule. */
Case(flowspec, next_hops_stand_inside_where_the_dialect_has_them)
{
	struct bytes b;
	struct bytes hop;
	struct text got = { 0 };
	struct nlri n = { .family = family_of(1, 133) };
	struct emit e = emit_on(&got, SPELL_JSON, SHAPE_NLRI_NEXT_HOP | SHAPE_COMMUNITY_WIRE);

	n.bytes = bytes_of(&b, "03098112");
	e.next_hop = bytes_of(&hop, "c0000201");
	n.family->emit(&e, &n);
	cr_expect_str_eq(text_chars(&got),
	    "{ \"tcp-flags\": [ \"=syn\", \"=ack\" ], \"next-hop\": \"192.0.2.1\", "
	    "\"string\": \"flow tcp-flags =syn+ack next-hop 192.0.2.1\" }");
	text_free(&got);
}

/* A rule as long as may be, and one longer. */
Case(flowspec, rules_have_the_length_of_the_rfc)
{
	static const struct {
		unsigned values;
		bool good;
	} table[] = { { 79, true }, { 80, true }, { 1300, true }, { 1364, true }, { 1365, false },
		{ 4000, false } };

	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		struct text words = { 0 };
		struct routes routes = { 0 };
		bool good;

		text_string(&words, "ipv4 flow port [");
		for (unsigned k = 0; k < table[i].values; k++)
			text_format(&words, " =%u", 1000 + k);
		text_string(&words, " ] discard");
		good = statement_parse(text_chars(&words), ROUTE_ANNOUNCE, &routes);
		cr_expect(good == table[i].good, "%u values", table[i].values);
		if (good) {
			struct reader r = reader_on(routes.at[0].nlri.bytes);
			const struct family *f = family_of(1, 133);

			cr_expect(
			    slice_same(nlri_take(f, &r, false).bytes, routes.at[0].nlri.bytes),
			    "taken");
			cr_expect(reader_done(&r), "all of it");
			cr_expect(f->sound(f, routes.at[0].nlri.bytes), "sound");
		}
		routes_free(&routes);
		text_free(&words);
	}
}
