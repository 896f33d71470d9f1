/* What a session says of adj-rib-out, and what it keeps of the peer's routes. */
#include "far.h"

#include "base/log.h"
#include "bgp/refresh.h"
#include "bgp/update.h"

#include <stdio.h>
#include <sys/socket.h>

static bool
is_eor(struct slice m)
{
	return m.len == 23 || (m.len == 30 && m.at[22] == 7 && m.at[24] == 15);
}

/* UPDATEs that are no end of RIB, until the second of those; how many NLRI of /24 they hold. */
static unsigned
routes_until_eors(struct far *f, unsigned eors)
{
	struct session s = session_assumed();
	unsigned routes = 0;

	s.asn4 = true;
	while (eors != 0) {
		struct arena a = { 0 };
		struct slice m;
		struct update u;
		uint8_t got = far_next_real(f, &m);

		cr_assert_eq(got, MESSAGE_UPDATE, "got %u", got);
		if (is_eor(m)) {
			eors--;
			continue;
		}
		update_decode(message_body(m), &s, &a, NULL, &u);
		cr_expect_eq(u.verdict, VERDICT_FINE);
		for (unsigned i = 0; i < UPDATE_PARTS; i++)
			if (u.announce[i].family != NULL)
				routes += (unsigned)nlri_count(&u.announce[i]);
		update_done(&u);
		arena_free(&a);
	}
	return routes;
}

Case(speak, end_of_rib_follows_the_first_routes_in_the_peers_order)
{
	struct play p;
	struct far f;
	struct slice m;

	play_init(&p);
	play_start(&p);
	play_announce(&p, 0, 1);
	p.conf.caps.families.ids[0] = family_of(2, 1)->id; /* the far side's order */
	p.conf.caps.families.ids[1] = family_of(1, 1)->id;
	far_establish(&p, &f, 90);
	cr_assert_eq(far_next_real(&f, &m), MESSAGE_UPDATE);
	cr_expect(!is_eor(m));
	cr_assert_eq(far_next_real(&f, &m), MESSAGE_UPDATE);
	cr_expect_eq(m.len, 30, "ipv6 first");
	cr_assert_eq(far_next_real(&f, &m), MESSAGE_UPDATE);
	cr_expect_eq(m.len, 23, "then ipv4");
	cr_expect_eq(far_next_within(&f, 50 * USEC_MSEC, &m), 255);
	cr_expect_eq(play_count(&p, "send 2"), 3);
	play_end(&p, &f);
}

Case(speak, manual_eor_is_sent_when_asked_and_as_often)
{
	struct play p;
	struct far f;
	struct slice m;

	play_init(&p);
	p.conf.manual_eor = true;
	play_start(&p);
	cr_expect(!peer_send_eor(p.peer, family_of(1, 1)));
	far_establish(&p, &f, 90);
	cr_expect_eq(far_next_within(&f, 50 * USEC_MSEC, &m), 255);
	cr_expect(peer_send_eor(p.peer, family_of(1, 1)));
	cr_expect(peer_send_eor(p.peer, family_of(1, 1)));
	play_announce(&p, 0, 1);
	cr_expect_eq(routes_until_eors(&f, 2), 1, "routes go first");
	play_end(&p, &f);
}

Case(speak, all_routes_come_again_with_the_next_session)
{
	struct play p;
	struct far f;

	play_init(&p);
	play_start(&p);
	for (unsigned i = 0; i < 3000; i++)
		play_announce(&p, (uint8_t)(i >> 8), (uint8_t)i);
	for (unsigned i = 0; i < 3; i++) {
		unsigned routes;

		far_establish(&p, &f, 90);
		routes = routes_until_eors(&f, 2);
		cr_expect_eq(routes, 3000 + i, "%u", routes);
		far_close(&f);
		while (peer_established(p.peer))
			play_round(&p);
		play_announce(&p, 100, (uint8_t)i);
	}
	play_done(&p);
}

Case(speak, without_adj_rib_out_routes_are_sent_once)
{
	struct play p;
	struct far f;
	unsigned routes;

	play_init(&p);
	p.conf.adj_rib_out = false;
	play_start(&p);
	play_announce(&p, 0, 1);
	far_establish(&p, &f, 90);
	routes = routes_until_eors(&f, 2);
	cr_expect_eq(routes, 1, "%u", routes);
	far_close(&f);
	while (peer_established(p.peer))
		play_round(&p);
	far_establish(&p, &f, 90);
	routes = routes_until_eors(&f, 2);
	cr_expect_eq(routes, 0, "%u", routes);
	play_end(&p, &f);
}

static void
ask(struct far *f, uint16_t afi, uint8_t subtype)
{
	uint8_t room[64];
	struct writer w = writer_on(room, sizeof(room));

	refresh_encode(&(struct refresh){ .afi = afi, .safi = 1, .subtype = subtype }, &w);
	far_send(f, writer_slice(&w));
}

Case(speak, what_a_helper_says_at_once_is_put_off_and_no_other)
{
	struct play p;
	struct far f;
	struct slice m;

	play_init(&p);
	play_up(&p, &f, 90);
	cr_expect_eq(routes_until_eors(&f, 2), 0);
	p.globals.unfinished = 2;
	p.globals.speaking = 1;
	play_announce(&p, 0, 1);
	cr_expect_eq(far_next(&f, &m), MESSAGE_UPDATE, "of another");
	p.globals.speaking = 2;
	play_announce(&p, 0, 2);
	cr_expect_eq(far_next_within(&f, 50 * USEC_MSEC, &m), 255, "there is more to come");
	p.globals.unfinished = 0;
	peer_resume(p.peer);
	cr_expect_eq(far_next(&f, &m), MESSAGE_UPDATE, "all has come");
	play_end(&p, &f);
}

static void
up_with_a_route(struct play *p, struct far *f)
{
	play_start(p);
	play_announce(p, 0, 1);
	far_establish(p, f, 90);
	cr_assert_eq(routes_until_eors(f, 2), 1);
}

Case(speak, a_refresh_is_answered_between_its_marks)
{
	struct play p;
	struct far f;
	struct slice m;

	play_init(&p);
	up_with_a_route(&p, &f);
	ask(&f, 1, REFRESH_QUERY);
	cr_assert_eq(far_next_real(&f, &m), MESSAGE_REFRESH);
	cr_expect_eq(m.at[21], REFRESH_BEGIN);
	cr_assert_eq(far_next_real(&f, &m), MESSAGE_UPDATE);
	cr_assert_eq(far_next_real(&f, &m), MESSAGE_REFRESH);
	cr_expect_eq(m.at[21], REFRESH_END);
	ask(&f, 1, REFRESH_BEGIN); /* marks of theirs ask for nothing */
	ask(&f, 1, REFRESH_END);
	ask(&f, 25, REFRESH_QUERY); /* nor does what was not agreed */
	cr_expect_eq(far_next_within(&f, 50 * USEC_MSEC, &m), 255);
	cr_expect_eq(play_count(&p, "receive 5"), 4);
	play_end(&p, &f);
}

Case(speak, a_plain_refresh_has_no_marks)
{
	struct play p;
	struct far f;
	struct slice m;

	play_init(&p);
	p.conf.caps.enhanced_refresh = false;
	up_with_a_route(&p, &f);
	ask(&f, 1, REFRESH_QUERY);
	cr_expect_eq(far_next_real(&f, &m), MESSAGE_UPDATE);
	cr_expect_eq(far_next_within(&f, 50 * USEC_MSEC, &m), 255);
	cr_expect(peer_send_refresh(p.peer, 1, 1));
	cr_expect_eq(far_next_real(&f, &m), MESSAGE_REFRESH);
	play_end(&p, &f);
}

/* Messages until one comes that is not of this type, or none. */
static unsigned
count_type(struct far *f, uint8_t type)
{
	struct slice m;
	unsigned n = 0;

	while (far_next_within(f, 200 * USEC_MSEC, &m) == type)
		n++;
	return n;
}

/* A peer whose kernel takes little of what it does not read. */
static void
far_establish_narrow(struct play *p, struct far *f)
{
	int size = 4096;

	p->conf.manual_eor = true;
	play_start(p);
	cr_assert(setsockopt(p->listen_fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof(size)) == 0);
	far_establish(p, f, 90);
}

/* Who commands it does not see that the peer reads nothing. */
Case(speak, what_is_said_at_once_does_not_pile_up_behind_a_full_queue)
{
	struct play p;
	struct far f;
	uint8_t room[ATTRS_MAX];
	struct writer w = writer_on(room, sizeof(room));
	struct attrs *attrs = attrs_freeze(&(struct attrs_build){ .room = &w });
	unsigned got;

	play_init(&p);
	far_establish_narrow(&p, &f);
	for (unsigned i = 0; i < 200000; i++)
		cr_assert(peer_send_refresh(p.peer, 1, 1));
	cr_assert(peer_send_refresh(p.peer, 2, 1));
	cr_expect_lt(peer_sending(p.peer)->bytes, 300000, "%zu", peer_sending(p.peer)->bytes);
	got = count_type(&f, MESSAGE_REFRESH);
	cr_expect(got > 1000 && got < 150000, "%u", got);
	for (unsigned i = 0; i < 100000; i++)
		cr_assert(peer_send_eor(p.peer, family_of(1, 1)));
	got = count_type(&f, MESSAGE_UPDATE);
	cr_expect(got > 100 && got < 20000, "%u", got);
	for (unsigned i = 0; i < 300000; i++)
		(void)peer_send_attributes(p.peer, attrs);
	cr_expect_lt(peer_sending(p.peer)->bytes, 5000000, "%zu", peer_sending(p.peer)->bytes);
	cr_expect_gt(peer_counted(p.peer)->lost_routes, 10000);
	attrs_drop(attrs);
	play_end(&p, &f);
}

/* One that waits for room is said when there is some. */
Case(speak, a_refresh_behind_a_full_queue_is_said_later)
{
	struct play p;
	struct far f;
	struct slice m;
	struct slice last = SLICE("");

	play_init(&p);
	far_establish_narrow(&p, &f);
	while (peer_sending(p.peer)->bytes < 260000)
		cr_assert(peer_send_refresh(p.peer, 1, 1));
	cr_assert(peer_send_refresh(p.peer, 2, 1));
	while (far_next_within(&f, 200 * USEC_MSEC, &m) == MESSAGE_REFRESH)
		last = m;
	cr_assert_eq(last.len, BGP_HEADER + 4);
	cr_expect_eq(last.at[BGP_HEADER + 1], 2, "the family that was asked for last");
	play_end(&p, &f);
}

/* RFC 2918 4: others end the session when they get what they did not offer to take. */
Case(speak, a_peer_that_takes_no_refresh_is_not_asked)
{
	struct play p;
	struct far f;
	struct slice m;

	play_init(&p);
	play_start(&p);
	p.conf.caps.route_refresh = false; /* of the far side's OPEN */
	p.conf.caps.route_refresh_cisco = false;
	far_establish(&p, &f, 90);
	cr_assert_eq(routes_until_eors(&f, 2), 0);
	cr_expect(!peer_send_refresh(p.peer, 1, 1));
	cr_expect_eq(far_next_within(&f, 50 * USEC_MSEC, &m), 255);
	play_end(&p, &f);
}

Case(speak, the_rate_is_limited_to_so_many_updates_a_second)
{
	struct play p;
	struct far f;
	struct slice m;
	unsigned updates = 0;
	usec begin;

	play_init(&p);
	p.conf.rate_limit = 20;
	p.conf.group_updates = false;
	play_up(&p, &f, 90);
	cr_assert_eq(routes_until_eors(&f, 2), 0);
	for (unsigned i = 0; i < 100; i++)
		play_announce(&p, 1, (uint8_t)i);
	begin = loop_clock();
	while (loop_clock() - begin < USEC_SECOND)
		updates += far_next_within(&f, 10 * USEC_MSEC, &m) == MESSAGE_UPDATE;
	cr_expect(updates >= 5 && updates <= 22, "%u", updates); /* a busy machine misses some */
	play_end(&p, &f);
}

Case(speak, a_slow_reader_costs_no_memory_and_loses_nothing)
{
	struct play p;
	struct far f;
	unsigned routes;

	play_init(&p);
	p.conf.group_updates = false;
	play_start(&p);
	peer_want(p.peer, 0);
	for (unsigned i = 0; i < 60000; i++)
		play_announce(&p, (uint8_t)(i >> 8), (uint8_t)i);
	far_establish(&p, &f, 90);
	play_for(&p, 300 * USEC_MSEC); /* it does not read */
	routes = routes_until_eors(&f, 2);
	cr_expect_eq(routes, 60000, "%u", routes);
	for (unsigned i = 0; i < 1000 && !peer_drained(p.peer); i++)
		play_round(&p);
	cr_expect(peer_drained(p.peer));
	play_end(&p, &f);
}

static void
far_route(struct far *f, uint8_t last)
{
	uint8_t body[] = { 0, 0, 0, 20,             /* attributes */
		0x40, 1, 1, 0,                      /* ORIGIN */
		0x40, 2, 6, 2, 1, 0, 0, 0xfd, 0xea, /* AS_PATH */
		0x40, 3, 4, 10, 0, 0, 9,            /* NEXT_HOP */
		24, 20, 0, last };

	far_send_type(f, MESSAGE_UPDATE, slice_of(body, sizeof(body)));
}

Case(speak, what_the_peer_says_is_kept_until_it_is_down)
{
	struct play p;
	struct far f;

	play_init(&p);
	p.conf.adj_rib_in = true;
	play_up(&p, &f, 90);
	far_route(&f, 1);
	far_route(&f, 2);
	far_route(&f, 2);
	for (unsigned i = 0; i < 200 && play_count(&p, "receive 2") < 3; i++)
		play_round(&p);
	cr_expect_eq(rib_in_count(peer_in(p.peer)), 2);
	cr_expect_eq(peer_counted(p.peer)->prefixes_in, 3);
	far_close(&f);
	while (peer_established(p.peer))
		play_round(&p);
	cr_expect_eq(rib_in_count(peer_in(p.peer)), 0);
	play_done(&p);
}

Case(speak, updates_that_nobody_wants_are_not_told)
{
	struct play p;
	struct far f;

	play_init(&p);
	play_start(&p);
	peer_want(p.peer, 0);
	far_establish(&p, &f, 90);
	far_route(&f, 1);
	far_send_keepalive(&f);
	play_for(&p, 50 * USEC_MSEC);
	cr_expect_eq(play_count(&p, "receive 2"), 0);
	cr_expect_eq(play_count(&p, "receive 4"), 0);
	cr_expect_eq(play_count(&p, "send 2"), 0);
	cr_expect_eq(peer_counted(p.peer)->received[2], 1);
	cr_expect(peer_established(p.peer));
	play_end(&p, &f);
}

static unsigned lost_lines;

static void
count_lost(enum log_level level, enum log_source source, const char *line)
{
	(void)level;
	(void)source;
	lost_lines += strstr(line, "what=route-can-not-be-sent") != NULL;
}

/* A route without a next hop, which no message can hold. */
static void
announce_nowhere(struct play *p, uint8_t number)
{
	static uint8_t room[ATTRS_MAX];
	struct writer w = writer_on(room, sizeof(room));
	const uint8_t bytes[] = { 24, 10, 0, number };
	struct attrs_build build = { .room = &w };
	struct nlri n = { .family = family_of(1, 1), .bytes = slice_of(bytes, sizeof(bytes)) };
	struct attrs *attrs = attrs_freeze(&build);

	(void)rib_out_announce(peer_out(p->peer), &n, attrs);
	attrs_drop(attrs);
}

Case(speak, routes_that_are_lost_cost_a_line_and_are_counted)
{
	struct play p;
	struct far f;

	log_to(count_lost);
	play_init(&p);
	play_start(&p);
	for (uint8_t i = 0; i < 50; i++)
		announce_nowhere(&p, i);
	far_establish(&p, &f, 90);
	for (unsigned i = 0; i < 200 && peer_counted(p.peer)->lost_routes < 50; i++)
		play_round(&p);
	cr_expect_eq(peer_counted(p.peer)->lost_routes, 50);
	cr_expect_eq(lost_lines, 1, "%u", lost_lines);
	cr_expect(peer_established(p.peer));
	log_to(NULL);
	play_end(&p, &f);
}

/* write() and the like that this process called. */
static unsigned long
writes(void)
{
	FILE *io = fopen("/proc/self/io", "r");
	unsigned long n = 0;
	char line[64];

	cr_assert_not_null(io);
	while (fgets(line, sizeof(line), io) != NULL)
		(void)sscanf(line, "syscw: %lu", &n);
	(void)fclose(io);
	return n;
}

static void
announce_round(struct play *p, uint8_t number, uint8_t messages)
{
	size_t sent = play_count(p, "send 2");

	for (uint8_t i = 0; i < messages; i++)
		play_announce(p, number, i);
	for (unsigned i = 0; i < 1000 && play_count(p, "send 2") < sent + messages; i++)
		play_round(p);
	cr_assert_eq(play_count(p, "send 2"), sent + messages);
}

Case(speak, a_few_messages_go_one_by_one_and_a_flood_in_large_pieces)
{
	enum { ROUNDS = 100, MESSAGES = 30 };
	struct play p;
	struct far f;
	unsigned long before;
	unsigned long most;
	usec start;

	play_init(&p);
	p.conf.group_updates = false;
	play_up(&p, &f, 90);
	before = writes();
	announce_round(&p, 0, 8);
	cr_expect_eq(writes() - before, 8);
	before = writes();
	start = loop_clock();
	for (uint8_t i = 1; i <= ROUNDS; i++)
		announce_round(&p, i, MESSAGES);
	/* The first and the last 10 ms are not whole ones. */
	most = ROUNDS + 32 * (unsigned long)((loop_clock() - start) / (10 * USEC_MSEC) + 2);
	cr_expect(writes() - before <= most, "%lu writes, not %lu", writes() - before, most);
	play_end(&p, &f);
}

/* Four rounds together are more than may go one by one in 10 ms. */
Case(speak, a_flood_that_lasts_goes_in_large_pieces_until_it_ends)
{
	enum { ROUNDS = 240, MESSAGES = 16, LATE = 8 * USEC_MSEC };
	unsigned long late = 1; /* how often it pauses, and when it begins */
	unsigned long before;
	struct play p;
	struct far f;
	usec last;

	play_init(&p);
	p.conf.group_updates = false;
	play_up(&p, &f, 90);
	before = writes();
	last = loop_clock();
	for (uint8_t i = 1; i <= ROUNDS; i++) {
		announce_round(&p, i, MESSAGES);
		if (i % 4 != 0)
			continue;
		play_round(&p); /* nothing happens in it: a few milliseconds */
		late += loop_clock() - last >= LATE;
		last = loop_clock();
	}
	cr_expect(writes() - before <= ROUNDS * 2 + 32 * late, "%lu writes, %lu times late",
	    writes() - before, late);
	while (loop_clock() < last + 40 * USEC_MSEC)
		play_round(&p);
	before = writes();
	announce_round(&p, ROUNDS + 1, 8);
	cr_expect_eq(writes() - before, 8);
	play_end(&p, &f);
}

Case(speak, malformed_updates_are_withdrawn_or_end_it)
{
	static const uint8_t bad_origin[] = { 0, 0, 0, 20, 0x40, 1, 1, 7, 0x40, 2, 6, 2, 1, 0, 0,
		0xfd, 0xea, 0x40, 3, 4, 10, 0, 0, 9, 24, 20, 0, 1 };
	static const uint8_t too_long[] = { 0, 9, 0, 0 };
	struct play p;
	struct far f;

	play_init(&p);
	p.conf.adj_rib_in = true;
	play_up(&p, &f, 90);
	far_route(&f, 1);
	far_send_type(&f, MESSAGE_UPDATE, slice_of(bad_origin, sizeof(bad_origin)));
	for (unsigned i = 0; i < 200 && play_count(&p, "receive 2") < 2; i++)
		play_round(&p);
	cr_expect_eq(rib_in_count(peer_in(p.peer)), 0, "RFC 7606: treat-as-withdraw withdraws");
	cr_expect(peer_established(p.peer));
	far_send_type(&f, MESSAGE_UPDATE, slice_of(too_long, sizeof(too_long)));
	far_expect_notification(&f, "lengths", 3, 1);
	play_end(&p, &f);
}
