/* A helper that speaks frames: the tongue, and its life. */
#include "framed.h"

#include "base/log.h"
#include "base/mem.h"

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
framed_jammed(struct helper *h)
{
	framed_step(h->framed, HF_ON_JAM, NULL, "it does not read");
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

static usec
framed_last(struct helper *h)
{
	framed_step(h->framed, HF_ON_STOP, NULL, NULL);
	return FRAMED_STOP_WAIT;
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
	framed_end_session(f);
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
	.queues = true,
	.control = framed_control,
	.refused = framed_refused,
	.torn = framed_torn,
	.events = framed_events,
	.reads_all = true,
	.event = framed_event,
};
