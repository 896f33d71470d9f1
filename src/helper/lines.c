/* The tongue of ExaBGP: a line is a command, and an answer, and an event. */
#include "tongue.h"

#include "base/log.h"

#define LAST_WAIT (100 * USEC_MSEC) /* between the last line and SIGTERM */

static void
lines_plan(const struct helper *h, struct child_plan *plan, struct text *environ_words)
{
	(void)h;
	(void)environ_words;
	plan->inherit_stderr = true;
}

static void
lines_begin(struct helper *h, const struct child_pipes *pipes)
{
	h->framer = frame_lines(h->limits.line_max);
	helper_stream_start(h, pipes->from_stdout, pipes->to_stdin, h->limits.line_max);
}

static void
lines_nothing(struct helper *h)
{
	(void)h;
}

static bool
lines_listens(const struct helper *h)
{
	return life_listens(h->state);
}

static bool
lines_held(const struct helper *h)
{
	return h->holds > 0;
}

static void
lines_heard(struct helper *h, struct slice line)
{
	h->lines++;
	h->hooks->line(h, line);
}

static void
lines_bad(struct helper *h)
{
	log_say(LOG_ERROR, LOG_PROCESSES, "helper %s wrote a line over %zu bytes, killed",
	    h->conf->name, h->limits.line_max);
	helper_fault(h);
}

/* What is left is half a line of somebody who will not end it. */
static void
lines_closed(struct helper *h, bool inside)
{
	(void)h;
	(void)inside;
}

static void
lines_deaf(struct helper *h)
{
	if (h->state == LIFE_RUNNING || h->state == LIFE_MUTE)
		log_say(LOG_WARN, LOG_PROCESSES,
		    "helper %s closed its stdin, events for it are lost", h->conf->name);
}

static usec
lines_last(struct helper *h)
{
	feed_finish(h);
	return LAST_WAIT;
}

static void
lines_answer(struct helper *h, struct slice lines)
{
	if (lines.len == 0 || !marks_answer(h))
		return;
	answers_put(&h->channel.answers, blob_new(lines));
	feed_later(h);
}

static void
lines_explain(struct helper *h, struct slice line)
{
	if (marks_explain(h))
		lines_answer(h, line);
	else
		h->answers_lost++;
}

static void
lines_ack(struct helper *h, bool done)
{
	if (!feed_takes(h))
		return;
	answers_ack(&h->channel.answers, done);
	feed_later(h);
}

static struct blob *
lines_control(struct helper *h)
{
	(void)h;
	return NULL;
}

static bool
lines_torn(const struct blob *b)
{
	return b->len > 0 && blob_slice(b).at[b->len - 1] != '\n';
}

static bool
lines_events(const struct helper *h)
{
	(void)h;
	return true;
}

/* The line about a gap, and behind it the event before which it is. */
static struct blob *
lines_event(struct helper *h, struct blob *b, uint64_t number, const struct helper_gap *gap)
{
	struct text line = { 0 };
	struct blob *both = b;

	(void)number;
	if (gap->count > 0 && h->hooks->gap != NULL)
		h->hooks->gap(h, gap, &line);
	if (line.len > 0) {
		if (b != NULL)
			text_slice(&line, blob_slice(b));
		both = blob_new(text_view(&line));
		blob_drop(b);
	}
	text_free(&line);
	return both;
}

const struct tongue tongue_lines = {
	.plan = lines_plan,
	.begin = lines_begin,
	.unwritten = lines_nothing,
	.end = lines_nothing,
	.final = lines_nothing,
	.listens = lines_listens,
	.held = lines_held,
	.heard = lines_heard,
	.bad = lines_bad,
	.closed = lines_closed,
	.freed = lines_nothing,
	.deaf = lines_deaf,
	.jammed = helper_fault,
	.last = lines_last,
	.answer = lines_answer,
	.explain = lines_explain,
	.ack = lines_ack,
	.control = lines_control,
	.refused = lines_nothing,
	.torn = lines_torn,
	.events = lines_events,
	.event = lines_event,
};
