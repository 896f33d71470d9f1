/* show: neighbors and adj-ribs. */
#include "scene.h"

#include <string.h>

#define HEAD "Peer            AS        up/down state       |     #sent     #recvd\n"
#define ROW1 "127.0.0.1       65002        down idle                  0          0\n"
#define ROW2 "127.0.0.2       65003        down idle                  0          0\n"

Case(show, summary_lists_who_is_meant)
{
	struct scene s;

	scene_start(&s, stage_two);
	scene_expect(&s, "show neighbor summary", HEAD ROW1 ROW2 "done\n");
	scene_expect(&s, "show neighbor 127.0.0.2 summary", HEAD ROW2 "done\n");
	scene_expect(&s, "show neighbor summary 127.0.0.1", HEAD ROW1 "done\n");
	scene_expect(&s, "neighbor 127.0.0.1 show neighbor summary", HEAD ROW1 "done\n");
	scene_expect(&s, "show neighbor 127.0.0.9 summary", HEAD "done\n");
	scene_refused(&s, "show neighbor summary foo");
	scene_done(&s);
}

Case(show, a_helper_is_shown_all_neighbors)
{
	struct scene s;

	scene_start(&s, stage_two);
	scene_accepted(&s, "announce route 10.0.0.0/24 next-hop 192.0.2.1");
	s.stage.issuer.all = false;
	s.stage.issuer.name = "h2"; /* which commands the second only */
	scene_expect(&s, "show neighbor summary", HEAD ROW1 ROW2 "done\n");
	scene_expect(&s, "neighbor 127.0.0.1 show neighbor summary", HEAD ROW1 "done\n");
	scene_expect(&s, "show adj-rib out 127.0.0.1",
	    "127.0.0.1 ipv4 unicast 10.0.0.0/24 next-hop 192.0.2.1\ndone\n");
	scene_refused(&s, "neighbor 127.0.0.1 withdraw route 10.0.0.0/24");
	scene_refused(&s, "neighbor 127.0.0.1 clear adj-rib out");
	scene_refused(&s, "delete neighbor 127.0.0.1");
	scene_refused(&s, "neighbor 127.0.0.9 show neighbor summary");
	scene_done(&s);
}

Case(show, words_of_4_2_for_all_routes_choose_nothing)
{
	struct scene s;

	scene_start(&s, stage_two);
	scene_accepted(&s, "neighbor 127.0.0.1 announce route 10.0.0.0/24 next-hop 192.0.2.1");
	scene_expect(&s, "show adj-rib out routes",
	    "127.0.0.1 ipv4 unicast 10.0.0.0/24 next-hop 192.0.2.1\ndone\n");
	scene_expect(&s, "show adj-rib out static",
	    "127.0.0.1 ipv4 unicast 10.0.0.0/24 next-hop 192.0.2.1\ndone\n");
	scene_done(&s);
}

Case(show, neighbor_without_a_form_says_which_there_are)
{
	struct scene s;

	scene_start(&s, stage_two);
	scene_expect(&s, "show neighbor",
	    "please specify summary, extensive or configuration\n"
	    "you can filter by peer ip address adding it after the word neighbor\ndone\n");
	scene_done(&s);
}

Case(show, extensive_has_a_block_for_each)
{
	struct scene s;
	const char *said;

	scene_start(&s, stage_two);
	said = scene_say(&s, "show neighbor extensive");
	cr_expect(strncmp(said, "Neighbor 127.0.0.1\n", 19) == 0, "%s", said);
	cr_expect(strstr(said, "Neighbor 127.0.0.2\n") != NULL, "%s", said);
	said = scene_say(&s, "show neighbor 127.0.0.2 extensive");
	cr_expect(strncmp(said, "Neighbor 127.0.0.2\n", 19) == 0, "%s", said);
	cr_expect(strstr(said, "Neighbor 127.0.0.1\n") == NULL, "%s", said);
	scene_done(&s);
}

Case(show, configuration_reads_back_as_what_it_is)
{
	struct scene s;
	struct text file = { 0 };
	struct text why = { 0 };
	struct config_env env = { .directory = "/nowhere" };
	struct config *c;
	const char *said;

	scene_start(&s, stage_two);
	said = scene_say(&s, "show neighbor configuration");
	text_string(&file,
	    "process h1 { run /bin/cat; encoder json; }\n"
	    "process h2 { run /bin/cat; encoder text; }\n");
	text_bytes(&file, said, strlen(said) - strlen("done\n"));
	c = config_parse(text_view(&file), &env, &why, NULL);
	cr_assert(c != NULL, "%s\n%s", text_chars(&why), text_chars(&file));
	cr_expect_eq(c->neighbor_count, 2);
	for (size_t i = 0; i < c->neighbor_count; i++)
		cr_expect(peer_conf_same_session(&c->neighbors[i]->peer,
			      &engine_member(s.stage.engine, i)->conf->peer),
		    "%s", said);
	config_free(c);
	text_free(&file);
	text_free(&why);
	scene_done(&s);
}

Case(show, neighbor_json_is_one_line)
{
	static const char *const forms[] = { "show neighbor json", "show neighbor summary json",
		"show neighbor extensive json", "show neighbor configuration json",
		"show neighbor json summary" };
	struct scene s;
	struct text first = { 0 };

	scene_start(&s, stage_two);
	text_string(&first, scene_say(&s, forms[0]));
	cr_expect(strncmp(text_chars(&first), "[{\"state\": \"down\"", 17) == 0, "%s",
	    text_chars(&first));
	for (size_t i = 1; i < sizeof(forms) / sizeof(forms[0]); i++)
		cr_expect_str_eq(scene_say(&s, forms[i]), text_chars(&first), "%s", forms[i]);
	scene_expect(&s, "show neighbor 127.0.0.9 json", "[]\ndone\n");
	text_free(&first);
	scene_done(&s);
}

static void
three_routes(struct scene *s)
{
	scene_accepted(s, "announce route 10.0.0.0/24 next-hop 192.0.2.1 med 7");
	scene_accepted(s, "neighbor 127.0.0.1 announce route 2001:db8::/32 next-hop 2001:db8::1");
}

#define NAME1                                                                                      \
	"neighbor 127.0.0.1 local-ip 127.0.0.1 local-as 65001 peer-as 65002 router-id 10.0.0.1 "   \
	"family-allowed in-open "
#define NAME2                                                                                      \
	"neighbor 127.0.0.2 local-ip 127.0.0.1 local-as 65001 peer-as 65003 router-id 10.0.0.2 "   \
	"family-allowed in-open "

Case(show, adj_rib_out_lists_routes_of_who_is_meant)
{
	struct scene s;

	scene_start(&s, stage_two);
	scene_accepted(&s, "show adj-rib out");
	three_routes(&s);
	scene_expect(&s, "show adj-rib out",
	    "127.0.0.1 ipv4 unicast 10.0.0.0/24 next-hop 192.0.2.1\n"
	    "127.0.0.1 ipv6 unicast 2001:db8::/32 next-hop 2001:db8::1\n"
	    "127.0.0.2 ipv4 unicast 10.0.0.0/24 next-hop 192.0.2.1\n"
	    "done\n");
	scene_expect(&s, "show adj-rib-out 127.0.0.2",
	    "127.0.0.2 ipv4 unicast 10.0.0.0/24 next-hop 192.0.2.1\ndone\n");
	scene_expect(&s, "neighbor 127.0.0.2 show adj-rib out inet",
	    "127.0.0.2 ipv4 unicast 10.0.0.0/24 next-hop 192.0.2.1\ndone\n");
	scene_accepted(&s, "show adj-rib out flow");
	scene_accepted(&s, "show adj-rib out l2vpn");
	scene_accepted(&s, "show adj-rib in");
	scene_accepted(&s, "show adj-rib-in extensive");
	scene_expect(&s, "show adj-rib out extensive 127.0.0.2",
	    NAME2 "ipv4 unicast 10.0.0.0/24 next-hop 192.0.2.1 med 7\ndone\n");
	scene_expect(&s, "show adj-rib out json 127.0.0.2",
	    "{\"127.0.0.2\": {\"routes\": [{\"prefix\": \"10.0.0.0/24\", \"family\": \"ipv4 unicast\"}]"
	    "}}\ndone\n");
	scene_refused(&s, "show adj-rib out foo");
	scene_refused(&s, "show adj-rib");
	scene_done(&s);
}

#define MANY 1000

static void
many_routes(struct scene *s)
{
	struct text line = { 0 };

	for (unsigned i = 0; i < MANY; i++) {
		text_clear(&line);
		text_format(
		    &line, "announce route 10.%u.%u.0/24 next-hop 192.0.2.1", i / 256, i % 256);
		scene_accepted(s, text_chars(&line));
	}
	text_free(&line);
}

static size_t
lines_in(const char *text)
{
	size_t n = 0;

	for (; *text != '\0'; text++)
		n += *text == '\n';
	return n;
}

Case(show, a_long_answer_is_whole_and_acknowledged_once)
{
	struct scene s;
	const char *said;

	scene_start(&s, stage_two);
	many_routes(&s);
	said = scene_say(&s, "show adj-rib out");
	cr_expect_eq(lines_in(said), 2 * MANY + 1);
	cr_expect_str_eq(said + strlen(said) - 6, "\ndone\n");
	cr_expect_eq(s.stage.holds, 0);
	scene_done(&s);
}

Case(show, a_reader_that_is_full_is_waited_for)
{
	struct scene s;
	const char *said;

	scene_start(&s, stage_two);
	many_routes(&s);
	s.stage.full = true;
	cr_expect_str_eq(scene_say(&s, "show adj-rib out"), "");
	cr_expect_eq(s.stage.holds, 1); /* no more commands meanwhile */
	s.stage.full = false;
	dump_wake(&s.stage.issuer);
	stage_settle(&s.stage);
	said = text_chars(&s.stage.said);
	cr_expect_eq(lines_in(said), 2 * MANY + 1);
	cr_expect_eq(s.stage.holds, 0);
	scene_done(&s);
}

/* Its answer takes more than what is done at once. */
static void
begin_dump(struct scene *s)
{
	many_routes(s);
	text_clear(&s->stage.said);
	command_line(&s->commands, &s->stage.issuer, SLICE("show adj-rib out"));
}

Case(show, a_reader_that_goes_ends_the_answer)
{
	struct scene s;

	scene_start(&s, stage_two);
	begin_dump(&s);
	issuer_reset(&s.stage.issuer);
	stage_settle(&s.stage);
	cr_expect(strstr(text_chars(&s.stage.said), "done") == NULL);
	cr_expect_eq(s.stage.holds, 0);
	scene_accepted(&s, "clear adj-rib out");
	scene_done(&s);
}

Case(show, a_neighbor_that_goes_meanwhile_is_left_out)
{
	struct scene s;

	scene_start(&s, stage_two);
	begin_dump(&s);
	stage_file(&s.stage,
	    "neighbor 127.0.0.2 {\n"
	    "  router-id 10.0.0.2; local-address 127.0.0.1; local-as 65001; peer-as 65003;\n"
	    "  family { ipv4 unicast; }\n adj-rib-out false;\n"
	    "}\n");
	engine_request(s.stage.engine, ENGINE_RELOAD);
	stage_settle(&s.stage);
	cr_expect(strstr(text_chars(&s.stage.said), "done\n") != NULL);
	cr_expect_eq(s.stage.holds, 0);
	scene_done(&s);
}
