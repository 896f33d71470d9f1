/* announce, withdraw, clear, flush, watchdogs. */
#include "scene.h"

#include <string.h>

static void
rib_is(struct scene *s, size_t member, const char *want)
{
	const char *have = stage_rib(&s->stage, member);

	cr_expect_str_eq(have, want, "member %zu:\n%snot\n%s", member, have, want);
}

Case(routes, an_announced_route_is_kept_by_everybody_who_has_its_family)
{
	struct scene s;

	scene_start(&s, stage_two);
	scene_accepted(&s, "announce route 10.0.0.0/24 next-hop 192.0.2.1 med 7");
	scene_accepted(&s, "announce route 2001:db8::/32 next-hop 2001:db8::1");
	scene_accepted(&s, "announce ipv4 unicast 10.0.1.0/24 next-hop self");
	rib_is(&s, 0,
	    "ipv4 unicast 10.0.0.0/24 next-hop 192.0.2.1 med 7\n"
	    "ipv4 unicast 10.0.1.0/24 next-hop self\n"
	    "ipv6 unicast 2001:db8::/32 next-hop 2001:db8::1\n");
	rib_is(&s, 1,
	    "ipv4 unicast 10.0.0.0/24 next-hop 192.0.2.1 med 7\n"
	    "ipv4 unicast 10.0.1.0/24 next-hop self\n");
	scene_accepted(&s, "withdraw route 10.0.0.0/24 next-hop 192.0.2.1 med 7");
	scene_accepted(&s, "neighbor 127.0.0.2 withdraw ipv4 unicast 10.0.1.0/24");
	rib_is(&s, 0,
	    "ipv4 unicast 10.0.1.0/24 next-hop self\n"
	    "ipv6 unicast 2001:db8::/32 next-hop 2001:db8::1\n");
	rib_is(&s, 1, "");
	scene_done(&s);
}

Case(routes, a_route_is_its_prefix)
{
	struct scene s;

	scene_start(&s, stage_two);
	scene_accepted(&s, "neighbor 127.0.0.1 announce route 10.0.0.0/24 next-hop 192.0.2.1");
	scene_accepted(
	    &s, "neighbor 127.0.0.1 announce route 10.0.0.0/24 next-hop 192.0.2.2 med 1");
	rib_is(&s, 0, "ipv4 unicast 10.0.0.0/24 next-hop 192.0.2.2 med 1\n");
	rib_is(&s, 1, "");
	scene_done(&s);
}

Case(routes, one_that_was_never_announced_is_withdrawn_all_the_same)
{
	struct scene s;

	scene_start(&s, stage_two);
	scene_accepted(&s, "withdraw route 10.0.0.0/24");
	cr_expect_eq(rib_out_pending(stage_out(&s.stage, 0)), 1);
	scene_done(&s);
}

Case(routes, announce_and_clear_in_one_breath_leave_nothing)
{
	struct scene s;

	scene_start(&s, stage_two);
	scene_accepted(&s, "announce route 10.0.0.0/24 next-hop 192.0.2.1");
	scene_accepted(&s, "clear adj-rib out");
	rib_is(&s, 0, "");
	cr_expect_eq(rib_out_pending(stage_out(&s.stage, 0)), 0);
	scene_done(&s);
}

Case(routes, clear_without_a_direction_is_of_what_is_announced)
{
	struct scene s;

	scene_start(&s, stage_two);
	scene_accepted(&s, "announce route 10.0.0.0/24 next-hop 192.0.2.1");
	scene_accepted(&s, "neighbor 127.0.0.2 clear  adj-rib");
	rib_is(&s, 0, "ipv4 unicast 10.0.0.0/24 next-hop 192.0.2.1\n");
	rib_is(&s, 1, "");
	scene_accepted(&s, "clear adj-rib");
	rib_is(&s, 0, "");
	scene_refused(&s, "clear adj-rib inn");
	scene_refused(&s, "clear adj-ribs");
	scene_done(&s);
}

Case(routes, attributes_go_with_every_prefix)
{
	struct scene s;

	scene_start(&s, stage_two);
	scene_accepted(&s,
	    "neighbor 127.0.0.1 announce attributes next-hop 192.0.2.1 med 3 nlri 10.0.0.0/24 "
	    "10.0.1.0/24");
	scene_accepted(
	    &s, "neighbor 127.0.0.1 announce attribute next-hop 192.0.2.1 nlri 10.0.2.0/24");
	rib_is(&s, 0,
	    "ipv4 unicast 10.0.0.0/24 next-hop 192.0.2.1 med 3\n"
	    "ipv4 unicast 10.0.1.0/24 next-hop 192.0.2.1 med 3\n"
	    "ipv4 unicast 10.0.2.0/24 next-hop 192.0.2.1\n");
	scene_accepted(&s, "withdraw attributes nlri 10.0.0.0/24 10.0.1.0/24");
	rib_is(&s, 0, "ipv4 unicast 10.0.2.0/24 next-hop 192.0.2.1\n");
	scene_done(&s);
}

/* Sent to those that are up, kept by nobody. */
Case(routes, attributes_without_a_prefix_are_kept_by_nobody)
{
	struct scene s;

	scene_start(&s, stage_two);
	scene_accepted(&s, "announce attributes med 5 next-hop 192.0.2.1");
	scene_accepted(&s, "announce attributes med 5");
	rib_is(&s, 0, "");
	scene_refused(&s, "withdraw attributes med 5");
	scene_refused(&s, "withdraw attributes");
	scene_done(&s);
}

Case(routes, split_gives_every_part)
{
	struct scene s;

	scene_start(&s, stage_two);
	scene_accepted(&s, "announce route 10.0.0.0/22 next-hop 192.0.2.1 split /24");
	cr_expect_eq(rib_out_count(stage_out(&s.stage, 0)), 4);
	scene_accepted(&s, "withdraw route 10.0.0.0/22 split /24");
	cr_expect_eq(rib_out_count(stage_out(&s.stage, 0)), 0);
	scene_done(&s);
}

Case(routes, a_statement_may_end_with_a_semicolon_or_a_brace)
{
	struct scene s;

	scene_start(&s, stage_two);
	scene_accepted(&s, "announce route 10.0.0.0/24 next-hop 192.0.2.1;");
	scene_accepted(&s, "announce route 10.0.0.0/24 next-hop 192.0.2.1 }");
	scene_accepted(&s, "announce route 10.0.0.0/24 { next-hop 192.0.2.1; med 1; }");
	scene_refused(&s, "announce route 10.0.0.0/24 next-hop 192.0.2.1 ; ;");
	scene_refused(&s, "announce route 10.0.0.0/24 next-hop 192.0.2.1 ; version");
	scene_done(&s);
}

Case(routes, a_bad_statement_changes_nothing)
{
	static const char *const rows[] = {
		"announce route",
		"announce route 10.0.0.0/24",
		"announce route 10.0.0.0/24 next-hop",
		"announce route 10.0.0.1/24 next-hop 192.0.2.1",
		"announce route 10.0.0.0/33 next-hop self",
		"announce route 10.0.0.0/24 next-hop 192.0.2.1 med",
		"announce route x next-hop self",
		"announce route 10.0.0.0/24 next-hop 192.0.2.1 med -1",
		"announce route 10.0.0.0/24 next-hop 192.0.2.1 foo bar",
		"announce route 10.0.0.0/24 next-hop 192.0.2.1 name version extra",
		"announce attributes next-hop 192.0.2.1 nlri 10.0.0.0/24 10.0.0.1/24",
		"announce attributes nlri 10.0.0.0/24",
		"announce ipv4",
		"announce ipv4 foo 10.0.0.0/24",
		"announce ipv6 unicast",
		"announce route 0.0.0.0/0 next-hop self split /32",
		"withdraw route",
		"withdraw route 10.0.0.0/99",
		"withdraw ipv4 unicast",
	};
	struct scene s;

	scene_start(&s, stage_two);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		scene_refused(&s, rows[i]);
	scene_done(&s);
}

Case(routes, words_of_other_commands_are_words_of_a_route)
{
	struct scene s;

	scene_start(&s, stage_two);
	scene_accepted(&s, "announce route 10.0.0.0/24 next-hop 192.0.2.1 name version med 5");
	scene_accepted(&s, "announce route 10.0.0.0/24 next-hop 192.0.2.1 name \"shutdown\"");
	cr_expect_eq(s.stage.ended, 0);
	scene_done(&s);
}

Case(routes, without_a_session_there_is_no_end_of_rib_no_refresh_no_flush)
{
	static const char *const rows[] = {
		"announce eor",
		"announce eor ipv4 unicast",
		"announce eor ipv4",
		"announce eor foo bar",
		"announce eor ipv4 unicast more",
		"announce route-refresh ipv4 unicast",
		"announce route-refresh",
		"announce route-refresh ipv4",
		"announce route-refresh a b",
		"announce route-refresh ipv4 unicast more",
		"flush adj-rib out",
		"neighbor 127.0.0.1 flush adj-rib out",
	};
	struct scene s;

	scene_start(&s, stage_two);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		scene_refused(&s, rows[i]);
	scene_done(&s);
}

Case(routes, teardown_takes_one_number)
{
	static const char *const rows[] = { "teardown", "teardown x", "teardown -1", "teardown 256",
		"teardown 4 5", "teardown 0x4", "neighbor 127.0.0.1 teardown",
		"neighbor * teardown a" };
	struct scene s;

	scene_start(&s, stage_two);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		scene_refused(&s, rows[i]);
	scene_accepted(&s, "teardown 4");                    /* without a selector nobody */
	scene_accepted(&s, "neighbor 127.0.0.1 teardown 4"); /* it has no session */
	scene_refused(&s, "neighbor 127.0.0.9 teardown 4");
	scene_done(&s);
}

Case(routes, clear_restricts_itself_to_the_selector)
{
	struct scene s;

	scene_start(&s, stage_two);
	scene_accepted(&s, "announce route 10.0.0.0/24 next-hop 192.0.2.1");
	scene_accepted(&s, "neighbor 127.0.0.2 clear adj-rib out");
	rib_is(&s, 0, "ipv4 unicast 10.0.0.0/24 next-hop 192.0.2.1\n");
	rib_is(&s, 1, "");
	scene_refused(&s, "neighbor 9.9.9.9 clear adj-rib out");
	scene_accepted(&s, "neighbor 127.0.0.1 clear adj-rib in");
	scene_done(&s);
}

static const char dogs[] =
    "neighbor 127.0.0.1 {\n"
    "  router-id 10.0.0.1; local-address 127.0.0.1; local-as 65001; peer-as 65002;\n"
    "  api { processes [ h1 ]; }\n"
    "  static {\n"
    "    route 10.0.0.0/24 next-hop 192.0.2.1 watchdog dog;\n"
    "    route 10.0.1.0/24 next-hop 192.0.2.1 watchdog dog withdraw;\n"
    "    route 10.0.2.0/24 next-hop 192.0.2.1 watchdog cat withdraw;\n"
    "    route 10.0.3.0/24 next-hop 192.0.2.1;\n"
    "    route 10.0.4.0/24 next-hop 192.0.2.1 watchdog h1 withdraw;\n"
    "  }\n"
    "}\n"
    "process h1 { run /bin/cat; encoder json; }\n";

#define R(n) "ipv4 unicast 10.0." #n ".0/24 next-hop 192.0.2.1\n"

Case(routes, a_watchdog_moves_its_group)
{
	struct scene s;

	scene_start(&s, dogs);
	rib_is(&s, 0, R(0) R(3));
	scene_accepted(&s, "announce watchdog dog");
	rib_is(&s, 0, R(0) R(3) R(1));
	scene_accepted(&s, "announce watchdog dog");
	scene_accepted(&s, "withdraw watchdog dog");
	rib_is(&s, 0, R(3));
	scene_accepted(&s, "withdraw watchdog dog");
	scene_accepted(&s, "announce watchdog nobody");
	rib_is(&s, 0, R(3));
	s.stage.issuer.name = "h1";
	scene_accepted(&s, "announce watchdog"); /* the helper's name */
	rib_is(&s, 0, R(3) R(4));
	scene_done(&s);
}

Case(routes, a_watchdog_is_of_all_neighbors_whatever_the_selector)
{
	struct scene s;

	scene_start(&s, dogs);
	scene_accepted(&s, "neighbor 9.9.9.9 announce watchdog dog");
	rib_is(&s, 0, R(0) R(3) R(1));
	scene_accepted(&s, "peer 127.0.0.1 peer-as 7 withdraw watchdog dog");
	rib_is(&s, 0, R(3));
	scene_done(&s);
}

Case(routes, a_reload_leaves_watchdogs_as_they_are)
{
	struct scene s;

	scene_start(&s, dogs);
	scene_accepted(&s, "withdraw watchdog dog");
	scene_accepted(&s, "announce watchdog cat");
	rib_is(&s, 0, R(3) R(2));
	scene_expect(&s, "reload", "reload in progress\ndone\n");
	rib_is(&s, 0, R(3) R(2));
	scene_accepted(&s, "announce watchdog dog");
	rib_is(&s, 0, R(3) R(2) R(0) R(1));
	scene_done(&s);
}

Case(routes, next_hop_self_that_nobody_can_be_told_is_refused)
{
	static const char file[] =
	    "neighbor 127.0.0.1 { router-id 10.0.0.1; local-address 127.0.0.1; local-as 65001; "
	    "peer-as 65002; api { processes [ h1 ]; } }\n"
	    "neighbor ::1 { router-id 10.0.0.1; local-address ::1; local-as 65001; "
	    "peer-as 65002; api { processes [ h1 ]; } }\n"
	    "process h1 { run /bin/cat; encoder json; }\n";
	static const char misfit[] =
	    "error: use of \"next-hop self\": the route (ipv6) does not have the same family as the "
	    "BGP tcp session (ipv4)\nerror\n";
	struct scene s;

	scene_start(&s, file);
	s.stage.issuer.name = "h1";
	scene_expect(&s, "neighbor 127.0.0.1 announce route 2001:db8::/32 next-hop self", misfit);
	scene_expect(
	    &s, "neighbor 127.0.0.1 announce ipv6 unicast 2001:db8::/32 next-hop self", misfit);
	scene_accepted(&s, "neighbor 127.0.0.1 announce route 10.0.0.0/24 next-hop self");
	scene_accepted(&s, "neighbor ::1 announce route 2001:db8::/32 next-hop self");
	scene_accepted(&s, "announce route 2001:db8:1::/48 next-hop self");
	scene_accepted(
	    &s, "announce vpls rd 1:1 endpoint 7 base 20000 offset 2 size 10 next-hop self");
	scene_done(&s);
}
