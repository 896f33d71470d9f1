/* Route statements: words to sets and NLRI, to the wire, and back. */
#include "bytes.h"
#include "statement.h"

#include "attr.h"

#include "base/arena.h"
#include "bgp/route.h"
#include "bgp/update.h"

/* clang-format off */
static const struct {
	const char *words;
	const char *bodies; /* of UPDATEs to a session as below; NULL: refused */
} vectors[] = {
	{ "route 10.0.0.0/24 next-hop 192.0.2.1",
	    "000000144001010040020602010000fde9400304c0000201180a0000" },
	{ "route 10.0.0.0 next-hop 192.0.2.1",
	    "000000144001010040020602010000fde9400304c0000201200a000000" },
	{ "route 10.0.0.0/24 next-hop self",
	    "000000144001010040020602010000fde94003047f000001180a0000" },
	{ "route 10.0.0.0/24 next-hop SELF",
	    "000000144001010040020602010000fde94003047f000001180a0000" },
	{ "route 10.0.0.0/24 next-hop 192.0.2.1 origin IGP",
	    "000000144001010040020602010000fde9400304c0000201180a0000" },
	{ "route 10.0.0.0/24 next-hop 192.0.2.1 origin incomplete med 5 local-preference 200",
	    "0000001b4001010240020602010000fde9400304c000020180040400000005180a0000" },
	{ "route 10.0.0.0/24 next-hop 192.0.2.1 as-path [ 1 2 3 ]",
	    "0000001c4001010040020e0203000000010000000200000003400304c0000201180a0000" },
	{ "route 10.0.0.0/24 next-hop 192.0.2.1 as-path [1 2 3]",
	    "0000001c4001010040020e0203000000010000000200000003400304c0000201180a0000" },
	{ "route 10.0.0.0/24 next-hop 192.0.2.1 as-path 1",
	    "0000001440010100400206020100000001400304c0000201180a0000" },
	{ "route 10.0.0.0/24 next-hop 192.0.2.1 as-path [ ]",
	    "0000000e40010100400200400304c0000201180a0000" },
	{ "route 10.0.0.0/24 next-hop 192.0.2.1 as-path [ 1 2 ] ( 3 4 )",
	    "00000022400101004002140202000000010000000201020000000300000004400304c0000201180a0000" },
	{ "route 10.0.0.0/24 next-hop 192.0.2.1 as-path [ 1 2 ( 3 4 ) ]",
	    "00000022400101004002140202000000010000000201020000000300000004400304c0000201180a0000" },
	{ "route 10.0.0.0/24 next-hop 192.0.2.1 as-path [ 1,2,3 ]",
	    "0000001c4001010040020e0203000000010000000200000003400304c0000201180a0000" },
	{ "route 10.0.0.0/24 next-hop 192.0.2.1 as-path [ { 1 2 } ]",
	    NULL },
	{ "route 10.0.0.0/24 next-hop 192.0.2.1 as-path ( { 1 2 } )",
	    NULL },
	{ "route 10.0.0.0/24 next-hop 192.0.2.1 as-path [ 1.1 ]",
	    "0000001440010100400206020100010001400304c0000201180a0000" },
	{ "route 10.0.0.0/24 next-hop 192.0.2.1 as-path [ 4294967296 ]",
	    NULL },
	{ "route 10.0.0.0/24 next-hop 192.0.2.1 community 65000:1",
	    "0000001b4001010040020602010000fde9400304c0000201c00804fde80001180a0000" },
	{ "route 10.0.0.0/24 next-hop 192.0.2.1 community [ 65000:1 no-export no-advertise no-export-subconfed nopeer blackhole 0x00010002 65538 ]",
	    "000000374001010040020602010000fde9400304c0000201c008200001000200010002fde80001ffff029affffff01ffffff02ffffff03ffffff04180a0000" },
	{ "route 10.0.0.0/24 next-hop 192.0.2.1 community [ 65000:1, 65000:2 ]",
	    NULL },
	{ "route 10.0.0.0/24 next-hop 192.0.2.1 community [ ]",
	    "000000144001010040020602010000fde9400304c0000201180a0000" },
	{ "route 10.0.0.0/24 next-hop 192.0.2.1 community [ 3:3 1:1 3:3 ]",
	    "000000234001010040020602010000fde9400304c0000201c0080c000100010003000300030003180a0000" },
	{ "route 10.0.0.0/24 next-hop 192.0.2.1 community 65536:1",
	    NULL },
	{ "route 10.0.0.0/24 next-hop 192.0.2.1 community foo",
	    NULL },
	{ "route 10.0.0.0/24 next-hop 192.0.2.1 large-community [ 1:2:3 4:5:6 1:2:3 ]",
	    "0000002f4001010040020602010000fde9400304c0000201c02018000000010000000200000003000000040000000500000006180a0000" },
	{ "route 10.0.0.0/24 next-hop 192.0.2.1 large-community 1:2:3",
	    "000000234001010040020602010000fde9400304c0000201c0200c000000010000000200000003180a0000" },
	{ "route 10.0.0.0/24 next-hop 192.0.2.1 large-community 0x000000010000000200000003",
	    "000000234001010040020602010000fde9400304c0000201c0200c000000010000000200000003180a0000" },
	{ "route 10.0.0.0/24 next-hop 192.0.2.1 extended-community target:65000:1",
	    "0000001f4001010040020602010000fde9400304c0000201c010080002fde800000001180a0000" },
	{ "route 10.0.0.0/24 next-hop 192.0.2.1 extended-community [ 65000:1 target:65536:1 target:1.2.3.4:5 target:65000L:1 origin:65000:1 origin:65000:1.2.3.4 origin:1.2.3.4:5 ]",
	    "0000004f4001010040020602010000fde9400304c0000201c010380002fde8000000010003fde8000000010003fde80102030401020000fde80001010200010000000101020102030400050103010203040005180a0000" },
	{ "route 10.0.0.0/24 next-hop 192.0.2.1 extended-community [ redirect:65000:1 l2info:19:0:1400:7 bandwidth:65000:1000000 mup:10:10 redirect-to-nexthop 0x0002fde800000001 ]",
	    "000000474001010040020602010000fde9400304c0000201c010300002fde80000000108000000000000000c00000a0000000a4004fde8497424008008fde800000001800a130005780007180a0000" },
	{ "route 10.0.0.0/24 next-hop 192.0.2.1 extended-community [ rate-limit:65000:1 ]",
	    NULL },
	{ "route 10.0.0.0/24 next-hop 192.0.2.1 extended-community [ rate-limit:65535 interface-set:non-transitive:input:3405770241:1 redirect-to-nexthop-ietf 1.2.3.4 mark 34 action sample copy-to-nexthop ]",
	    "000000474001010040020602010000fde9400304c0000201c01030010c01020304000008000000000000014702caffee01400180060000477fff00800700000000000280090000000000"
	    "22180a0000" },
	{ "route 10.0.0.0/24 next-hop 192.0.2.1 extended-community [ rate-limit:0:packets interface-set:output:254:254 copy-to-nexthop-ietf 1.2.3.4 ]",
	    "0000002f4001010040020602010000fde9400304c0000201c01018010c0102030400010702000000fe80fe800c000000000000180a0000" },
	{ "route 10.0.0.0/24 next-hop 192.0.2.1 extended-community [ mark 64 ]", NULL },
	{ "route 10.0.0.0/24 next-hop 192.0.2.1 extended-community [ action nothing ]", NULL },
	{ "route 10.0.0.0/24 next-hop 192.0.2.1 extended-community [ redirect-to-nexthop-ietf ::1 ]", NULL },
	{ "route 10.0.0.0/24 next-hop 192.0.2.1 extended-community [ interface-set:sideways:1:1 ]", NULL },
	{ "route 10.0.0.0/24 next-hop 192.0.2.1 aggregator 65000:1.2.3.4",
	    "0000001f4001010040020602010000fde9400304c0000201c007080000fde801020304180a0000" },
	{ "route 10.0.0.0/24 next-hop 192.0.2.1 aggregator ( 65000:1.2.3.4 )",
	    "0000001f4001010040020602010000fde9400304c0000201c007080000fde801020304180a0000" },
	{ "route 10.0.0.0/24 next-hop 192.0.2.1 aggregator (65536:1.2.3.4)",
	    "0000001f4001010040020602010000fde9400304c0000201c007080001000001020304180a0000" },
	{ "route 10.0.0.0/24 next-hop 192.0.2.1 atomic-aggregate",
	    "000000174001010040020602010000fde9400304c0000201400600180a0000" },
	{ "route 10.0.0.0/24 next-hop 192.0.2.1 originator-id 1.2.3.4 cluster-list [ 1.1.1.1 2.2.2.2 ]",
	    "000000264001010040020602010000fde9400304c000020180090401020304800a080101010102020202180a0000" },
	{ "route 10.0.0.0/24 next-hop 192.0.2.1 cluster-list 1.1.1.1",
	    "0000001b4001010040020602010000fde9400304c0000201800a0401010101180a0000" },
	{ "route 10.0.0.0/24 next-hop 192.0.2.1 aigp 100",
	    "000000144001010040020602010000fde9400304c0000201180a0000" },
	{ "route 10.0.0.0/24 next-hop 192.0.2.1 aigp 0x64",
	    "000000144001010040020602010000fde9400304c0000201180a0000" },
	{ "route 10.0.0.0/24 next-hop 192.0.2.1 attribute [ 0x99 0xc0 0x0102 ]",
	    "000000194001010040020602010000fde9400304c0000201c099020102180a0000" },
	{ "route 10.0.0.0/24 next-hop 192.0.2.1 attribute [0x20 0xc0 0x0000ffff00000001ffffffff]",
	    "000000234001010040020602010000fde9400304c0000201c0200c0000ffff00000001ffffffff180a0000" },
	{ "route 10.0.0.0/24 next-hop 192.0.2.1 attribute [ 0x99 0x60 0x0102 ]",
	    "000000194001010040020602010000fde9400304c00002016099020102180a0000" },
	{ "route 10.0.0.0/24 next-hop 192.0.2.1 name foo watchdog bar withdraw",
	    "000000144001010040020602010000fde9400304c0000201180a0000" },
	{ "route 10.0.0.0/23 next-hop 192.0.2.1 split /24",
	    "000000144001010040020602010000fde9400304c0000201180a0000 000000144001010040020602010000fde9400304c0000201180a0001" },
	{ "route 10.0.0.0/24 next-hop 192.0.2.1 split 25",
	    NULL },
	{ "route 10.0.0.0/24 next-hop 192.0.2.1 path-information 1.2.3.4",
	    "000000144001010040020602010000fde9400304c0000201180a0000" },
	{ "route 10.0.0.0/24 next-hop 192.0.2.1 path-information 7",
	    "000000144001010040020602010000fde9400304c0000201180a0000" },
	{ "route 2001:db8::/32 next-hop 2001:db8::1",
	    "0000002a4001010040020602010000fde9800e1a0002011020010db8000000000000000000000001002020010db8" },
	{ "route 2001:db8::/32 next-hop 192.0.2.1",
	    "000000254001010040020602010000fde9400304c0000201800e0e00020104c0000201002020010db8" },
	{ "route 224.1.1.0/24 next-hop 192.0.2.1",
	    "000000144001010040020602010000fde9400304c000020118e00101" },
	{ "route 10.0.0.0/24 next-hop 192.0.2.1 med 5 med 6",
	    "0000001b4001010040020602010000fde9400304c000020180040400000005180a0000" },
	{ "route 10.0.0.0/24 med 5 next-hop 192.0.2.1 unknownkw",
	    NULL },
	{ "route 10.0.0.1/24 next-hop 192.0.2.1",
	    NULL },
	{ "route 10.0.0.0/33 next-hop 192.0.2.1",
	    NULL },
	{ "route 10.0.0.0/24 next-hop foo",
	    NULL },
	{ "route 10.0.0.0/24 next-hop 192.0.2.1 med foo",
	    NULL },
	{ "route 10.0.0.0/24 next-hop 192.0.2.1 med 4294967296",
	    NULL },
	{ "route 10.0.0.0/24 next-hop 192.0.2.1;",
	    "000000144001010040020602010000fde9400304c0000201180a0000" },
	{ "route 10.0.0.0/24 { next-hop 192.0.2.1; med 5; community [ 1:2 ]; }",
	    "000000224001010040020602010000fde9400304c000020180040400000005c0080400010002180a0000" },
	{ "attributes next-hop 192.0.2.1 med 3 nlri 10.0.0.0/24 10.0.1.0/24",
	    "0000001b4001010040020602010000fde9400304c000020180040400000003180a0000 0000001b4001010040020602010000fde9400304c000020180040400000003180a0001" },
	{ "attribute next-hop 192.0.2.1 med 3 nlri 10.0.0.0/24",
	    "0000001b4001010040020602010000fde9400304c000020180040400000003180a0000" },
	{ "attributes next-hop 192.0.2.1 med 3 nlri 2001:db8::/32",
	    "0000002c4001010040020602010000fde9400304c000020180040400000003800e0e00020104c0000201002020010db8" },
	{ "attributes med 3",
	    "000000144001010040020602010000fde980040400000003" },
	{ "attributes next-hop 192.0.2.1 med 3 nlri",
	    "0000001b4001010040020602010000fde9400304c000020180040400000003" },
	{ "ipv4 unicast 10.0.0.0/24 next-hop 192.0.2.1 path-information 5",
	    "000000144001010040020602010000fde9400304c0000201180a0000" },
	{ "ipv4 multicast 10.0.0.0/24 next-hop 192.0.2.1",
	    "000000244001010040020602010000fde9400304c0000201800e0d00010204c000020100180a0000" },
	{ "ipv6 unicast 2001:db8::/32 next-hop 2001:db8::1",
	    "0000002a4001010040020602010000fde9800e1a0002011020010db8000000000000000000000001002020010db8" },
	{ "route 10.0.0.0/24 next-hop 192.0.2.1 as-path [ 65536 ]",
	    "0000001440010100400206020100010000400304c0000201180a0000" },
	{ "route 10.0.0.0/24 next-hop 192.0.2.1 as-path [ 65536 1 ] ( 4200000000 )",
	    "0000001e40010100400210020200010000000000010101fa56ea00400304c0000201180a0000" },
	{ "route 10.0.0.0/24 next-hop 192.0.2.1 as-path [ 1 { 2 3 } ]",
	    NULL },
	{ "route 10.0.0.0/24 next-hop 192.0.2.1 as-path [ { 1 2 ]",
	    NULL },
	{ "route 10.0.0.0/24 next-hop 192.0.2.1 as-path ( 1 2 )",
	    "000000184001010040020a01020000000100000002400304c0000201180a0000" },
	{ "route 10.0.0.0/24 next-hop 192.0.2.1 as-path [ {1 2} ]",
	    NULL },
	{ "route 10.0.0.0/24 next-hop 192.0.2.1 as-path [{ 1 2 }]",
	    NULL },
	{ "route 10.0.0.0/24 next-hop 192.0.2.1 as-path [ 1 2 ] [ 3 ]",
	    "0000001e4001010040021002020000000100000002020100000003400304c0000201180a0000" },
	{ "ipv4 unicast 10.0.0.0/24 next-hop 192.0.2.1 path-information 0.0.0.5",
	    "000000144001010040020602010000fde9400304c0000201180a0000" },
	{ "ipv6 multicast ff00::/8 next-hop 2001:db8::1",
	    "000000274001010040020602010000fde9800e170002021020010db80000000000000000000000010008ff" },
	{ "ipv4 unicast 10.0.0.0/24",
	    NULL },
	{ "ipv4 unicast 10.0.0.0/24 next-hop self",
	    "000000144001010040020602010000fde94003047f000001180a0000" },
	{ "route 10.0.0.0/24 next-hop 192.0.2.1 extended-community [ bandwidth:65000:1000000 ]",
	    "0000001f4001010040020602010000fde9400304c0000201c010084004fde849742400180a0000" },
	{ "route 10.0.0.0/24 next-hop 192.0.2.1 extended-community [ target:4200000000:1 ]",
	    "0000001f4001010040020602010000fde9400304c0000201c010080102fa56ea000001180a0000" },
	{ "route 10.0.0.0/24 next-hop 192.0.2.1 extended-community [ target4:1.2.3.4:1 origin4:1.2.3.4:1 ]",
	    "000000274001010040020602010000fde9400304c0000201c0101001020102030400010103010203040001180a0000" },
};
/* clang-format on */

Case(route, words_become_the_reference_bytes)
{
	struct session s = external();
	struct routes routes = { 0 };
	struct text got = { 0 };

	/* twice, for what the first time put into the cache */
	for (size_t round = 0; round < 2; round++)
		for (size_t i = 0; i < sizeof(vectors) / sizeof(vectors[0]); i++) {
			bool good = statement_parse(vectors[i].words, ROUTE_ANNOUNCE, &routes);

			bodies_of(&routes, &s, &got);
			if (vectors[i].bodies == NULL)
				cr_expect(!good && routes.count == 0, "%s: taken\n%s",
				    vectors[i].words, text_chars(&got));
			else
				cr_expect(good && strcmp(text_chars(&got), vectors[i].bodies) == 0,
				    "%s:\n%s\n%s", vectors[i].words, vectors[i].bodies,
				    text_chars(&got));
			routes_clear(&routes);
		}
	routes_free(&routes);
	text_free(&got);
	cr_expect(attrs_alive() == 0, "%zu sets left", attrs_alive());
}

/* Words of what came over the wire are read back to the same bytes. */
Case(route, wire_to_words_to_wire_is_the_same)
{
	struct session s = external();
	struct routes routes = { 0 };
	struct routes again = { 0 };
	struct text first = { 0 };
	struct text second = { 0 };
	struct text words = { 0 };

	for (size_t i = 0; i < sizeof(vectors) / sizeof(vectors[0]); i++) {
		if (vectors[i].bodies == NULL ||
		    !statement_parse(vectors[i].words, ROUTE_ANNOUNCE, &routes))
			continue;
		bodies_of(&routes, &s, &first);
		for (size_t k = 0; k < routes.count; k++) {
			const struct route *r = &routes.at[k];
			struct emit e = emit_on(&words, SPELL_WORDS, 0);

			if (r->nlri.family == NULL)
				continue;
			text_clear(&words);
			text_string(&words, "route ");
			route_emit_whole(&e, r);
			cr_expect(statement_parse(text_chars(&words), ROUTE_ANNOUNCE, &again), "%s",
			    text_chars(&words));
		}
		bodies_of(&again, &s, &second);
		if (again.count == routes.count &&
		    routes.at[0].nlri.family == again.at[0].nlri.family &&
		    strstr(vectors[i].words, "[ ]") == NULL)
			cr_expect_str_eq(text_chars(&first), text_chars(&second), "%s\n%s",
			    vectors[i].words, text_chars(&words));
		routes_clear(&routes);
		routes_clear(&again);
	}
	routes_free(&routes);
	routes_free(&again);
	text_free(&first);
	text_free(&second);
	text_free(&words);
}

/* clang-format off */
static const struct {
	const char *words;
	const char *fault; /* what the explanation says; NULL: none */
	size_t routes;
} files[] = {
	{ "route 10.0.0.0/24 next-hop 1.1.1.1;", NULL, 1 },
	{ "route 10.0.0.0/24 {\n\tnext-hop 1.1.1.1;\n\tmed 5;\n}", NULL, 1 },
	{ "route 10.0.0.0/24 { next-hop 1.1.1.1; as-path [ 1 ] ( 2 3 ); }", NULL, 1 },
	{ "route 10.0.0.0/24 { next-hop 1.1.1.1; med }", "expected a number for med", 0 },
	{ "route 10.0.0.0/24 { next-hop 1.1.1.1; foo; }", "invalid keyword \"foo\"", 0 },
	{ "route 10.0.0.0/24 next-hop 1.1.1.1 foo;", "unknown command \"foo\"", 0 },
	{ "route 10.0.0.0/24 next-hop 1.1.1.1 { med 5; }", "not both", 0 },
	{ "route 10.0.0.0/24 { next-hop 1.1.1.1;", "expected", 0 },
	{ "route 10.0.0.0/24 med 5;", "(announce requires nexthop: 10.0.0.0/24)", 0 },
	{ "route 10.0.0.0/24 { }", "missing next-hop", 0 },
	{ "route 10.0.0.0/8 next-hop 1.1.1.1 split /12;", NULL, 16 },
	{ "route 10.0.0.0/8 next-hop 1.1.1.1 split /8;", NULL, 1 },
	{ "route 10.0.0.0/8 next-hop 1.1.1.1 split /4;", NULL, 1 },
	{ "route 10.0.0.0/8 next-hop 1.1.1.1 split /33;", "longer than an address", 0 },
	{ "route ::/0 next-hop ::1 split /64;", "more than", 0 },
	{ "attributes next-hop 1.1.1.1 nlri 10.0.0.0/24 2001:db8::/32;", NULL, 2 },
	{ "attributes next-hop 1.1.1.1 nlri 10.0.0.0/24 2001:db8::1/32;", "2001:db8::1/32", 0 },
	{ "attributes med 5 nlri 10.0.0.0/24;", "missing next-hop", 0 },
	{ "ipv4 unicast 2001:db8::/32 next-hop 1.1.1.1;", "IPv4 prefix", 0 },
	{ "l2vpn vpls rd 1:1 endpoint 65536;", "expected a number for endpoint", 0 },
	{ "l2vpn vpls rd 1:1 base x;", "expected a number for base", 0 },
	{ "ipv4 mcast-vpn source-ad source x;", "expected an address for source", 0 },
	{ "ipv4 mcast-vpn source-ad source 2001::1;", "expected an address for source that is an IPv4", 0 },
	{ "ipv4 sr-policy distinguisher 1 color 2 endpoint x;", "expected an endpoint", 0 },
	{ "ipv4 nonsense 10.0.0.0/24 next-hop 1.1.1.1;", "unknown command \"nonsense\"", 0 },
	{ "route 10.0.0.0/24 next-hop 1.1.1.1 cluster-list [ ];", "cluster-list", 0 },
	{ "route 10.0.0.0/24 next-hop 1.1.1.1 watchdog announce;", "watchdog", 0 },
	{ "route 10.0.0.0/24 next-hop 1.1.1.1 attribute [ 0x99 192 0x00 ];", "flags", 0 },
	{ "route 10.0.0.0/24 next-hop 1.1.1.1 attribute [ 0x99 0xc0 0x000 ];", "value", 0 },
	{ "route 10.0.0.0/24 next-hop 1.1.1.1 attribute [ 0x99 0xc0 0x ];", NULL, 1 },
	{ "route 10.0.0.0/24 next-hop 1.1.1.1 extended-community 0x00;", "extended community", 0 },
	{ "route 10.0.0.0/24 next-hop 1.1.1.1 extended-community redirect:70000:1;", "extended community", 0 },
	{ "route 10.0.0.0/24 next-hop 1.1.1.1 large-community 79228162514264337593543950336;", "large community", 0 },
};
/* clang-format on */

Case(route, statements_of_files_are_taken_or_explained)
{
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		struct routes routes = { 0 };
		struct text why = { 0 };
		struct lex lx;

		lex_init(&lx, slice_on(files[i].words), LEX_FILE);
		statement_take(&lx, ROUTE_FILE, &routes);
		(void)lex_take(&lx, ";");
		lex_explain(&lx, &why);
		cr_expect(routes_parts(&routes) == files[i].routes, "%s: %zu routes",
		    files[i].words, routes_parts(&routes));
		if (files[i].fault == NULL)
			cr_expect(!lex_failed(&lx) && lex_over(&lx), "%s: %s", files[i].words,
			    text_chars(&why));
		else
			cr_expect(strstr(text_chars(&why), files[i].fault) != NULL, "%s: %s",
			    files[i].words, text_chars(&why));
		lex_done(&lx);
		text_free(&why);
		routes_free(&routes);
	}
}

Case(route, parts_of_a_split_are_all_prefixes_inside)
{
	static const struct {
		const char *words;
		const char *first, *second, *last;
	} said[] = {
		{ "ipv4 unicast 10.0.0.0/8 next-hop 1.1.1.1 split /27", "1b0a000000", "1b0a000020",
		    "1b0affffe0" },
		{ "ipv6 unicast 2001:db8::/40 next-hop ::1 split /60", "3c20010db800000000",
		    "3c20010db800000010", "3c20010db800fffff0" },
		{ "ipv4 mpls-vpn 10.64.0.0/10 next-hop 1.1.1.1 rd 1:2 label 3 split /12",
		    "6400003100000001000000020a40", "6400003100000001000000020a50",
		    "6400003100000001000000020a70" },
		{ "ipv4 nlri-mpls 10.0.0.0/31 next-hop 1.1.1.1 label 3 split /32",
		    "380000310a000000", "380000310a000001", "380000310a000001" },
	};

	for (size_t i = 0; i < sizeof(said) / sizeof(said[0]); i++) {
		const char *const want[] = { said[i].first, said[i].second, said[i].last };
		struct routes routes = { 0 };
		uint8_t room[ROUTE_PART_MAX];
		const struct route *r;

		cr_assert(
		    statement_parse(said[i].words, ROUTE_ANNOUNCE, &routes), "%s", said[i].words);
		cr_assert_eq(routes.count, 1);
		r = &routes.at[0];
		for (size_t k = 0; k < 3; k++) {
			size_t n = k < 2 ? k : route_parts(r) - 1;
			struct text got = { 0 };

			text_hex(&got, route_part(r, n, room).bytes);
			cr_expect_str_eq(text_chars(&got), want[k], "%s: %zu", said[i].words, n);
			text_free(&got);
		}
		routes_free(&routes);
	}
}

/* What is kept of a statement is its set, and only that. */
Case(route, words_that_are_no_attribute_are_never_out_of_the_cache)
{
	static const char words[] =
	    "route 10.0.0.0/24 next-hop 1.1.1.1 path-information 7 name n watchdog w withdraw";
	struct routes routes = { 0 };

	for (size_t round = 0; round < 3; round++) {
		const struct route *r;

		cr_assert(statement_parse(words, ROUTE_ANNOUNCE, &routes), "taken");
		r = &routes.at[0];
		cr_expect(r->nlri.has_path_id && r->nlri.path_id == 7, "identifier");
		cr_expect(slice_is(r->name, "n") && slice_is(r->watchdog, "w"), "words");
		cr_expect(r->withdrawn, "withdrawn");
		routes_clear(&routes);
	}
	routes_free(&routes);
}

Case(route, a_withdraw_needs_no_next_hop_and_lends_none)
{
	struct routes routes = { 0 };

	for (size_t round = 0; round < 2; round++) {
		struct lex lx;

		lex_init(&lx, SLICE("10.0.0.0/24 med 5"), LEX_COMMAND);
		route_parse(&lx, ROUTE_WITHDRAW, &routes);
		cr_expect(!lex_failed(&lx) && routes.count == 1, "withdraw");
		lex_done(&lx);
		routes_clear(&routes);
		cr_expect(!statement_parse("route 10.0.0.0/24 med 5", ROUTE_ANNOUNCE, &routes),
		    "announce");
	}
	routes_free(&routes);
}

/* The set that the words gave is the one that a second, different statement gives. */
Case(route, order_of_words_does_not_matter)
{
	struct routes routes = { 0 };

	cr_assert(statement_parse("route 10.0.0.0/24 next-hop 1.1.1.1 community [ 2:2 1:1 ] med 5",
	    ROUTE_ANNOUNCE, &routes));
	cr_assert(statement_parse(
	    "route 10.0.1.0/24 med 5 extended-community target:1:2 community [ 1:1 2:2 ] "
	    "next-hop 1.1.1.1",
	    ROUTE_ANNOUNCE, &routes));
	cr_assert(statement_parse("route 10.0.2.0/24 med 5 community [ 1:1 2:2 ] next-hop 1.1.1.1",
	    ROUTE_ANNOUNCE, &routes));
	cr_expect(routes.at[0].attrs == routes.at[2].attrs, "the same");
	cr_expect(routes.at[0].attrs != routes.at[1].attrs, "another");
	routes_free(&routes);
}
