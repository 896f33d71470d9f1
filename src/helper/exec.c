/* Work that is asked of a helper which speaks frames: each has one end, whoever is the first. */
#include "framed.h"

#include "base/log.h"

#include <errno.h>

#define INTERRUPT_WAIT (100 * USEC_MSEC) /* then it is killed */

static void
forget(struct helper_exec *x)
{
	x->helper = NULL;
	x->request = NULL;
	text_free(&x->kind);
	text_free(&x->peer);
	text_free(&x->body);
}

/* The request is out of the table, or nobody waits for it, before anybody is told. */
static void
tell_over(struct helper_exec *x, const char *code, struct slice what)
{
	forget(x);
	x->over(x, code, what);
}

static void
note_work(struct framed *f)
{
	if (f->pending.sent > 0 && f->state == HF_OPEN)
		framed_step(f, HF_ON_WORK, NULL, NULL);
	if (f->pending.sent == 0 && f->state == HF_WORKING)
		framed_step(f, HF_ON_IDLE, NULL, NULL);
}

/* As many as it takes at once. */
static void
send_more(struct framed *f)
{
	struct hf_request *r;

	while (hf_speaks(f->state) && (r = hf_pending_next(&f->pending, f->inflight)) != NULL) {
		struct helper_exec *x = r->owner;

		hf_say_exec(&f->said, r->id, text_view(&x->kind), text_view(&x->peer),
		    text_view(&x->body), r->due - loop_now(f->helper->loop));
		framed_say_first(f);
	}
	note_work(f);
	framed_watch(f);
}

void
execs_begin(struct framed *f)
{
	send_more(f);
}

static void
cancel(struct framed *f, struct hf_request *r)
{
	r->phase = HF_CANCELLING;
	r->due = loop_now(f->helper->loop) + f->helper->conf->grace;
	hf_say_cancel(&f->said, r->id, f->helper->conf->grace);
	framed_say_first(f);
}

static void
time_out(struct framed *f, struct hf_request *r)
{
	struct helper_exec *x = r->owner;
	struct text what = { 0 };

	f->pending.timeouts++;
	text_format(&what, "id=%llu kind=%s elapsed=%lldms", (unsigned long long)r->id,
	    text_chars(&x->kind),
	    (long long)((loop_now(f->helper->loop) - r->started) / USEC_MSEC));
	r->owner = NULL;
	if (r->phase == HF_QUEUED)
		hf_pending_close(&f->pending, r);
	else
		cancel(f, r);
	tell_over(x, hf_code_word(HF_TIMEOUT), text_view(&what));
	text_free(&what);
}

static void
run_over(struct framed *f, struct hf_request *r)
{
	switch (r->phase) {
	case HF_QUEUED:
	case HF_SENT: time_out(f, r); return;
	case HF_CANCELLING:
		r->phase = HF_INTERRUPTING;
		r->due = loop_now(f->helper->loop) + INTERRUPT_WAIT;
		hf_say_interrupt(&f->said, r->id, true);
		framed_say_first(f);
		return;
	case HF_INTERRUPTING:
		r->due = USEC_NEVER;
		framed_step(f, HF_ON_JAM, NULL, "it can not be interrupted");
		return;
	}
}

static void
due(struct timer *t)
{
	struct framed *f = owner_of(t, struct framed, due);
	usec now = loop_now(f->helper->loop);
	struct hf_request *r = hf_pending_over(&f->pending, now);

	asks_expire(f, now);
	if (r != NULL)
		run_over(f, r);
	if (!f->helper->freed)
		send_more(f);
}

void
framed_watch(struct framed *f)
{
	usec first = hf_pending_due(&f->pending);
	usec ask = asks_due(f);

	first = ask < first ? ask : first;
	if (first == USEC_NEVER || f->helper->freed)
		timer_stop(&f->due);
	else
		timer_start(&f->due, f->helper->loop, first, due, "helper-exec");
}

void
execs_out(struct framed *f, const struct hf_frame *frame)
{
	struct hf_request *r = NULL;
	struct helper_exec *x;

	switch (hf_pending_match(&f->pending, frame->re, false, &r)) {
	case HF_NEVER: framed_step(f, HF_ON_BAD, NULL, "an answer to what was never asked"); return;
	case HF_LATE: return;
	case HF_FOUND: break;
	}
	if (frame->number != r->next_out) {
		framed_step(f, HF_ON_BAD, NULL, "a part of an answer out of order");
		return;
	}
	r->next_out++;
	x = r->owner;
	if (frame->text.len > 0)
		x->part(x, frame->text);
}

static void
tell_terminal(struct helper_exec *x, const struct hf_frame *frame)
{
	struct text value = { 0 };
	struct text code = { 0 };

	if (frame->type == HF_ERROR) {
		text_slice(&code, frame->text);
		tell_over(x, text_chars(&code), frame->more);
	} else {
		if (frame->value != NULL)
			hf_print_json(&value, frame->value);
		tell_over(x, NULL, frame->value == NULL ? SLICE("null") : text_view(&value));
	}
	text_free(&value);
	text_free(&code);
}

void
execs_terminal(struct framed *f, const struct hf_frame *frame)
{
	struct hf_request *r = NULL;
	struct helper_exec *x;

	if (frame->re == 0) { /* a notice */
		log_say(LOG_WARN, LOG_PROCESSES, "helper %s tells of an error code=%.*s",
		    f->helper->conf->name, (int)(frame->text.len & 0xff),
		    (const char *)frame->text.at);
		return;
	}
	switch (hf_pending_match(&f->pending, frame->re, true, &r)) {
	case HF_NEVER: framed_step(f, HF_ON_BAD, NULL, "an answer to what was never asked"); return;
	case HF_LATE: break;
	case HF_FOUND:
		x = r->owner;
		hf_pending_close(&f->pending, r);
		tell_terminal(x, frame);
		break;
	}
	if (!f->helper->freed)
		send_more(f);
}

void
execs_end(struct framed *f)
{
	while (!list_empty(&f->pending.open)) {
		struct hf_request *r = owner_of(f->pending.open.next, struct hf_request, link);
		struct helper_exec *x = r->owner;

		hf_pending_close(&f->pending, r);
		if (x != NULL)
			tell_over(x, hf_code_word(HF_INTERNAL), SLICE("the helper ended"));
	}
	framed_watch(f);
}

int
helper_exec_start(struct helper *h, struct helper_exec *x, struct slice kind, struct slice peer,
    struct slice body, usec limit)
{
	struct framed *f = h->framed;
	usec now = loop_now(h->loop);

	if (h->tongue != &tongue_frames)
		return -EPROTONOSUPPORT;
	if (!hf_speaks(f->state) && f->state != HF_HELLO_SENT)
		return -ESRCH;
	if (f->pending.count >= FRAMED_QUEUED)
		return -ENOBUFS;
	x->helper = h;
	x->limit = limit;
	text_slice(&x->kind, kind);
	text_slice(&x->peer, peer);
	text_slice(&x->body, body);
	x->request = hf_pending_add(&f->pending, x, now, now + limit);
	send_more(f);
	return 0;
}

static void
cancel_one(struct framed *f, struct hf_request *r)
{
	struct helper_exec *x = r->owner;

	if (r->phase == HF_SENT) {
		cancel(f, r);
	} else if (r->phase == HF_QUEUED) {
		hf_pending_close(&f->pending, r);
		tell_over(x, hf_code_word(HF_CANCELLED), SLICE("it had not begun"));
	}
}

void
helper_exec_stop(struct helper_exec *x)
{
	struct framed *f;
	struct hf_request *r = x->request;

	if (x->helper == NULL)
		return;
	f = x->helper->framed;
	forget(x);
	r->owner = NULL;
	if (r->phase == HF_QUEUED)
		hf_pending_close(&f->pending, r);
	else if (r->phase == HF_SENT)
		cancel(f, r);
	framed_watch(f);
}

size_t
helper_exec_cancel(struct helper *h)
{
	struct framed *f = h->framed;
	size_t n = 0;

	if (h->tongue != &tongue_frames)
		return 0;
	list_each (link, &f->pending.open) {
		struct hf_request *r = owner_of(link, struct hf_request, link);

		if (r->owner == NULL || r->phase == HF_CANCELLING || r->phase == HF_INTERRUPTING)
			continue;
		n++;
		cancel_one(f, r);
	}
	framed_watch(f);
	return n;
}

bool
helper_wants_raw(const struct helper *h)
{
	const struct framed *f = h->framed;

	return f != NULL && f->raw.stream.loop != NULL && f->tlv && hf_speaks(f->state) &&
	    (f->hears & HF_NEWS_PACKETS) != 0;
}

void
helper_tell_raw(
    struct helper *h, enum helper_raw_type type, uint32_t peer, usec wall, struct slice bytes)
{
	raw_tell(&h->framed->raw, type, peer, wall, bytes);
}
