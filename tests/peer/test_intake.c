/* What an established session said waits in a bounded queue: batches, backpressure, ends. */
#include "far.h"

#include "inside.h" /* what waits is nobody else's business */
#include "pieces.h"

/* An UPDATE that withdraws 10.a.b.0/24. */
static void
put_update(struct writer *w, unsigned n)
{
	struct gap length = message_begin(w, MESSAGE_UPDATE);

	write_u16(w, 4);
	write_u8(w, 24);
	write_u8(w, 10);
	write_u16(w, (uint16_t)n);
	write_u16(w, 0);
	message_finish(w, length);
}

static void
send_updates(struct far *f, unsigned from, unsigned count)
{
	for (unsigned i = from; i < from + count; i++) {
		uint8_t room[64];
		struct writer w = writer_on(room, sizeof(room));

		put_update(&w, i);
		far_send(f, writer_slice(&w));
	}
}

/* They come in the order in which they were sent, none is missing. */
static unsigned heard;

static void
in_order(struct play *p, const struct event *e)
{
	struct reader r;

	(void)p;
	if (e->kind != EVENT_MESSAGE || e->direction != EVENT_RECEIVE || e->type != MESSAGE_UPDATE)
		return;
	r = reader_on(e->body);
	read_skip(&r, 4);
	cr_assert_eq(read_u16(&r), heard);
	heard++;
}

static void
begin(struct play *p, struct far *f, uint16_t hold_time)
{
	heard = 0;
	p->conf.manual_eor = true;
	p->told = in_order;
	play_up(p, f, hold_time);
}

static const struct intake *
intake_of(const struct play *p)
{
	return &p->peer->intake;
}

/* Rounds until so many wait, for 5 s at most. */
static bool
waits(struct play *p, size_t count)
{
	for (usec start = loop_clock(); loop_clock() - start < 5 * USEC_SECOND; play_round(p))
		if (queue_depth(&intake_of(p)->queue) == count)
			return true;
	return false;
}

static bool
hears(struct play *p, unsigned count)
{
	for (usec start = loop_clock(); loop_clock() - start < 5 * USEC_SECOND; play_round(p))
		if (heard == count)
			return true;
	return false;
}

static void
expect_conserved(const struct play *p)
{
	const struct queue *q = &intake_of(p)->queue;

	cr_expect_eq(
	    q->counts.offered, q->counts.taken + q->counts.cleared + queue_depth(q), "conserved");
}

Case(intake, nothing_waits_when_nobody_holds)
{
	struct play p;
	struct far f;

	play_init(&p);
	begin(&p, &f, 90);
	send_updates(&f, 0, 250);
	cr_expect(hears(&p, 250));
	cr_expect_eq(intake_of(&p)->queue.counts.offered, 250);
	cr_expect_eq(intake_of(&p)->queue.counts.waits.most, 0);
	cr_expect(intake_of(&p)->queue.counts.most_items <= 100, "a batch at most");
	expect_conserved(&p);
	play_end(&p, &f);
}

Case(intake, a_batch_lingers_for_its_size)
{
	struct play p;
	struct far f;

	play_init(&p);
	p.conf.batch_size = 5;
	p.conf.batch_time = 60000;
	begin(&p, &f, 90);
	send_updates(&f, 0, 4);
	cr_expect(waits(&p, 4));
	cr_expect_eq(heard, 0);
	send_updates(&f, 4, 8);
	cr_expect(hears(&p, 10) && waits(&p, 2));
	cr_expect_eq(intake_of(&p)->batch.by_size, 2);
	cr_expect_eq(intake_of(&p)->batch.by_time, 0);
	expect_conserved(&p);
	play_end(&p, &f);
}

Case(intake, a_batch_lingers_for_its_time)
{
	struct play p;
	struct far f;

	play_init(&p);
	p.conf.batch_time = 20;
	begin(&p, &f, 90);
	send_updates(&f, 0, 3);
	cr_expect(hears(&p, 3));
	cr_expect(intake_of(&p)->batch.by_time >= 1 && intake_of(&p)->batch.by_size == 0);
	cr_expect(intake_of(&p)->queue.counts.waits.least >= 19 * USEC_MSEC);
	cr_expect(!timer_running(&intake_of(&p)->due), "without messages nothing is waited for");
	play_end(&p, &f);
}

Case(intake, ticks_come_and_empty_ones_are_counted)
{
	struct play p;
	struct far f;

	play_init(&p);
	p.conf.batch_mode = BATCH_TICK;
	p.conf.batch_time = 5;
	begin(&p, &f, 90);
	for (usec start = loop_clock();
	     intake_of(&p)->batch.empty_ticks < 3 && loop_clock() - start < 5 * USEC_SECOND;)
		play_round(&p);
	cr_expect(intake_of(&p)->batch.empty_ticks >= 3);
	cr_expect_eq(intake_of(&p)->batch.by_time, 0, "an empty batch is none");
	send_updates(&f, 0, 7);
	cr_expect(hears(&p, 7));
	peer_hold(p.peer); /* a period goes by while held: the next ones come all the same */
	send_updates(&f, 7, 1);
	cr_expect(waits(&p, 1));
	play_for(&p, 20 * USEC_MSEC);
	cr_expect_eq(heard, 7);
	peer_release(p.peer);
	cr_expect(hears(&p, 8));
	send_updates(&f, 8, 1);
	cr_expect(hears(&p, 9));
	play_end(&p, &f);
}

Case(intake, full_it_stops_reading_and_loses_nothing)
{
	struct play p;
	struct far f;

	play_init(&p);
	p.conf.queue = 10;
	p.conf.batch_size = 3;
	begin(&p, &f, 90);
	peer_hold(p.peer);
	send_updates(&f, 0, 500);
	cr_expect(waits(&p, 10));
	cr_expect(stream_held(&p.peer->up->stream), "the socket is not read");
	play_for(&p, 20 * USEC_MSEC);
	cr_expect_eq(queue_depth(&intake_of(&p)->queue), 10);
	cr_expect_eq(heard, 0);
	peer_release(p.peer);
	cr_expect(hears(&p, 500));
	cr_expect_eq(intake_of(&p)->queue.counts.most_items, 10);
	cr_expect(intake_of(&p)->queue.counts.blocked > 0);
	expect_conserved(&p);
	play_end(&p, &f);
}

Case(intake, its_bytes_are_bounded_too)
{
	struct play p;
	struct far f;

	play_init(&p);
	p.conf.queue_bytes = 4096;
	begin(&p, &f, 90);
	peer_hold(p.peer);
	send_updates(&f, 0, 500); /* of 27 bytes */
	cr_expect(waits(&p, 4096 / 27));
	cr_expect(queue_bytes(&intake_of(&p)->queue) <= 4096);
	peer_release(p.peer);
	cr_expect(hears(&p, 500));
	expect_conserved(&p);
	play_end(&p, &f);
}

Case(intake, last_words_wait_behind_what_was_said)
{
	static const uint8_t cease[] = { 6, 2 };

	for (int words = 0; words < 2; words++) {
		struct play p;
		struct far f;

		play_init(&p);
		p.conf.batch_time = 60000;
		begin(&p, &f, 90);
		peer_hold(p.peer);
		send_updates(&f, 0, 5);
		if (words)
			far_send_type(&f, MESSAGE_NOTIFICATION, slice_of(cease, sizeof(cease)));
		cr_expect(waits(&p, 5 + (size_t)words));
		far_close(&f);
		play_for(&p, 20 * USEC_MSEC);
		cr_expect(peer_established(p.peer) && heard == 0);
		peer_release(p.peer);
		cr_expect(play_news(&p,
			      words ? "state down notification received (6,2)"
				    : "state down closing connection"),
		    "%s", text_chars(&p.news));
		cr_expect_eq(heard, 5, "nor does it linger behind an end");
		expect_conserved(&p);
		play_done(&p);
	}
}

Case(intake, what_can_not_be_framed_waits_behind_what_was_said)
{
	uint8_t bad[BGP_HEADER] = { 0 };
	struct play p;
	struct far f;

	play_init(&p);
	p.conf.batch_time = 60000;
	begin(&p, &f, 90);
	send_updates(&f, 0, 5);
	far_send(&f, slice_of(bad, sizeof(bad)));
	far_expect_notification(&f, "marker", 1, 1);
	cr_expect_eq(heard, 5);
	expect_conserved(&p);
	play_end(&p, &f);
}

Case(intake, what_we_end_is_counted_as_cleared)
{
	struct play p;
	struct far f;

	play_init(&p);
	begin(&p, &f, 90);
	peer_hold(p.peer);
	send_updates(&f, 0, 5);
	cr_expect(waits(&p, 5));
	peer_stop(p.peer, 6, 2, NULL, NULL);
	cr_expect_eq(intake_of(&p)->queue.counts.cleared, 5);
	expect_conserved(&p);
	play_end(&p, &f);
}

Case(intake, keepalives_count_when_they_come)
{
	struct play p;
	struct far f;

	play_init(&p);
	p.conf.batch_time = 60000;
	begin(&p, &f, 3);
	peer_hold(p.peer);
	for (usec start = loop_clock(); loop_clock() - start < 4 * USEC_SECOND;) {
		struct slice message;

		if (far_next_within(&f, 50 * USEC_MSEC, &message) == MESSAGE_KEEPALIVE)
			far_send_keepalive(&f);
	}
	cr_expect(peer_established(p.peer), "%s", text_chars(&p.news));
	cr_expect(queue_depth(&intake_of(&p)->queue) >= 3, "they are told in their order");
	peer_want(p.peer, PEER_WANT_UPDATES_IN);
	far_send_keepalive(&f);
	play_for(&p, 20 * USEC_MSEC);
	cr_expect(peer_counted(p.peer)->received[MESSAGE_KEEPALIVE] >= 2,
	    "nobody is told of this one: it has nothing to wait for");
	play_end(&p, &f);
}

Case(intake, any_pieces_and_pauses_give_the_same_order)
{
	for (uint32_t seed = 1; seed < 9; seed++) {
		static uint8_t room[27 * 400];
		struct writer w = writer_on(room, sizeof(room));
		uint64_t chance = seed;
		struct slice piece;
		bool held = false;
		struct play p;
		struct far f;

		play_init(&p);
		p.conf.queue = 1 + (int)(dice(&chance) % 40);
		p.conf.batch_size = 1 + (int)(dice(&chance) % 40);
		p.conf.batch_mode = (int)(dice(&chance) % 2);
		p.conf.batch_time = (int)(dice(&chance) % 3) + p.conf.batch_mode;
		begin(&p, &f, 90);
		for (unsigned i = 0; i < 400; i++)
			put_update(&w, i);
		for (struct pieces cut = pieces_of(writer_slice(&w), seed + 1);
		     pieces_next(&cut, &piece);) {
			far_send(&f, piece);
			if (dice(&chance) % 4 == 0) {
				held = !held;
				(held ? peer_hold : peer_release)(p.peer);
			}
			if (dice(&chance) % 3 == 0)
				(void)loop_round(p.loop, 0);
			expect_conserved(&p);
		}
		if (held)
			peer_release(p.peer);
		cr_expect(hears(&p, 400), "seed %u", seed);
		expect_conserved(&p);
		play_end(&p, &f);
	}
}
