/* Sessions against a scripted other end: hands, pieces, timers, held reading. */
#include "far.h"
#include "inside.h" /* clocks */

#include "base/log.h"
#include "bgp/refresh.h"
#include "bgp/update.h"
#include "pieces.h"

#include <stdio.h>

static const uint32_t everything = PEER_WANT_UPDATES_IN | PEER_WANT_SENT | PEER_WANT_KEEPALIVES;

Case(session, comes_up_and_is_told_in_order)
{
	struct play p;
	struct far f;

	play_init(&p);
	p.conf.manual_eor = true;
	play_up(&p, &f, 90);
	cr_expect_str_eq(text_chars(&p.news),
	    "fsm ACTIVE\nfsm IDLE\nstate connected\nfsm CONNECT\nsend 1\nfsm OPENSENT\nreceive 1\n"
	    "negotiated\nfsm OPENCONFIRM\nsend 4\nreceive 4\nfsm ESTABLISHED\nstate up\n");
	cr_expect_eq(peer_session(p.peer)->hold_time, 90);
	cr_expect_eq(p.who.local_as, 65001);
	cr_expect_eq(p.who.peer_as, 65002);
	far_close(&f);
	cr_expect(play_news(&p, "state down closing connection"));
	cr_expect(play_news(&p, "fsm IDLE"));
	play_done(&p);
}

Case(session, any_pieces_give_the_same_session)
{
	/* OPEN, KEEPALIVE, UPDATE of nothing */
	for (uint32_t seed = 0; seed < 6; seed++) {
		struct play p;
		struct far f;
		struct slice message;

		play_init(&p);
		p.conf.adj_rib_in = true;
		play_start(&p);
		far_accept(&p, &f);
		cr_assert_eq(far_next(&f, &message), MESSAGE_OPEN);
		{
			uint8_t room[512];
			struct writer w = writer_on(room, sizeof(room));
			struct open o = { .version = 4,
				.as_field = 65002,
				.asn = 65002,
				.hold_time = 90,
				.router_id = PLAY_IDS_LOW,
				.caps = p.conf.caps };
			struct slice piece;

			o.caps.asn = 65002;
			open_encode(&o, &w);
			message_keepalive(&w);
			eor_encode(family_of(1, 1), &w);
			eor_encode(family_of(2, 1), &w);
			for (struct pieces pieces = pieces_of(writer_slice(&w), seed);
			     pieces_next(&pieces, &piece);) {
				far_send(&f, piece);
				play_round(&p);
			}
		}
		for (unsigned i = 0; i < 500 && play_count(&p, "receive 2") < 2; i++)
			play_round(&p);
		cr_expect_eq(play_count(&p, "receive 2"), 2, "seed %u", seed);
		cr_expect_eq(play_count(&p, "state up"), 1, "seed %u", seed);
		play_end(&p, &f);
	}
}

Case(session, silence_ends_it_by_the_hold_timer)
{
	struct play p;
	struct far f;
	usec begin;

	play_init(&p);
	play_up(&p, &f, 3);
	begin = loop_clock();
	far_send(&f, SLICE(MARKER)); /* half a header helps nobody */
	far_expect_data(&f, "silence", 4, 0, slice_of(NULL, 0));
	cr_expect(loop_clock() - begin > 2900 * USEC_MSEC);
	cr_expect(loop_clock() - begin < 4500 * USEC_MSEC);
	play_end(&p, &f);
}

/* As when the machine slept: the timer is due before what came meanwhile is read. */
static void
look_late(struct play *p)
{
	struct conn *c = p->peer->up;

	c->heard -= 100 * USEC_SECOND;
	timer_start(&c->hold, p->loop, loop_now(p->loop), c->hold.fn, c->hold.name);
}

Case(session, what_came_while_nobody_looked_is_no_silence)
{
	struct play p;
	struct far f;

	play_init(&p);
	play_up(&p, &f, 90);
	far_send_keepalive(&f);
	look_late(&p);
	for (unsigned i = 0; i < 20; i++)
		play_round(&p);
	cr_assert(peer_established(p.peer));
	look_late(&p);
	far_expect_data(&f, "silence", 4, 0, slice_of(NULL, 0));
	play_end(&p, &f);
}

Case(session, keepalives_go_out_and_keep_it_up)
{
	struct play p;
	struct far f;
	unsigned heard = 0;
	usec begin;

	play_init(&p);
	p.conf.manual_eor = true;
	p.conf.hold_time = 3;
	play_up(&p, &f, 90);
	begin = loop_clock();
	while (loop_clock() - begin < 4200 * USEC_MSEC) {
		struct slice message;

		if (far_next_within(&f, 50 * USEC_MSEC, &message) != MESSAGE_KEEPALIVE)
			continue;
		heard++;
		far_send_keepalive(&f);
	}
	cr_expect(heard >= 3 && heard <= 5, "%u keepalives", heard);
	cr_expect(peer_established(p.peer));
	play_end(&p, &f);
}

Case(session, hold_time_zero_has_no_clocks)
{
	struct play p;
	struct far f;
	struct slice message;
	uint8_t got;

	play_init(&p);
	p.conf.manual_eor = true;
	play_up(&p, &f, 0);
	got = far_next_within(&f, 1500 * USEC_MSEC, &message);
	cr_expect_eq(got, 255, "got %u", got);
	cr_assert(peer_established(p.peer));
	cr_expect(!timer_running(&p.peer->up->hold), "not even that of the wait for an OPEN");
	cr_expect(!timer_running(&p.peer->up->keep) && !timer_running(&p.peer->up->stuck));
	play_end(&p, &f);
}

Case(session, the_open_that_never_comes_ends_the_wait)
{
	struct play p;
	struct far f;

	play_init(&p);
	p.globals.open_wait = 1;
	play_start(&p);
	far_reach(&p, &f, AT_OPENSENT);
	far_expect_notification(&f, "late", 4, 0);
	play_end(&p, &f);
}

/* What is sent after the first KEEPALIVE waits for the rest of the time. */
static void
held_for(usec time, uint64_t queue)
{
	struct play p;
	struct far f;
	usec begin;
	unsigned before;

	play_init(&p);
	p.conf.manual_eor = true;
	p.conf.queue = queue;
	play_up(&p, &f, 3);
	peer_hold(p.peer);
	peer_hold(p.peer);
	before = (unsigned)peer_counted(p.peer)->received[0];
	for (begin = loop_clock(); loop_clock() - begin < time;) {
		struct slice message;

		if (far_next_within(&f, 50 * USEC_MSEC, &message) == MESSAGE_KEEPALIVE)
			far_send_keepalive(&f);
	}
	cr_expect(peer_established(p.peer), "%s", text_chars(&p.news));
	cr_expect_eq(peer_counted(p.peer)->received[0], before, "nothing is read while held");
	peer_release(p.peer);
	play_round(&p);
	cr_expect_eq(peer_counted(p.peer)->received[0], before, "holds are counted");
	peer_release(p.peer);
	play_for(&p, 20 * USEC_MSEC);
	cr_expect(peer_counted(p.peer)->received[0] > before);
	cr_expect(peer_established(p.peer));
	play_end(&p, &f);
}

Case(session, held_reading_does_not_lose_the_session)
{
	held_for(4500 * USEC_MSEC, 1000);
}

/* The socket is not read from the first KEEPALIVE on, which came after a second: what waits in the
 * kernel is life, for longer than the hold time of three and the grace of one. */
Case(session, held_reading_with_a_full_queue_does_not_lose_the_session)
{
	held_for(6 * USEC_SECOND, 1);
}

Case(session, local_as_auto_waits_and_repeats_the_peers)
{
	struct play p;
	struct far f;
	struct slice message;
	uint8_t got;

	play_init(&p);
	p.conf.local_as = 0;
	p.conf.peer_as = 0;
	p.conf.router_id = 0;
	play_start(&p);
	peer_want(p.peer, everything);
	far_accept(&p, &f);
	got = far_next_within(&f, 50 * USEC_MSEC, &message);
	cr_expect_eq(got, 255, "it speaks first: %u", got);
	far_send_open(&f, 90, PLAY_IDS_LOW);
	cr_assert_eq(far_next(&f, &message), MESSAGE_OPEN);
	cr_expect_eq(load_u16(message.at + 20), 65002);
	cr_expect_eq(load_u32(message.at + 24), 0x7f000001);
	far_expect(&f, MESSAGE_KEEPALIVE);
	far_send_keepalive(&f);
	cr_expect(play_state(&p, FSM_ESTABLISHED));
	cr_expect_eq(p.who.local_as, 65002);
	play_end(&p, &f);
}
