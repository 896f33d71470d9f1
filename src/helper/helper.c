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
	helper_step(h, LIFE_DIED);
}

static void
helper_due(struct timer *t)
{
	struct helper *h = owner_of(t, struct helper, timer);

	/* we don't read what it said last, or still do it: that is no reason to lose it */
	if (h->state == LIFE_DRAINING && h->held && (h->holds > 0 || stream_waiting(&h->stream))) {
		timer_start(t, h->loop, loop_now(h->loop) + DRAIN_WAIT, helper_due, "helper");
		return;
	}
	helper_step(h, LIFE_TIMER);
}

static void
wait_for(struct helper *h, usec delay)
{
	timer_start(&h->timer, h->loop, loop_now(h->loop) + delay, helper_due, "helper");
}

/* As the configuration of this life says. */
static void
choose_tongue(struct helper *h)
{
	bool frames = h->conf->protocol == HELPER_FRAMES;
	const struct tongue *before = h->tongue;

	h->tongue = frames ? &tongue_frames : &tongue_lines;
	if (frames && h->framed == NULL)
		h->framed = framed_new(h);
	if (before == NULL || before == h->tongue)
		return;
	channel_empty(&h->channel, loop_now(h->loop)); /* it would not understand them */
	marks_look(h);
}

static void
do_spawn(struct helper *h)
{
	choose_tongue(h);
	h->error = helper_spawn(h);
	helper_step(h, h->error == 0 ? LIFE_SPAWNED : LIFE_FAILED);
}

static void
do_release(struct helper *h)
{
	hear_unfinished(h, false);
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
	bool own = h->conf->respawns != 0;

	if (!h->limits.respawn || !h->conf->respawn) {
		log_say(LOG_WARN, LOG_PROCESSES, "helper %s is not started again", h->conf->name);
		helper_step(h, LIFE_ENOUGH);
		return;
	}
	h->delay = life_delay(&h->tally, loop_now(h->loop), loop_now(h->loop) - h->born, h->unborn,
	    own ? h->conf->respawns : h->limits.respawns,
	    own ? h->conf->respawn_window : h->limits.respawn_window);
	if (h->delay > 0 && h->limits.final) {
		log_say(LOG_ERROR, LOG_PROCESSES, "helper %s ended too often", h->conf->name);
		history_log(h);
		helper_step(h, LIFE_ENOUGH);
		return;
	}
	if (h->delay > 0) {
		log_say(LOG_ERROR, LOG_PROCESSES, "helper %s is started again in %d s",
		    h->conf->name, (int)(h->delay / USEC_SECOND));
		history_log(h);
	}
	helper_step(h, LIFE_RETRY);
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
	if (todo & DO_DEADLINE) {
		wait_for(h, DRAIN_WAIT);
		marks_look(h); /* it will not read what it was answered */
	}
	if (todo & DO_ARM_RETRY)
		wait_for(h, h->delay);
	hear_look(h);
	if (todo & DO_RELEASE)
		do_release(h);
	if ((todo & DO_SPAWN) && !h->freed)
		do_spawn(h);
	else if ((todo & DO_JUDGE) && !h->freed)
		do_judge(h);
	else if ((todo & DO_TELL) && !h->freed && h->hooks->changed != NULL)
		h->hooks->changed(h, helper_state_of(h));
}

void
helper_step(struct helper *h, enum life_event event)
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
	hear_unfinished(h, false);
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

void
helper_fault(struct helper *h)
{
	helper_step(h, LIFE_FAULT);
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
	helper_step(h, LIFE_START);
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
	helper_step(h, LIFE_STOP);
}

void
helper_reconfigure(struct helper *h, const struct helper_conf *conf)
{
	h->conf = conf;
}

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
	hear_look(h);
}

void
helper_release(struct helper *h)
{
	MUST(h->holds > 0);
	h->holds--;
	hear_look(h);
	if (h->holds == 0)
		h->tongue->freed(h);
}
