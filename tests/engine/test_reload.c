/* Reload is the difference of two files, and nothing else. */
#include "house.h"
#include "reload.h"

#include "base/mem.h"
#include "loop/net.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

Case(reload, the_same_file_changes_nothing)
{
	struct stage s;
	struct peer *p1;
	struct peer *p2;
	pid_t pid;

	stage_start(&s, BASIC);
	engine_start_helpers(s.engine);
	p1 = stage_member(&s, "127.0.0.1")->peer;
	p2 = stage_member(&s, "127.0.0.2")->peer;
	pid = pid_of(&s, "h1");
	cr_assert(pid > 0);
	cr_expect(reload(&s, BASIC, false));
	cr_expect(reload(&s, BASIC, true));
	cr_expect_eq(stage_member(&s, "127.0.0.1")->peer, p1);
	cr_expect_eq(stage_member(&s, "127.0.0.2")->peer, p2);
	cr_expect_eq(engine_member_count(s.engine), 2);
	cr_expect_eq(pid_of(&s, "h1"), pid);
	all_end(&s);
}

Case(reload, neighbors_come_and_go)
{
	struct stage s;
	struct peer *p1;

	stage_start(&s, BASIC);
	p1 = stage_member(&s, "127.0.0.1")->peer;
	cr_expect(reload(&s, H1 HEAD1 API "}\n", false));
	cr_expect_eq(engine_member_count(s.engine), 1);
	cr_expect_eq(stage_member(&s, "127.0.0.1")->peer, p1);
	cr_expect(reload(&s, BASIC, false));
	cr_expect_eq(engine_member_count(s.engine), 2);
	cr_expect_eq(stage_member(&s, "127.0.0.1")->peer, p1);
	cr_expect(stage_member(&s, "127.0.0.2") != NULL);
	cr_expect(reload(&s, H1, false));
	cr_expect_eq(engine_member_count(s.engine), 0);
	stage_done(&s);
}

#define LISTENS(port, med)                                                                         \
	HEAD1 "passive; listen " port "; static { route 10.0.1.0/24 next-hop 192.0.2.1 med " med   \
	      "; } }\n"

/* By their addresses they are one, and by their ports two. */
Case(reload, neighbors_that_differ_by_their_ports_stay_who_they_are)
{
	struct stage s;
	struct member *first;
	struct member *second;

	stage_start(&s, LISTENS("17901", "1") LISTENS("17902", "2"));
	cr_assert_eq(engine_member_count(s.engine), 2);
	first = s.engine->members[0];
	second = s.engine->members[1];
	cr_expect(reload(&s, LISTENS("17902", "2") LISTENS("17901", "3"), false));
	cr_assert_eq(engine_member_count(s.engine), 2);
	cr_expect_eq(first->conf->peer.listen, 17901);
	cr_expect_eq(second->conf->peer.listen, 17902);
	cr_expect(!first->leaving && !second->leaving);
	cr_expect(reload(&s, LISTENS("17903", "1") LISTENS("17901", "1"), false));
	cr_expect_eq(first->conf->peer.listen, 17901);
	cr_expect_eq(second->conf->peer.listen, 17903, "it has another port");
	cr_expect(reload(&s, LISTENS("17903", "1"), false));
	cr_expect_eq(engine_member_count(s.engine), 1);
	cr_expect_eq(s.engine->members[0], second);
	cr_expect(
	    reload(&s, LISTENS("17904", "1") LISTENS("17905", "1") LISTENS("17906", "1"), false));
	cr_expect_eq(engine_member_count(s.engine), 3);
	stage_done(&s);
}

/* Its old session may be ending still, with a NOTIFICATION that nobody reads. */
Case(reload, a_neighbor_that_comes_back_while_it_leaves_is_one)
{
	struct stage s;

	stage_start(&s, BASIC);
	for (int i = 0; i < 3; i++) {
		const struct config *before = s.engine->config;

		stage_file(&s, i == 0 ? H1 : BASIC);
		engine_request(s.engine, ENGINE_RELOAD);
		until(&s, s.engine->config != before);
	}
	stage_settle(&s);
	cr_expect_eq(engine_member_count(s.engine), 2, "%zu", engine_member_count(s.engine));
	stage_done(&s);
}

Case(reload, peers_are_not_started_before_their_time)
{
	struct stage s;

	stage_start(&s, H1);
	cr_expect(reload(&s, BASIC, false));
	cr_expect_eq(peer_state(stage_member(&s, "127.0.0.1")->peer), FSM_IDLE);
	stage_done(&s);
}

#define R(n, more)    "route 10.0." #n ".0/24 next-hop 192.0.2.1" more ";\n"
#define SAID(n, more) "ipv4 unicast 10.0." #n ".0/24 next-hop 192.0.2.1" more "\n"

static void
rib_is(struct stage *s, size_t member, const char *want)
{
	const char *have = stage_rib(s, member);

	cr_expect_str_eq(have, want, "member %zu:\n%snot\n%s", member, have, want);
}

/* As a helper would. */
static void
said(struct stage *s, size_t member, const char *words, bool announce)
{
	struct routes routes = { 0 };
	struct lex lx;

	lex_init(&lx, slice_on(words), LEX_COMMAND);
	route_parse(&lx, announce ? ROUTE_ANNOUNCE : ROUTE_WITHDRAW, &routes);
	cr_assert(!lex_failed(&lx), "%s", words);
	for (size_t i = 0; i < routes.count; i++) {
		if (announce)
			member_announce(engine_member(s->engine, member), NULL, &routes.at[i]);
		else
			member_withdraw(engine_member(s->engine, member), NULL, &routes.at[i]);
	}
	lex_done(&lx);
	routes_free(&routes);
}

Case(reload, routes_change_as_the_file_does)
{
	struct stage s;

	stage_start(&s, H1 HEAD1 API "static {" R(0, "") R(1, "") R(2, "") "}}\n");
	rib_is(&s, 0, SAID(0, "") SAID(1, "") SAID(2, ""));
	cr_expect(
	    reload(&s, H1 HEAD1 API "static {" R(0, "") R(1, " med 1") R(3, "") "}}\n", false));
	rib_is(&s, 0, SAID(0, "") SAID(1, " med 1") SAID(3, ""));
	cr_expect(reload(&s, H1 HEAD1 API "}\n", false));
	rib_is(&s, 0, "");
	stage_done(&s);
}

Case(reload, what_helpers_said_stays)
{
	struct stage s;

	stage_start(&s, H1 HEAD1 API "static {" R(0, "") R(1, "") R(2, "") "}}\n");
	said(&s, 0, "10.0.9.0/24 next-hop 192.0.2.1", true);
	said(&s, 0, "10.0.0.0/24", false);
	said(&s, 0, "10.0.1.0/24 next-hop 192.0.2.1 med 5", true);
	cr_expect(
	    reload(&s, H1 HEAD1 API "static {" R(0, "") R(1, "") R(2, "") R(3, "") "}}\n", false));
	rib_is(&s, 0, SAID(1, " med 5") SAID(2, "") SAID(9, "") SAID(3, ""));
	/* a change in the file takes the place of what a helper said */
	cr_expect(reload(&s, H1 HEAD1 API "static {" R(0, " med 2") R(1, " med 2") "}}\n", false));
	rib_is(&s, 0, SAID(1, " med 2") SAID(9, "") SAID(0, " med 2"));
	stage_done(&s);
}

/* The route of 10.0.0.HOST/32, by the last statement of the list that says it. */
static void
expect_host(const char *have, unsigned host, unsigned list)
{
	static const struct {
		unsigned first, last;
		const char *words;
	} said[] = {
		{ 0, 7, "192.0.2.1\n" },
		{ 0, 3, "192.0.2.2\n" },
		{ 0, 3, "192.0.2.1\n" },
		{ 1, 0, "" },
		{ 2, 2, "192.0.2.3\n" },
		{ 0, 7, "192.0.2.1 med 5\n" },
	};
	const char *words = NULL;
	char want[80];

	for (unsigned i = 0; i < sizeof(said) / sizeof(said[0]); i++) {
		if ((list >> i & 1) != 0 && host >= said[i].first && host <= said[i].last)
			words = said[i].words;
	}
	(void)snprintf(want, sizeof(want), "10.0.0.%u/32 next-hop %s", host,
	    words == NULL ? "" : words); /* it fits */
	cr_expect_eq(
	    strstr(have, want) != NULL, words != NULL, "list %#x: %s\n%s", list, want, have);
}

/* From any list of overlapping routes to any other: what stands is what the new file says, the last
 * one of a prefix, and nothing else. */
Case(reload, split_routes_come_and_go_like_the_prefixes_they_stand_for)
{
	static const char *const statements[] = {
		"route 10.0.0.0/29 next-hop 192.0.2.1 split /32;\n",
		"route 10.0.0.0/30 next-hop 192.0.2.2 split /32;\n",
		"route 10.0.0.0/30 next-hop 192.0.2.1 split /32;\n",
		"route 10.0.0.0/29 next-hop 192.0.2.1 split /31;\n",
		"route 10.0.0.2/32 next-hop 192.0.2.3;\n",
		"route 10.0.0.0/29 next-hop 192.0.2.1 med 5 split /32;\n",
	};
	enum { LISTS = 1 << (sizeof(statements) / sizeof(statements[0])) };
	struct stage s;

	stage_start(&s, H1 HEAD1 API "}\n");
	for (unsigned n = 0, seed = 1; n < 300; n++, seed = seed * 1103515245 + 12345) {
		unsigned list = (seed >> 16) % LISTS;
		struct text file = { 0 };
		struct text want = { 0 };
		const char *have;

		text_string(&file, H1 HEAD1 API "static {");
		for (unsigned i = 0; i < 6; i++)
			text_string(&file, (list >> i & 1) != 0 ? statements[i] : "");
		text_string(&file, "}}\n");
		cr_assert(reload(&s, text_chars(&file), false));
		have = stage_rib(&s, 0);
		for (unsigned host = 0; host < 8; host++)
			expect_host(have, host, list);
		for (unsigned host = 0; host < 8; host += 2) {
			text_clear(&want);
			text_format(&want, "10.0.0.%u/31 next-hop 192.0.2.1\n", host);
			cr_expect_eq(strstr(have, text_chars(&want)) != NULL, (list >> 3 & 1) != 0,
			    "list %#x, 31, host %u:\n%s", list, host, have);
		}
		text_free(&file);
		text_free(&want);
	}
	stage_done(&s);
}

Case(reload, attributes_alone_in_a_file_harm_nobody)
{
	struct stage s;

	stage_start(&s, H1 HEAD1 API "static {" R(0, "") " attributes med 5;\n}}\n");
	rib_is(&s, 0, SAID(0, ""));
	cr_expect(reload(&s, H1 HEAD1 API "static { attributes med 6;\n" R(0, "") "}}\n", false));
	rib_is(&s, 0, SAID(0, ""));
	cr_expect(reload(&s, BASIC, false));
	rib_is(&s, 0, "");
	stage_done(&s);
}

static void
watchdog(struct stage *s, struct slice name, bool announce)
{
	struct member *m = engine_member(s->engine, 0);
	struct routes routes = { 0 };

	member_watchdog(m, name, announce, &routes);
	for (size_t i = 0; i < routes.count; i++) {
		if (announce)
			member_announce(m, NULL, &routes.at[i]);
		else
			member_withdraw(m, NULL, &routes.at[i]);
	}
	routes_free(&routes);
}

Case(reload, watchdogs_stay_where_they_are)
{
	static const char dogs[] = H1 HEAD1 API "static {" R(0, " watchdog d")
	    R(1, " watchdog d withdraw") R(2, " watchdog e") "}}\n";
	struct stage s;

	stage_start(&s, dogs);
	rib_is(&s, 0, SAID(0, "") SAID(2, ""));
	watchdog(&s, SLICE("d"), false);
	cr_expect(reload(&s, dogs, false));
	rib_is(&s, 0, SAID(2, ""));
	watchdog(&s, SLICE("d"), true);
	cr_expect(reload(&s, dogs, false));
	rib_is(&s, 0, SAID(2, "") SAID(0, "") SAID(1, ""));
	/* a new one starts as the file says; one that is no watchdog any more is announced */
	watchdog(&s, SLICE("e"), false);
	cr_expect(reload(&s,
	    H1 HEAD1 API "static {" R(2, "") R(3, " watchdog d withdraw")
		R(4, " watchdog d") "}}\n",
	    false));
	rib_is(&s, 0, SAID(2, "") SAID(4, ""));
	stage_done(&s);
}

Case(reload, description_and_helpers_of_a_neighbor_change_at_once)
{
	struct stage s;
	struct peer *p1;
	struct issuer h2 = { .name = "h2" };

	stage_start(&s, H1 H2 HEAD1 API "}\n");
	p1 = stage_member(&s, "127.0.0.1")->peer;
	cr_expect(!member_grants(stage_member(&s, "127.0.0.1"), &h2));
	cr_expect(reload(&s,
	    H1 H2 HEAD1 "description \"new\"; api { processes [ h2 ]; neighbor-changes; }}\n",
	    false));
	cr_expect_eq(stage_member(&s, "127.0.0.1")->peer, p1);
	cr_expect_str_eq(stage_member(&s, "127.0.0.1")->conf->peer.description, "new");
	cr_expect(member_grants(stage_member(&s, "127.0.0.1"), &h2));
	cr_expect_eq(stage_member(&s, "127.0.0.1")->sub_count, 1);
	stage_done(&s);
}

Case(reload, a_changed_setting_reaches_the_peer_and_keeps_its_routes)
{
	struct stage s;
	struct peer *p1;

	stage_start(&s, BASIC);
	p1 = stage_member(&s, "127.0.0.1")->peer;
	said(&s, 0, "10.0.9.0/24 next-hop 192.0.2.1", true);
	cr_expect(reload(&s, H1 HEAD1 API "hold-time 30; }\n" HEAD2 API "}\n", false));
	cr_expect_eq(stage_member(&s, "127.0.0.1")->peer, p1);
	cr_expect_eq(peer_conf(p1)->hold_time, 30);
	cr_expect(reload(&s, H1 HEAD1 API "adj-rib-in false; adj-rib-out false; }\n", false));
	cr_expect(peer_in(p1) == NULL);
	cr_expect(reload(&s, BASIC, false));
	cr_expect(peer_in(p1) != NULL);
	stage_done(&s);
}

Case(reload, a_bad_file_changes_nothing)
{
	static const char *const files[] = { "", "neighbor", H1 HEAD1, "foo bar;",
		H1 HEAD1 "hold-time 1; }\n", H1 HEAD1 "api { processes [ absent ]; }\n}\n" };
	struct stage s;
	struct peer *p1;
	pid_t pid;

	stage_start(&s, BASIC);
	engine_start_helpers(s.engine);
	p1 = stage_member(&s, "127.0.0.1")->peer;
	pid = pid_of(&s, "h1");
	said(&s, 0, "10.0.9.0/24 next-hop 192.0.2.1", true);
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		cr_expect(!reload(&s, files[i], true), "%s", files[i]);
		cr_expect_eq(stage_member(&s, "127.0.0.1")->peer, p1);
		cr_expect_eq(engine_member_count(s.engine), 2);
		cr_expect_eq(pid_of(&s, "h1"), pid);
		rib_is(&s, 0, SAID(9, ""));
	}
	all_end(&s);
}

static int
listener(uint16_t *port)
{
	struct addr any = { 0 };
	struct addr local;
	struct net_options o = { .ttl_out = -1, .ttl_in_min = -1 };
	int fd = -1;

	cr_assert(addr_parse(SLICE("127.0.0.1"), &any));
	cr_assert_eq(net_listen(&any, 0, &o, &fd), 0);
	cr_assert_eq(net_local(fd, &local, port), 0);
	return fd;
}

Case(reload, a_port_that_is_taken_changes_nothing_and_leaves_nothing_open)
{
	struct stage s;
	struct text file = { 0 };
	uint16_t taken;
	uint16_t free;
	int taken_fd = listener(&taken);
	int free_fd = listener(&free);
	struct addr local;
	struct net_options o = { .ttl_out = -1, .ttl_in_min = -1 };

	(void)close(free_fd);
	stage_start(&s, BASIC);
	text_format(&file,
	    H1 HEAD1 API "passive true; listen %u; }\n" HEAD2 API "passive true; listen %u; }\n",
	    free, taken);
	cr_expect(!reload(&s, text_chars(&file), false));
	cr_expect_eq(stage_member(&s, "127.0.0.1")->conf->peer.listen, 0);
	/* the first port was open for a moment, and is not any more */
	cr_assert(addr_parse(SLICE("127.0.0.1"), &local));
	cr_expect_eq(net_listen(&local, free, &o, &free_fd), 0);
	(void)close(free_fd);
	(void)close(taken_fd);
	cr_expect(reload(&s, text_chars(&file), false));
	cr_expect(net_listen(&local, free, &o, &free_fd) != 0);
	cr_expect(reload(&s, BASIC, false));
	cr_expect_eq(net_listen(&local, free, &o, &free_fd), 0);
	(void)close(free_fd);
	text_free(&file);
	stage_done(&s);
}

Case(reload, a_hundred_times_leaves_nothing)
{
	static const char *const files[] = {
		BASIC,
		H1 HEAD1 API "hold-time 30; static {" R(0, "") R(1, " watchdog d") "}}\n",
		H1 HEAD2 API "static {" R(0, " med 3") "}}\n" HEAD1 "}\n",
		H1 HEAD1 API "host-name one; description \"two\"; adj-rib-out false; }\n",
		H1,
	};
	struct stage s;
	size_t alive[2];

	stage_start(&s, BASIC);
	for (int round = 0; round < 2; round++) {
		for (size_t i = 0; i < 100; i++)
			cr_expect(reload(&s, files[i % (sizeof(files) / sizeof(files[0]))], true));
		until(&s, engine_crew(s.engine, 1) == NULL);
		alive[round] = mem_alive();
	}
	cr_expect_eq(alive[0], alive[1], "%zu, then %zu", alive[0], alive[1]);
	all_end(&s);
}

/* Neither in time, nor in what is said of it. */
Case(reload, the_end_comes_at_any_step_of_it)
{
	bool over = false;

	for (unsigned steps = 0; !over; steps++) {
		struct stage s;
		const struct config *before;

		stage_start(&s, H1 HEAD1 API "static {" R(0, "") R(1, "") "}}\n");
		before = s.engine->config;
		stage_file(&s, H1 HEAD1 API "static {" R(1, "") R(2, "") "}}\n" HEAD2 "}\n");
		engine_request(s.engine, ENGINE_RELOAD);
		for (unsigned i = 0; i < steps; i++)
			(void)loop_round(s.loop, 0);
		over = s.engine->config != before && s.engine->changes == 0 &&
		    s.engine->loading == NULL && s.engine->unused_count == 0;
		engine_stop(s.engine);
		until(&s, s.ended == 1);
		stage_done(&s);
	}
}

/* The second file is read when all of the first one is done, however often it was asked for. */
Case(reload, one_that_is_asked_for_meanwhile_follows)
{
	struct stage s;

	stage_start(&s, BASIC);
	stage_file(&s, H1 HEAD1 API "static {" R(0, "") "}}\n");
	engine_request(s.engine, ENGINE_RELOAD);
	until(&s, s.engine->reloads != 0 || s.engine->changes != 0);
	stage_file(&s, H1 HEAD1 API "static {" R(1, "") "}}\n");
	engine_request(s.engine, ENGINE_RELOAD);
	engine_request(s.engine, ENGINE_RELOAD);
	stage_settle(&s);
	rib_is(&s, 0, SAID(1, ""));
	stage_done(&s);
}

/* While it is compared which of its routes stand, one of its watchdogs is spoken of. */
Case(reload, a_watchdog_that_is_called_meanwhile_says_its_routes_once)
{
	const char *file = H1 HEAD1 API "static {" R(0, " watchdog d withdraw") R(1, "") "}}\n";
	struct stage s;
	struct routes routes = { 0 };

	stage_start(&s, H1 HEAD1 API "static {" R(0, " watchdog d withdraw") R(2, "") "}}\n");
	stage_file(&s, file);
	engine_request(s.engine, ENGINE_RELOAD);
	until(&s, s.engine->changes > 0);
	member_watchdog(engine_member(s.engine, 0), SLICE("d"), true, &routes);
	cr_assert_eq(routes.count, 1);
	member_announce(engine_member(s.engine, 0), &s.issuer, &routes.at[0]);
	stage_settle(&s);
	rib_is(&s, 0, SAID(0, "") SAID(1, ""));
	routes_clear(&routes);
	member_watchdog(engine_member(s.engine, 0), SLICE("d"), true, &routes);
	cr_expect_eq(routes.count, 0, "it stands already");
	routes_free(&routes);
	stage_done(&s);
}

Case(reload, after_the_end_has_begun_is_refused)
{
	struct stage s;

	stage_start(&s, BASIC);
	engine_stop(s.engine);
	cr_expect(!reload(&s, BASIC, true));
	engine_request(s.engine, ENGINE_RESTART);
	until(&s, s.ended == 1);
	cr_expect_eq(engine_member_count(s.engine), 0);
	stage_done(&s);
}

Case(reload, the_end_of_helpers_that_do_not_listen_is_waited_for)
{
	struct stage s;
	pid_t pid;

	stage_start(&s, "process deaf { run /bin/sleep 1000; encoder json; }\n");
	engine_start_helpers(s.engine);
	pid = pid_of(&s, "deaf");
	cr_expect(pid > 0);
	cr_expect(reload(&s, H1, false));
	until(&s, kill(pid, 0) != 0);
	until(&s, engine_crew(s.engine, 1) == NULL);
	all_end(&s);
}
