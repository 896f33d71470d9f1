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
