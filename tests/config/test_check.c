/* What a closed neighbor has to be. */
#include "case.h"

#include "reading.h"

#define AS "local-as 1; peer-as 2;"

Case(check, incomplete_neighbors_are_refused)
{
	expect_fault("neighbor 10.0.0.1 { local-address 10.0.0.2;\n}",
	    "line 2, column 1: incomplete neighbor, missing local-as, peer-as");
	expect_fault("neighbor 10.0.0.1 { local-address 10.0.0.2; local-as 1;\n}",
	    "line 2, column 1: incomplete neighbor, missing peer-as");
	expect_fault("neighbor 10.0.0.1 { local-address 10.0.0.2; peer-as auto;\n}",
	    "line 2, column 1: incomplete neighbor, missing local-as");
	expect_fault("neighbor 10.0.0.1 { " AS "\n}",
	    "line 2, column 1: incomplete neighbor, missing router-id");
	expect_fault("neighbor ::1 { local-address ::2; " AS "\n}",
	    "line 2, column 1: incomplete neighbor, missing router-id");
	expect_fault("neighbor 10.0.0.1 { router-id 1.1.1.1; listen 1790; " AS "\n}",
	    "line 2, column 1: incomplete neighbor, missing local-address");
	expect_fault("neighbor 10.0.0.1 { router-id 1.1.1.1; local-address ::1; " AS "\n}",
	    "line 2, column 1: local-address and peer-address must be of the same family");
}

Case(check, a_tick_needs_a_period)
{
	expect_fault("neighbor 10.0.0.1 { local-address 10.0.0.2; batch-mode tick; " AS "\n}",
	    "line 2, column 1: expected a batch-time above 0 with batch-mode tick, found \"}\"");
}

Case(check, ranges_are_for_passive_neighbors)
{
	const char *open = "neighbor 10.0.0.0/24 { local-address 10.0.0.2; " AS "\n}";
	struct config_env env = { .passive = true };
	struct text why = { 0 };
	struct config *c;

	expect_fault(open,
	    "line 1, column 10: can only use ip ranges for the peer address with passive neighbors");
	c = config_parse(slice_on(open), &env, &why, NULL);
	cr_assert(c != NULL, "bgp.passive is enough");
	cr_expect(peer_conf_is_range(&c->neighbors[0]->peer) && !c->neighbors[0]->peer.passive);
	config_free(c);
	c = read_good("neighbor 10.0.0.7/24 { passive; local-address 10.0.0.2; " AS " }", NULL);
	cr_expect(c->neighbors[0]->peer.peer.addr.bytes[3] == 7, "starts where it says");
	cr_expect_str_eq(c->neighbors[0]->peer.name,
	    "neighbor 10.0.0.7/24 local-ip 10.0.0.2 local-as 1 peer-as 2 router-id 10.0.0.2 "
	    "family-allowed in-open");
	config_free(c);
}

Case(check, a_route_of_length_32_makes_no_range)
{
	struct config *c = read_good("neighbor 10.0.0.1 { local-address 10.0.0.2; " AS
				     " announce { ipv6 { unicast 2001:db8::/32 next-hop ::1; } } }",
	    NULL);

	cr_expect(!peer_conf_is_range(&c->neighbors[0]->peer));
	config_free(c);
}

#define ONE(more) "neighbor 10.0.0.1 { local-address 10.0.0.2; " AS more " }\n"

Case(check, duplicates_are_refused)
{
	struct config *c;

	expect_fault(ONE("") ONE(""), "line 2, column 10: duplicate peer definition 10.0.0.1");
	expect_fault(ONE("") ONE("passive; hold-time 5; family { ipv4 unicast; }"),
	    "line 2, column 10: duplicate peer definition 10.0.0.1");
	expect_fault(ONE("listen 1790;") ONE("router-id 9.9.9.9; listen 1790;"),
	    "line 2, column 10: duplicate peer definition 10.0.0.1");
	c = read_good(
	    ONE("") ONE("router-id 9.9.9.9;") ONE("listen 1790;") ONE("listen 1791;"), NULL);
	cr_expect(c->neighbor_count == 4);
	config_free(c);
}

Case(check, names_tell_auto)
{
	struct config *c =
	    read_good("neighbor ::1 { router-id 1.1.1.1; local-as auto; peer-as auto; }", NULL);

	cr_expect_str_eq(c->neighbors[0]->peer.name,
	    "neighbor ::1 local-ip auto local-as auto peer-as auto router-id 1.1.1.1 family-allowed "
	    "in-open");
	config_free(c);
}

Case(check, multi_session_makes_a_neighbor_of_each_family)
{
	struct config *c = read_neighbor(
	    "capability { multi-session; graceful-restart; } family { ipv6 unicast; ipv4 unicast; }\n"
	    "static { route 10.1.0.0/16 next-hop 10.0.0.9; route 2001:db8::/48 next-hop ::9; }");

	cr_assert(c->neighbor_count == 2);
	cr_expect_str_eq(c->neighbors[0]->peer.name,
	    "neighbor 10.0.0.1 local-ip 10.0.0.2 local-as 65001 peer-as 65002 router-id 10.0.0.2 "
	    "family-allowed ipv4-unicast");
	cr_expect_str_eq(c->neighbors[1]->peer.name,
	    "neighbor 10.0.0.1 local-ip 10.0.0.2 local-as 65001 peer-as 65002 router-id 10.0.0.2 "
	    "family-allowed ipv6-unicast");
	for (size_t i = 0; i < 2; i++) {
		const struct neighbor_conf *n = c->neighbors[i];

		cr_expect(n->peer.caps.families.count == 1 && n->routes.count == 1);
		cr_expect(n->peer.caps.graceful_families.bits == n->peer.families.bits);
		cr_expect(family_in(n->peer.families, n->routes.at[0].nlri.family));
	}
	config_free(c);
}

Case(check, routes_belong_to_a_family_of_the_neighbor)
{
	struct text warnings = { 0 };
	struct config *c;

	expect_neighbor_fault(
	    "family { ipv4 unicast; } static { route 2001:db8::/48 next-hop ::9; }",
	    "Trying to announce a route of type ipv6,unicast when we are not announcing the family to "
	    "our peer");
	c = read_good(ONE("family { ipv6 unicast; } static { route 10.1.0.0/16 next-hop 10.0.0.9; "
			  "route 2001:db8::/48 next-hop ::9; }"),
	    &warnings);
	cr_expect(c->neighbors[0]->routes.count == 1, "IPv4 unicast goes silently");
	cr_expect_str_eq(text_chars(&warnings),
	    "line 1, column 10: 1 routes of a family that is not listed are left out\n");
	text_free(&warnings);
	config_free(c);
}

Case(check, next_hops_of_another_kind_are_warned_of)
{
	struct text warnings = { 0 };

	config_free(read_good(
	    ONE("family { ipv4 unicast; ipv6 unicast; } static { route 10.1.0.0/16 next-hop ::9; "
		"route 2001:db8::/48 next-hop 10.0.0.9; route 10.2.0.0/16 next-hop self; }"),
	    &warnings));
	cr_expect_str_eq(text_chars(&warnings),
	    "line 1, column 10: 2 routes have a next hop of another kind than their prefix, "
	    "which the peer may not take\n");
	text_clear(&warnings);
	config_free(read_good(
	    ONE("family { ipv4 unicast; ipv6 unicast; } capability { nexthop; } "
		"nexthop { ipv4 unicast ipv6; } static { route 10.1.0.0/16 next-hop ::9; }"),
	    &warnings));
	cr_expect_str_eq(text_chars(&warnings), "");
	text_free(&warnings);
}

Case(check, a_link_local_address_needs_an_interface)
{
	static const struct {
		const char *words;
		bool warned;
	} rows[] = {
		{ "", true },
		{ "local-address ::1;", true },
		{ "passive; listen 1790; local-address fe80::1;", true },
		{ "passive;", false },
		{ "source-interface lo;", false },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct text whole = { 0 };
		struct text warnings = { 0 };

		text_format(&whole,
		    "neighbor fe80::2 { local-as 1; peer-as 1; router-id 1.2.3.4; %s }",
		    rows[i].words);
		config_free(read_good(text_chars(&whole), &warnings));
		cr_expect_str_eq(text_chars(&warnings),
		    rows[i].warned
			? "line 1, column 10: a link-local address needs source-interface\n"
			: "",
		    "%s", rows[i].words);
		text_free(&warnings);
		text_free(&whole);
	}
}

Case(check, next_hop_self_needs_an_address_that_the_route_can_have)
{
	static const char *const bad[] = {
		"static { route 2001:db8::/48 next-hop self; }",
		"announce { ipv6 { unicast 2001:db8::/48 next-hop self; } }",
		"static { attributes next-hop self nlri 10.1.0.0/16 2001:db8::/48; }",
		"static { route 2001:db8::/48 next-hop self rd 1:1 label 5; }",
	};

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		expect_neighbor_fault(bad[i],
		    "use of \"next-hop self\": the route (ipv6) does not have the same family as "
		    "the BGP tcp session (ipv4)");
	config_free(read_neighbor("static { route 2001:db8::/48 next-hop ::9; }"));
	config_free(read_neighbor(
	    "l2vpn { vpls rd 1:1 endpoint 1 base 1 offset 1 size 1 next-hop self; }"));
	config_free(read_good("neighbor ::1 { local-as 1; peer-as 1; router-id 1.2.3.4; static {\n"
			      "route 2001:db8::/48 next-hop self; route 10.1.0.0/16 next-hop self; "
			      "} }",
	    NULL));
}

Case(check, a_flow_without_a_match_is_for_all_packets)
{
	static const char *const rules[] = {
		"route { match { } then { discard; } }",
		"route { then { discard; } }",
		"route { rd 65000:1; then { discard; } }",
		"route discard;",
	};

	for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++) {
		struct text whole = { 0 };
		struct text warnings = { 0 };
		struct config *c;

		text_format(&whole,
		    ONE("flow { %s route { match { port 80; } then { discard; } } }"), rules[i]);
		c = read_good(text_chars(&whole), &warnings);
		cr_expect_eq(c->neighbors[0]->routes.count, 2);
		cr_expect(strstr(text_chars(&warnings),
			      "a rule without a match is for all packets\n") != NULL,
		    "%s: %s", rules[i], text_chars(&warnings));
		cr_expect_eq(strstr(text_chars(&warnings), "\n")[1], '\0', "one of two rules");
		text_free(&warnings);
		text_free(&whole);
		config_free(c);
	}
}

Case(check, a_flow_without_an_action_is_warned_of)
{
	static const struct {
		const char *rule;
		bool acts;
	} rows[] = {
		{ "flow { route { match { port 80; } } }", false },
		{ "flow { route { match { port 80; } then { } } }", false },
		{ "flow { route { match { port 80; } scope { interface-set input:1:2; } } }",
		    false },
		{ "flow { route port 80; }", false },
		{ "flow { route port 80 extended-community rate-limit:0; }", true },
		{ "flow { route { match { port 80; } then { accept; } } }", true },
		{ "flow { route { match { port 80; } then { community 1:2; } } }", true },
		{ "flow { route port 80 accept; }", true },
		{ "announce { ipv4 { flow port 80; } }", false },
		{ "announce { ipv4 { flow-vpn rd 1:1 port 80; } }", false },
		{ "announce { ipv4 { flow port 80 discard; } }", true },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct text whole = { 0 };
		struct text warnings = { 0 };

		text_format(&whole, ONE("%s"), rows[i].rule);
		config_free(read_good(text_chars(&whole), &warnings));
		cr_expect_eq(strstr(text_chars(&warnings),
				 "a rule without an action does nothing\n") == NULL,
		    rows[i].acts, "%s: %s", rows[i].rule, text_chars(&warnings));
		text_free(&warnings);
		text_free(&whole);
	}
}

Case(check, a_neighbor_in_a_range_with_a_key_is_warned_of)
{
	static const char text[] =
	    "neighbor 10.0.0.3 { router-id 10.0.0.9; " AS " }\n"
	    "neighbor 10.0.1.3 { router-id 10.0.0.9; " AS " }\n"
	    "neighbor 10.0.0.4 { router-id 10.0.0.9; " AS " md5-password a; }\n"
	    "neighbor 10.0.0.9/24 { router-id 10.0.0.9; " AS " passive; md5-password b; }\n"
	    "neighbor 10.0.1.0/24 { router-id 10.0.0.9; " AS " passive; }\n"
	    "neighbor 10.0.0.64/28 { router-id 10.0.0.9; " AS " passive; }\n";
	struct text warnings = { 0 };

	config_free(read_good(text, &warnings));
	cr_expect_str_eq(text_chars(&warnings),
	    "line 1, column 10: it can't connect to us without the key of the range 10.0.0.9/24\n");
	text_free(&warnings);
}

Case(check, attributes_of_no_prefix_are_warned_of)
{
	struct text warnings = { 0 };

	config_free(read_good(ONE("static { attributes next-hop 10.0.0.9 nlri 10.1.0.0/16;\n"
				  "attributes next-hop 10.0.0.9 med 5; attributes med 5 nlri; }"),
	    &warnings));
	cr_expect_str_eq(text_chars(&warnings),
	    "line 2, column 1: attributes without nlri and a prefix announce no route\n"
	    "line 2, column 37: attributes without nlri and a prefix announce no route\n");
	text_free(&warnings);
}

Case(check, refresh_turns_adj_rib_out_on)
{
	struct config *c = read_neighbor("adj-rib-out false; capability { route-refresh; }");

	cr_expect(c->neighbors[0]->peer.adj_rib_out);
	config_free(c);
}
