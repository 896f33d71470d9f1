/*
 * From the channel to a helper's stdin: once a round, in pieces that fit a pipe. High and low marks
 * tell who feeds it; one that does not read for too long can't hold anybody for ever.
 */
#include "inside.h"

#include "base/log.h"

#include <inttypes.h>

#define PIECES 4 /* in a round */

bool
feed_takes(const struct helper *h)
{
	return (h->state == LIFE_RUNNING || h->state == LIFE_MUTE) && !h->deaf;
}

static void
stall_due(struct timer *t)
{
	struct helper *h = owner_of(t, struct helper, stall);
	usec idle = loop_now(h->loop) - h->stream.last_progress;

	if (idle < h->limits.stall_limit) {
		timer_start(t, h->loop, h->stream.last_progress + h->limits.stall_limit, stall_due,
		    "helper-stall");
		return;
	}
	h->stalled = true;
	log_say(LOG_ERROR, LOG_PROCESSES,
	    "helper %s does not read: nothing taken for %" PRId64
	    " s, %zu bytes wait, new events are "
	    "lost until it reads",
	    h->conf->name, idle / USEC_SECOND, h->channel.bytes);
	feed_open(h);
}

static void
shut(struct helper *h)
{
	h->shut = true;
	if (h->limits.stall_limit > 0)
		timer_start(&h->stall, h->loop, loop_now(h->loop) + h->limits.stall_limit,
		    stall_due, "helper-stall");
	if (h->hooks->shut != NULL)
		h->hooks->shut(h);
}

static void
reads_again(struct helper *h)
{
	if (h->lost > 0)
		log_say(LOG_WARN, LOG_PROCESSES, "helper %s reads again lost=%" PRIu64,
		    h->conf->name, h->lost);
	h->lost = 0;
	h->stalled = h->overflown = false;
}

void
feed_open(struct helper *h)
{
	bool low = h->channel.bytes < h->limits.channel_bytes / 2;

	if (low)
		reads_again(h);
	if (!h->shut || !(low || h->stalled))
		return;
	h->shut = false;
	timer_stop(&h->stall);
	if (h->hooks->open != NULL)
		h->hooks->open(h);
}

/* One stream's worth; false when there is nothing more to do now. */
static bool
feed_piece(struct helper *h)
{
	struct blob *b;

	while (h->stream.queue_bytes < HELPER_PIECE &&
	    (b = channel_give(&h->channel, HELPER_PIECE)) != NULL)
		stream_take(&h->stream, b);
	if (stream_idle(&h->stream))
		return false;
	stream_push(&h->stream, false);
	return stream_idle(&h->stream);
}

static void
feed_now(struct flush *f)
{
	struct helper *h = owner_of(f, struct helper, feed);
	int pieces = 0;

	/* with more than these in the channel the stream was full, and says when it drained */
	while (pieces < PIECES && feed_piece(h))
		pieces++;
	if (h->closing && h->channel.count == 0)
		stream_finish(&h->stream);
	feed_open(h);
}

void
feed_later(struct helper *h)
{
	loop_flush(&h->feed, h->loop, feed_now, "helper-feed");
	if (!h->shut && !h->stalled && h->channel.bytes >= h->limits.channel_bytes)
		shut(h);
}

bool
feed_room(struct helper *h)
{
	size_t most = h->stalled ? h->limits.channel_bytes : 2 * h->limits.channel_bytes;

	if (h->channel.bytes < most)
		return true;
	if (!h->overflown && !h->stalled)
		log_say(LOG_ERROR, LOG_PROCESSES,
		    "helper %s does not read: %zu bytes wait, more is lost until it reads",
		    h->conf->name, h->channel.bytes);
	h->overflown = true;
	h->lost++;
	return false;
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
	channel_clear(&h->channel);
	feed_open(h);
}

/* The stream's queue went down: the channel has its turn. */
void
feed_drained(struct stream *s)
{
	feed_later(owner_of(s, struct helper, stream));
}

void
feed_broken(struct stream *s, int error)
{
	struct helper *h = owner_of(s, struct helper, stream);

	(void)error; /* that it closed its stdin is all there is to know */
	h->deaf = true;
	if (h->state == LIFE_RUNNING || h->state == LIFE_MUTE)
		log_say(LOG_WARN, LOG_PROCESSES,
		    "helper %s closed its stdin, events for it are lost", h->conf->name);
	feed_reset(h);
}
