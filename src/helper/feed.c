/* From the channel to a helper's stdin: once a round, in pieces that fit a pipe. */
#include "tongue.h"

#include "base/log.h"

#define PIECES       4  /* in a round */
#define REFUSED_MOST 10 /* in a row, with the error policy */

bool
feed_takes(const struct helper *h)
{
	return (h->state == LIFE_RUNNING || h->state == LIFE_MUTE) && !h->deaf;
}

/* Is there somebody to queue events for, now or in its next life? */
static bool
queues(const struct helper *h)
{
	switch (h->state) {
	case LIFE_DRAINING:
	case LIFE_CONDEMNED:
	case LIFE_DOWN:
	case LIFE_WAITING:
	case LIFE_SPAWNING: return channel_waits(&h->channel);
	case LIFE_RUNNING:
	case LIFE_MUTE:
	case LIFE_STAY:
	case LIFE_OFF:
	case LIFE_GONE:
	case LIFE_LAST:
	case LIFE_TERM:
	case LIFE_KILL:
	case LIFE_STATES: break;
	}
	return feed_takes(h);
}

/* Events stand behind the answers, so what has not gone out yet are the last ones. */
uint64_t
feed_writing(const struct helper *h)
{
	size_t left = h->stream.queue_count + h->stream.lost;

	if (h->piece_gap && left > 0)
		left--; /* the last line tells of a gap */
	return left < h->piece ? left : h->piece;
}

/* The next event into the stream; false: there is none. */
static bool
put_event(struct helper *h)
{
	struct helper_gap gap;
	uint64_t number;
	struct blob *b = channel_next(&h->channel, loop_now(h->loop), &number, &gap);
	bool event = b != NULL;

	b = h->tongue->event(h, b, number, &gap);
	h->piece += event;
	h->piece_gap = b != NULL && !event;
	if (b != NULL)
		stream_take(&h->stream, b);
	return event;
}

/* Answers go first, but where events wait they have half of it. */
static void
fill(struct helper *h)
{
	size_t most = queue_depth(&h->channel.events) > 0 ? HELPER_PIECE / 2 : HELPER_PIECE;
	struct blob *b;

	while ((b = h->tongue->control(h)) != NULL)
		stream_take(&h->stream, b);
	while (h->stream.queue_bytes < (h->torn ? HELPER_PIECE : most) &&
	    (b = answers_give(&h->channel.answers, most, loop_now(h->loop))) != NULL) {
		h->torn = h->tongue->torn(b);
		stream_take(&h->stream, b);
	}
	while (!h->torn && h->stream.queue_bytes < HELPER_PIECE && h->tongue->events(h) &&
	    put_event(h))
		;
}

static void
settle(struct helper *h)
{
	uint64_t left = feed_writing(h);

	h->channel.delivered += h->piece - left;
	h->piece = left;
	h->piece_gap = h->piece_gap && left > 0;
}

/* One stream's worth; false when there is nothing more to do now. */
static bool
feed_piece(struct helper *h)
{
	if (!stream_idle(&h->stream) || h->stream.write_fd < 0 || h->stream.write_error != 0)
		return false;
	settle(h);
	fill(h);
	if (stream_idle(&h->stream))
		return false;
	stream_push(&h->stream, false);
	stream_await(&h->stream); /* then it is the channel's turn again */
	return stream_idle(&h->stream);
}

static bool
all_told(const struct helper *h)
{
	return h->channel.answers.count == 0 && queue_depth(&h->channel.events) == 0;
}

static int
feed_pieces(struct helper *h)
{
	int pieces = 0;

	while (pieces < PIECES && feed_piece(h))
		pieces++;
	return pieces;
}

static void
feed_now(struct flush *f)
{
	struct helper *h = owner_of(f, struct helper, feed);
	int pieces = feed_pieces(h);

	if (pieces == PIECES && !all_told(h))
		feed_later(h);
	if (h->closing && all_told(h))
		stream_finish(&h->stream);
	if (h->refused >= REFUSED_MOST && feed_takes(h)) {
		h->refused = 0;
		log_say(LOG_ERROR, LOG_PROCESSES,
		    "helper %s let %d events in a row be refused, killed", h->conf->name,
		    REFUSED_MOST);
		helper_fault(h);
		return;
	}
	marks_look(h);
}

void
feed_later(struct helper *h)
{
	loop_flush(&h->feed, h->loop, feed_now, "helper-feed");
	if (!h->shut)
		marks_look(h);
}

bool
helper_tell(struct helper *h, struct blob *b, bool keep)
{
	uint64_t lost = channel_lost(&h->channel);
	bool in;

	if (!queues(h)) {
		channel_miss(&h->channel, h->deaf ? HELPER_LOST_DEAF : HELPER_LOST_DOWN);
		return false;
	}
	if (!channel_has_room(&h->channel, b->len))
		(void)feed_pieces(h); /* its pipe may have some */
	in = channel_put(&h->channel, b, keep, loop_now(h->loop));
	h->refused = !in && h->channel.overflow == HELPER_ERROR ? h->refused + 1 : 0;
	if (h->refused == 1)
		h->tongue->refused(h);
	if (channel_lost(&h->channel) != lost)
		marks_loss(h, lost);
	feed_later(h);
	return in;
}

void
feed_last_word(struct helper *h, struct slice bytes)
{
	if (!stream_idle(&h->stream))
		return;
	settle(h);
	stream_send(&h->stream, bytes);
	stream_push(&h->stream, false);
}

void
feed_finish(struct helper *h)
{
	h->closing = true;
	feed_later(h);
}

void
feed_reset(struct helper *h)
{
	flush_stop(&h->feed);
	settle(h);
	h->tongue->unwritten(h);
	h->channel.lost[HELPER_LOST_DIED] += h->piece;
	h->piece = 0;
	h->piece_gap = false;
	h->torn = false;
	h->refused = 0;
	channel_clear(&h->channel, loop_now(h->loop));
	marks_look(h);
}

/* The piece is written: the channel has its turn. */
void
feed_drained(struct stream *s)
{
	feed_later(owner_of(s, struct helper, stream));
}

void
feed_broken(struct stream *s, int error)
{
	struct helper *h = owner_of(s, struct helper, stream);

	(void)error; /* that it can't be written to is all there is to know */
	h->deaf = true;
	h->tongue->deaf(h);
	feed_reset(h);
}
