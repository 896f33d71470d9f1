/* Places where routes stand. */
#include "case.h"

#include "reading.h"

Case(static_routes, stand_in_the_order_of_the_file)
{
	struct config *c = read_neighbor(
	    "static { route 10.3.0.0/16 next-hop 10.0.0.9; }\n"
	    "announce { ipv4 { unicast 10.2.0.0/16 next-hop 10.0.0.9; } }\n"
	    "static { attributes next-hop self med 3 nlri 10.1.0.0/16 10.0.0.0/16;\n"
	    "route 10.4.0.0/16 { next-hop 10.0.0.9; med 4; }\nroute 10.5.0.0/16 next-hop self; }");
	const struct routes *r = &c->neighbors[0]->routes;
	static const uint8_t want[] = { 3, 2, 1, 0, 4, 5 };

	cr_assert(r->count == 6);
	for (size_t i = 0; i < 6; i++)
		cr_expect(r->at[i].nlri.bytes.len == 3 && r->at[i].nlri.bytes.at[2] == want[i]);
	config_free(c);
}

Case(static_routes, keep_names_and_watchdogs)
{
	struct config *c =
	    read_neighbor("static { route 10.3.0.0/16 next-hop 10.0.0.9 name \"a b\" "
			  "watchdog dog withdraw; }");
	const struct route *r = &c->neighbors[0]->routes.at[0];

	cr_expect(slice_is(r->name, "a b") && slice_is(r->watchdog, "dog") && r->withdrawn);
	config_free(c);
}

Case(static_routes, sections_may_be_empty)
{
	struct config *c =
	    read_neighbor("static { }\nannounce { }\nannounce { ipv4 { } ipv6 { } l2vpn { } }");

	cr_expect(c->neighbors[0]->routes.count == 0);
	config_free(c);
}

Case(static_routes, faults_have_their_place)
{
	struct text why = { 0 };
	static const char *const bad[] = {
		"static { route; }",
		"static { route 10.0.0.0/33 next-hop 1.1.1.1; }",
		"static { route 10.0.0.1/24 next-hop 1.1.1.1; }",
		"static { route 10.0.0.0/24; }",
		"static { route 10.0.0.0/24 next-hop 1.1.1.1 colour red; }",
		"static { route 10.0.0.0/24 next-hop 1.1.1.1 { med 5; } }",
		"static { route 10.0.0.0/24 { next-hop 1.1.1.1; }; }",
		"static { prefix 10.0.0.0/24 next-hop 1.1.1.1; }",
		"announce { ipv4 { unicast 2001:db8::/48 next-hop ::1; } }",
		"announce { ipv4 { tea 10.0.0.0/24 next-hop 1.1.1.1; } }",
		"announce { unicast 10.0.0.0/24 next-hop 1.1.1.1; }",
		"announce { ipv4 { ; } }",
	};
	static const struct config_env env = { 0 };

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct text t = { 0 };

		text_format(&t,
		    "neighbor 10.0.0.1 { local-as 1; peer-as 2; local-address 10.0.0.2;\n%s }",
		    bad[i]);
		text_clear(&why);
		cr_expect(config_parse(text_view(&t), &env, &why, NULL) == NULL, "%s", bad[i]);
		cr_expect(slice_begins(text_view(&why), "line 2, column "), "%s: %s", bad[i],
		    text_chars(&why));
		text_free(&t);
	}
	text_free(&why);
}

/* RFC 8955 rules, in both forms; a rule that is there twice is said twice. */
Case(static_routes, flow_rules_stand_on_a_line_or_in_blocks)
{
	struct config *c = read_neighbor(
	    "flow {\nroute one { match { source 10.0.0.1/32; protocol [ tcp udp ]; }\n"
	    "then { discard; }\n}\n"
	    "route { rd 65000:1; match { destination 10.1.0.0/24; }\n"
	    "scope { interface-set transitive:input:254:1; }\nthen { accept; } }\n"
	    "route destination 2001:db8::/32 next-header tcp discard;\n"
	    "route one { then { redirect 192.0.2.9; } match { source 10.0.0.1/32;\n"
	    "protocol tcp; protocol udp; } }\n}\n"
	    "announce { ipv4 { flow destination 10.0.0.0/24 rate-limit 9600; } }");
	const struct routes *r = &c->neighbors[0]->routes;

	cr_assert(r->count == 5, "%zu routes", r->count);
	cr_expect_str_eq(r->at[0].nlri.family->name, "ipv4 flow", "of announce, which is in front");
	cr_expect_str_eq(r->at[1].nlri.family->name, "ipv4 flow");
	cr_expect_str_eq(r->at[2].nlri.family->name, "ipv4 flow-vpn");
	cr_expect_str_eq(r->at[3].nlri.family->name, "ipv6 flow");
	cr_expect(slice_same(r->at[1].nlri.bytes, r->at[4].nlri.bytes), "the same rule");
	cr_expect(r->at[1].nlri.path_id != r->at[4].nlri.path_id, "told apart");
	cr_expect(attrs_next_hop(r->at[4].attrs).len == 4, "redirected");
	config_free(c);
}

Case(static_routes, policies_stand_in_static_and_in_announce)
{
	struct config *c = read_neighbor(
	    "static {\nsr-policy distinguisher 1 color 2 endpoint 10.9.9.9 next-hop 192.0.2.1 "
	    "preference 50 segment-list weight 1 segment type-a mpls 17000;\n"
	    "sr-policy distinguisher 1 color 2 endpoint ::9 next-hop ::1 priority 3;\n}\n"
	    "announce { ipv4 { sr-policy distinguisher 1 color 2 endpoint 10.9.9.9 "
	    "next-hop 192.0.2.1 preference 50 segment-list weight 1 segment type-a mpls 17000; } "
	    "}");
	const struct routes *r = &c->neighbors[0]->routes;

	cr_assert(r->count == 3, "%zu routes", r->count);
	cr_expect_str_eq(r->at[0].nlri.family->name, "ipv4 sr-policy");
	cr_expect_str_eq(r->at[1].nlri.family->name, "ipv6 sr-policy");
	cr_expect(slice_same(r->at[0].nlri.bytes, r->at[2].nlri.bytes), "the same policy");
	cr_expect(r->at[0].attrs == r->at[2].attrs, "saying the same");
	config_free(c);
}

Case(static_routes, flow_faults_have_their_place)
{
	static const char *const bad[] = {
		"flow { route { match { source 10.0.0.0/24; med 5; } } }",
		"flow { route { then { med 5; } } }",
		"flow { route { then { next-hop 1.1.1.1; } } }",
		"flow { route { match { discard; } } }",
		"flow { route { scope { discard; } } }",
		"flow { route { source 10.0.0.0/24; } }",
		"flow { route { match { source 10.0.0.0; } } }",
		"flow { route { match { source 10.0.0.0/24; source 10.0.1.0/24; } } }",
		"flow { route { match { source 10.0.0.0/24; destination 2001:db8::/32; } } }",
		"flow { route { match { source-ipv6 10.0.0.0/24; } } }",
		"flow { route { match { source 2001:db8::/32/33; } } }",
		"flow { route { match { flow-label 5; } } }",
		"flow { route { match { port 65536; } } }",
		"flow { route { match { port != 80; } } }",
		"flow { route { match { port =80 =81; } } }",
		"flow { route { match { port =80&; } } }",
		"flow { route { match { tcp-flags psh; } } }",
		"flow { route { match { protocol 256; } } }",
		"flow { route { then { redirect 1.2.3.4:5; } } }",
		"flow { route { then { redirect self; } } }",
		"flow { route { then { mark 64; } } }",
		"flow { route { then { action none; } } }",
		"flow { route { scope { interface-set transitive:input:254:16384; } } }",
		"flow { route { match { source 10.0.0.0/24; }",
		"flow { rule { } }",
		"announce { ipv4 { flow destination 10.0.0.0/24 rd 1:1 discard; } }",
		"announce { ipv4 { flow-vpn destination 10.0.0.0/24 discard; } }",
		"announce { ipv4 { flow destination 2001:db8::/32 discard; } }",
	};
	static const struct config_env env = { 0 };

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct text text = { 0 };
		struct text why = { 0 };
		struct config *c;

		text_format(&text,
		    "neighbor 10.0.0.1 { local-address 10.0.0.2; local-as 1; peer-as 1; "
		    "router-id 1.2.3.4;\n%s\n}",
		    bad[i]);
		c = config_parse(text_view(&text), &env, &why, NULL);
		cr_expect(c == NULL, "%s", bad[i]);
		if (c != NULL)
			config_free(c);
		text_free(&text);
		text_free(&why);
	}
}

Case(static_routes, vpls_stands_on_a_line_or_in_a_block)
{
	struct config *c = read_neighbor(
	    "l2vpn {\nvpls site5 {\nendpoint 5;\nbase 10702;\noffset 1;\nsize 8;\n"
	    "rd 172.30.5.4:13;\nnext-hop self;\nmed 100;\n}\n"
	    "vpls rd 172.30.5.4:13 endpoint 6 base 10702 offset 1 size 8 next-hop self;\n}\n"
	    "announce { l2vpn { vpls rd 1:13 endpoint 6 base 1 offset 1 size 8 next-hop self; } }");
	const struct routes *r = &c->neighbors[0]->routes;

	cr_assert(r->count == 3, "%zu routes", r->count);
	for (size_t i = 0; i < r->count; i++)
		cr_expect_str_eq(r->at[i].nlri.family->name, "l2vpn vpls");
	config_free(c);
}
