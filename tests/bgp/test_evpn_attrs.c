/* Attributes that go with EVPN in words: the PMSI tunnel (RFC 6514 5) and its communities. */
#include "bytes.h"
#include "said.h"

#include "attr.h"

#include "pieces.h"

#define ROUTE "l2vpn evpn multicast rd 1:1 ip 1.1.1.1 next-hop 1.1.1.1 "

/* The value of an attribute, in to; the words of a route in front of its own. */
static void
value_of(const char *words, uint8_t code, struct text *to)
{
	struct text all = { 0 };
	struct record r;
	struct said s;

	text_format(&all, ROUTE "%s", words);
	s = said_of(text_chars(&all), ROUTE_ANNOUNCE);
	text_clear(to);
	if (s.good && attrs_find(s.routes.at[0].attrs, code, &r))
		text_hex(to, r.value);
	said_done(&s);
	text_free(&all);
}

struct vector {
	const char *words; /* behind that of the attribute */
	const char *hex;   /* "": refused */
};

static const struct vector tunnels[] = {
	{ "( ingress-replication 10.4.4.4 label 100 )", "00060006400a040404" },
	{ "( ingress-replication 10.4.4.4 vni 100 flags 1 )", "01060000640a040404" },
	{ "( ingress-replication 2001:db8::1 vni 101 )",
	    "000600006520010db8000000000000000000000001" },
	{ "( no-tunnel )", "0000000000" },
	{ "( no-tunnel label 3 )", "0000000030" },
	{ "( pim-ssm 10.4.4.4 232.1.1.1 label 15 flags 1 )", "01030000f00a040404e8010101" },
	{ "( pim-sm 10.4.4.4 232.1.1.1 )", "00040000000a040404e8010101" },
	{ "( bidir-pim 10.4.4.4 232.1.1.1 )", "00050000000a040404e8010101" },
	{ "( mldp-p2mp 0x060001 )", "0002000000060001" },
	{ "( rsvp-te-p2mp 0x0a04040400000001000000ff )", "00010000000a04040400000001000000ff" },
	{ "( mldp-mp2mp 0x08 )", "000700000008" },
	{ "( type 9 0xaabb )", "0009000000aabb" },
	{ "( type 255 )", "00ff000000" },
	{ "ingress-replication 10.4.4.4", "" },
	{ "( ingress-replication )", "" },
	{ "( ingress-replication 10.4.4.4 10.4.4.5 )", "" },
	{ "( pim-ssm 10.4.4.4 ff00::1 )", "" },
	{ "( pim-ssm 10.4.4.4 )", "" },
	{ "( mldp-p2mp 10.4.4.4 )", "" },
	{ "( mldp-p2mp 0x0 )", "" },
	{ "( type 256 )", "" },
	{ "( tunnel )", "" },
	{ "( no-tunnel label 1048576 )", "" },
	{ "( no-tunnel vni 16777216 )", "" },
	{ "( no-tunnel flags 256 )", "" },
	{ "( no-tunnel label 3", "" },
	{ "( no-tunnel mark 3 )", "" },
};

Case(pmsi, words_become_bytes)
{
	struct text words = { 0 };
	struct text got = { 0 };

	for (size_t i = 0; i < sizeof(tunnels) / sizeof(tunnels[0]); i++) {
		text_clear(&words);
		text_format(&words, "pmsi %s", tunnels[i].words);
		value_of(text_chars(&words), 22, &got);
		cr_expect_str_eq(text_chars(&got), tunnels[i].hex, "%s", tunnels[i].words);
	}
	text_free(&words);
	text_free(&got);
}

static const struct vector communities[] = {
	{ "encap:VXLAN", "030c000000000008" },
	{ "encap:vxlan-gpe", "030c00000000000c" },
	{ "encap:19", "030c000000000013" },
	{ "mac-mobility:0", "0600000000000000" },
	{ "mac-mobility:4294967295:sticky", "06000100ffffffff" },
	{ "esi-label:0", "0601000000000000" },
	{ "esi-label:1048575:single-active", "0601010000fffff0" },
	{ "es-import:00:11:22:AA:bb:cc", "0602001122aabbcc" },
	{ "router-mac:00:11:22:AA:bb:cc", "0603001122aabbcc" },
	{ "default-gateway", "030d000000000000" },
	{ "encap:", "" },
	{ "encap:65536", "" },
	{ "encap:VXLAN:1", "" },
	{ "mac-mobility:4294967296", "" },
	{ "mac-mobility:1:fixed", "" },
	{ "esi-label:1048576", "" },
	{ "esi-label:1:all", "" },
	{ "es-import:00:11:22:AA:bb", "" },
	{ "router-mac:1", "" },
	{ "default-gateway:1", "" },
};

Case(evpn_communities, words_become_bytes)
{
	struct text words = { 0 };
	struct text got = { 0 };

	for (size_t i = 0; i < sizeof(communities) / sizeof(communities[0]); i++) {
		text_clear(&words);
		text_format(&words, "extended-community %s", communities[i].words);
		value_of(text_chars(&words), 16, &got);
		cr_expect_str_eq(text_chars(&got), communities[i].hex, "%s", communities[i].words);
	}
	text_free(&words);
	text_free(&got);
}

/* A value in words, read back. */
static void
check_again(const struct attr *row, struct slice value)
{
	struct text words = { 0 };
	struct text want = { 0 };
	struct text got = { 0 };
	struct emit e = emit_on(&words, SPELL_WORDS, 0);

	row->emit(&e, value);
	text_hex(&want, value);
	value_of(text_chars(&words), row->code, &got);
	cr_expect_str_eq(text_chars(&got), text_chars(&want), "%s", text_chars(&words));
	text_free(&words);
	text_free(&want);
	text_free(&got);
}

Case(pmsi, every_value_is_read_back_from_its_words)
{
	uint64_t seed = 6514;

	for (unsigned round = 0; round < 5000; round++) {
		static const uint16_t lengths[] = { 0, 4, 8, 12, 16, 17, 32, 255, 256 };
		uint8_t value[5 + 256];
		size_t len = 5u + lengths[dice(&seed) % (sizeof(lengths) / sizeof(lengths[0]))];

		for (size_t i = 0; i < len; i++)
			value[i] = (uint8_t)dice(&seed);
		value[0] = dice(&seed) % 2 == 0 ? 0 : value[0];
		value[1] = dice(&seed) % 10 == 0 ? value[1] : value[1] % 9;
		value[4] = dice(&seed) % 2 == 0 ? value[4] & 0xf0 : value[4];
		check_again(&attr_pmsi, slice_of(value, len));
	}
}

Case(evpn_communities, every_value_is_read_back_from_its_words)
{
	static const uint16_t kinds[] = { 0x030c, 0x030d, 0x0600, 0x0601, 0x0602, 0x0603 };
	uint64_t seed = 7432;

	for (unsigned round = 0; round < 5000; round++) {
		uint8_t value[8];

		store_u16(value, kinds[dice(&seed) % (sizeof(kinds) / sizeof(kinds[0]))]);
		for (size_t i = 2; i < sizeof(value); i++)
			value[i] = dice(&seed) % 2 == 0 ? 0 : (uint8_t)(dice(&seed) % 32);
		check_again(&attr_ext_community, slice_of(value, sizeof(value)));
	}
}
