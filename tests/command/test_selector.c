/* Which neighbors a command means. */
#include "scene.h"

#include <string.h>

#define ROUTE "announce route 10.1.0.0/16 next-hop 192.0.2.1"

/* Says the route with this selector; gives which of the two neighbors has it: 1, 2, 3 or 0. */
static int
taken_by(struct scene *s, const char *selector, const char *want)
{
	struct text line = { 0 };
	int who = 0;

	text_format(&line, "%s%s" ROUTE, selector, *selector == '\0' ? "" : " ");
	if (want != NULL)
		scene_expect(s, text_chars(&line), want);
	else
		scene_refused(s, text_chars(&line));
	for (size_t i = 0; i < 2; i++)
		who |= *stage_rib(&s->stage, i) == '\0' ? 0 : 1 << i;
	(void)scene_say(s, "clear adj-rib out");
	text_free(&line);
	return who;
}

Case(selector, meanings)
{
	static const struct {
		const char *words;
		int who;
	} rows[] = {
		{ "", 3 },
		{ "neighbor 127.0.0.1", 1 },
		{ "neighbor 127.0.0.2", 2 },
		{ "neighbor *", 3 },
		{ "peer 127.0.0.1", 1 },
		{ "peer *", 3 },
		{ "peer [ 127.0.0.1 ]", 1 },
		{ "peer [127.0.0.1, 127.0.0.2]", 3 },
		{ "peer [127.0.0.1 , 127.0.0.9]", 1 },
		{ "neighbor 127.0.0.1, neighbor 127.0.0.2", 3 },
		{ "neighbor 127.0.0.1 , 127.0.0.2", 3 },
		{ "neighbor 127.0.0.1,127.0.0.2", 3 },
		{ "neighbor 127.0.0.1, neighbor 127.0.0.1", 1 },
		{ "neighbor 127.0.0.9, neighbor 127.0.0.2", 2 },
		{ "neighbor *, neighbor 127.0.0.2", 3 },
		{ "neighbor 127.0.0.1 local-ip 127.0.0.1", 1 },
		{ "neighbor 127.0.0.1 local-as 65001", 1 },
		{ "neighbor 127.0.0.1 peer-as 65002", 1 },
		{ "neighbor 127.0.0.1 router-id 10.0.0.1", 1 },
		{ "neighbor 127.0.0.1 family-allowed in-open", 1 },
		{ "neighbor 127.0.0.1 family-allowed in-open peer-as 65002 router-id 10.0.0.1 "
		  "local-as 65001 local-ip 127.0.0.1",
		    1 },
		{ "neighbor * peer-as 65003", 2 },
		{ "neighbor * local-as 65001", 3 },
		{ "neighbor 127.0.0.1 peer-as 65003, neighbor 127.0.0.2 peer-as 65003", 2 },
	};
	struct scene s;

	scene_start(&s, stage_two);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		int who = taken_by(&s, rows[i].words, "done\n");

		cr_expect_eq(who, rows[i].who, "%s: %d", rows[i].words, who);
	}
	scene_done(&s);
}

Case(selector, one_that_means_nobody_is_an_error)
{
	static const char *const rows[] = {
		"neighbor 9.9.9.9",
		"neighbor localhost",
		"neighbor 127.0.0",
		"neighbor 127.0.0.11",
		"neighbor 127.0.0.1 local-as 65002",
		"neighbor 127.0.0.1 peer-as 6500",
		"neighbor 127.0.0.1 peer-as 65002 peer-as 65003",
		"neighbor 65002",
		"neighbor 127.0.0.1 router-id 10.0.0.2",
		"neighbor 127.0.0.1 family-allowed ipv4-unicast",
		"neighbor 127.0.0.1 local-ip 127.0.0.2",
		"neighbor 9.9.9.9, neighbor 9.9.9.8",
		"peer []",
		"peer [ 9.9.9.9 ]",
		"peer [ 127.0.0.1",
		"neighbor ,",
		"neighbor 127.0.0.1,",
		"neighbor 127.0.0.1 local-as",
		"neighbor 127.0.0.1 neighbor 127.0.0.2",
		"neighbor",
		"neighbor local-ip 127.0.0.1",
		"neighbor neighbor",
	};
	struct scene s;

	scene_start(&s, stage_two);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		cr_expect_eq(taken_by(&s, rows[i], NULL), 0, "%s", rows[i]);
	scene_done(&s);
}

Case(selector, too_many_keys_are_an_error)
{
	struct scene s;
	struct text line = { 0 };

	scene_start(&s, stage_two);
	text_string(&line, "neighbor 127.0.0.1");
	for (int i = 0; i < SELECTOR_KEYS; i++)
		text_string(&line, " local-as 65001");
	cr_expect_eq(taken_by(&s, text_chars(&line), "done\n"), 1);
	text_string(&line, " local-as 65001");
	cr_expect_eq(taken_by(&s, text_chars(&line), NULL), 0);
	text_free(&line);
	scene_done(&s);
}

Case(selector, a_helper_reaches_only_its_neighbors)
{
	struct scene s;

	scene_start(&s, stage_two);
	s.stage.issuer.all = false;
	s.stage.issuer.name = "h2";
	cr_expect_eq(taken_by(&s, "", "done\n"), 2);
	cr_expect_eq(taken_by(&s, "neighbor *", "done\n"), 2);
	cr_expect_eq(taken_by(&s, "neighbor 127.0.0.1", NULL), 0);
	cr_expect_eq(taken_by(&s, "neighbor 127.0.0.1, neighbor 127.0.0.2", "done\n"), 2);
	s.stage.issuer.name = "h1";
	cr_expect_eq(taken_by(&s, "", "done\n"), 3);
	s.stage.issuer.name = "stranger";
	cr_expect_eq(taken_by(&s, "", NULL), 0);
	scene_refused(&s, "clear adj-rib out");
	scene_refused(&s, "clear adj-rib in");
	scene_done(&s);
}

Case(selector, ranges_themselves_are_meant_by_nobody)
{
	struct scene s;

	scene_start(&s,
	    "neighbor 127.0.0.0/24 { router-id 1.1.1.1; local-address 127.0.0.1; local-as 1;\n"
	    "peer-as 2; passive true; }\n");
	scene_refused(&s, "neighbor * " ROUTE);
	scene_refused(&s, "neighbor 127.0.0.0/24 " ROUTE);
	scene_refused(&s, ROUTE);
	scene_done(&s);
}

Case(selector, addresses_are_the_same_however_they_are_spelt)
{
	static const char file[] =
	    "neighbor 2001:DB8:0::9 { router-id 10.0.0.1; local-address 2001:DB8:0::1; "
	    "local-as 65001; peer-as 65002; }";
	static const char *const selectors[] = { "neighbor 2001:DB8:0::9", "neighbor 2001:db8::9",
		"neighbor 2001:db8::9 local-ip 2001:DB8:0::1", "peer [2001:DB8::9]",
		"neighbor * local-ip 2001:db8:0:0::1" };
	struct scene s;

	scene_start(&s, file);
	for (size_t i = 0; i < sizeof(selectors) / sizeof(selectors[0]); i++) {
		struct text line = { 0 };

		text_format(&line, "%s " ROUTE, selectors[i]);
		scene_accepted(&s, text_chars(&line));
		text_free(&line);
	}
	scene_refused(&s, "neighbor 2001:DB8:0::8 " ROUTE);
	scene_refused(&s, "neighbor 2001:db8::9 local-ip 2001:DB8::2 " ROUTE);
	scene_refused(&s, "neighbor 2001:db8::9 local-as 2001:db8::9 " ROUTE);
	scene_done(&s);
}
