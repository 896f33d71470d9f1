/* A helper that speaks frames: what its session's table says is carried out here. */
#include "framed.h"

#include "base/log.h"
#include "base/mem.h"

#include <inttypes.h>

#define STOP_WAIT (2 * USEC_SECOND) /* between shutdown and SIGTERM */
#define MISSES    3                 /* heartbeats */
#define DEAF_WAIT USEC_SECOND       /* for the death of one that closed descriptor 3 */

struct command { /* that waits */
	struct list link;
	uint64_t id;
	struct text line;
};

/* --- to it --- */

static bool
writes(const struct helper *h)
{
	return h->stream.loop != NULL && h->stream.write_fd >= 0 && !h->deaf;
}

void
framed_say(struct framed *f)
{
	if (writes(f->helper)) {
		answers_put(&f->helper->channel.answers, blob_new(text_view(&f->said)));
		feed_later(f->helper);
	}
	text_clear(&f->said);
}

void
framed_say_first(struct framed *f)
{
	bool full = f->control.count >= FRAMED_CONTROL;

	if (writes(f->helper) && !full) {
		answers_put(&f->control, blob_new(text_view(&f->said)));
		feed_later(f->helper);
	}
	text_clear(&f->said);
	if (full)
		framed_step(f, HF_ON_JAM, NULL, "it does not read what it is told first");
}

void
framed_refuse(struct framed *f, uint64_t re, enum hf_code code, const char *why)
{
	hf_say_error(&f->said, re, code, SLICE(""), why, "");
	framed_say(f);
}

static struct blob *
framed_control(struct helper *h)
{
	struct framed *f = h->framed;
	struct blob *b = answers_give(&f->control, SIZE_MAX, 0);

	if (b != NULL || !f->end_due || f->end_said || h->channel.answers.count > 0 ||
	    (hf_speaks(f->state) && queue_depth(&h->channel.events) > 0))
		return b;
	f->end_said = true;
	hf_say_shutdown(&f->said, "shutdown", true, STOP_WAIT);
	b = blob_new(text_view(&f->said));
	text_clear(&f->said);
	return b;
}

static bool
framed_events(const struct helper *h)
{
	const struct framed *f = h->framed;

	return !f->paused && (hf_speaks(f->state) || f->state == HF_STOPPING) && !f->end_said;
}

/* A part of an answer is a frame, and so are its lines. */
static bool
framed_torn(const struct blob *b)
{
	(void)b;
	return false;
}

/* --- events --- */

static void
note_told(struct framed *f, uint64_t through)
{
	struct told *t = &f->piece;

	if (f->helper->piece == 0 && !f->helper->piece_gap) {
		t->before = f->told;
		t->count = 0;
	}
	if (t->count == t->size) {
		t->size = t->size == 0 ? 64 : 2 * t->size;
		t->at = mem_grow(t->at, t->size * sizeof(*t->at));
	}
	t->at[t->count++] = through;
	f->told = through;
}

static struct blob *
framed_event(struct helper *h, struct blob *b, uint64_t number, const struct helper_gap *gap)
{
	struct framed *f = h->framed;
	uint64_t through = b == NULL ? number : number - 1; /* what is lost, from told on */
	const char *by = helper_loss_word(gap->count > 0 ? gap->why : h->channel.why);
	struct blob *frames;

	if (b == NULL && number <= f->told)
		return NULL;
	if (through > f->told)
		hf_say_dropped(&f->said, through - f->told, f->told + 1, through, by);
	if (b != NULL)
		hf_say_event(&f->said, number, blob_slice(b));
	blob_drop(b);
	note_told(f, number);
	frames = blob_new(text_view(&f->said));
	text_clear(&f->said);
	return frames;
}

/* What was not written is told as lost, in the next life. */
static void
framed_unwritten(struct helper *h)
{
	struct framed *f = h->framed;
	const struct told *t = &f->piece;
	size_t left = (size_t)h->piece + h->piece_gap;

	if (left > 0)
		f->told = left < t->count ? t->at[t->count - left - 1] : t->before;
}

/* --- its commands --- */

static void
close_command(struct framed *f)
{
	f->now.open = false;
	text_clear(&f->now.why);
}

/* Behind the parts of the answer; what was not read in time is no result. */
static void
say_terminal(struct framed *f)
{
	struct blob *late;

	if (f->now.outs == 0) {
		framed_say(f);
		return;
	}
	late = blob_new(text_view(&f->said));
	text_clear(&f->said);
	hf_say_error(&f->said, f->now.id, HF_DRAIN_TIMEOUT, SLICE("answer"),
	    "the answer was not read in time", "");
	answers_put_until(&f->helper->channel.answers, late,
	    loop_now(f->helper->loop) + f->helper->conf->drain_timeout,
	    blob_new(text_view(&f->said)));
	text_clear(&f->said);
	feed_later(f->helper);
}

static void
finish_command(struct framed *f, bool done)
{
	struct slice why = text_view(&f->now.why);

	if (!writes(f->helper)) {
		close_command(f);
		return;
	}
	if (f->now.outs > 0) {
		hf_say_out(&f->said, f->now.id, f->now.outs, true, SLICE(""));
		framed_say(f);
	}
	if (done)
		hf_say_result(&f->said, f->now.id, "done", loop_clock() - f->now.since);
	else
		hf_say_error(&f->said, f->now.id, hf_code_of_refusal(why), SLICE("command"),
		    text_chars(&f->now.why), "help lists the commands");
	say_terminal(f);
	close_command(f);
}

static void
run_command(struct framed *f, uint64_t id, struct slice line)
{
	struct helper *h = f->helper;
	uint64_t lives = h->lives;

	f->now.id = id;
	f->now.outs = 0;
	f->now.since = loop_clock();
	f->now.open = true;
	h->lines++;
	h->hooks->line(h, line);
	if (h->freed || h->lives != lives)
		return;
	if (f->now.open && h->holds == 0)
		finish_command(f, true); /* one that is not acknowledged */
}

static void
drop_command(struct framed *f, struct command *c)
{
	list_cut(&c->link);
	f->waiting_count--;
	f->waiting_bytes -= c->line.len;
	text_free(&c->line);
	mem_free(c);
}

/* One a turn: each may hold it again, or end it. */
static void
next_command(struct again *a)
{
	struct framed *f = owner_of(a, struct framed, next);
	struct command *c;
	struct text line;
	uint64_t id;

	if (f->helper->holds > 0 || list_empty(&f->waiting))
		return;
	c = owner_of(f->waiting.next, struct command, link);
	id = c->id;
	line = c->line;
	c->line = (struct text){ .len = line.len };
	drop_command(f, c);
	if (!list_empty(&f->waiting))
		loop_again(&f->next, f->helper->loop, next_command, "helper-command");
	run_command(f, id, text_view(&line));
	text_free(&line);
}

static void
take_command(struct framed *f, const struct hf_frame *frame)
{
	struct command *c;

	if (memchr(frame->text.at, '\n', frame->text.len) != NULL) {
		framed_refuse(f, frame->id, HF_BAD_ARGS, "expected a command on one line");
		return;
	}
	if (f->helper->holds == 0 && list_empty(&f->waiting)) {
		run_command(f, frame->id, frame->text);
		return;
	}
	if (f->waiting_count == FRAMED_INFLIGHT || f->waiting_bytes >= FRAMED_WAITING) {
		framed_refuse(f, frame->id, HF_BUSY, "too many commands wait");
		return;
	}
	c = mem_zero(1, sizeof(*c));
	c->id = frame->id;
	text_slice(&c->line, frame->text);
	list_add(&f->waiting, &c->link);
	f->waiting_count++;
	f->waiting_bytes += c->line.len;
}

static void
framed_freed(struct helper *h)
{
	struct framed *f = h->framed;

	if (f->now.open)
		finish_command(f, true);
	loop_again(&f->next, h->loop, next_command, "helper-command");
}

static void
refuse_waiting(struct framed *f, bool say)
{
	list_each (link, &f->waiting) {
		struct command *c = owner_of(link, struct command, link);

		if (say)
			framed_refuse(f, c->id, HF_SHUTTING_DOWN, "the program ends");
		drop_command(f, c);
	}
}

/* --- its answers --- */

/* At most so much, and no character of UTF-8 is cut. */
static size_t
part_of(struct slice lines)
{
	size_t n = HF_OUT_MOST;

	if (lines.len <= n)
		return lines.len;
	while (n > HF_OUT_MOST - 4 && (lines.at[n] & 0xc0) == 0x80)
		n--;
	return n;
}

static void
framed_answer(struct helper *h, struct slice lines)
{
	struct framed *f = h->framed;

	while (lines.len > 0 && f->now.open && feed_answer(h)) {
		size_t n = part_of(lines);

		hf_say_out(&f->said, f->now.id, f->now.outs++, false, slice_of(lines.at, n));
		framed_say(f);
		lines = slice_after(lines, n);
	}
}

static void
framed_explain(struct helper *h, struct slice line)
{
	struct framed *f = h->framed;
	size_t word = slice_begins(line, "error: ") ? 7 : 0;

	if (line.len > 0 && line.at[line.len - 1] == '\n')
		line.len--;
	text_clear(&f->now.why);
	text_slice(&f->now.why, slice_after(line, word));
}

static void
framed_ack(struct helper *h, bool done)
{
	if (h->framed->now.open)
		finish_command(h->framed, done);
}

/* --- what it says --- */

static void
clock_due(struct timer *t)
{
	struct framed *f = owner_of(t, struct framed, clock);
	usec now = loop_now(f->helper->loop);
	usec over = f->alive + MISSES * f->heartbeat;

	if (f->helper->deaf) {
		framed_step(f, HF_ON_JAM, NULL, "it closed descriptor 3");
		return;
	}
	if (f->state == HF_HELLO_SENT) {
		framed_step(f, HF_ON_LATE, NULL, "it did not say ready in time");
		return;
	}
	if (f->helper->held)
		f->alive = now; /* it is not read: it may have said anything */
	else if (now >= over) {
		framed_step(f, HF_ON_SILENT, NULL, "its heartbeats are missing");
		return;
	}
	timer_start(
	    t, f->helper->loop, f->alive + MISSES * f->heartbeat, clock_due, "helper-clock");
}

static void
watch_heart(struct framed *f)
{
	if (f->heartbeat == 0)
		timer_stop(&f->clock);
	else
		timer_start(&f->clock, f->helper->loop, f->alive + MISSES * f->heartbeat, clock_due,
		    "helper-clock");
}

static void
say_hello(struct framed *f)
{
	struct helper *h = f->helper;
	struct hf_hello hello = {
		.server = "peerpipe",
		.version = "",
		.tlv = h->conf->raw,
		.frame = h->conf->frame_max,
		.queue = h->channel.events.rules.high_items,
		.inflight = FRAMED_INFLIGHT,
	};

	if (h->hooks->hello != NULL)
		h->hooks->hello(h, &hello);
	hf_say_hello(&f->said, &hello);
	framed_say_first(f);
	timer_start(&f->clock, h->loop, loop_now(h->loop) + h->conf->ready_timeout, clock_due,
	    "helper-clock");
}

static void
be_ready(struct framed *f, const struct hf_frame *frame)
{
	struct helper *h = f->helper;

	if (frame->proto != HF_PROTO) {
		framed_step(f, HF_ON_BAD, NULL, "it speaks another version of the protocol");
		return;
	}
	f->hears = frame->hears;
	f->tlv = frame->tlv;
	f->inflight = frame->number < FRAMED_EXECS ? frame->number : FRAMED_EXECS;
	f->heartbeat = h->conf->heartbeat;
	if (frame->second > 0 && frame->second <= 3600)
		f->heartbeat = (usec)frame->second * USEC_SECOND;
	hf_say_restore(&f->said, &f->kept);
	if (f->said.len > 0)
		framed_say(f);
	watch_heart(f);
	execs_begin(f);
	feed_later(h);
}

static void
keep(struct framed *f, const struct hf_frame *frame)
{
	if (frame->number > HF_KEPT_MOST) {
		framed_refuse(f, frame->id, HF_BAD_ARGS, "expected at most 1048576 bytes");
	} else if (!hf_kept_put(&f->kept, frame->more, frame->text)) {
		framed_refuse(f, frame->id, HF_OVERFLOW, "there is no room for more keys or bytes");
	} else {
		hf_say_result(&f->said, frame->id, "kept", 0);
		framed_say(f);
	}
}

static void
shut_down(struct framed *f)
{
	asks_end(f, true);
	refuse_waiting(f, true);
	f->end_due = true;
	feed_later(f->helper);
}

static void
end_session(struct framed *f)
{
	raw_stop(&f->raw);
	timer_stop(&f->clock);
	again_stop(&f->next);
	refuse_waiting(f, false);
	close_command(f);
	asks_end(f, false);
	execs_end(f);
	answers_clear(&f->control);
}

static void
unknown_type(struct framed *f, const struct hf_frame *frame)
{
	hf_say_error(&f->said, frame->id, HF_UNKNOWN_TYPE, frame->word, "no such frame is known",
	    "it is ignored");
	framed_say_first(f);
}

/* It hears why, if it reads: the pipe has room mostly. */
static void
break_off(struct framed *f, const char *why)
{
	log_say(LOG_ERROR, LOG_PROCESSES, "helper %s breaks the rules: %s, killed",
	    f->helper->conf->name, why);
	hf_say_error(&f->said, 0, HF_PROTOCOL, SLICE(""), why, "");
	if (writes(f->helper))
		feed_last_word(f->helper, text_view(&f->said));
	text_clear(&f->said);
	helper_fault(f->helper);
}

static void
act(struct framed *f, enum hf_act what, const struct hf_frame *frame, const char *why)
{
	switch (what) {
	case HF_NOTHING: return;
	case HF_DO_HELLO: say_hello(f); return;
	case HF_DO_BEGIN: be_ready(f, frame); return;
	case HF_DO_COMMAND: take_command(f, frame); return;
	case HF_DO_REFUSE:
		framed_refuse(f, frame->id, HF_SHUTTING_DOWN, "the program ends");
		return;
	case HF_DO_OUT: execs_out(f, frame); return;
	case HF_DO_TERMINAL: execs_terminal(f, frame); return;
	case HF_DO_ASK: asks_take(f, frame); return;
	case HF_DO_PAUSE: f->paused = true; return;
	case HF_DO_RESUME:
		f->paused = false;
		feed_later(f->helper);
		return;
	case HF_DO_KEEP: keep(f, frame); return;
	case HF_DO_BYE: f->goodbye = true; return;
	case HF_DO_UNKNOWN: unknown_type(f, frame); return;
	case HF_DO_SHUTDOWN: shut_down(f); return;
	case HF_DO_END: end_session(f); return;
	case HF_DO_BREAK: break_off(f, why == NULL ? "a frame that may not come now" : why); return;
	case HF_DO_KILL:
		log_say(LOG_ERROR, LOG_PROCESSES, "helper %s is stuck: %s, killed",
		    f->helper->conf->name, why);
		helper_fault(f->helper);
		return;
	}
}

void
framed_step(struct framed *f, unsigned event, const struct hf_frame *frame, const char *why)
{
	struct hf_step step = hf_step(f->state, event);

	if (step.next != f->state)
		log_say(LOG_DEBUG, LOG_PROCESSES, "helper %s old=%s new=%s why=%s",
		    f->helper->conf->name, hf_state_name(f->state), hf_state_name(step.next),
		    hf_event_name(event));
	f->state = step.next;
	act(f, step.act, frame, why);
}

static void
framed_heard(struct helper *h, struct slice body)
{
	struct framed *f = h->framed;
	struct text why = { 0 };
	struct hf_frame frame;

	f->alive = loop_now(h->loop);
	if (!hf_read(body, &f->arena, &frame, &why))
		framed_step(f, HF_ON_BAD, NULL, text_chars(&why));
	else if (frame.id != 0 && !hf_id_follows(&f->newest, frame.id))
		framed_step(f, HF_ON_BAD, NULL, "an id that does not ascend");
	else
		framed_step(f, frame.type, &frame, NULL);
	text_free(&why);
	arena_reset(&f->arena);
}

static void
framed_bad(struct helper *h)
{
	framed_step(h->framed, HF_ON_BAD, NULL, "a frame over its limit");
}

static void
framed_closed(struct helper *h, bool inside)
{
	struct framed *f = h->framed;

	if (inside)
		framed_step(f, HF_ON_BAD, NULL, "it ended inside of a frame");
	else if (!f->goodbye)
		log_say(LOG_WARN, LOG_PROCESSES, "helper %s closed its frames without bye",
		    h->conf->name);
}

static void
framed_deaf(struct helper *h)
{
	timer_start(&h->framed->clock, h->loop, loop_now(h->loop) + DEAF_WAIT, clock_due,
	    "helper-clock"); /* mostly it is dead, and what it said last is still to be read */
}

static void
framed_jammed(struct helper *h)
{
	framed_step(h->framed, HF_ON_JAM, NULL, "it does not read");
}

/* --- its life --- */

static void
framed_plan(const struct helper *h, struct child_plan *plan, struct text *words)
{
	plan->lanes = h->conf->raw ? 2 : 1;
	text_format(words, "PEERPIPE_HELPER_FDS=%s", h->conf->raw ? "3,4,5,6" : "3,4");
	text_char(words, '\0');
	text_string(words, "PEERPIPE_HELPER_PROTO=HF/1");
	text_char(words, '\0');
	text_format(words, "PEERPIPE_HELPER_NAME=%s", h->conf->name);
	text_char(words, '\0');
}

static void
framed_begin(struct helper *h, const struct child_pipes *pipes)
{
	struct framed *f = h->framed;
	struct says *says = f->says[h->lives % 2];

	for (int i = 0; i < 2; i++) {
		says_stop(&says[i]); /* of the life before the last */
		says_start(&says[i], h->loop, i == 0 ? pipes->from_stdout : pipes->from_stderr,
		    h->conf->name, i == 0 ? "stdout" : "stderr");
	}
	h->framer = frame_prefixed(h->conf->frame_max);
	helper_stream_start(h, pipes->from_lane[0], pipes->to_lane[0], h->conf->frame_max);
	if (h->conf->raw)
		raw_start(&f->raw, h->loop, h->conf, pipes->from_lane[1], pipes->to_lane[1]);
	f->newest = 0;
	f->tlv = false;
	f->hears = HF_NEWS_ALL;
	f->inflight = 0;
	f->paused = f->goodbye = f->end_due = f->end_said = false;
	f->alive = loop_now(h->loop);
	framed_step(f, HF_ON_SPAWN, NULL, NULL);
	framed_step(f, HF_ON_HELLO, NULL, NULL);
}

static void
framed_end(struct helper *h)
{
	framed_step(h->framed, HF_ON_EXIT, NULL, NULL);
}

static void
framed_final(struct helper *h)
{
	framed_step(h->framed, HF_ON_GIVE_UP, NULL, NULL);
}

static bool
framed_listens(const struct helper *h)
{
	return life_listens(h->state) || h->state == LIFE_LAST;
}

/* Only who does not read his answers is not read: commands wait without that. */
static bool
framed_held(const struct helper *h)
{
	return h->waits;
}

static usec
framed_last(struct helper *h)
{
	framed_step(h->framed, HF_ON_STOP, NULL, NULL);
	return STOP_WAIT;
}

struct framed *
framed_new(struct helper *h)
{
	struct framed *f = mem_zero(1, sizeof(*f));

	f->helper = h;
	f->state = HF_EXITED;
	f->hears = HF_NEWS_ALL;
	list_init(&f->waiting);
	list_init(&f->asks);
	hf_pending_init(&f->pending);
	raw_init(&f->raw);
	for (int i = 0; i < 4; i++)
		f->says[i / 2][i % 2].stream.read_fd = f->says[i / 2][i % 2].stream.write_fd = -1;
	return f;
}

void
framed_stop(struct framed *f)
{
	end_session(f);
	timer_stop(&f->due);
	for (int i = 0; i < 4; i++)
		says_stop(&f->says[i / 2][i % 2]);
}

void
framed_free(struct framed *f)
{
	if (f == NULL)
		return;
	raw_done(&f->raw);
	answers_done(&f->control);
	hf_kept_free(&f->kept);
	arena_free(&f->arena);
	text_free(&f->said);
	text_free(&f->now.why);
	mem_free(f->piece.at);
	mem_free(f);
}

const struct tongue tongue_frames = {
	.plan = framed_plan,
	.begin = framed_begin,
	.unwritten = framed_unwritten,
	.end = framed_end,
	.final = framed_final,
	.listens = framed_listens,
	.held = framed_held,
	.heard = framed_heard,
	.bad = framed_bad,
	.closed = framed_closed,
	.freed = framed_freed,
	.deaf = framed_deaf,
	.jammed = framed_jammed,
	.last = framed_last,
	.answer = framed_answer,
	.explain = framed_explain,
	.ack = framed_ack,
	.acks_always = true,
	.control = framed_control,
	.torn = framed_torn,
	.events = framed_events,
	.reads_all = true,
	.event = framed_event,
};
