/* Events as frames: what is lost before one is told with it. */
#include "framed.h"

#include "base/mem.h"

bool
framed_events(const struct helper *h)
{
	const struct framed *f = h->framed;

	return !f->paused && (hf_speaks(f->state) || f->state == HF_STOPPING) && !f->end_said;
}

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

struct blob *
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

/* A notice, while there is room for what has to be said. */
void
framed_refused(struct helper *h)
{
	struct framed *f = h->framed;

	if (!hf_speaks(f->state) || f->control.count >= FRAMED_CONTROL / 2)
		return;
	hf_say_error(&f->said, 0, HF_OVERFLOW, SLICE("event"), "too many events wait",
	    "read them: ten in a row without room are a failure");
	framed_say_first(f);
}

/* What was not written is told as lost, in the next life. */
void
framed_unwritten(struct helper *h)
{
	struct framed *f = h->framed;
	const struct told *t = &f->piece;
	size_t left = (size_t)h->piece + h->piece_gap;

	if (left > 0)
		f->told = left < t->count ? t->at[t->count - left - 1] : t->before;
}
