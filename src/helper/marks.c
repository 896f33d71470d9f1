/*
 * High and low marks of what waits for a helper: they tell who feeds it, and one that does not read
 * for too long can't hold anybody for ever.
 */
#include "tongue.h"

#include "base/log.h"

#include <inttypes.h>

#define QUIET           (60 * USEC_SECOND)
#define ANSWERS_DEFAULT ((size_t)8 * 1024 * 1024)

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

/* Its answers are not read: no more of its commands are, while it has not stalled nor died. */
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
	set_waits(h, h->full && !h->stalled && h->state != LIFE_DRAINING);
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
	marks_look(h);
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
	marks_look(h);
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
marks_look(struct helper *h)
{
	bool shut = queue_shut(&h->channel.events);

	set_full(h);
	if (!shut && !h->full)
		reads_again(h);
	set_stall_timer(h, should_read(h, shut));
	set_shut(h, shut && !h->stalled && !h->parked && h->channel.overflow == HELPER_BLOCK);
	set_block_timer(h);
}

void
marks_loss(struct helper *h, uint64_t lost_before)
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

bool
marks_answer(struct helper *h)
{
	if (!feed_takes(h))
		return false;
	if (h->channel.answers.bytes < 2 * answers_most(h))
		return true;
	h->answers_lost++;
	return false;
}

bool
marks_explain(const struct helper *h)
{
	return !h->full && h->channel.answers.bytes < answers_most(h) / 2;
}
