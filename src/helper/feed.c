/*
 * From the channel to a helper's stdin: once a round, in pieces that fit a pipe. High and low marks
 * tell who feeds it; one that does not read for too long can't hold anybody for ever.
 */
#include "tongue.h"

#include "base/log.h"

#include <inttypes.h>

#define PIECES          4  /* in a round */
#define QUIET           (60 * USEC_SECOND)
#define REFUSED_MOST    10 /* in a row, with the error policy */
#define ANSWERS_DEFAULT ((size_t)8 * 1024 * 1024)

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

/* --- marks --- */

static size_t
answers_most(const struct helper *h)
{
	return h->conf->queue_bytes == 0 ? ANSWERS_DEFAULT : h->conf->queue_bytes;
}

static void
set_shut(struct helper *h, bool shut)
{
	if (h->shut == shut)
		return;
	h->shut = shut;
	if (shut && h->hooks->shut != NULL)
		h->hooks->shut(h);
	if (!shut && h->hooks->open != NULL)
		h->hooks->open(h);
}

/* Its answers are not read: no more of its commands are, while it has not stalled. */
static void
set_waits(struct helper *h, bool waits)
{
	if (h->waits == waits)
		return;
	h->waits = waits;
	if (waits)
		helper_hold(h);
	else
		helper_release(h);
}

static void
set_full(struct helper *h)
{
	bool was = h->full;
	size_t mark = was ? answers_most(h) / 2 : answers_most(h);

	h->full = h->channel.answers.bytes >= mark;
	set_waits(h, h->full && !h->stalled);
	if (was && !h->full && h->hooks->room != NULL)
		h->hooks->room(h);
}

static void
set_stalled(struct helper *h, bool stalled)
{
	h->stalled = stalled;
	channel_degrade(&h->channel, stalled);
}

static void
reads_again(struct helper *h)
{
	uint64_t lost = channel_lost(&h->channel) - h->lost_before;

	if (h->losing && feed_takes(h))
		log_say(LOG_WARN, LOG_PROCESSES, "helper %s reads again lost=%" PRIu64,
		    h->conf->name, lost);
	h->losing = false;
	h->parked = false;
	set_stalled(h, false);
}

static void
note_loss(struct helper *h, uint64_t lost_before)
{
	if (h->losing || loop_now(h->loop) < h->quiet)
		return;
	h->losing = true;
	h->quiet = loop_now(h->loop) + QUIET;
	h->lost_before = lost_before;
	log_say(LOG_ERROR, LOG_PROCESSES,
	    "helper %s does not read: %zu events of %zu bytes wait, some are lost until it reads "
	    "policy=%s",
	    h->conf->name, queue_depth(&h->channel.events), queue_bytes(&h->channel.events),
	    helper_loss_word(h->channel.why));
}

static void
stall_due(struct timer *t)
{
	struct helper *h = owner_of(t, struct helper, stall);
	usec idle = loop_now(h->loop) - h->stream.last_progress;

	if (idle < h->conf->stall_limit) {
		timer_start(t, h->loop, h->stream.last_progress + h->conf->stall_limit, stall_due,
		    "helper-stall");
		return;
	}
	log_say(LOG_ERROR, LOG_PROCESSES,
	    "helper %s does not read: nothing taken for %" PRId64 " s, %zu bytes wait, %s",
	    h->conf->name, idle / USEC_SECOND,
	    queue_bytes(&h->channel.events) + h->channel.answers.bytes,
	    h->conf->stall_kills ? "it is killed" : "its oldest events are lost until it reads");
	if (h->conf->stall_kills) {
		h->tongue->jammed(h);
		return;
	}
	set_stalled(h, true);
	feed_look(h);
}

/* Does somebody wait for it to read? */
static void
set_stall_timer(struct helper *h, bool waits)
{
	if (!waits || h->stalled || h->conf->stall_limit == 0)
		timer_stop(&h->stall);
	else if (!timer_running(&h->stall))
		timer_start(&h->stall, h->loop, loop_now(h->loop) + h->conf->stall_limit, stall_due,
		    "helper-stall");
}

static void
block_due(struct timer *t)
{
	struct helper *h = owner_of(t, struct helper, block);

	log_say(LOG_ERROR, LOG_PROCESSES,
	    "helper %s does not read: its neighbors were held for %" PRId64
	    " ms, its newest events are lost until it reads",
	    h->conf->name, h->conf->block_timeout / USEC_MSEC);
	h->parked = true;
	feed_look(h);
}

static void
set_block_timer(struct helper *h)
{
	if (!h->shut || h->conf->block_timeout == 0)
		timer_stop(&h->block);
	else if (!timer_running(&h->block))
		timer_start(&h->block, h->loop, loop_now(h->loop) + h->conf->block_timeout,
		    block_due, "helper-block");
}

/* Is it its turn to read? */
static bool
should_read(const struct helper *h, bool shut)
{
	if (!feed_takes(h))
		return false;
	if (h->tongue->reads_all && !stream_idle(&h->stream))
		return true;
	return h->full || (shut && h->tongue->events(h));
}

void
feed_look(struct helper *h)
{
	bool shut = queue_shut(&h->channel.events);

	set_full(h);
	if (!shut && !h->full)
		reads_again(h);
	set_stall_timer(h, should_read(h, shut));
	set_shut(h, shut && !h->stalled && !h->parked && h->channel.overflow == HELPER_BLOCK);
	set_block_timer(h);
}

/* --- pieces --- */

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
	feed_look(h);
}

void
feed_later(struct helper *h)
{
	loop_flush(&h->feed, h->loop, feed_now, "helper-feed");
	if (!h->shut)
		feed_look(h);
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
		note_loss(h, lost);
	feed_later(h);
	return in;
}

bool
feed_answer(struct helper *h)
{
	if (!feed_takes(h))
		return false;
	if (h->channel.answers.bytes < 2 * answers_most(h))
		return true;
	h->answers_lost++;
	return false;
}

bool
feed_explains(const struct helper *h)
{
	return !h->full && h->channel.answers.bytes < answers_most(h) / 2;
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
	feed_look(h);
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
