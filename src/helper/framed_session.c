/* A session in frames: what its table says is carried out here. */
#include "framed.h"

#include "base/log.h"

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
	framed_await_ready(f);
}

static void
be_ready(struct framed *f, const struct hf_frame *frame)
{
	if (frame->proto != HF_PROTO) {
		framed_step(f, HF_ON_BAD, NULL, "it speaks another version of the protocol");
		return;
	}
	f->hears = frame->hears;
	f->tlv = frame->tlv;
	f->inflight = frame->number < FRAMED_EXECS ? frame->number : FRAMED_EXECS;
	hf_say_restore(&f->said, &f->kept);
	if (f->said.len > 0)
		framed_say(f);
	framed_watch_heart(f, frame->second);
	execs_begin(f);
	feed_later(f->helper);
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
	commands_refuse(f);
	f->end_due = true;
	feed_later(f->helper);
}

void
framed_end_session(struct framed *f)
{
	raw_stop(&f->raw);
	timer_stop(&f->clock);
	commands_end(f);
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
	if (framed_writes(f))
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
	case HF_DO_COMMAND: commands_take(f, frame); return;
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
	case HF_DO_END: framed_end_session(f); return;
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
