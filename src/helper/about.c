/* What is asked about a helper: its state, its session and its figures. */
#include "framed.h"

enum helper_state
helper_state_of(const struct helper *h)
{
	static const enum helper_state of[LIFE_STATES] = {
		[LIFE_OFF] = HELPER_OFF,
		[LIFE_SPAWNING] = HELPER_WAITING,
		[LIFE_RUNNING] = HELPER_RUNNING,
		[LIFE_MUTE] = HELPER_MUTE,
		[LIFE_DRAINING] = HELPER_DRAINING,
		[LIFE_CONDEMNED] = HELPER_DRAINING,
		[LIFE_DOWN] = HELPER_DRAINING,
		[LIFE_WAITING] = HELPER_WAITING,
		[LIFE_GONE] = HELPER_GONE,
		[LIFE_LAST] = HELPER_STOPPING,
		[LIFE_TERM] = HELPER_STOPPING,
		[LIFE_KILL] = HELPER_STOPPING,
	};

	return of[h->state];
}

const struct stream *
helper_stream(const struct helper *h, const struct framer **f)
{
	*f = &h->framer;
	return h->stream.loop == NULL ? NULL : &h->stream;
}

void *
helper_owner(const struct helper *h)
{
	return h->owner;
}

pid_t
helper_pid(const struct helper *h)
{
	return h->pid;
}

size_t
helper_queued(const struct helper *h, size_t *bytes)
{
	if (bytes != NULL)
		*bytes = queue_bytes(&h->channel.events) + h->channel.answers.bytes +
		    h->channel.answers.ack_bytes + h->stream.queue_bytes;
	return queue_depth(&h->channel.events) + h->channel.answers.count + h->stream.queue_count;
}

bool
helper_shut(const struct helper *h)
{
	return h->shut;
}

bool
helper_full(const struct helper *h)
{
	return h->full;
}

bool
helper_acks(const struct helper *h)
{
	return h->acks;
}

bool
helper_hears(const struct helper *h, unsigned news)
{
	return h->framed == NULL || (h->framed->hears & news) != 0;
}

bool
helper_session_of(const struct helper *h, struct helper_session *to)
{
	const struct framed *f = h->framed;

	if (h->tongue != &tongue_frames)
		return false;
	*to = (struct helper_session){
		.state = hf_state_name(f->state),
		.pending = f->pending.count,
		.pending_most = f->pending.most,
		.resolved = f->pending.resolved,
		.timeouts = f->pending.timeouts,
		.late = f->pending.late,
		.waiting = f->waiting_count,
		.asks = f->ask_count,
		.paused = f->paused,
		.kept = f->kept.keys.count,
		.kept_bytes = f->kept.bytes,
	};
	raw_count(&f->raw, to);
	return true;
}

size_t
helper_lines_in(struct slice s)
{
	const uint8_t *at;
	size_t n = 0;

	while (s.len > 0 && (at = memchr(s.at, '\n', s.len)) != NULL) {
		s = slice_after(s, (size_t)(at - s.at) + 1);
		n++;
	}
	return n;
}

void
helper_count(const struct helper *h, struct helper_counts *to)
{
	const struct queue *q = &h->channel.events;

	*to = (struct helper_counts){
		.offered = h->channel.offered,
		.delivered = h->channel.delivered + h->piece - feed_writing(h),
		.answers_lost = h->answers_lost,
		.queued = queue_depth(q),
		.writing = (size_t)feed_writing(h),
		.bytes = queue_bytes(q),
		.most = q->counts.most_items,
		.most_bytes = q->counts.most_bytes,
		.shut = queue_shut(q),
		.shuts = q->counts.shuts,
		.blocked = q->counts.blocked + queue_shut_for(q, loop_now(h->loop)),
		.waits = &q->counts.waits,
		.lines = h->lines,
		.lines_waiting = h->reading.items,
		.lines_bytes = h->reading.bytes,
		.lines_most = h->reading.most_items,
		.lines_most_bytes = h->reading.most_bytes,
		.lines_waits = &h->reading.waits,
		.held = h->reading.shut,
		.holds = h->reading.shuts,
		.held_for = level_blocked(&h->reading, loop_now(h->loop)),
	};
	memcpy(to->lost, h->channel.lost, sizeof(to->lost));
}

void
helper_reset_marks(struct helper *h)
{
	queue_reset_marks(&h->channel.events);
	level_reset_marks(&h->reading);
}
