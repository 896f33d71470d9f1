/* Commands by the words of version 6 of the API. */
#include "call.h"
#include "scene.h"

#include "base/mem.h"

#include <stdio.h>
#include <string.h>

Case(version_6, every_name_means_a_row)
{
	const struct command *row;
	size_t named = 0;

	for (size_t i = 0; (row = command_at(i)) != NULL; i++) {
		const char *words = version_6_words(row->words);
		const char *back;
		size_t n;

		if (words == NULL)
			continue;
		named++;
		back = version_6_row(slice_on(words), false, &n);
		cr_expect(back != NULL && slice_is(slice_on(back), row->words), "%s", words);
	}
	cr_expect(named == 29, "%zu rows have a name of version 6", named);
}

Case(version_6, answers_are_json_unless_text_is_asked_for)
{
	struct scene s;

	scene_start(&s, stage_two);
	scene_expect(
	    &s, "system version", "{\"version\": \"5.0.13\", \"application\": \"exabgp\"}\ndone\n");
	scene_expect(&s, "system version text", "exabgp 5.0.13\ndone\n");
	scene_expect(&s, "session reset", "{\"status\": \"asynchronous queue cleared\"}\ndone\n");
	scene_expect(&s, "session ping text", "pong " STAGE_UUID " active=true\ndone\n");
	scene_accepted(&s, "session sync enable");
	scene_expect(&s, "system queue-status",
	    "{\"h1\": {\"items\": 0, \"bytes\": 0}, \"h2\": {\"items\": 0, \"bytes\": 0}}\ndone\n");
	scene_expect(&s, "daemon reload", "{\"status\": \"reload in progress\"}\ndone\n");
	scene_expect(&s, "system crash", "done\nerror\n");
	scene_done(&s);
}

Case(version_6, peer_is_followed_by_a_selector_or_a_word)
{
	struct scene s;

	scene_start(&s, stage_two);
	scene_accepted(&s, "peer * announce route 10.0.0.0/24 next-hop 192.0.2.1");
	scene_expect(&s, "peer 9.9.9.9 announce route 10.0.0.0/24 next-hop 192.0.2.1",
	    "error: no neighbor matches the selector\nerror\n");
	scene_expect(&s, "peer nobody", "error: unknown command\nerror\n");
	scene_done(&s);
}

Case(version_6, block_waits_for_its_end)
{
	struct scene s;

	scene_start(&s, stage_two);
	scene_expect(&s, "group end", "{\"error\": \"not in group block\"}\nerror\n");
	scene_expect(&s, "group start", "{\"status\": \"group started\"}\ndone\n");
	scene_expect(&s, "group start",
	    "{\"error\": \"already in group block (nested groups not allowed)\"}\nerror\n");
	scene_accepted(&s, "announce route 10.0.0.0/24 next-hop 192.0.2.1");
	scene_accepted(&s, "announce nonsense");
	scene_accepted(&s, "withdraw route 10.0.1.0/24");
	cr_expect_eq(rib_out_count(stage_out(&s.stage, 0)), 0);
	scene_expect(&s, "version", "exabgp 5.0.13\ndone\n");
	scene_expect(&s, "group end",
	    "{\"status\": \"group processed\", \"announced\": 1, \"withdrawn\": 1, "
	    "\"errors\": [\"invalid route: unknown announce type: nonsense\"]}\ndone\n");
	cr_expect_eq(rib_out_count(stage_out(&s.stage, 0)), 1);
	scene_expect(&s, "group start text", "group started\ndone\n");
	scene_expect(&s, "group end text", "group ended (0 commands)\ndone\n");
	scene_done(&s);
}

Case(version_6, block_takes_words_with_any_blank_between)
{
	struct scene s;

	scene_start(&s, stage_two);
	scene_expect(&s, "group start text", "group started\ndone\n");
	scene_accepted(&s, "announce\troute 10.0.0.0/24 next-hop 192.0.2.1");
	cr_expect_eq(rib_out_count(stage_out(&s.stage, 0)), 0);
	scene_expect(&s, "group end text", "group processed: 1 announced, 0 withdrawn\ndone\n");
	scene_done(&s);
}

Case(version_6, group_of_a_line_shares_attributes_but_no_next_hop)
{
	struct scene s;

	scene_start(&s, stage_two);
	scene_expect(&s, "peer * group ;", "{\"error\": \"empty group\"}\nerror\n");
	scene_expect(&s, "peer group announce route 10.0.0.0/24 next-hop 192.0.2.1",
	    "{\"error\": \"expected a selector between peer and group\"}\nerror\n");
	scene_expect(&s,
	    "peer * group attributes med 7 next-hop 192.0.2.9 ; "
	    "announce route 10.0.0.0/24 next-hop 192.0.2.1 med 5 ; "
	    "announce ipv4 unicast 10.0.1.0/24 next-hop 192.0.2.2 ; "
	    "announce route 10.0.2.0/24 ; teardown 3 ; withdraw route 10.9.0.0/16",
	    "{\"status\": \"group processed\", \"announced\": 2, \"withdrawn\": 1, \"errors\": "
	    "[\"invalid route: Could not parse route: route 10.0.2.0/24 (line 1, column 27: "
	    "missing next-hop (announce requires nexthop: 10.0.2.0/24))\", "
	    "\"unknown action in group: teardown\"]}\ndone\n");
	scene_expect(&s, "show adj-rib out extensive 127.0.0.1",
	    "neighbor 127.0.0.1 local-ip 127.0.0.1 local-as 65001 peer-as 65002 router-id 10.0.0.1 "
	    "family-allowed in-open ipv4 unicast 10.0.0.0/24 next-hop 192.0.2.1 med 7\n"
	    "neighbor 127.0.0.1 local-ip 127.0.0.1 local-as 65001 peer-as 65002 router-id 10.0.0.1 "
	    "family-allowed in-open ipv4 unicast 10.0.1.0/24 next-hop 192.0.2.2 med 7\ndone\n");
	scene_done(&s);
}

#define NAME_1                                                                                     \
	"neighbor 127.0.0.1 local-ip 127.0.0.1 local-as 65001 peer-as 65002 router-id 10.0.0.1 "   \
	"family-allowed in-open "

Case(version_6, what_a_line_shares_reaches_every_form_of_a_route)
{
	static const char file[] =
	    "neighbor 127.0.0.1 { router-id 10.0.0.1; local-address 127.0.0.1; local-as 65001; "
	    "peer-as 65002; api { processes [ h1 ]; } }\n"
	    "process h1 { run /bin/cat; encoder json; }\n";
	struct scene s;

	scene_start(&s, file);
	s.stage.issuer.name = "h1";
	scene_expect(&s,
	    "peer 127.0.0.1 group attributes med 7 community [ 65001:1 65001:2 ] name \"a b\" ; "
	    "announce route 10.0.0.0/24 { next-hop 192.0.2.1; med 5; origin egp; } ; "
	    "announce attributes next-hop 192.0.2.3 nlri 10.0.1.0/24 ; "
	    "announce flow route { match { destination 10.0.2.0/24; } then { discard; } } ; "
	    "announce flow route x destination 10.0.3.0/24 discard ; "
	    "announce vpls v { rd 1:1; endpoint 7; base 20000; offset 2; size 10; "
	    "next-hop 192.0.2.1; } ; "
	    "announce ipv4 mcast-vpn source-ad source 10.0.0.1 group 239.0.0.1 rd 1:1 "
	    "next-hop 192.0.2.1 ; announce attributes med 1",
	    "{\"status\": \"group processed\", \"announced\": 6, \"withdrawn\": 0, \"errors\": "
	    "[\"invalid route: line 1, column 21: unknown command \\\"x\\\"\"]}\ndone\n");
#define SHARED "med 7 community [ 65001:1 65001:2 ]"
	scene_expect(&s, "show adj-rib out extensive 127.0.0.1",
	    NAME_1 "ipv4 unicast 10.0.0.0/24 next-hop 192.0.2.1 origin egp " SHARED "\n" NAME_1
		   "ipv4 unicast 10.0.1.0/24 next-hop 192.0.2.3 " SHARED "\n" NAME_1
		   "ipv4 mcast-vpn mvpn:source-ad::1:1:10.0.0.1:239.0.0.1 "
		   "next-hop 192.0.2.1 " SHARED "\n" NAME_1
		   "ipv4 flow flow destination-ipv4 10.0.2.0/24 " SHARED
		   " extended-community rate-limit:0\n" NAME_1
		   "l2vpn vpls vpls rd 1:1 endpoint 7 base 20000 offset 2 size 10 "
		   "next-hop 192.0.2.1 " SHARED "\ndone\n");
#undef SHARED
	scene_expect(&s,
	    "peer 127.0.0.1 group attributes med x ; announce route 10.0.4.0/24 next-hop 192.0.2.1",
	    "{\"status\": \"group processed\", \"announced\": 0, \"withdrawn\": 0, \"errors\": "
	    "[\"invalid route: Could not parse route: route 10.0.4.0/24 next-hop 192.0.2.1 "
	    "(line 1, column 28: in what is shared, expected a number for med, "
	    "found \\\"x\\\" ('x' is not a valid MED))\"]}\ndone\n");
	scene_done(&s);
}

Case(version_6, what_a_line_shares_is_for_routes_only)
{
	static const char file[] =
	    "neighbor 127.0.0.1 { router-id 10.0.0.1; local-address 127.0.0.1; local-as 65001; "
	    "peer-as 65002; api { processes [ h1 ]; }\n"
	    "static { route 10.0.0.0/24 next-hop 192.0.2.1 watchdog h1 withdraw; } }\n"
	    "process h1 { run /bin/cat; encoder json; }\n";
	struct scene s;

	scene_start(&s, file);
	s.stage.issuer.name = "h1";
	scene_expect(&s,
	    "peer * group attributes med 7 ; announce watchdog ; announce eor ipv4 unicast",
	    "{\"status\": \"group processed\", \"announced\": 1, \"withdrawn\": 0, \"errors\": "
	    "[\"invalid route: no neighbor is established\"]}\ndone\n");
	cr_expect_eq(rib_out_count(stage_out(&s.stage, 0)), 1);
	scene_done(&s);
}

#define INDEX "303130313031303164697361626c6564180a0000"

Case(version_6, routes_are_listed_added_and_removed)
{
	struct scene s;

	scene_start(&s, stage_two);
	scene_expect(&s, "peer 127.0.0.1 routes list", "[]\n");
	scene_expect(&s, "peer 127.0.0.1 routes add route 10.0.0.0/24 next-hop 192.0.2.9",
	    "{\"index\": \"" INDEX "\", \"route\": \"10.0.0.0/24 next-hop 192.0.2.9\", "
	    "\"success\": true}\n");
	scene_expect(&s, "peer 127.0.0.1 routes list",
	    "[{\"index\": \"" INDEX "\", \"route\": \"10.0.0.0/24 next-hop 192.0.2.9\", "
	    "\"neighbor\": \"neighbor 127.0.0.1 local-ip 127.0.0.1 local-as 65001 peer-as 65002 router-id 10.0.0.1 "
	    "family-allowed in-open\"}]\n");
	scene_expect(&s, "peer 127.0.0.1 routes ipv6 list", "[]\n");
	scene_expect(&s,
	    "peer 127.0.0.1 routes ipv6 unicast add route 10.0.1.0/24 next-hop 192.0.2.9",
	    "{\"route\": \"route 10.0.1.0/24 next-hop 192.0.2.9\", \"success\": false, "
	    "\"error\": \"the route is of another family\"}\n");
	scene_expect(&s, "peer 127.0.0.1 routes remove index 00",
	    "{\"removed\": false, \"index\": \"00\"}\n");
	scene_expect(&s, "peer 127.0.0.1 routes remove route 10.0.0.0/24",
	    "{\"removed\": true, \"route\": \"10.0.0.0/24\", \"index\": \"" INDEX "\"}\n");
	(void)scene_say(&s, "peer 127.0.0.1 routes add route 10.0.0.0/24 next-hop 192.0.2.9");
	scene_expect(&s, "peer 127.0.0.1 routes remove index " INDEX,
	    "{\"removed\": true, \"index\": \"" INDEX "\"}\n");
	scene_expect(&s, "peer 127.0.0.1 routes list", "[]\n");
	scene_expect(&s, "peer 127.0.0.1 routes",
	    "error: routes requires action: list, add, or remove\nerror\n");
	scene_expect(&s, "peer 127.0.0.1 routes add route x",
	    "error: Could not parse route: route x\nerror\n");
	scene_done(&s);
}

/* The index of the only route that the peer is announced. */
static char *
only_index(struct scene *s)
{
	static const char front[] = "[{\"index\": \"";
	const char *list = scene_say(s, "peer 127.0.0.1 routes list");
	size_t len;

	cr_assert(strncmp(list, front, strlen(front)) == 0, "%s", list);
	list += strlen(front);
	len = strcspn(list, "\"");
	return mem_string(list, len);
}

static const char *
said(struct scene *s, const char *front, const char *back)
{
	char line[512];

	(void)snprintf(line, sizeof(line), "peer 127.0.0.1 %s %s", front, back);
	return scene_say(s, line);
}

Case(version_6, an_index_is_that_of_one_route_with_its_labels)
{
	static const char file[] =
	    "process h1 { run /bin/cat; encoder json; }\n"
	    "neighbor 127.0.0.1 { router-id 10.0.0.1; local-address 127.0.0.1; "
	    "local-as 65001; peer-as 65002; family { all; } "
	    "capability { add-path send/receive; } api { processes [ h1 ]; } }";
	static const struct {
		const char *route;
		const char *labels; /* of another one under its key; NULL: it has none */
	} rows[] = {
		{ "ipv4 unicast 10.0.0.0/24 next-hop 192.0.2.9", NULL },
		{ "ipv4 unicast 0.0.0.0/0 path-information 1.2.3.4 next-hop 192.0.2.9", NULL },
		{ "ipv6 unicast 2001:db8::/62 next-hop 2001:db8::1", NULL },
		{ "ipv4 nlri-mpls 10.0.0.0/24 next-hop 192.0.2.9 label [ 5 6 ]", "label 7" },
		{ "ipv4 mpls-vpn 10.0.0.0/24 rd 1:1 next-hop 192.0.2.9 label 5", "label [ 5 5 ]" },
		{ "flow route source 10.0.0.0/24 protocol =6 rate-limit 0", NULL },
		{ "vpls rd 1:1 endpoint 7 base 20000 offset 2 size 10 next-hop 192.0.2.1", NULL },
	};
	struct scene s;

	scene_start(&s, file);
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		const char *label = strstr(rows[i].route, "label");
		char *index;
		char other[256];

		(void)said(&s, "announce", rows[i].route);
		index = only_index(&s);
		if (rows[i].labels != NULL) {
			(void)snprintf(other, sizeof(other), "%.*s%s", (int)(label - rows[i].route),
			    rows[i].route, rows[i].labels);
			(void)said(&s, "announce", other);
			cr_expect(strstr(said(&s, "routes remove index", index), "false") != NULL,
			    "%s", rows[i].route);
			mem_free(index);
			index = only_index(&s);
		}
		index[strlen(index) - 1] ^= 1;
		cr_expect(strstr(said(&s, "routes remove index", index), "false") != NULL, "%s",
		    rows[i].route);
		index[strlen(index) - 1] ^= 1;
		cr_expect(strstr(said(&s, "routes remove index", index), "true") != NULL, "%s",
		    rows[i].route);
		scene_expect(&s, "peer 127.0.0.1 routes list", "[]\n");
		mem_free(index);
	}
	scene_done(&s);
}

Case(version_6, neighbors_come_and_go)
{
	const char *told;
	struct scene s;

	scene_start(&s, stage_two);
	scene_expect(&s, "peer create 192.0.2.77 local-as 1 local-as 2",
	    "error: Unexpected error: ValueError: duplicate parameter: local-as\nerror\n");
	scene_expect(&s, "create neighbor 192.0.2.77 color blue",
	    "error: Unexpected error: ValueError: unknown parameter: color\nerror\n");
	scene_expect(&s, "create neighbor 192.0.2.77 local-as 65001",
	    "error: Unexpected error: ValueError: missing required parameters: local-address, peer-as\n"
	    "error\n");
	scene_accepted(&s,
	    "peer create 192.0.2.77 local-ip 192.0.2.2 local-as 65001 peer-as 65077 "
	    "family-allowed ipv4-mpls-vpn/ipv6-unicast graceful-restart 60 group-updates false api h1");
	scene_expect(&s, "peer create 192.0.2.77 local-ip 192.0.2.2 local-as 65001 peer-as 65077",
	    "error: peer already exists: neighbor 192.0.2.77 local-ip 192.0.2.2 local-as 65001 "
	    "peer-as 65077 router-id 192.0.2.2 family-allowed in-open\nerror\n");
	told = scene_say(&s, "neighbor 192.0.2.77 show neighbor configuration");
	cr_expect(strstr(told, "graceful-restart 60;") != NULL, "%s", told);
	cr_expect(strstr(told, "group-updates false;") != NULL, "%s", told);
	cr_expect(strstr(told, "ipv4 mpls-vpn;") != NULL, "%s", told);
	cr_expect(strstr(told, "processes [ h1 ];") != NULL, "%s", told);
	scene_accepted(
	    &s, "peer 192.0.2.77 announce ipv6 unicast 2001:db8::/32 next-hop 2001:db8::1");
	scene_expect(&s, "peer delete 9.9.9.9", "error: no neighbors match the selector\nerror\n");
	scene_accepted(&s, "peer delete [192.0.2.77, 127.0.0.1 peer-as 7]");
	scene_expect(
	    &s, "peer 192.0.2.77 show", "error: no neighbor matches the selector\nerror\n");
	/* one that no file has is ended by a reload, one of the file comes back */
	scene_accepted(&s, "peer create 192.0.2.77 local-ip 192.0.2.2 local-as 1 peer-as 2");
	scene_accepted(&s, "delete neighbor 127.0.0.2");
	(void)scene_say(&s, "reload");
	scene_expect(&s, "neighbor 192.0.2.77 show neighbor",
	    "error: no neighbor matches the selector\nerror\n");
	told = scene_say(&s, "neighbor 127.0.0.2 show neighbor configuration");
	cr_expect(strstr(told, "peer-as 65003;") != NULL, "%s", told);
	scene_done(&s);
}

Case(version_6, version_can_be_asked_and_set)
{
	struct scene s;

	scene_start(&s, stage_two);
	scene_expect(&s, "system api version",
	    "{\"api_version\": 4, \"description\": \"legacy (text/json)\"}\ndone\n");
	scene_expect(
	    &s, "system api version 5", "{\"error\": \"API version must be 4 or 6\"}\nerror\n");
	scene_expect(&s, "system api version 6",
	    "{\"status\": \"API version set\", \"version\": 6, "
	    "\"note\": \"effective on next process restart\"}\ndone\n");
	scene_expect(&s, "api version", "API version: 6 (json-only)\ndone\n");
	scene_expect(&s, "system api version 4",
	    "API version set to 4 (effective on next process restart)\ndone\n");
	scene_done(&s);
}

Case(version_6, lists_stand_in_brackets)
{
	struct scene s;

	scene_start(&s, stage_two);
	scene_accepted(
	    &s, "peer [127.0.0.1, 9.9.9.9] announce route 10.0.0.0/24 next-hop 192.0.2.1");
	scene_expect(&s, "peer 127.0.0.1, 9.9.9.9 announce route 10.0.0.0/24 next-hop 192.0.2.1",
	    "error: line 1, column 15: expected [ in front of a list of selectors, found \",\"\nerror\n");
	scene_done(&s);
}

Case(version_6, what_needs_a_session_is_done_without_a_selector)
{
	struct scene s;

	scene_start(&s, stage_two);
	scene_accepted(&s, "rib flush out");
	scene_expect(&s, "peer * teardown 3", "error: no neighbor is established\nerror\n");
	scene_expect(&s, "flush adj-rib out", "error: no neighbor is established\nerror\n");
	scene_expect(&s, "announce foo bar", "error: unknown announce type: foo\nerror\n");
	scene_done(&s);
}

Case(version_6, what_can_not_be_parsed_is_said_again_without_its_selector)
{
	static const char *const selectors[] = { "*", "127.0.0.1", "[127.0.0.1, 9.9.9.9]" };
	struct scene s;
	char line[96];

	scene_start(&s, stage_two);
	for (size_t i = 0; i < sizeof(selectors) / sizeof(selectors[0]); i++) {
		const char *told;

		(void)snprintf(line, sizeof(line), "peer %s announce  route x", selectors[i]);
		told = scene_say(&s, line);
		cr_expect(strncmp(told, "error: Could not parse route: route x (", 39) == 0,
		    "%s: %s", line, told);
	}
	scene_done(&s);
}
