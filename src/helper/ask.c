/* Values that a helper asks for: somebody replies, or time is over. */
#include "framed.h"

#include "base/log.h"
#include "base/mem.h"

struct ask {
	struct list link;
	uint64_t id;
	usec due;
	struct text prompt;
};

static struct ask *
ask_of(struct list *link)
{
	return owner_of(link, struct ask, link);
}

static void
drop(struct framed *f, struct ask *a)
{
	list_cut(&a->link);
	f->ask_count--;
	text_free(&a->prompt);
	mem_free(a);
}

void
asks_take(struct framed *f, const struct hf_frame *frame)
{
	usec limit = frame->number > 86400000 ? 86400000 : (usec)frame->number;
	struct ask *a;

	if (f->ask_count == FRAMED_ASKS) {
		framed_refuse(f, frame->id, HF_BUSY, "too many questions are open");
		return;
	}
	a = mem_zero(1, sizeof(*a));
	a->id = frame->id;
	a->due = loop_now(f->helper->loop) + limit * USEC_MSEC;
	text_slice(&a->prompt, frame->text);
	list_add(&f->asks, &a->link);
	f->ask_count++;
	log_say(LOG_WARN, LOG_PROCESSES, "helper %s asks for a value: reply %s %llu VALUE",
	    f->helper->conf->name, f->helper->conf->name, (unsigned long long)a->id);
	framed_watch(f);
}

void
asks_end(struct framed *f, bool say)
{
	list_each (link, &f->asks) {
		struct ask *a = ask_of(link);

		if (say)
			framed_refuse(f, a->id, HF_SHUTTING_DOWN, "the program ends");
		drop(f, a);
	}
}

usec
asks_due(const struct framed *f)
{
	usec due = USEC_NEVER;

	for (struct list *link = f->asks.next; link != &f->asks; link = link->next) {
		if (ask_of(link)->due < due)
			due = ask_of(link)->due;
	}
	return due;
}

void
asks_expire(struct framed *f, usec now)
{
	list_each (link, &f->asks) {
		struct ask *a = ask_of(link);

		if (a->due > now)
			continue;
		framed_refuse(f, a->id, HF_TIMEOUT, "nobody replied");
		drop(f, a);
	}
}

bool
helper_reply(struct helper *h, uint64_t id, struct slice data)
{
	struct framed *f = h->framed;

	if (h->tongue != &tongue_frames)
		return false;
	list_each (link, &f->asks) {
		struct ask *a = ask_of(link);

		if (a->id != id)
			continue;
		hf_say_answer(&f->said, id, data);
		framed_say_first(f);
		drop(f, a);
		framed_watch(f);
		return true;
	}
	return false;
}

bool
helper_question(const struct helper *h, size_t i, uint64_t *id, struct slice *prompt)
{
	struct framed *f = h->framed;

	if (h->tongue != &tongue_frames)
		return false;
	list_each (link, &f->asks) {
		if (i-- > 0)
			continue;
		*id = ask_of(link)->id;
		*prompt = text_view(&ask_of(link)->prompt);
		return true;
	}
	return false;
}
