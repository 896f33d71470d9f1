/* EVPN: RFC 7432 7, RFC 9136 3.1. Words, bytes and back. */
#include "said.h"

#include "lang/json.h"
#include "pieces.h"

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

Case(evpn, words_become_bytes)
{
	static const struct said_vector table[] = {
		{ "l2vpn evpn ethernet-ad rd 65002:100 esi 00:11:22:33:44:55:66:77:88:99 "
		  "ethernet-tag 10 label 62",
		    "01190000fdea00000064001122334455667788990000000a0003e1", 0 },
		{ "l2vpn evpn ethernet-ad rd 65002:100 ethernet-tag 4294967295",
		    "01190000fdea0000006400000000000000000000ffffffff000000", 0 },
		{ "l2vpn evpn mac-ip rd 65002:100 mac 00:11:22:33:44:55 ethernet-tag 10 label 62",
		    "02210000fdea00000064000000000000000000000000000a30001122334455000003e1", 0 },
		{ "l2vpn evpn mac-ip label 62 ip 10.1.1.1 mac 00:11:22:33:44:55 ethernet-tag 10 "
		  "esi 00:11:22:33:44:55:66:77:88:99 rd 65002:100",
		    "02250000fdea00000064001122334455667788990000000a30001122334455200a0101010003"
		    "e1",
		    0 },
		{ "l2vpn evpn mac-ip rd 65002:100 ethernet-tag 10 mac 00:11:22:33:44:55 "
		  "ip 2001:db8::5 label [ 62 77 ]",
		    "02340000fdea00000064000000000000000000000000000a300011223344558020010db80000"
		    "000000000000000000050003e00004d1",
		    0 },
		{ "l2vpn evpn mac-ip rd 65002:100 mac 00:11:22:33:44:55 vni [ 100 16777215 ]",
		    "02240000fdea000000640000000000000000000000000000300011223344550000"
		    "0064ffffff",
		    0 },
		{ "l2vpn evpn multicast rd 65002:100 ethernet-tag 10 ip 10.1.1.1",
		    "03110000fdea000000640000000a200a010101", 0 },
		{ "l2vpn evpn ethernet-segment rd 65002:100 esi 00:11:22:33:44:55:66:77:88:99 "
		  "ip 10.1.1.1",
		    "04170000fdea0000006400112233445566778899200a010101", 0 },
		{ "l2vpn evpn prefix rd 65002:100 ethernet-tag 10 ip 10.1.1.0/24 gateway 10.9.9.9 "
		  "label 62",
		    "05220000fdea00000064000000000000000000000000000a180a0101000a0909090003e1", 0 },
		{ "l2vpn evpn prefix rd 65002:100 ethernet-tag 10 ip 2001:db8:1::/64 label 62",
		    "053a0000fdea00000064000000000000000000000000000a4020010db80001000000000000"
		    "00000000000000000000000000000000000000000003e1",
		    0 },
		{ "l2vpn evpn raw 0x060a0000fdea000000640102", "060a0000fdea000000640102", 0 },
	};

	said_expect(table, COUNT(table));
}

/* RFC 7432 5 */
Case(evpn, segments_have_the_forms_of_their_types)
{
	static const struct {
		const char *esi;
		const char *hex;
	} table[] = {
		{ "-", "00000000000000000000" },
		{ "00:a1:B2:03:04:05:06:07:08:09", "00a1b203040506070809" },
		{ "lacp 00:00:5e:00:53:01 4660", "0100005e005301123400" },
		{ "stp 00:00:5e:00:53:01 32768", "0200005e005301800000" },
		{ "mac 00:00:5e:00:53:01 66051", "0300005e005301010203" },
		{ "router-id 192.0.2.1 16909060", "04c00002010102030400" },
		{ "as 65001 7", "050000fde90000000700" },
	};

	for (size_t i = 0; i < COUNT(table); i++) {
		struct text words = { 0 };
		struct said s;

		text_format(
		    &words, "l2vpn evpn ethernet-segment rd 1:1 ip 1.1.1.1 esi %s", table[i].esi);
		s = said_of(text_chars(&words), ROUTE_WITHDRAW);
		cr_assert(s.good, "%s: %s", table[i].esi, text_chars(&s.why));
		cr_expect(strncmp(text_chars(&s.hex) + 20, table[i].hex, 20) == 0, "%s: %s",
		    table[i].esi, text_chars(&s.hex));
		said_done(&s);
		text_free(&words);
	}
}

Case(evpn, what_is_wrong_has_its_place)
{
	static const struct said_vector table[] = {
		{ "l2vpn evpn", NULL, 11 },
		{ "l2vpn evpn host rd 1:1", NULL, 12 },
		{ "l2vpn evpn mac-ip rd 1", NULL, 22 },
		{ "l2vpn evpn mac-ip rd 1:1 mac 00:11:22:33:44", NULL, 30 },
		{ "l2vpn evpn mac-ip rd 1:1 mac 00:11:22:33:44:5g", NULL, 30 },
		{ "l2vpn evpn mac-ip mac 00:11:22:33:44:55", NULL, 40 },
		{ "l2vpn evpn mac-ip rd 1:1", NULL, 25 },
		{ "l2vpn evpn mac-ip rd 1:1 mac 00:11:22:33:44:55 ip 10.0.0.0/24", NULL, 51 },
		{ "l2vpn evpn mac-ip rd 1:1 mac 00:11:22:33:44:55 mac 00:11:22:33:44:55", NULL,
		    48 },
		{ "l2vpn evpn mac-ip rd 1:1 mac 00:11:22:33:44:55 gateway 10.0.0.1", NULL, 48 },
		{ "l2vpn evpn mac-ip rd 1:1 mac 00:11:22:33:44:55 label 1 vni 1", NULL, 61 },
		{ "l2vpn evpn mac-ip rd 1:1 mac 00:11:22:33:44:55 vni 16777216", NULL, 52 },
		{ "l2vpn evpn mac-ip rd 1:1 mac 00:11:22:33:44:55 vni [ 1 2 3 ]", NULL, 58 },
		{ "l2vpn evpn mac-ip rd 1:1 mac 00:11:22:33:44:55 label [ 1 2 3 ]", NULL, 63 },
		{ "l2vpn evpn mac-ip rd 1:1 mac 00:11:22:33:44:55 ethernet-tag 4294967296", NULL,
		    61 },
		{ "l2vpn evpn mac-ip rd 1:1 mac 00:11:22:33:44:55 split /32", NULL, 57 },
		{ "l2vpn evpn multicast rd 1:1 ip 10.0.0.1 label 5", NULL, 48 },
		{ "l2vpn evpn multicast rd 1:1", NULL, 28 },
		{ "l2vpn evpn multicast rd 1:1 ip ten", NULL, 32 },
		{ "l2vpn evpn ethernet-segment rd 1:1 ip 10.0.0.1", NULL, 47 },
		{ "l2vpn evpn ethernet-segment rd 1:1 ip 10.0.0.1 esi 00:11", NULL, 52 },
		{ "l2vpn evpn ethernet-segment rd 1:1 ip 10.0.0.1 esi lacp 1 2", NULL, 57 },
		{ "l2vpn evpn ethernet-segment rd 1:1 ip 1.1.1.1 esi mac 00:00:00:00:00:01 16777216",
		    NULL, 73 },
		{ "l2vpn evpn ethernet-ad rd 1:1 label [ 1 2 ]", NULL, 44 },
		{ "l2vpn evpn prefix rd 1:1 ip 10.0.0.1/24", NULL, 29 },
		{ "l2vpn evpn prefix rd 1:1 ip 10.0.0.0/24 gateway ::1", NULL, 52 },
		{ "l2vpn evpn raw 0x03110000fdea000000640000000a210a010101", NULL, 16 },
		{ "l2vpn evpn raw 0x060a0000fdea000000640102 label 3", NULL, 50 },
		{ "l2vpn evpn multicast rd 1:1 ip 10.0.0.1 nonsense", NULL, 41 },
	};

	said_expect(table, COUNT(table));
}

/* Any NLRI that is valid. */

static void
random_bytes(struct writer *w, size_t n, uint64_t *seed)
{
	while (n-- > 0)
		write_u8(w, dice(seed) % 3 == 0 ? 0 : (uint8_t)dice(seed));
}

static void
random_ip(struct writer *w, bool none, uint64_t *seed)
{
	uint8_t bytes = none && dice(seed) % 3 == 0 ? 0 : dice(seed) % 2 == 0 ? 4 : 16;

	write_u8(w, (uint8_t)(bytes * 8));
	random_bytes(w, bytes, seed);
}

static void
random_prefix(struct writer *w, uint64_t *seed)
{
	uint8_t bytes = dice(seed) % 2 == 0 ? 4 : 16;

	write_u8(w, (uint8_t)(dice(seed) % (bytes * 8u + 1)));
	random_bytes(w, bytes * 2, seed);
}

static struct slice
random_nlri(uint8_t type, uint8_t room[2 + UINT8_MAX], uint64_t *seed)
{
	struct writer w = writer_on(room, 2 + UINT8_MAX);
	struct gap value;

	write_u8(&w, type);
	value = open_u8(&w);
	random_bytes(&w, 8, seed);
	if (type != 3)
		random_bytes(&w, 10, seed);
	if (type != 4)
		random_bytes(&w, 4, seed);
	if (type == 2) {
		write_u8(&w, 48);
		random_bytes(&w, 6, seed);
	}
	if (type == 5)
		random_prefix(&w, seed);
	else if (type != 1)
		random_ip(&w, type == 2, seed);
	if (type != 3 && type != 4)
		random_bytes(&w, type == 2 && dice(seed) % 2 == 0 ? 6 : 3, seed);
	close_u8(&w, value);
	return writer_slice(&w);
}

Case(evpn, every_valid_nlri_is_read_back_from_its_words)
{
	const struct family *f = family_of(25, 70);
	uint64_t seed = 7432;
	struct text json = { 0 };
	struct text why = { 0 };
	struct arena a = { 0 };

	for (unsigned round = 0; round < 10000; round++) {
		uint8_t room[2 + UINT8_MAX];
		struct slice bytes = random_nlri((uint8_t)(round % 6 + 1), room, &seed);
		struct reader r = reader_on(bytes);
		struct nlri n = nlri_take(f, &r, false);

		cr_assert(reader_done(&r));
		n.has_path_id = round % 4 == 0;
		n.path_id = n.has_path_id ? dice(&seed) : 0;
		said_again(&n);
		said_print(&n, SPELL_JSON, 0, &json);
		cr_assert(json_read(text_view(&json), &a, &why) != NULL, "%s", text_chars(&json));
		arena_reset(&a);
	}
	text_free(&json);
	text_free(&why);
	arena_free(&a);
}

/* RFC 9136 3.1: the prefix identifies, not what stands behind its length. */
Case(evpn, host_bits_do_not_identify_a_prefix)
{
	struct said one = said_of(
	    "l2vpn evpn raw 0x05220000fdea00000064000000000000000000000000000a140a0110000a0909090003e1",
	    ROUTE_WITHDRAW);
	struct said two = said_of(
	    "l2vpn evpn raw 0x05220000fdea00000064000000000000000000000000000a140a011fff0a0909090003e1",
	    ROUTE_WITHDRAW);
	uint8_t keys[2][NLRI_KEY_MAX];

	cr_assert(one.good && two.good);
	cr_expect(slice_same(slice_of(keys[0], nlri_key(&one.routes.at[0].nlri, keys[0])),
	    slice_of(keys[1], nlri_key(&two.routes.at[0].nlri, keys[1]))));
	said_done(&one);
	said_done(&two);
}

Case(evpn, blocks_say_what_lines_say)
{
	static const char line[] = "mac-ip rd 1:1 mac 00:11:22:33:44:55 vni 5 next-hop 1.1.1.1;";
	static const char *const blocks[] = {
		"mac-ip { rd 1:1; mac 00:11:22:33:44:55; vni 5; next-hop 1.1.1.1; }",
		"mac-ip customer { rd 1:1; mac 00:11:22:33:44:55; vni 5; next-hop 1.1.1.1 }",
		("raw 0x02210000000100000001000000000000000000000000000030001122334455000000"
		 "05 next-hop 1.1.1.1;"),
	};
	struct routes routes = { 0 };
	struct lex lx;

	lex_init(&lx, slice_on(line), LEX_FILE);
	route_parse_statement(&lx, "evpn", ROUTE_FILE, &routes);
	lex_done(&lx);
	for (size_t i = 0; i < COUNT(blocks); i++) {
		lex_init(&lx, slice_on(blocks[i]), LEX_FILE);
		route_parse_statement(&lx, "evpn", ROUTE_FILE, &routes);
		cr_assert(!lex_failed(&lx) && routes.count == i + 2, "%s: %s", blocks[i],
		    text_chars(&lx.fault));
		cr_expect(slice_same(routes.at[0].nlri.bytes, routes.at[i + 1].nlri.bytes), "%s",
		    blocks[i]);
		cr_expect(routes.at[0].attrs == routes.at[i + 1].attrs, "%s", blocks[i]);
		lex_done(&lx);
	}
	routes_free(&routes);
}

Case(evpn, an_announce_needs_a_next_hop)
{
	struct said without = said_of("l2vpn evpn multicast rd 1:1 ip 10.0.0.1", ROUTE_ANNOUNCE);
	struct said with =
	    said_of("l2vpn evpn multicast rd 1:1 ip 10.0.0.1 next-hop self", ROUTE_ANNOUNCE);

	cr_expect(!without.good);
	cr_expect(with.good);
	said_done(&without);
	said_done(&with);
}
