/* Templates: lists grow, values of the template win. */
#include "case.h"

#include "reading.h"

#define TEMPLATES                                                                                  \
	"process a { run x; }\nprocess b { run x; }\ntemplate {\n"                                 \
	"neighbor t1 { local-as 1; peer-as 2; hold-time 60; description one;\n"                    \
	"  capability { asn4 disable; graceful-restart 9; }\n"                                     \
	"  family { ipv4 unicast; ipv6 unicast; }\n"                                               \
	"  api events { processes [ b ]; neighbor-changes false; fsm; receive { update; } }\n"     \
	"  static { route 10.1.0.0/16 next-hop 10.0.0.9; } }\n"                                    \
	"neighbor t2 { hold-time 70; inherit t1; }\n}\n"

Case(template, a_neighbor_may_come_from_it_whole)
{
	struct config *c =
	    read_good(TEMPLATES "neighbor 10.0.0.1 { inherit t1; local-address 10.0.0.2; }", NULL);
	const struct neighbor_conf *n = c->neighbors[0];

	cr_expect(c->neighbor_count == 1, "templates are no neighbors");
	cr_expect(n->peer.local_as == 1 && n->peer.hold_time == 60);
	cr_expect(n->peer.caps.graceful_time == 9 && !n->peer.caps.asn4);
	cr_expect(n->peer.caps.families.count == 2);
	cr_expect(n->api_count == 1 && n->routes.count == 1);
	cr_expect(neighbor_grants(n, "b"));
	config_free(c);
}

Case(template, its_values_replace_those_of_the_neighbor)
{
	struct text warnings = { 0 };
	struct config *c = read_good(TEMPLATES
	    "neighbor 10.0.0.1 { inherit t1; local-address 10.0.0.2; hold-time 90;\n"
	    " host-name mine; capability { asn4 enable; aigp; } }",
	    &warnings);
	const struct peer_conf *p = &c->neighbors[0]->peer;

	cr_expect(p->hold_time == 60 && !p->caps.asn4);
	cr_expect(p->aigp, "what the template does not say stays");
	cr_expect_str_eq(p->host_name, "mine");
	cr_expect_str_eq(p->description, "one");
	cr_expect(strstr(text_chars(&warnings), "template t1 replace") != NULL);
	text_free(&warnings);
	config_free(c);
}

Case(template, the_last_one_wins)
{
	struct config *c = read_good(TEMPLATES
	    "neighbor 10.0.0.1 { inherit [ t1, t2 ]; local-address 10.0.0.2; }\n"
	    "neighbor 10.0.0.3 { inherit t2; inherit t1; local-address 10.0.0.2; }",
	    NULL);

	cr_expect(c->neighbors[0]->peer.hold_time == 70);
	cr_expect(c->neighbors[1]->peer.hold_time == 60);
	config_free(c);
}

Case(template, lists_grow_behind_those_of_the_neighbor)
{
	struct config *c = read_good(TEMPLATES
	    "neighbor 10.0.0.1 { local-address 10.0.0.2; family { ipv4 multicast; ipv4 unicast; }\n"
	    " static { route 10.2.0.0/16 next-hop 10.0.0.9; route 10.3.0.0/16 next-hop 10.0.0.9; }\n"
	    " api events { processes [ a ]; neighbor-changes; receive { parsed; open; } }\n"
	    " inherit t1; }",
	    NULL);
	const struct neighbor_conf *n = c->neighbors[0];
	const struct api_conf *a = &n->apis[0];

	cr_expect(n->peer.caps.families.count == 3);
	cr_assert(n->routes.count == 3);
	cr_expect(slice_same(n->routes.at[2].nlri.bytes, SLICE("\x10\x0a\x01")));
	cr_assert(n->api_count == 1 && a->process_count == 2);
	cr_expect_str_eq(a->processes[0], "a");
	cr_expect_str_eq(a->processes[1], "b");
	cr_expect(!a->neighbor_changes && a->fsm && a->receive.parsed);
	cr_expect(a->receive.types == (1u << 1 | 1u << 2));
	config_free(c);
}

Case(template, inheriting_in_a_template_has_no_effect)
{
	struct text warnings = { 0 };
	struct config *c = read_good(TEMPLATES
	    "neighbor 10.0.0.1 { inherit t2; local-as 5; peer-as 6; local-address 10.0.0.2; }",
	    &warnings);

	cr_expect(c->neighbors[0]->peer.local_as == 5 && c->neighbors[0]->routes.count == 0);
	cr_expect(strstr(text_chars(&warnings), "a template inherits nothing") != NULL);
	text_free(&warnings);
	config_free(c);
}

Case(template, faults)
{
	expect_fault("template {\n neighbor a { }\n neighbor a { }\n}",
	    "line 3, column 11: expected another name: a template has this one already, found \"a\"");
	expect_fault("template {\n neighbor a! { }\n}",
	    "line 2, column 11: expected a name of letters, digits, \".\", \"_\" and \"-\", found "
	    "\"a!\"");
	expect_fault("template {\n passive;\n}",
	    "line 2, column 2: expected a keyword or a section of template, found \"passive\"");
	expect_neighbor_fault(
	    "inherit nobody;", "expected a template defined above, found \"nobody\"");
	expect_neighbor_fault(
	    "inherit;", "expected the name of a template, or a list in [ ], found \";\"");
	expect_neighbor_fault(
	    "inherit a b;", "expected ; (several templates stand in [ ]), found \"b\"");
}
