/* The words of families: reference bytes, and what is refused. */
#include "bytes.h"
#include "said.h"
#include "statement.h"

#include "bgp/attrs.h"

/* clang-format off */
static const struct command_vector {
	const char *words; /* behind "announce" */
	const char *bodies; /* to an external session with 4-byte ASNs; NULL: refused */
} commands[] = {
	{ "route 10.0.0.0/24 next-hop 192.0.2.1 label 100",
	  "000000274001010040020602010000fde9400304c0000201800e1000010404c000020100300006410a0000" },
	{ "route 10.0.0.0/24 next-hop 192.0.2.1 label [ 100 200 ]",
	  "0000002a4001010040020602010000fde9400304c0000201800e1300010404c00002010048000640000c810a0000" },
	{ "route 10.0.0.0/24 next-hop 192.0.2.1 label 100 bgp-prefix-sid [ 300 ]",
	  "000000344001010040020602010000fde9400304c0000201c0280a0100070000000000012c800e1000010404c000020100300006410a0000" },
	{ "route 10.0.0.0/24 next-hop 192.0.2.1 label 100 bgp-prefix-sid [ 42, [ ( 700000,1000 ) ,( 900000,2000 ) ] ]",
	  "000000454001010040020602010000fde9400304c0000201c0281b0100070000000000002a03000e00000aae600003e80dbba00007d0800e1000010404c000020100300006410a0000" },
	{ "route 10.0.0.0/24 next-hop 192.0.2.1 rd 65000:1 label 100",
	  "000000374001010040020602010000fde9400304c0000201800e200001800c0000000000000000c000020100700006410000fde8000000010a0000" },
	{ "route 10.0.0.0/24 next-hop 192.0.2.1 rd 65000:1",
	  NULL },
	{ "route 10.0.0.0/24 next-hop 192.0.2.1 route-distinguisher 1.2.3.4:5 label 100",
	  "000000374001010040020602010000fde9400304c0000201800e200001800c0000000000000000c0000201007000064100010102030400050a0000" },
	{ "route 2001:db8::/32 next-hop 2001:db8::1 label 100",
	  "0000002d4001010040020602010000fde9800e1d0002041020010db8000000000000000000000001003800064120010db8" },
	{ "route 2001:db8::/32 next-hop 2001:db8::1 rd 65000:1 label 100 bgp-prefix-sid-srv6 ( l3-service 2001:db8:1:1:: 0x13 [40,24,16,0,16,64] )",
	  "000000654001010040020602010000fde9c028250500220001001e0020010db800010001000000000000000000001300010006281810001040800e2d00028018000000000000000020010db800000000000000000000000100780006410000fde80000000120010db8" },
	{ "route 2001:db8::/32 next-hop 2001:db8::1 rd 65000:1 label 100 bgp-prefix-sid-srv6 ( vpn 2001:db8:1:1:: 0x13 [40,24,16,0,16,64] )",
	  "000000654001010040020602010000fde9c028250500220001001e0020010db800010001000000000000000000001300010006281810001040800e2d00028018000000000000000020010db800000000000000000000000100780006410000fde80000000120010db8" },
	{ "route 2001:db8::/32 next-hop 2001:db8::1 rd 65000:1 label 100 bgp-prefix-sid-srv6 ( l3vpn 2001:db8:1:1:: 0x13 [40,24,16,0,16,64] )",
	  "000000654001010040020602010000fde9c028250500220001001e0020010db800010001000000000000000000001300010006281810001040800e2d00028018000000000000000020010db800000000000000000000000100780006410000fde80000000120010db8" },
	{ "attributes next-hop 192.0.2.1 label 5 rd 1:1 nlri 10.0.0.0/24",
	  "000000374001010040020602010000fde9400304c0000201800e200001800c0000000000000000c0000201007000005100000001000000010a0000" },
	{ "ipv4 unicast 10.0.0.0/24 next-hop 192.0.2.1 label 5",
	  NULL },
	{ "ipv4 nlri-mpls 10.0.0.0/24 next-hop 192.0.2.1 label 5",
	  "000000274001010040020602010000fde9400304c0000201800e1000010404c000020100300000510a0000" },
	{ "ipv4 labeled-unicast 10.0.0.0/24 next-hop 192.0.2.1 label 5",
	  "000000274001010040020602010000fde9400304c0000201800e1000010404c000020100300000510a0000" },
	{ "ipv4 mcast-vpn shared-join rp 10.0.0.1 group 239.0.0.1 rd 1:1 source-as 65000 next-hop 192.0.2.1",
	  "000000384001010040020602010000fde9400304c0000201800e2100010504c000020100061600000001000000010000fde8200a00000120ef000001" },
	{ "ipv6 mcast-vpn source-join source 2001:db8::1 group ff0e::1 rd 65002:100 source-as 65002 next-hop 192.0.2.1",
	  "000000504001010040020602010000fde9400304c0000201800e3900020504c000020100072e0000fdea000000640000fdea8020010db800000000000000000000000180ff0e0000000000000000000000000001" },
	{ "ipv4 mcast-vpn source-ad source 10.1.1.1 group 239.1.1.1 rd 65002:100 next-hop 192.0.2.1",
	  "000000344001010040020602010000fde9400304c0000201800e1d00010504c00002010005120000fdea00000064200a01010120ef010101" },
	{ "ipv4 mcast-vpn raw 0x010c0000fdea000000640a010101 next-hop 192.0.2.1",
	  "0000002e4001010040020602010000fde9400304c0000201800e1700010504c000020100010c0000fdea000000640a010101" },
	{ "ipv4 mcast-vpn source-ad source 10.1.1.1 group ff0e::1 rd 65002:100 next-hop 192.0.2.1", NULL },
	{ "ipv4 mcast-vpn source-join source 10.1.1.1 group 239.1.1.1 rd 65002:100 next-hop 192.0.2.1", NULL },
	{ "ipv4 mcast-vpn source-join source 10.1.1.1 group 239.1.1.1 rd 65002:100 source-as 4294967296 next-hop 192.0.2.1", NULL },
	{ "ipv4 mcast-vpn shared-join source 10.1.1.1 group 239.1.1.1 rd 1:1 source-as 1 next-hop 192.0.2.1", NULL },
	{ "ipv4 mcast-vpn source-ad source 10.1.1.1 group 239.1.1.1 rd 65002:100", NULL },
	{ "ipv4 sr-policy distinguisher 1 color 77 endpoint 10.9.9.9 next-hop 192.0.2.1 attribute [ 0x17 0xc0 0x000f00240c060000000000320d061000061a81008000110009060000000000010106000004268100 ]",
	  "000000514001010040020602010000fde9c01728000f00240c060000000000320d061000061a81008000110009060000000000010106000004268100800e1600014904c00002010060000000010000004d0a090909" },
	{ "ipv4 sr-policy distinguisher 1 color 77 endpoint 10.9.9.9 next-hop 192.0.2.1 preference 50 binding-sid mpls 25000 segment-list weight 1 segment type-a mpls 17000",
	  "000000514001010040020602010000fde9c01728000f00240c060000000000320d061000061a81008000110009060000000000010106000004268100800e1600014904c00002010060000000010000004d0a090909" },
	{ "ipv4 sr-policy distinguisher 1 color 77 endpoint ::1 next-hop 192.0.2.1", NULL },
	{ "ipv4 sr-policy distinguisher 1 color 77 endpoint 10.9.9.9 next-hop self", NULL },
	{ "ipv4 sr-policy color 77 endpoint 10.9.9.9 next-hop 192.0.2.1", NULL },
	{ "ipv4 mup mup-isd 10.0.1.0/24 rd 100:100 next-hop 2001::1 extended-community [ target:10:10 ]",
	  "000000404001010040020602010000fde9c010080002000a0000000a800e250001551020010000000000000000000000000001000100010c0000006400000064180a0001" },
	{ "ipv4 mup mup-t1st 10.0.1.1/32 rd 100:100 teid 4660 qfi 5 endpoint 10.0.0.1 next-hop 2001::1",
	  "000000404001010040020602010000fde9800e30000155102001000000000000000000000000000100010003170000006400000064200a0001010000123405200a000001" },
	{ "ipv4 mup mup-t2st 10.0.0.1 rd 100:100 teid 4660/32 next-hop 2001::1 extended-community [ mup:10:10 ]",
	  "000000454001010040020602010000fde9c010080c00000a0000000a800e2a000155102001000000000000000000000000000100010004110000006400000064400a00000100001234" },
	{ "ipv4 mup mup-dsd 10.0.0.1 rd 100:100 next-hop 2001::1",
	  "000000354001010040020602010000fde9800e250001551020010000000000000000000000000001000100020c00000064000000640a000001" },
	{ "ipv6 mup mup-dsd 2001:db8::2 rd 65002:100 next-hop 192.0.2.1",
	  "000000414001010040020602010000fde9800e310002551000000000000000000000ffffc000020100010002180000fdea0000006420010db8000000000000000000000002" },
	{ "ipv4 mup mup-t2st 10.0.0.1 rd 100:100 teid 1/12 next-hop 192.0.2.1",
	  "000000334001010040020602010000fde9400304c0000201800e1c00015504c0000201000100040f00000064000000642c0a0000010001" },
	{ "ipv4 mup mup-t2st 10.0.0.1 rd 100:100 teid 0/0 next-hop 2001::1",
	  "000000364001010040020602010000fde9800e260001551020010000000000000000000000000001000100040d0000006400000064200a000001" },
	{ "ipv4 mup raw 0x010009090000fdea0000006401 next-hop 2001::1",
	  "000000324001010040020602010000fde9800e22000155102001000000000000000000000000000100010009090000fdea0000006401" },
	{ "ipv4 mup mup-isd 10.0.1.0/24 rd 1:1 label 3 next-hop 2001::1", NULL },
	{ "ipv4 mup mup-isd 10.0.1.0 rd 1:1 next-hop 2001::1", NULL },
	{ "ipv4 mup mup-isd 2001:db8::/32 rd 1:1 next-hop 2001::1", NULL },
	{ "ipv4 mup mup-t1st 10.0.1.1/32 rd 1:1 teid 1 qfi 64 endpoint 10.0.0.1 next-hop 2001::1", NULL },
	{ "ipv4 mup mup-t1st 10.0.1.1/32 rd 1:1 teid 1 qfi 6 endpoint ::1 next-hop 2001::1", NULL },
	{ "ipv4 mup mup-t2st 10.0.0.1 rd 1:1 teid 4096/12 next-hop 2001::1", NULL },
	{ "ipv4 mup mup-t2st 10.0.0.1 rd 1:1 teid 1/33 next-hop 2001::1", NULL },
	{ "ipv4 mup raw 0x0100 next-hop 2001::1", NULL },
	{ "ipv4 mup mup-zsd 10.0.0.1 rd 1:1 next-hop 2001::1", NULL },
	{ "ipv4 mpls-vpn 10.0.0.0/24 next-hop 192.0.2.1 label 5 rd 1:1",
	  "000000374001010040020602010000fde9400304c0000201800e200001800c0000000000000000c0000201007000005100000001000000010a0000" },
	{ "ipv4 flow destination 10.0.0.0/24 rate-limit 9600",
	  "000000264001010040020602010000fde9c010088006000046160000800e0b00018500000501180a0000" },
	{ "ipv4 flow destination-ipv4 10.0.0.0/24 protocol =tcp destination-port [ >=80&<=90 =8080 ] discard",
	  "000000314001010040020602010000fde9c010088006000000000000800e1600018500001001180a0000038106050350455a911f90" },
	{ "ipv4 flow-vpn rd 1:1 destination 10.0.0.0/24 redirect 65000:1",
	  "0000002e4001010040020602010000fde9c010088008fde800000001800e1300018600000d000000010000000101180a0000" },
	{ "ipv6 flow destination 2001:db8::/32/0 next-header =tcp flow-label >100&<200 discard",
	  "000000304001010040020602010000fde9c010088006000000000000800e1500028500000f01200020010db80381060d0264c4c8" },
	{ "ipv6 flow destination 2001:db8:1::/48/16 discard",
	  "0000002a4001010040020602010000fde9c010088006000000000000800e0f00028500000901301020010db80001" },
	{ "flow route { match { source 10.0.0.0/24; destination 10.1.0.0/24; port [ =80 =8080 ]; protocol [ tcp udp ]; fragment [ first-fragment last-fragment ]; packet-length >=200&<300; tcp-flags [ syn ack+fin ]; icmp-type [ echo-request 3 ]; icmp-code 1; dscp 10; } then { rate-limit 9600; } }",
	  "000000514001010040020602010000fde9c010088006000046160000800e3600018500003001180a010002180a00000301068111040150911f90070108810308810109000280110a03c8d4012c0b810a0c00048008" },
	{ "flow route foo { rd 65000:1; next-hop 192.0.2.1; match { destination 10.1.0.0/24; } then { redirect-to-nexthop; } }",
	  "000000324001010040020602010000fde9c010080800000000000000800e1700018604c0000201000d0000fde80000000101180a0100" },
	{ "flow route { match { destination 10.1.0.0/24; } then { redirect 192.0.2.9; } }",
	  "0000002a4001010040020602010000fde9c010080800000000000000800e0f00018504c0000209000501180a0100" },
	{ "flow route { match { destination 10.1.0.0/24; } then { redirect 65000:12; } }",
	  "000000264001010040020602010000fde9c010088008fde80000000c800e0b00018500000501180a0100" },
	{ "flow route { match { destination 10.1.0.0/24; } then { redirect 4200000000:12; } }",
	  "000000264001010040020602010000fde9c010088208fa56ea00000c800e0b00018500000501180a0100" },
	{ "flow route { match { destination 10.1.0.0/24; } then { redirect-to-nexthop-ietf 192.0.2.9; } }",
	  "000000264001010040020602010000fde9c01008010cc00002090000800e0b00018500000501180a0100" },
	{ "flow route { match { destination 10.1.0.0/24; } then { copy 192.0.2.9; } }",
	  "0000002a4001010040020602010000fde9c010080800000000000001800e0f00018504c0000209000501180a0100" },
	{ "flow route { match { destination 10.1.0.0/24; } then { mark 20; action sample-terminal; community [ 1:2 ]; extended-community [ target:1:2 ]; } }",
	  "0000003d4001010040020602010000fde9c0080400010002c01018000200010000000280070000000000038009000000000014800e0b00018500000501180a0100" },
	{ "flow route { match { destination 10.1.0.0/24; } then { accept; } }",
	  "0000001b4001010040020602010000fde9800e0b00018500000501180a0100" },
	{ "flow route { match { destination 10.1.0.0/24; } then { rate-limit 100 packets; } }",
	  "000000264001010040020602010000fde9c01008800c000042c80000800e0b00018500000501180a0100" },
	{ "flow route { match { destination 10.1.0.0/24; } scope { interface-set [ transitive:input:254:1 ]; } then { discard; } }",
	  "0000002e4001010040020602010000fde9c010100702000000fe40018006000000000000800e0b00018500000501180a0100" },
	{ "flow route { destination 10.1.0.0/24; discard; }",
	  NULL },
	{ "flow route destination 10.3.0.1/32 discard interface-set [ transitive:input:300:7]",
	  "0000002f4001010040020602010000fde9c0101007020000012c40078006000000000000800e0c00018500000601200a030001" },
	{ "flow route destination 10.0.0.0/24 source 10.1.0.0/24 protocol tcp destination-port =80 rate-limit 9600",
	  "000000314001010040020602010000fde9c010088006000046160000800e1600018500001001180a000002180a0100038106058150" },
	{ "flow route { match { source 2001:db8::/32; next-header tcp; } then { discard; } }",
	  "0000002b4001010040020602010000fde9c010088006000000000000800e1000028500000a02200020010db8038106" },
	{ "flow route { match { source 2001:db8::/32; protocol tcp; } then { discard; } }",
	  "0000002b4001010040020602010000fde9c010088006000000000000800e1000028500000a02200020010db8038106" },
	{ "flow route { match { destination 10.1.0.0/24; protocol != 6; } then { discard; } }",
	  NULL },
	{ "flow route { match { destination 10.1.0.0/24; protocol !=6; } then { discard; } }",
	  "000000294001010040020602010000fde9c010088006000000000000800e0e00018500000801180a0100038606" },
	{ "flow route { match { destination 10.1.0.0/24; fragment [ !is-fragment ]; tcp-flags [ =syn+ack !rst&!=push cwr ]; } then { discard; } }",
	  "000000324001010040020602010000fde9c010088006000000000000800e1700018500001101180a01000901120204430880800c8202" },
	{ "flow route { match { destination 10.1.0.0/24; fragment not-a-fragment; } then { discard; } }",
	  "000000294001010040020602010000fde9c010088006000000000000800e0e00018500000801180a01000c8000" }, /* a word of 4.2 */
	{ "flow route { match { destination 10.1.0.0/24; port >1024 ; } then { discard; } }",
	  "0000002a4001010040020602010000fde9c010088006000000000000800e0f00018500000901180a010004920400" },
	{ "flow route { match { destination 10.1.0.0/24; port 80&90 ; } then { discard; } }",
	  "0000002b4001010040020602010000fde9c010088006000000000000800e1000018500000a01180a0100040150c15a" },
	{ "flow route { match { destination 10.1.0.0/24; port 70000 ; } then { discard; } }",
	  NULL },
	{ "flow route { match { destination 10.1.0.0/24; dscp 70 ; } then { discard; } }",
	  NULL },
	{ "vpls endpoint 7 base 20000 offset 2 size 10 rd 10.0.0.1:5 next-hop 192.0.2.1",
	  "0000002c4001010040020602010000fde9800e1c00194104c000020100001100010a000001000500070002000a04e201" },
	{ "vpls rd 10.0.0.1:5 endpoint 7 base 20000 offset 2 size 10 next-hop 192.0.2.1",
	  "0000002c4001010040020602010000fde9800e1c00194104c000020100001100010a000001000500070002000a04e201" },
};
/* clang-format on */

Case(families, words_become_the_reference_bytes_and_are_read_back)
{
	struct session s = external();
	struct text got = { 0 };
	struct text words = { 0 };

	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
		const struct command_vector *v = &commands[i];
		struct routes routes = { 0 };
		bool good = statement_parse(v->words, ROUTE_ANNOUNCE, &routes);

		bodies_of(&routes, &s, &got);
		cr_expect(good == (v->bodies != NULL), "%s\n%s", v->words, text_chars(&got));
		if (good && v->bodies != NULL) {
			struct emit e = emit_on(&words, SPELL_WORDS, 0);

			cr_expect_str_eq(text_chars(&got), v->bodies, "%s\n%s\n%s", v->words,
			    v->bodies, text_chars(&got));
			text_clear(&words);
			text_format(&words, "%s ", routes.at[0].nlri.family->name);
			route_emit(&e, &routes.at[0].nlri, routes.at[0].attrs, NULL);
			routes_clear(&routes);
			cr_expect(statement_parse(text_chars(&words), ROUTE_ANNOUNCE, &routes),
			    "%s", text_chars(&words));
			bodies_of(&routes, &s, &got);
			cr_expect_str_eq(text_chars(&got), v->bodies, "%s\n%s\n%s",
			    text_chars(&words), v->bodies, text_chars(&got));
		}
		routes_free(&routes);
	}
	text_free(&got);
	text_free(&words);
	cr_expect(attrs_alive() == 0, "%zu sets left", attrs_alive());
}

/* Withdraws name no attributes and need none; what identifies the route must be there. */
Case(families, a_withdraw_says_only_what_identifies_the_route)
{
	static const struct {
		const char *words;
		const char *nlri; /* NULL: refused */
	} table[] = {
		{ "route 10.0.0.0/24 label 100", "300006410a0000" },
		{ "ipv4 nlri-mpls 10.0.0.0/24", "308000000a0000" },
		{ "route 10.0.0.0/24 rd 65000:1", "708000000000fde8000000010a0000" },
		{ "ipv6 mpls-vpn 2001:db8::/32 label 3", NULL },
		{ "ipv4 mpls-vpn 10.0.0.0/24", NULL },
		{ "ipv4 unicast 10.0.0.0/24 rd 1:1", NULL },
		{ "l2vpn vpls endpoint 7 base 20000 offset 2 size 10 rd 10.0.0.1:5",
		    "001100010a000001000500070002000a04e201" },
		{ "vpls n { endpoint 7; base 20000; offset 2; size 10; rd 10.0.0.1:5; }",
		    "001100010a000001000500070002000a04e201" },
		{ "vpls endpoint 7 base 20000 offset 2 size 10", NULL },
		{ "vpls endpoint 7 base 20000 offset 2 rd 1:1", NULL },
		{ "vpls endpoint 7 base 1048570 offset 2 size 10 rd 1:1", NULL },
		{ "vpls endpoint 7 base 1 offset 2 size 65536 rd 1:1", NULL },
		{ "vpls endpoint 7 base 1 offset 2 size 1 rd 1:1 label 3", NULL },
		{ "vpls raw 0x000c00010a0000010005c0000201", "000c00010a0000010005c0000201" },
		{ "vpls raw 0x000d00010a0000010005c000020101", NULL },
		{ "vpls raw 0x000c00010a0000010005c0000201 rd 1:1", NULL },
		{ "l2vpn evpn raw 0x03110000fdea000000640000000a200a010101",
		    "03110000fdea000000640000000a200a010101" },
		{ "l2vpn evpn raw 0x03110000fdea000000640000000a210a010101", NULL },
		{ "ipv4 rtc raw 0x00", "00" },
		{ "ipv4 nlri-mpls 10.0.0.0/24 rd 1:1", NULL },
	};
	struct text got = { 0 };

	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		struct routes routes = { 0 };
		bool good = statement_parse(table[i].words, ROUTE_WITHDRAW, &routes);

		cr_expect(good == (table[i].nlri != NULL), "%s", table[i].words);
		if (good && table[i].nlri != NULL) {
			text_clear(&got);
			text_hex(&got, routes.at[0].nlri.bytes);
			cr_expect_str_eq(text_chars(&got), table[i].nlri, "%s", table[i].words);
		}
		routes_free(&routes);
	}
	text_free(&got);
}

Case(families, what_can_not_be_encoded_is_refused)
{
	static const char *const words[] = {
		"route 10.0.0.0/24 next-hop 1.1.1.1 label 1048576",
		"route 10.0.0.0/24 next-hop 1.1.1.1 label x",
		"route 10.0.0.0/24 next-hop 1.1.1.1 label [ 0 3 ]",
		"route 10.0.0.0/24 next-hop 1.1.1.1 label [ 3 524288 3 ]",
		"ipv4 flow traffic-class 64 discard",
		"route 10.0.0.0/24 next-hop 1.1.1.1 label [ 1 2 3 4 5 6 7 8 9 10 ]",
		"route 2001:db8::/128 next-hop ::1 label [ 1 2 3 ] rd 1:1",
		"route 2001:db8::/112 next-hop ::1 label [ 1 2 3 ] rd 1:1 split /128",
		"route 10.0.0.0/24 next-hop 1.1.1.1 label 3 rd 1",
		"route 10.0.0.0/24 next-hop 1.1.1.1 label 3 rd 1:2:3",
		"route 10.0.0.0/24 next-hop 1.1.1.1 label 3 rd 65536:65536",
		"route 10.0.0.0/24 next-hop 1.1.1.1 label 3 rd 1.2.3.4:65536",
		"route 10.0.0.0/24 next-hop 1.1.1.1 label 3 rd 0x00",
		"route 10.0.0.0/24 next-hop 1.1.1.1 label [ ] rd 1:1",
		"ipv4 mpls-vpn 2001:db8::/32 next-hop 1.1.1.1 label 3 rd 1:1",
		"route 10.0.0.0/24 next-hop 1.1.1.1 label 3 bgp-prefix-sid [ x ]",
		"route 10.0.0.0/24 next-hop 1.1.1.1 label 3 bgp-prefix-sid [ 1, [ ( 1 ) ] ]",
		"route 10.0.0.0/24 next-hop 1.1.1.1 bgp-prefix-sid-srv6 ( l4-service ::1 )",
		"route 10.0.0.0/24 next-hop 1.1.1.1 bgp-prefix-sid-srv6 ( l3-service 1.1.1.1 )",
		"route 10.0.0.0/24 next-hop 1.1.1.1 bgp-prefix-sid-srv6 ( l3-service ::1 1 [1,2] )",
	};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		struct routes routes = { 0 };

		cr_expect(!statement_parse(words[i], ROUTE_ANNOUNCE, &routes) && routes.count == 0,
		    "%s", words[i]);
		routes_free(&routes);
	}
}

/* A statement's identifier is part of the route, whether or not it is ever sent. */
Case(families, words_keep_the_identifier_of_a_path)
{
	static const char *const words[] = {
		"ipv4 unicast 10.0.0.0/24 path-information 0.0.0.7",
		("ipv4 mcast-vpn source-ad source 10.0.0.1 group 239.0.0.1 rd 1:1 "
		 "path-information 0.0.0.7"),
		"ipv6 mup mup-isd 2001:db8::/32 rd 1:1 path-information 0.0.0.7",
		"ipv4 rtc default path-information 0.0.0.7",
		"l2vpn vpls rd 1:1 endpoint 7 base 20000 offset 2 size 10 path-information 0.0.0.7",
		"l2vpn evpn multicast rd 1:1 ethernet-tag 0 ip 10.0.0.1 path-information 0.0.0.7",
	};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		struct said s = said_of(words[i], ROUTE_WITHDRAW);
		struct text again = { 0 };

		cr_assert(s.good, "%s: %s", words[i], text_chars(&s.why));
		said_print(&s.routes.at[0].nlri, SPELL_WORDS, 0, &again);
		cr_expect_str_eq(text_chars(&again), words[i]);
		said_done(&s);
		text_free(&again);
	}
}
