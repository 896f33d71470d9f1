/* How sessions end: last words, who is told of it, what the log says. */
#include "far.h"

#include "base/log.h"

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
	for (unsigned i = 0; i < 1000 && peer_counted(p.peer)->received[MESSAGE_KEEPALIVE] <= 200;
	     i++)
		play_round(&p);
	peer_history(p.peer, &history);
	cr_expect(strstr(text_chars(&history), "state=CONNECT event=TCP_UP next=OPENSENT") != NULL,
	    "%s", text_chars(&history));
	cr_expect(strstr(text_chars(&history),
		      "state=ESTABLISHED event=GOT_KEEPALIVE next=ESTABLISHED times=200") != NULL,
	    "%s", text_chars(&history));
	text_free(&history);
	play_end(&p, &f);
}
