/* The life of a peer: retries, attempts, accepting, collisions, new settings. */
#include "far.h"
#include "inside.h"

#include <errno.h>
#include <unistd.h>

/* A port where nobody listens until it is listened on. */
static void
close_far_door(struct play *p)
{
	close(p->listen_fd);
	p->listen_fd = -1;
}

static void
open_far_door(struct play *p)
{
	struct net_options o = { .ttl_out = -1, .ttl_in_min = -1 };
	struct addr home;

	cr_assert(addr_parse(SLICE("127.0.0.1"), &home));
	cr_assert_eq(net_listen(&home, p->port, &o, &p->listen_fd), 0);
}

Case(life, refused_connects_are_tried_again_within_a_tenth)
{
	struct play p;
	struct far f;
	usec begin;

	play_init(&p);
	close_far_door(&p);
	play_start(&p);
	play_for(&p, 700 * USEC_MSEC);
	open_far_door(&p);
	begin = loop_clock();
	far_accept(&p, &f);
	cr_expect(loop_clock() - begin < USEC_SECOND, "else it is tried after seconds");
	cr_expect(play_news(&p, "state connected"));
	cr_expect_eq(play_count(&p, "state down"), 0, "no down for connects that failed");
	play_end(&p, &f);
}

Case(life, the_first_refused_connects_are_tried_again_sooner)
{
	usec took = USEC_NEVER;

	for (unsigned i = 0; i < 50 && took >= 200 * USEC_MSEC; i++) { /* a busy machine is late */
		struct play p;
		usec begin;

		play_init(&p);
		close_far_door(&p);
		begin = loop_clock();
		play_start(&p);
		while (p.peer->tries < 4)
			play_for(&p, USEC_MSEC);
		took = loop_clock() - begin;
		cr_expect(peer_unanswered(p.peer));
		play_done(&p);
	}
	cr_expect(took < 200 * USEC_MSEC, "10, 20 and 30 ms");
}

/* Whoever is not there for long is asked less often. */
Case(life, an_attempt_ends_after_so_many_connects_or_so_much_time)
{
	static const struct {
		const char *what;
		unsigned tries;
		usec took;
	} rows[] = {
		{ "connects", 50, 0 },
		{ "time", 3, 31 * USEC_SECOND },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct play p;
		unsigned wait;

		play_init(&p);
		close_far_door(&p);
		play_start(&p);
		for (unsigned k = 0; k < 1000 && p.peer->tries < 2; k++)
			play_round(&p);
		cr_assert_eq(p.peer->tries, 2);
		wait = p.peer->wait;
		p.peer->tries = rows[i].tries - 1;
		p.peer->attempt_since -= rows[i].took;
		for (usec begin = loop_clock();
		     p.peer->wait == wait && loop_clock() - begin < 2 * USEC_SECOND;)
			play_round(&p);
		cr_expect(p.peer->wait > wait, "%s: the next wait is longer", rows[i].what);
		cr_expect_eq(p.peer->tries, 0, "%s: they are counted anew", rows[i].what);
		play_done(&p);
	}
}

Case(life, a_lost_session_is_tried_at_once)
{
	struct play p;
	struct far f;

	play_init(&p);
	play_start(&p);
	for (unsigned i = 0; i < 4; i++) {
		usec begin = loop_clock();

		far_establish(&p, &f, 90);
		cr_expect(loop_clock() - begin < 500 * USEC_MSEC, "round %u", i);
		far_close(&f);
		cr_expect(play_news(&p, "fsm IDLE"));
	}
	cr_expect_eq(play_count(&p, "state up"), 4);
	play_done(&p);
}

Case(life, a_session_that_flaps_for_ever_has_to_wait)
{
	struct play p;
	struct far f;
	usec begin;

	play_init(&p);
	play_start(&p);
	for (unsigned i = 0; i < 12; i++) {
		far_establish(&p, &f, 90);
		far_close(&f);
		while (peer_established(p.peer))
			play_round(&p);
	}
	begin = loop_clock();
	far_accept(&p, &f);
	cr_expect(
	    loop_clock() - begin > 500 * USEC_MSEC, "%lld", (long long)(loop_clock() - begin));
	play_end(&p, &f);
}

Case(life, sessions_that_bad_updates_end_wait_twice_as_long_each_time)
{
	static const uint8_t too_long[] = { 0, 9, 0, 0 };
	struct play p;
	struct far f;
	usec waits[3];

	play_init(&p);
	p.conf.adj_rib_in = true;
	play_start(&p);
	for (unsigned i = 0; i < 3; i++) {
		usec begin;

		far_establish(&p, &f, 90);
		far_send_type(&f, MESSAGE_UPDATE, slice_of(too_long, sizeof(too_long)));
		far_expect_notification(&f, "lengths", 3, 1);
		begin = loop_clock();
		far_close(&f);
		while (peer_established(p.peer))
			play_round(&p);
		far_accept(&p, &f);
		waits[i] = loop_clock() - begin;
		far_close(&f);
	}
	cr_expect(waits[0] > 700 * USEC_MSEC, "1 s, and jitter: %lld", (long long)waits[0]);
	cr_expect(waits[1] > 1400 * USEC_MSEC, "2 s: %lld", (long long)waits[1]);
	play_done(&p);
}

/* RFC 4271 10 */
Case(life, waits_are_spread_evenly_over_their_last_quarter)
{
	uint64_t random = 4711;
	usec sum = 0;
	unsigned parts[4] = { 0 };

	for (unsigned i = 0; i < 100000; i++) {
		usec t = life_jitter(&random, 4000);

		cr_assert(t >= 3000 && t <= 4000, "%lld", (long long)t);
		sum += t;
		parts[t == 4000 ? 3 : (t - 3000) / 250]++;
	}
	cr_expect(
	    sum / 100000 >= 3475 && sum / 100000 <= 3525, "mean %lld", (long long)sum / 100000);
	for (unsigned i = 0; i < 4; i++)
		cr_expect(parts[i] > 23750 && parts[i] < 26250, "quarter %u: %u", i, parts[i]);
	cr_expect(life_jitter(&random, 0) == 0);
}

Case(life, attempts_end_it_with_the_last_connection)
{
	struct play p;
	struct far f;

	play_init(&p);
	p.globals.attempts = 2;
	close_far_door(&p);
	play_start(&p);
	play_for(&p, 300 * USEC_MSEC); /* what is refused does not count */
	open_far_door(&p);
	far_establish(&p, &f, 90);
	far_close(&f);
	far_establish(&p, &f, 90);
	cr_expect_eq(p.overs, 0);
	far_close(&f);
	for (unsigned i = 0; i < 500 && p.overs == 0; i++)
		play_round(&p);
	cr_expect_eq(p.overs, 1);
	play_for(&p, 50 * USEC_MSEC);
	cr_expect_eq(p.overs, 1);
	play_done(&p);
}

Case(life, the_owner_may_free_it_when_it_is_over_or_before)
{
	struct play p;
	struct far f;

	play_init(&p);
	play_start(&p);
	peer_stop(p.peer, 6, 2, NULL, NULL);
	play_round(&p);
	play_round(&p);
	cr_expect_eq(p.overs, 1);
	peer_start(p.peer); /* and it may be started again */
	far_establish(&p, &f, 90);
	peer_free(p.peer);
	p.peer = NULL;
	(void)loop_round(p.loop, 0);
	play_end(&p, &f);
}

Case(life, a_passive_peer_waits_to_be_called)
{
	struct play p;
	struct far f;
	struct addr from;
	uint16_t port;
	int fd;

	play_init(&p);
	p.conf.passive = true;
	play_start(&p);
	play_for(&p, 200 * USEC_MSEC);
	cr_expect_eq(net_accept(p.listen_fd, &fd, &from, &port), -EAGAIN);
	cr_expect_eq(peer_state(p.peer), FSM_ACTIVE);
	for (unsigned i = 0; i < 3; i++) {
		far_connect(&p, &f);
		far_hands(&f, 90, PLAY_IDS_LOW);
		cr_expect(play_state(&p, FSM_ESTABLISHED));
		far_close(&f);
		cr_expect(play_state(&p, FSM_ACTIVE));
	}
	play_done(&p);
}

Case(life, a_session_of_a_range_ends_for_good)
{
	struct play p;
	struct far f;
	struct addr a;

	play_init(&p);
	p.conf.peer.len = 8;
	p.conf.local = (struct addr){ 0 };
	play_start(&p);
	far_connect(&p, &f);
	far_hands(&f, 90, PLAY_IDS_LOW);
	cr_expect(play_state(&p, FSM_ESTABLISHED));
	a = peer_address(p.peer);
	cr_expect_eq(addr_u32(&a), 0x7f000001);
	a = peer_local(p.peer);
	cr_expect_eq(addr_u32(&a), 0x7f000001);
	far_close(&f);
	for (unsigned i = 0; i < 500 && p.overs == 0; i++)
		play_round(&p);
	cr_expect_eq(p.overs, 1);
	play_done(&p);
}

Case(life, established_is_kept_however_often_they_come)
{
	struct play p;
	struct far f;
	struct far g;
	struct slice message;

	play_init(&p);
	p.conf.manual_eor = true;
	play_up(&p, &f, 90);
	for (unsigned i = 0; i < 200; i++) {
		far_connect(&p, &g);
		if (i % 50 == 0)
			far_expect_notification(&g, "established", 6, 7);
		far_close(&g);
	}
	far_send_keepalive(&f);
	cr_expect_eq(far_next_within(&f, 20 * USEC_MSEC, &message), 255);
	cr_expect(peer_established(p.peer));
	cr_expect_eq(play_count(&p, "state connected"), 1);
	cr_expect_eq(play_count(&p, "state down"), 0);
	play_end(&p, &f);
}

/* Both connections are there before an OPEN was answered: RFC 4271 6.8. */
static void
collide(uint32_t id, bool outgoing_first, bool outgoing_wins)
{
	struct play p;
	struct far out;
	struct far in;
	struct far *first = outgoing_first ? &out : &in;
	struct far *second = outgoing_first ? &in : &out;
	struct far *winner = outgoing_wins ? &out : &in;
	struct far *loser = outgoing_wins ? &in : &out;

	play_init(&p);
	p.conf.manual_eor = true;
	play_start(&p);
	far_accept(&p, &out);
	far_expect(&out, MESSAGE_OPEN);
	far_connect(&p, &in);
	far_expect(&in, MESSAGE_OPEN);
	far_send_open(first, 90, id);
	far_expect(first, MESSAGE_KEEPALIVE);
	far_send_open(second, 90, id);
	far_expect_notification(loser, "collision", 6, 7);
	if (winner == second)
		far_expect(winner, MESSAGE_KEEPALIVE);
	far_send_keepalive(winner);
	cr_expect(play_state(&p, FSM_ESTABLISHED));
	cr_expect_eq(play_count(&p, "state connected"), 1, "%s", text_chars(&p.news));
	cr_expect_eq(play_count(&p, "state up"), 1);
	cr_expect_eq(play_count(&p, "fsm IDLE"), 1, "before it connects: %s", text_chars(&p.news));
	far_close(loser);
	play_for(&p, 20 * USEC_MSEC);
	cr_expect(peer_established(p.peer));
	far_close(winner);
	cr_expect(play_news(&p, "state down closing connection"));
	play_done(&p);
}

Case(life, the_higher_identifiers_connection_survives_a_collision)
{
	collide(PLAY_IDS_LOW, true, true);
	collide(PLAY_IDS_LOW, false, true);
	collide(PLAY_IDS_HIGH, true, false);
	collide(PLAY_IDS_HIGH, false, false);
}

Case(life, an_open_that_comes_late_loses_to_established)
{
	struct play p;
	struct far out;
	struct far in;

	play_init(&p);
	p.conf.manual_eor = true;
	play_start(&p);
	far_accept(&p, &out);
	far_expect(&out, MESSAGE_OPEN);
	far_connect(&p, &in);
	far_hands(&in, 90, PLAY_IDS_LOW); /* ours is higher, but theirs is up first */
	cr_expect(play_state(&p, FSM_ESTABLISHED));
	far_send_open(&out, 90, PLAY_IDS_LOW);
	far_expect_notification(&out, "late", 6, 7);
	far_close(&out);
	play_for(&p, 20 * USEC_MSEC);
	cr_expect(peer_established(p.peer));
	far_close(&in);
	play_done(&p);
}

Case(life, who_comes_twice_before_speaking_replaces_himself)
{
	struct play p;
	struct far f;
	struct far g;

	play_init(&p);
	p.conf.passive = true;
	p.conf.manual_eor = true;
	play_start(&p);
	far_connect(&p, &f);
	far_expect(&f, MESSAGE_OPEN);
	far_connect(&p, &g);
	far_expect_notification(&f, "replaced", 6, 7);
	far_hands(&g, 90, PLAY_IDS_LOW);
	cr_expect(play_state(&p, FSM_ESTABLISHED));
	far_close(&f);
	far_close(&g);
	play_done(&p);
}

Case(life, a_stopped_peer_refuses)
{
	struct play p;
	struct far f;

	play_init(&p);
	p.conf.passive = true;
	play_start(&p);
	peer_stop(p.peer, 6, 2, NULL, NULL);
	far_connect(&p, &f);
	far_expect_notification(&f, "stopped", 6, 5);
	play_end(&p, &f);
}

Case(life, new_settings_come_with_a_reset_or_without)
{
	struct play p;
	struct far f;
	struct peer_conf other;

	play_init(&p);
	play_up(&p, &f, 90);
	other = p.conf;
	other.hold_time = 30;
	other.adj_rib_in = true;
	peer_reconfigure(p.peer, &other, false);
	play_for(&p, 20 * USEC_MSEC);
	cr_expect(peer_established(p.peer));
	cr_expect(peer_in(p.peer) != NULL);
	peer_reconfigure(p.peer, &other, true);
	far_expect_data(&f, "reload", 6, 3, SLICE("Peer De-configured"));
	far_close(&f);
	far_establish(&p, &f, 90);
	cr_expect_eq(peer_session(p.peer)->hold_time, 30);
	play_end(&p, &f);
}

Case(life, who_offered_graceful_restart_goes_without_a_word_at_a_reload)
{
	struct play p;
	struct far f;
	struct slice message;
	uint8_t got;

	play_init(&p);
	p.conf.manual_eor = true;
	p.conf.caps.graceful = true;
	p.conf.caps.graceful_time = 120;
	play_up(&p, &f, 90);
	peer_reconfigure(p.peer, &p.conf, true);
	got = far_next(&f, &message);
	cr_expect_eq(got, 0, "got %u", got);
	cr_expect(play_news(&p,
	    "state down graceful restarted negotiated, closing without sending any "
	    "notification"));
	play_end(&p, &f);
}
