/* The commands of a helper that speaks frames: one is carried out, the others wait. */
#include "framed.h"

#include "base/mem.h"

struct command { /* that waits */
	struct list link;
	uint64_t id;
	struct text line;
};

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

	if (!framed_writes(f)) {
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

/* Some more, or fewer. */
static void
count_waiting(struct framed *f, size_t count, size_t bytes)
{
	struct helper *h = f->helper;

	f->waiting_count = count;
	f->waiting_bytes = bytes;
	level_set(&h->reading, count, bytes, h->held, loop_now(h->loop));
}

static void
drop_command(struct framed *f, struct command *c)
{
	list_cut(&c->link);
	count_waiting(f, f->waiting_count - 1, f->waiting_bytes - c->line.len);
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

void
commands_take(struct framed *f, const struct hf_frame *frame)
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
	count_waiting(f, f->waiting_count + 1, f->waiting_bytes + c->line.len);
}

void
framed_freed(struct helper *h)
{
	struct framed *f = h->framed;

	if (f->now.open)
		finish_command(f, true);
	loop_again(&f->next, h->loop, next_command, "helper-command");
}

static void
drop_waiting(struct framed *f, bool say)
{
	list_each (link, &f->waiting) {
		struct command *c = owner_of(link, struct command, link);

		if (say)
			framed_refuse(f, c->id, HF_SHUTTING_DOWN, "the program ends");
		drop_command(f, c);
	}
}

void
commands_refuse(struct framed *f)
{
	drop_waiting(f, true);
}

void
commands_end(struct framed *f)
{
	again_stop(&f->next);
	drop_waiting(f, false);
	close_command(f);
}

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

void
framed_answer(struct helper *h, struct slice lines)
{
	struct framed *f = h->framed;

	while (lines.len > 0 && f->now.open && marks_answer(h)) {
		size_t n = part_of(lines);

		hf_say_out(&f->said, f->now.id, f->now.outs++, false, slice_of(lines.at, n));
		framed_say(f);
		lines = slice_after(lines, n);
	}
}

void
framed_explain(struct helper *h, struct slice line)
{
	struct framed *f = h->framed;
	size_t word = slice_begins(line, "error: ") ? 7 : 0;

	if (line.len > 0 && line.at[line.len - 1] == '\n')
		line.len--;
	text_clear(&f->now.why);
	text_slice(&f->now.why, slice_after(line, word));
}

void
framed_ack(struct helper *h, bool done)
{
	if (h->framed->now.open)
		finish_command(h->framed, done);
}
