/* One helper program: what its life's table says is carried out here. */
#include "helper/helper.h"

#include "framed.h"

#include "base/log.h"
#include "base/mem.h"
#include "base/must.h"

#include <errno.h>
#include <signal.h>
#include <sys/wait.h>

#define LINE_MAX_DEFAULT ((size_t)1024 * 1024)
#define STARTS_DEFAULT   5
#define WINDOW_DEFAULT   (64 * USEC_SECOND)
#define TERM_WAIT        (2 * USEC_SECOND) /* between SIGTERM and SIGKILL */
#define DRAIN_WAIT       (2 * USEC_SECOND) /* for a stdout that somebody keeps open */
#define TOGETHER         (20 * USEC_MSEC)  /* the commands of one write may take so long */
#define LOOK             32                /* of them between looks at the clock */

static void take_step(struct helper *h, enum life_event event);

/* --- its stdout --- */

/* The stream is held while somebody holds the helper, and only as long as its lines are wanted. */
static void
hold_stream(struct helper *h)
{
	bool want = h->tongue->held(h) && h->tongue->listens(h);

	if (want == h->held)
		return;
	h->held = want;
	level_set(&h->reading, h->reading.items, h->reading.bytes, want, loop_now(h->loop));
	if (want)
		stream_hold(&h->stream);
	else
		stream_release(&h->stream);
}

void
helper_fault(struct helper *h)
{
	take_step(h, LIFE_FAULT);
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
 * what they announce and withdraw again is not sent. But where each costs much, as with a thousand
 * neighbors, others have to wait no longer than TOGETHER. */
static size_t
helper_bytes(struct stream *s, struct slice in)
{
	struct helper *h = owner_of(s, struct helper, stream);
	uint64_t lives = h->lives;
	struct slice rest = in;
	struct frame message;
	usec end = loop_clock() + TOGETHER;
	unsigned messages = 0;

	while (h->tongue->listens(h) && !h->tongue->held(h)) {
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
		if (++messages % LOOK != 0 || loop_clock() < end)
			continue;
		stream_yield(s);
		break;
	}
	if (s->loop == NULL || h->lives != lives)
		return 0;
	note_waiting(h, rest);
	return h->tongue->listens(h) ? in.len - rest.len : in.len;
}

static void
helper_ended(struct stream *s, int error, struct slice rest)
{
	struct helper *h = owner_of(s, struct helper, stream);

	(void)error;
	h->tongue->closed(h, rest.len > 0);
	take_step(h, LIFE_CLOSED);
}

static const struct stream_hooks stream_hooks = {
	.bytes = helper_bytes,
	.ended = helper_ended,
	.drained = feed_drained,
	.broken = feed_broken,
};

/* --- death --- */

static void
obituary(const struct helper *h, pid_t pid, int status)
{
	enum log_level level = h->state >= LIFE_LAST ? LOG_INFO : LOG_WARN;
	long lived = (long)((loop_now(h->loop) - h->born) / USEC_SECOND);

	if (WIFSIGNALED(status))
		log_say(level, LOG_PROCESSES, "helper %s died pid=%d signal=%d lived=%lds",
		    h->conf->name, (int)pid, WTERMSIG(status), lived);
	else
		log_say(level, LOG_PROCESSES, "helper %s ended pid=%d status=%d lived=%lds",
		    h->conf->name, (int)pid, WEXITSTATUS(status), lived);
}

void
helper_died(struct child *c, int status)
{
	struct helper *h = owner_of(c, struct helper, child);

	obituary(h, h->pid, status);
	h->pid = 0;
	take_step(h, LIFE_DIED);
}

/* --- what the table asks for --- */

static void
helper_due(struct timer *t)
{
	struct helper *h = owner_of(t, struct helper, timer);

	/* we don't read what it said last, or still do it: that is no reason to lose it */
	if (h->state == LIFE_DRAINING && h->held && (h->holds > 0 || stream_waiting(&h->stream))) {
		timer_start(t, h->loop, loop_now(h->loop) + DRAIN_WAIT, helper_due, "helper");
		return;
	}
	take_step(h, LIFE_TIMER);
}

static void
wait_for(struct helper *h, usec delay)
{
	timer_start(&h->timer, h->loop, loop_now(h->loop) + delay, helper_due, "helper");
}

void
helper_stream_start(struct helper *h, int read_fd, int write_fd, size_t most)
{
	stream_start(&h->stream, h->loop, read_fd, write_fd, &stream_hooks, "helper");
	h->stream.low = 1;
	h->stream.share = HELPER_SHARE;
	h->stream.input_limit = most + 128 * 1024;
}

/* As the configuration of this life says. */
static void
choose_tongue(struct helper *h)
{
	bool frames = h->conf->protocol == HELPER_FRAMES;

	h->tongue = frames ? &tongue_frames : &tongue_lines;
	if (frames && h->framed == NULL)
		h->framed = framed_new(h);
}

static void
do_spawn(struct helper *h)
{
	choose_tongue(h);
	h->error = helper_spawn(h);
	take_step(h, h->error == 0 ? LIFE_SPAWNED : LIFE_FAILED);
}

static void
do_release(struct helper *h)
{
	feed_reset(h); /* which counts what the stream has not written */
	h->tongue->end(h);
	stream_close(&h->stream);
	h->held = false;
	level_set(&h->reading, 0, 0, false, loop_now(h->loop));
	h->closing = false;
}

static void
do_judge(struct helper *h)
{
	if (!h->limits.respawn || !h->conf->respawn) {
		log_say(LOG_WARN, LOG_PROCESSES, "helper %s is not started again", h->conf->name);
		take_step(h, LIFE_ENOUGH);
		return;
	}
	h->delay = life_delay(&h->tally, loop_now(h->loop), loop_now(h->loop) - h->born, h->unborn,
	    h->limits.respawns, h->limits.respawn_window);
	if (h->delay > 0 && h->limits.final) {
		log_say(LOG_ERROR, LOG_PROCESSES, "helper %s ended too often", h->conf->name);
		history_log(h);
		take_step(h, LIFE_ENOUGH);
		return;
	}
	if (h->delay > 0) {
		log_say(LOG_ERROR, LOG_PROCESSES, "helper %s is started again in %d s",
		    h->conf->name, (int)(h->delay / USEC_SECOND));
		history_log(h);
	}
	take_step(h, LIFE_RETRY);
}

static void
do_last(struct helper *h)
{
	wait_for(h, h->tongue->last(h));
}

static void
do_term(struct helper *h)
{
	feed_finish(h);
	child_signal(&h->child, SIGTERM);
	wait_for(h, TERM_WAIT);
}

/* Each may call out and so change the state: what follows is still what this step asked for, but
 * for a helper that is freed. */
static void
carry_out(struct helper *h, unsigned todo)
{
	if (todo & DO_LAST)
		do_last(h);
	if (todo & DO_TERM)
		do_term(h);
	if (todo & DO_KILL)
		child_signal(&h->child, SIGKILL);
	if (todo & DO_DEADLINE)
		wait_for(h, DRAIN_WAIT);
	if (todo & DO_ARM_RETRY)
		wait_for(h, h->delay);
	hold_stream(h);
	if (todo & DO_RELEASE)
		do_release(h);
	if ((todo & DO_SPAWN) && !h->freed)
		do_spawn(h);
	else if ((todo & DO_JUDGE) && !h->freed)
		do_judge(h);
	else if ((todo & DO_TELL) && !h->freed && h->hooks->changed != NULL)
		h->hooks->changed(h, helper_state_of(h));
}

static void
take_step(struct helper *h, enum life_event event)
{
	struct life_step step = life_step(h->state, event);

	history_add(h, event, step.next);
	if (step.next != h->state)
		timer_stop(&h->timer);
	h->state = step.next;
	if (h->state == LIFE_OFF || h->state == LIFE_GONE)
		channel_empty(&h->channel, loop_now(h->loop));
	if (h->state == LIFE_GONE)
		h->tongue->final(h);
	carry_out(h, step.todo);
}

/* --- life of the thing itself --- */

struct helper *
helper_new(struct loop *l, const struct helper_conf *conf, const struct helper_limits *limits,
    const struct helper_hooks *hooks, void *owner)
{
	struct helper *h = mem_zero(1, sizeof(*h));

	h->loop = l;
	h->conf = conf;
	h->limits = *limits;
	h->hooks = hooks;
	h->owner = owner;
	h->state = LIFE_OFF;
	channel_init(&h->channel, conf);
	choose_tongue(h);
	h->stream.read_fd = h->stream.write_fd = -1;
	if (h->limits.line_max == 0)
		h->limits.line_max = LINE_MAX_DEFAULT;
	if (h->limits.respawns == 0)
		h->limits.respawns = STARTS_DEFAULT;
	if (h->limits.respawn_window == 0)
		h->limits.respawn_window = WINDOW_DEFAULT;
	return h;
}

static void
helper_gone(struct grave *g)
{
	struct helper *h = owner_of(g, struct helper, grave);

	framed_free(h->framed);
	level_done(&h->reading);
	mem_free(h);
}

void
helper_free(struct helper *h)
{
	if (h == NULL || h->freed)
		return;
	h->freed = true;
	child_signal(&h->child, SIGKILL);
	child_stop(&h->child);
	stream_close(&h->stream);
	timer_stop(&h->timer);
	timer_stop(&h->stall);
	timer_stop(&h->block);
	if (h->framed != NULL)
		framed_stop(h->framed);
	flush_stop(&h->feed);
	channel_done(&h->channel);
	loop_bury(&h->grave, h->loop, helper_gone);
}

int
helper_start(struct helper *h)
{
	switch (helper_state_of(h)) {
	case HELPER_RUNNING:
	case HELPER_MUTE: return -EALREADY;
	case HELPER_DRAINING:
	case HELPER_STOPPING: return -EBUSY;
	case HELPER_OFF:
	case HELPER_WAITING:
	case HELPER_GONE: break;
	}
	h->error = 0;
	take_step(h, LIFE_START);
	return h->error;
}

void
helper_stop(struct helper *h, struct slice last)
{
	if (last.len > 0 && feed_takes(h)) {
		struct blob *b = blob_new(last);

		(void)helper_tell(h, b, true); /* counted when it is lost */
		blob_drop(b);
	}
	take_step(h, LIFE_STOP);
}

void
helper_reconfigure(struct helper *h, const struct helper_conf *conf)
{
	h->conf = conf;
}

/* --- toward its stdin --- */

void
helper_answer(struct helper *h, struct slice lines)
{
	h->tongue->answer(h, lines);
}

void
helper_explain(struct helper *h, struct slice line)
{
	h->tongue->explain(h, line);
}

void
helper_ack(struct helper *h, bool done)
{
	h->tongue->ack(h, done);
}

void
helper_set_acks(struct helper *h, bool on)
{
	h->acks = on || h->tongue->acks_always;
}

void
helper_hold(struct helper *h)
{
	h->holds++;
	hold_stream(h);
}

void
helper_release(struct helper *h)
{
	MUST(h->holds > 0);
	h->holds--;
	hold_stream(h);
	if (h->holds == 0)
		h->tongue->freed(h);
}
