/*
 * A client of the control socket, or whoever is behind the control pipes: it commands like a
 * helper, and may command every neighbor. It gets its answers in order, and a slow one costs one
 * slice of an answer.
 */
#include "house.h"

#include "base/log.h"
#include "base/mem.h"
#include "flow/level.h"
#include "frame/frame.h"
#include "loop/local.h"

#include <stdio.h>

#define LINE_MOST  65536
#define QUEUE_HIGH (256 * 1024)
#define PIPE_STALL (60 * USEC_SECOND) /* of a long answer that nobody reads */

struct client {
	struct list link;
	struct engine *engine;
	struct issuer issuer;
	struct stream stream;
	struct framer lines;
	bool acks;
	bool slow;     /* its queue is long: its commands wait */
	bool leaving;  /* it said its last word: it goes when it has its answers */
	bool pipes;    /* nobody can be seen to leave, or to have never been there */
	bool deaf;     /* these, and nobody has read for long */
	unsigned lost; /* answers, since they are full */
	struct timer stall;
	struct timer look;  /* is one that waits for somebody's work still there? */
	char name[32];      /* tells it from others */
	struct level level; /* answers that it has not read */
	struct grave grave;
};

static struct client *
client_of(struct issuer *i)
{
	return owner_of(i, struct client, issuer);
}

static void
client_buried(struct grave *g)
{
	struct client *c = owner_of(g, struct client, grave);

	level_done(&c->level);
	mem_free(c);
}

static void
client_end(struct client *c)
{
	issuer_done(&c->issuer);
	timer_stop(&c->stall);
	timer_stop(&c->look);
	stream_close(&c->stream);
	list_cut(&c->link);
	c->engine->client_count--;
	loop_bury(&c->grave, c->engine->loop, client_buried);
}

static void
stall_due(struct timer *t)
{
	struct client *c = owner_of(t, struct client, stall);
	usec due = c->stream.last_progress + PIPE_STALL;

	c->deaf = due <= loop_now(c->engine->loop);
	if (c->deaf)
		dump_wake(&c->issuer); /* the commands behind it wait for its end */
	else
		timer_start(t, c->engine->loop, due, stall_due, "control stall");
}

/* Who only writes commands into the pipe never reads: the commands go on, and answers that there is
 * no room for are lost. */
static void
pipes_changed(struct client *c)
{
	if (c->slow) {
		timer_start(&c->stall, c->engine->loop, loop_now(c->engine->loop) + PIPE_STALL,
		    stall_due, "control stall");
		return;
	}
	timer_stop(&c->stall);
	c->deaf = false;
	if (c->lost > 0)
		log_say(LOG_INFO, LOG_PROCESSES, "control pipe is read again lost=%u", c->lost);
	c->lost = 0;
}

/* A client that does not read is not read: its queue is bounded by one answer's slice. */
static void
client_measure(struct client *c)
{
	bool slow = c->stream.queue_bytes >= QUEUE_HIGH;

	level_set(&c->level, c->stream.queue_count, c->stream.queue_bytes, slow,
	    loop_now(c->engine->loop));
	if (slow == c->slow)
		return;
	c->slow = slow;
	if (c->pipes)
		pipes_changed(c);
	else if (slow)
		stream_hold(&c->stream);
	else
		stream_release(&c->stream);
}

const struct stream *
client_stream(struct list *link, const char **name, const struct framer **f)
{
	struct client *c = owner_of(link, struct client, link);

	*name = c->name;
	*f = &c->lines;
	return &c->stream;
}

struct issuer *
client_issuer(struct list *link)
{
	return &owner_of(link, struct client, link)->issuer;
}

struct level *
client_level(struct list *link, const char **name)
{
	struct client *c = owner_of(link, struct client, link);

	client_measure(c);
	*name = c->name;
	return &c->level;
}

static void
client_answer(struct issuer *i, struct slice lines)
{
	struct client *c = client_of(i);

	if (c->pipes && c->slow) {
		if (c->lost++ == 0)
			log_say(LOG_WARN, LOG_PROCESSES,
			    "control pipe is not read, answers are lost path=%s",
			    c->engine->conf.control_out);
		return;
	}
	stream_send(&c->stream, lines);
	client_measure(c);
}

static void
client_explain(struct issuer *i, struct slice line)
{
	if (client_of(i)->acks)
		client_answer(i, line);
}

static void
client_ack(struct issuer *i, bool done)
{
	if (client_of(i)->acks)
		client_answer(i, done ? SLICE("done\n") : SLICE("error\n"));
}

static void
client_set_acks(struct issuer *i, bool on)
{
	client_of(i)->acks = on;
}

/* It waits for what a helper was asked, is gone, and left no other command. */
static bool
waits_no_more(const struct client *c)
{
	const struct dump *d = c->issuer.dump;

	return d != NULL && d->waits && !d->work && local_left(c->stream.read_fd) &&
	    !stream_waiting(&c->stream);
}

/* While it is held the loop does not hear that it leaves, and its place could be taken for a day.
 */
static void
look_due(struct timer *t)
{
	struct client *c = owner_of(t, struct client, look);
	struct engine *e = c->engine;

	if (waits_no_more(c)) {
		client_end(c);
		control_room(e);
	} else if (c->issuer.dump != NULL) {
		timer_start(t, e->loop, loop_now(e->loop) + USEC_SECOND, look_due, "control look");
	}
}

static void
client_hold(struct issuer *i)
{
	struct client *c = client_of(i);

	stream_hold(&c->stream);
	if (!c->pipes)
		timer_start(&c->look, c->engine->loop, loop_now(c->engine->loop) + USEC_SECOND,
		    look_due, "control look");
}

static void
client_release(struct issuer *i)
{
	stream_release(&client_of(i)->stream);
}

static bool
client_full(struct issuer *i)
{
	const struct client *c = client_of(i);

	return c->slow && !c->deaf;
}

static size_t
client_bytes(struct stream *s, struct slice in)
{
	struct client *c = owner_of(s, struct client, stream);
	struct frame frame;

	switch (frame_next(&c->lines, in, &frame)) {
	case FRAME_READY: c->engine->hooks.line(c->engine, &c->issuer, frame.body); break;
	case FRAME_MORE: return 0;
	case FRAME_BAD:
		log_say(
		    LOG_WARN, LOG_PROCESSES, "control client sent a line over %d bytes", LINE_MOST);
		client_end(c);
		control_room(c->engine);
		return 0;
	}
	return frame.used;
}

static void
client_ended(struct stream *s, int error, struct slice rest)
{
	struct client *c = owner_of(s, struct client, stream);

	(void)rest;
	c->leaving = error == 0 && !s->broken && !stream_idle(s);
	if (c->leaving)
		return;
	client_end(c);
	control_room(c->engine);
}

static void
client_emptied(struct stream *s)
{
	struct client *c = owner_of(s, struct client, stream);

	if (!c->leaving)
		return;
	client_end(c);
	control_room(c->engine);
}

/* Nobody is there for the answers. What was commanded before is carried out, and behind it comes
 * the end of what can be read. */
static void
client_broken(struct stream *s, int error)
{
	struct client *c = owner_of(s, struct client, stream);

	if (c->leaving) {
		client_ended(s, error, slice_of(NULL, 0));
		return;
	}
	client_measure(c);
	issuer_died(&c->issuer);
}

static void
client_drained(struct stream *s)
{
	struct client *c = owner_of(s, struct client, stream);

	client_measure(c);
	dump_wake(&c->issuer);
}

static const struct stream_hooks client_hooks = {
	.bytes = client_bytes,
	.ended = client_ended,
	.drained = client_drained,
	.emptied = client_emptied,
	.broken = client_broken,
};

void
client_new(struct engine *e, int read_fd, int write_fd, bool pipes)
{
	struct client *c = mem_zero(1, sizeof(*c));

	c->engine = e;
	c->pipes = pipes;
	c->acks = true;
	c->lines = frame_lines(LINE_MOST);
	c->issuer = (struct issuer){
		.name = "control",
		.number = ACCOUNT_CONTROL,
		.all = true,
		.answer = client_answer,
		.later = client_answer,
		.explain = client_explain,
		.reasons = HELPER_REASONS_ALWAYS,
		.ack = client_ack,
		.set_acks = client_set_acks,
		.hold = client_hold,
		.release = client_release,
		.full = client_full,
	};
	stream_start(&c->stream, e->loop, read_fd, write_fd, &client_hooks, "control");
	c->stream.high = QUEUE_HIGH;
	c->stream.low = QUEUE_HIGH / 4;
	(void)snprintf(c->name, sizeof(c->name), "control-%lu", ++e->clients_ever); /* fits */
	list_add(&e->clients, &c->link);
	e->client_count++;
}

void
client_close(struct list *link)
{
	struct client *c = owner_of(link, struct client, link);

	stream_push(&c->stream, false); /* the last answer */
	client_end(c);
}
