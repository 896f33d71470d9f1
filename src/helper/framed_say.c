/* What a helper that speaks frames is told: among its answers, or before them. */
#include "framed.h"

bool
framed_writes(const struct framed *f)
{
	const struct helper *h = f->helper;

	return h->stream.loop != NULL && h->stream.write_fd >= 0 && !h->deaf;
}

void
framed_say(struct framed *f)
{
	if (framed_writes(f)) {
		answers_put(&f->helper->channel.answers, blob_new(text_view(&f->said)));
		feed_later(f->helper);
	}
	text_clear(&f->said);
}

void
framed_say_first(struct framed *f)
{
	bool full = f->control.count >= FRAMED_CONTROL;

	if (framed_writes(f) && !full) {
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

struct blob *
framed_control(struct helper *h)
{
	struct framed *f = h->framed;
	struct blob *b = answers_give(&f->control, SIZE_MAX, 0);

	if (b != NULL || !f->end_due || f->end_said || h->channel.answers.count > 0 ||
	    (hf_speaks(f->state) && queue_depth(&h->channel.events) > 0))
		return b;
	f->end_said = true;
	hf_say_shutdown(&f->said, "shutdown", true, FRAMED_STOP_WAIT);
	b = blob_new(text_view(&f->said));
	text_clear(&f->said);
	return b;
}

/* A part of an answer is a frame, and so are its lines. */
bool
framed_torn(const struct blob *b)
{
	(void)b;
	return false;
}
