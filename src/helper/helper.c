/* One helper program: what its life's table says is carried out here. */
#include "helper/helper.h"

#include "framed.h"

#include "base/log.h"
#include "base/mem.h"
#include "base/must.h"
#include "base/num.h"

#include <errno.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#define LINE_MAX_DEFAULT ((size_t)1024 * 1024)
#define STARTS_DEFAULT   5
#define WINDOW_DEFAULT   (64 * USEC_SECOND)
#define TERM_WAIT        (2 * USEC_SECOND) /* between SIGTERM and SIGKILL */
#define DRAIN_WAIT       (2 * USEC_SECOND) /* for a stdout that somebody keeps open */

static void take_step(struct helper *h, enum life_event event);

/* --- what the environment of a helper is --- */

/* Ours, but TERM: no helper should think that it is on a terminal. And more, each with its end
 * mark. */
static const char **
environment(const struct text *more)
{
	size_t n = 0;
	size_t k = 0;
	const char **to;

	while (environ[n] != NULL)
		n++;
	for (size_t i = 0; i < more->len; i++)
		n += more->at[i] == '\0';
	to = mem_get((n + 2) * sizeof(*to));
	for (size_t i = 0; environ[i] != NULL; i++)
		if (strncmp(environ[i], "TERM=", 5) != 0)
			to[k++] = environ[i];
	for (size_t i = 0; i < more->len; i += strlen(more->at + i) + 1)
		to[k++] = more->at + i;
	to[k++] = "TERM=dumb";
	to[k] = NULL;
	return to;
}

/* --- its stdout --- */

/* The stream is held while somebody holds the helper, and only as long as its lines are wanted. */
static void
hold_stream(struct helper *h)
{
	bool want = h->tongue->held(h) && h->tongue->listens(h);

	if (want == h->held)
		return;
	h->held = want;
	level_set(&h->reading, 0, 0, want, loop_now(h->loop));
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

/* All whole messages: commands that came in one write are carried out before anybody is flushed. */
static size_t
helper_bytes(struct stream *s, struct slice in)
{
	struct helper *h = owner_of(s, struct helper, stream);
	uint64_t lives = h->lives;
	struct slice rest = in;
	struct frame message;

	while (h->tongue->listens(h) && !h->tongue->held(h)) {
		enum frame_status status = frame_next(&h->framer, rest, &message);

		if (status == FRAME_MORE)
			return in.len - rest.len;
		if (status == FRAME_BAD) {
			h->tongue->bad(h);
			break;
		}
		rest = slice_after(rest, message.used);
		h->tongue->heard(h, message.body);
		if (h->freed || h->lives != lives || s->loop == NULL)
			return 0;
	}
	if (s->loop == NULL || h->lives != lives)
		return 0;
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

static void
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

	/* we don't read what it said last: that is no reason to lose it */
	if (h->state == LIFE_DRAINING && h->held && stream_waiting(&h->stream)) {
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

static void
begin_life(struct helper *h, const struct child_pipes *pipes)
{
	h->lives++;
	h->pid = h->child.pid;
	h->deaf = h->closing = false;
	h->acks = h->conf->ack || h->tongue->acks_always;
	channel_begin(&h->channel, h->conf, loop_now(h->loop));
	h->tongue->begin(h, pipes);
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

/* The arguments of exec are not const for history only. */
static const char *const *
words_of(char **argv)
{
	union {
		char **from;
		const char *const *to;
	} u = { argv };

	return u.to;
}

static void
do_spawn(struct helper *h)
{
	const struct helper_conf *conf = h->conf;
	struct text more = { 0 };
	const char **environ_copy;
	struct child_plan plan = {
		.program = conf->program != NULL ? conf->program : conf->argv[0],
		.argv = words_of(conf->argv),
	};
	struct child_pipes pipes;

	choose_tongue(h);
	h->tongue->plan(h, &plan, &more);
	environ_copy = environment(&more);
	plan.environ = environ_copy;
	h->error = child_start(&h->child, &plan, helper_died, &pipes);
	mem_free(environ_copy);
	text_free(&more);
	h->born = loop_now(h->loop);
	h->unborn = h->error != 0;
	if (h->unborn) {
		log_say(LOG_ERROR, LOG_PROCESSES, "helper %s can not be started program=%s: %s",
		    conf->name, plan.program, strerror(-h->error));
		take_step(h, LIFE_FAILED);
		return;
	}
	begin_life(h, &pipes);
	log_say(LOG_INFO, LOG_PROCESSES, "helper %s started pid=%d", conf->name, (int)h->pid);
	take_step(h, LIFE_SPAWNED);
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
remember(struct helper *h, enum life_event event, enum life_state next)
{
	h->steps[h->step_count++ % HELPER_STEPS] = (struct lived){
		.at = loop_now(h->loop),
		.state = h->state,
		.event = event,
		.next = next,
	};
}

void
helper_history(const struct helper *h, struct text *to)
{
	size_t first = h->step_count > HELPER_STEPS ? h->step_count - HELPER_STEPS : 0;

	for (size_t i = first; i < h->step_count; i++) {
		const struct lived *s = &h->steps[i % HELPER_STEPS];
		usec ago = loop_now(h->loop) - s->at;

		text_format(to, "ago=%lld.%03llds state=%s event=%s next=%s\n",
		    (long long)(ago / USEC_SECOND), (long long)(ago % USEC_SECOND / USEC_MSEC),
		    life_state_name(s->state), life_event_name(s->event), life_state_name(s->next));
	}
}

static void
log_history(const struct helper *h)
{
	struct text history = { 0 };
	struct slice rest;
	struct slice line;

	helper_history(h, &history);
	for (rest = text_view(&history); word_cut(rest, '\n', &line, &rest);)
		log_say(LOG_WARN, LOG_PROCESSES, "helper %s step %.*s", h->conf->name,
		    (int)line.len, (const char *)line.at); /* a line is short */
	text_free(&history);
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
		log_history(h);
		take_step(h, LIFE_ENOUGH);
		return;
	}
	if (h->delay > 0) {
		log_say(LOG_ERROR, LOG_PROCESSES, "helper %s is started again in %d s",
		    h->conf->name, (int)(h->delay / USEC_SECOND));
		log_history(h);
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

	remember(h, event, step.next);
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

bool
helper_hears(const struct helper *h, unsigned news)
{
	return h->framed == NULL || (h->framed->hears & news) != 0;
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

/* --- what it is --- */

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

const struct helper_conf *
helper_conf(const struct helper *h)
{
	return h->conf;
}

void
helper_reconfigure(struct helper *h, const struct helper_conf *conf)
{
	h->conf = conf;
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

void
helper_set_acks(struct helper *h, bool on)
{
	h->acks = on || h->tongue->acks_always;
}
