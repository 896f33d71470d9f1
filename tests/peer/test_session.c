/* Sessions against a scripted other end: hands, pieces, strictness, timers, last words. */
#include "far.h"

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

enum when { AT_OPENSENT, AT_OPENCONFIRM, AT_ESTABLISHED };

static void
far_reach(struct play *p, struct far *f, enum when when)
{
	far_accept(p, f);
	far_expect(f, MESSAGE_OPEN);
	if (when == AT_OPENSENT)
		return;
	far_send_open(f, 90, PLAY_IDS_LOW);
	far_expect(f, MESSAGE_KEEPALIVE);
	if (when == AT_OPENCONFIRM)
		return;
	far_send_keepalive(f);
	cr_assert(play_state(p, FSM_ESTABLISHED));
}

static void
strict(enum when when, const char *label, struct slice bytes, uint8_t code, uint8_t subcode,
    struct slice data, bool check_data)
{
	struct play p;
	struct far f;
	char reason[64];

	play_init(&p);
	p.conf.manual_eor = true;
	play_start(&p);
	far_reach(&p, &f, when);
	far_send(&f, bytes);
	if (check_data)
		far_expect_data(&f, label, code, subcode, data);
	else
		far_expect_notification(&f, label, code, subcode);
	(void)snprintf(
	    reason, sizeof(reason), "state down notification sent (%u,%u)", code, subcode);
	cr_expect(play_news(&p, reason), "%s: %s", label, text_chars(&p.news));
	play_end(&p, &f);
}

#define MARKER "\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff"

Case(session, header_errors_are_answered_in_every_state)
{
	static const struct {
		const char *label;
		struct slice bytes;
		uint8_t subcode;
		struct slice data;
		bool check;
	} rows[] = {
		{ "marker",
		    { (const uint8_t *)"\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff"
				       "\xff\xfe\x00\x13\x04",
			19 },
		    1, { 0 }, false },
		{ "short", { (const uint8_t *)MARKER "\x00\x12\x04", 19 }, 2,
		    { (const uint8_t *)"\x00\x12", 2 }, true },
		{ "long", { (const uint8_t *)MARKER "\x10\x01\x02", 19 }, 2,
		    { (const uint8_t *)"\x10\x01", 2 }, true },
		{ "keepalive of 20", { (const uint8_t *)MARKER "\x00\x14\x04\x00", 20 }, 2,
		    { (const uint8_t *)"\x00\x14", 2 }, true },
		{ "update of 22", { (const uint8_t *)MARKER "\x00\x16\x02\x00\x00\x00", 22 }, 2,
		    { (const uint8_t *)"\x00\x16", 2 }, true },
		{ "type 0", { (const uint8_t *)MARKER "\x00\x13\x00", 19 }, 3,
		    { (const uint8_t *)"\x00", 1 }, true },
		{ "type 9", { (const uint8_t *)MARKER "\x00\x13\x09", 19 }, 3,
		    { (const uint8_t *)"\x09", 1 }, true },
		{ "type 255", { (const uint8_t *)MARKER "\x00\x13\xff", 19 }, 3,
		    { (const uint8_t *)"\xff", 1 }, true },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		for (enum when when = AT_OPENSENT; when <= AT_ESTABLISHED; when++)
			strict(when, rows[i].label, rows[i].bytes, 1, rows[i].subcode, rows[i].data,
			    rows[i].check);
}

Case(session, messages_of_another_state_are_fsm_errors)
{
	static const uint8_t open[] = { 4, 0xfd, 0xea, 0, 90, 1, 0, 0, 1, 0 };
	static const uint8_t update[] = { 0, 0, 0, 0 };
	static const uint8_t refresh[] = { 0, 1, 0, 1 };
	static const struct {
		const char *label;
		enum when when;
		uint8_t type;
		struct slice body;
		uint8_t subcode;
	} rows[] = {
		{ "keepalive first", AT_OPENSENT, 4, { NULL, 0 }, 1 },
		{ "update first", AT_OPENSENT, 2, { update, 4 }, 1 },
		{ "refresh first", AT_OPENSENT, 5, { refresh, 4 }, 1 },
		{ "update second", AT_OPENCONFIRM, 2, { update, 4 }, 2 },
		{ "open twice", AT_OPENCONFIRM, 1, { open, 10 }, 2 },
		{ "open at last", AT_ESTABLISHED, 1, { open, 10 }, 3 },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		uint8_t room[64];
		struct writer w = writer_on(room, sizeof(room));
		struct gap g = message_begin(&w, rows[i].type);

		write_slice(&w, rows[i].body);
		message_finish(&w, g);
		strict(rows[i].when, rows[i].label, writer_slice(&w), 5, rows[i].subcode,
		    slice_of(NULL, 0), false);
	}
}

Case(session, opens_that_do_not_suit_are_refused)
{
	static const struct {
		const char *label;
		struct slice body;
		uint8_t subcode;
	} rows[] = {
		{ "version 3", { (const uint8_t *)"\x03\xfd\xea\x00\x5a\x01\x00\x00\x01\x00", 10 },
		    1 },
		{ "another AS", { (const uint8_t *)"\x04\xfd\xeb\x00\x5a\x01\x00\x00\x01\x00", 10 },
		    2 },
		{ "identifier 0",
		    { (const uint8_t *)"\x04\xfd\xea\x00\x5a\x00\x00\x00\x00\x00", 10 }, 3 },
		{ "hold time 1",
		    { (const uint8_t *)"\x04\xfd\xea\x00\x01\x01\x00\x00\x01\x00", 10 }, 6 },
		{ "hold time 2",
		    { (const uint8_t *)"\x04\xfd\xea\x00\x02\x01\x00\x00\x01\x00", 10 }, 6 },
		{ "parameter 9",
		    { (const uint8_t *)"\x04\xfd\xea\x00\x5a\x01\x00\x00\x01\x02\x09\x00", 12 },
		    4 },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		uint8_t room[64];
		struct writer w = writer_on(room, sizeof(room));
		struct gap g = message_begin(&w, MESSAGE_OPEN);

		write_slice(&w, rows[i].body);
		message_finish(&w, g);
		strict(AT_OPENSENT, rows[i].label, writer_slice(&w), 2, rows[i].subcode,
		    slice_of(NULL, 0), false);
	}
}

Case(session, a_notification_is_not_answered)
{
	for (enum when when = AT_OPENSENT; when <= AT_ESTABLISHED; when++) {
		struct play p;
		struct far f;
		struct slice message;
		uint8_t got;

		play_init(&p);
		p.conf.manual_eor = true;
		play_start(&p);
		far_reach(&p, &f, when);
		far_send_type(&f, MESSAGE_NOTIFICATION, SLICE("\x06\x04"));
		got = far_next(&f, &message);
		cr_expect_eq(got, 0, "got %u", got);
		cr_expect(play_news(&p, "state down notification received (6,4)"));
		cr_expect_eq(play_count(&p, "receive 3 6/4"), 1);
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
	cr_expect(peer_established(p.peer));
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

Case(session, last_words_arrive_though_we_had_more_to_read)
{
	struct play p;
	struct far f;

	play_init(&p);
	p.conf.manual_eor = true;
	play_up(&p, &f, 90);
	for (unsigned i = 0; i < 500; i++)
		far_send_keepalive(&f);
	peer_stop(p.peer, 6, 2, "bye", NULL);
	for (unsigned i = 0; i < 500; i++)
		far_send_keepalive(&f);
	far_expect_data(&f, "bye", 6, 2,
	    SLICE("\x03"
		  "bye"));
	cr_expect_eq(p.overs, 0, "over only when the other side has read it");
	far_close(&f);
	for (unsigned i = 0; i < 500 && p.overs == 0; i++)
		play_round(&p);
	cr_expect_eq(p.overs, 1);
	cr_expect_eq(play_count(&p, "state down notification sent (6,2)"), 1);
	play_done(&p);
}

Case(session, teardown_texts_are_those_of_the_codes)
{
	static const struct {
		uint8_t subcode;
		const char *text;
		struct slice data;
	} rows[] = {
		{ 3, NULL, { (const uint8_t *)"Peer De-configured", 18 } },
		{ 4, NULL,
		    { (const uint8_t *)"\x14"
				       "Administrative Reset",
			21 } },
		{ 4, "why",
		    { (const uint8_t *)"\x03"
				       "why",
			4 } },
		{ 6, "raw", { (const uint8_t *)"raw", 3 } },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct play p;
		struct far f;

		play_init(&p);
		play_up(&p, &f, 90);
		peer_reset(p.peer, 6, rows[i].subcode, rows[i].text, "my reason");
		far_expect_data(&f, "teardown", 6, rows[i].subcode, rows[i].data);
		cr_expect(play_news(&p, "state down my reason"));
		far_close(&f);
		far_establish(&p, &f, 90); /* it comes back at once */
		play_end(&p, &f);
	}
}

Case(session, a_stop_without_code_closes_without_a_word)
{
	struct play p;
	struct far f;
	struct slice message;
	uint8_t got;

	play_init(&p);
	p.conf.manual_eor = true;
	play_up(&p, &f, 90);
	peer_stop(p.peer, 0, 0, NULL, "removed");
	got = far_next(&f, &message);
	cr_expect_eq(got, 0, "got %u", got);
	cr_expect(play_news(&p, "state down removed"));
	play_round(&p);
	cr_expect_eq(p.overs, 1);
	play_end(&p, &f);
}

Case(session, the_peer_that_takes_nothing_is_given_up)
{
	struct play p;
	struct far f;
	usec begin;

	play_init(&p);
	p.globals.send_hold = 1;
	play_start(&p);
	peer_want(p.peer, 0);
	far_establish(&p, &f, 90);
	for (unsigned i = 0; i < 8; i++) { /* far more than the socket takes, nobody reads */
		for (unsigned a = 0; a < 256; a++)
			for (unsigned b = 0; b < 256; b++)
				play_announce(&p, (uint8_t)a, (uint8_t)b);
		play_for(&p, 100 * USEC_MSEC);
		peer_flush(p.peer, family_all());
		if (net_unsent(f.fd) < 0)
			break;
	}
	begin = loop_clock();
	while (peer_established(p.peer) && loop_clock() - begin < 10 * USEC_SECOND) {
		peer_flush(p.peer, family_all());
		play_round(&p);
	}
	cr_expect(!peer_established(p.peer));
	cr_expect(play_news(&p, "state down notification sent (8,0)"), "%s", text_chars(&p.news));
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

static unsigned closed_lines;
static unsigned step_lines;

static void
count_lines(enum log_level level, enum log_source source, const char *line)
{
	(void)level;
	(void)source;
	closed_lines += strstr(line, "what=closed state=OPENSENT") != NULL;
	step_lines += strstr(line, "what=step ago=") != NULL;
}

Case(session, a_bad_end_is_logged_with_the_steps_that_led_to_it)
{
	struct play p;
	struct far f;

	log_to(count_lines);
	log_at(LOG_DEBUG);
	play_init(&p);
	play_start(&p);
	far_reach(&p, &f, AT_OPENSENT);
	far_send_keepalive(&f);
	far_expect_notification(&f, "first", 5, 1);
	play_end(&p, &f);
	cr_expect_eq(closed_lines, 1);
	cr_expect_eq(step_lines, 3, "%u", step_lines);
	log_to(NULL);
}

Case(session, history_keeps_the_last_steps)
{
	struct play p;
	struct far f;
	struct text history = { 0 };

	play_init(&p);
	p.conf.manual_eor = true;
	play_up(&p, &f, 90);
	for (unsigned i = 0; i < 200; i++)
		far_send_keepalive(&f);
	play_for(&p, 50 * USEC_MSEC);
	peer_history(p.peer, &history);
	cr_expect(strstr(text_chars(&history), "state=CONNECT event=TCP_UP next=OPENSENT") != NULL,
	    "%s", text_chars(&history));
	cr_expect(strstr(text_chars(&history),
		      "state=ESTABLISHED event=GOT_KEEPALIVE next=ESTABLISHED times=200") != NULL,
	    "%s", text_chars(&history));
	text_free(&history);
	play_end(&p, &f);
}

static void
stop_when_up(struct play *p, const struct event *e)
{
	if (e->kind == EVENT_STATE && strcmp(e->state.name, "up") == 0)
		peer_stop(p->peer, 6, 2, NULL, NULL);
}

static void
reset_at_any(struct play *p, const struct event *e)
{
	static unsigned calls;

	if (e->kind == EVENT_MESSAGE && ++calls < 6)
		peer_reset(p->peer, calls % 2 == 0 ? 6 : 0, 4, NULL, "told");
}

static enum fsm_state seen_when_sent;

static void
reset_when_sent(struct play *p, const struct event *e)
{
	if (e->kind != EVENT_MESSAGE || seen_when_sent != FSM_IDLE)
		return;
	seen_when_sent = peer_state(p->peer);
	peer_reset(p->peer, 6, 4, NULL, NULL);
}

/* Our OPEN is told while it is sent; the old state would have no words for who ends it then. */
Case(session, who_is_told_sees_the_new_state)
{
	struct play p;
	struct far f;

	seen_when_sent = FSM_IDLE;
	play_init(&p);
	p.told = reset_when_sent;
	play_start(&p);
	far_accept(&p, &f);
	far_expect(&f, MESSAGE_OPEN);
	far_expect_notification(&f, "told", 6, 4);
	cr_expect_str_eq(fsm_state_name(seen_when_sent), "OPENSENT");
	play_end(&p, &f);
}

Case(session, who_is_told_may_stop_or_reset_it)
{
	struct play p;
	struct far f;

	play_init(&p);
	p.told = stop_when_up;
	play_start(&p);
	far_accept(&p, &f);
	far_hands(&f, 90, PLAY_IDS_LOW);
	far_expect_notification(&f, "stopped", 6, 2);
	far_close(&f);
	for (unsigned i = 0; i < 500 && p.overs == 0; i++)
		play_round(&p);
	cr_expect_eq(p.overs, 1);
	play_done(&p);

	play_init(&p);
	p.told = reset_at_any;
	play_start(&p);
	for (unsigned i = 0; i < 5; i++) {
		far_accept(&p, &f);
		play_for(&p, 30 * USEC_MSEC);
		far_close(&f);
	}
	play_for(&p, 50 * USEC_MSEC);
	play_done(&p);
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
