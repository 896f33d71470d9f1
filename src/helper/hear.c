/* What a helper says: its stream, in whole messages, and whether it is read now. */
#include "tongue.h"

#define TOGETHER (20 * USEC_MSEC) /* the commands of one write may take so long */
#define LOOK     4                /* of them between looks at the clock */

/* What it said at once is not carried out to its end. */
void
hear_unfinished(struct helper *h, bool on)
{
	usec now = loop_now(h->loop);

	if (on && !h->unfinished)
		h->together = now + TOGETHER;
	on = on && now < h->together;
	if (on == h->unfinished)
		return;
	h->unfinished = on;
	if (h->hooks->unfinished != NULL)
		h->hooks->unfinished(h, on);
}

/* The stream is held while somebody holds the helper, and only as long as its lines are wanted. */
void
hear_look(struct helper *h)
{
	bool want = h->tongue->held(h) && h->tongue->listens(h);

	if (want == h->held)
		return;
	h->held = want;
	level_set(&h->reading, h->reading.items, h->reading.bytes, want, loop_now(h->loop));
	if (!want) {
		stream_release(&h->stream);
		return;
	}
	stream_hold(&h->stream);
	hear_unfinished(h, false);
}

/* What it said and nobody takes now. */
static void
note_waiting(struct helper *h, struct slice rest)
{
	if (h->tongue->queues)
		return;
	if (!h->held)
		rest.len = 0;
	level_set(&h->reading, helper_lines_in(rest), rest.len, h->held, loop_now(h->loop));
}

/* All whole messages: commands that came in one write are carried out before anybody is flushed, so
 * what they announce and withdraw again is not sent. Where that is more than its share of a round,
 * others are served in between, and peers have to wait no longer than TOGETHER. */
static size_t
helper_bytes(struct stream *s, struct slice in)
{
	struct helper *h = owner_of(s, struct helper, stream);
	uint64_t lives = h->lives;
	struct slice rest = in;
	struct frame message;
	unsigned messages = 0;
	bool spent = false;

	while (!spent && h->tongue->listens(h) && !h->tongue->held(h)) {
		enum frame_status status = frame_next(&h->framer, rest, &message);

		if (status == FRAME_MORE)
			break;
		if (status == FRAME_BAD) {
			h->tongue->bad(h);
			break;
		}
		rest = slice_after(rest, message.used);
		h->tongue->heard(h, message.body);
		if (h->freed || h->lives != lives || s->loop == NULL)
			return 0;
		spent = ++messages % LOOK == 0 && loop_spent(h->loop);
	}
	if (s->loop == NULL || h->lives != lives)
		return 0;
	note_waiting(h, rest);
	if (spent)
		stream_yield(s);
	hear_unfinished(h, spent && rest.len != 0);
	return h->tongue->listens(h) ? in.len - rest.len : in.len;
}

static void
helper_ended(struct stream *s, int error, struct slice rest)
{
	struct helper *h = owner_of(s, struct helper, stream);

	(void)error;
	h->tongue->closed(h, rest.len > 0);
	helper_step(h, LIFE_CLOSED);
}

static const struct stream_hooks stream_hooks = {
	.bytes = helper_bytes,
	.ended = helper_ended,
	.drained = feed_drained,
	.broken = feed_broken,
};

void
helper_stream_start(struct helper *h, int read_fd, int write_fd, size_t most)
{
	stream_start(&h->stream, h->loop, read_fd, write_fd, &stream_hooks, "helper");
	h->stream.low = 1;
	h->stream.share = HELPER_SHARE;
	h->stream.input_limit = most + 128 * 1024;
}
