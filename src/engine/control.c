/*
 * The control socket and the control pipes: anybody who may open them commands like a helper, and
 * may command every neighbor. Any number of clients up to a limit at once; each gets its answers in
 * order, and a slow one costs one slice of an answer.
 */
#include "house.h"

#include "base/log.h"
#include "base/mem.h"
#include "flow/level.h"
#include "frame/frame.h"
#include "loop/local.h"
#include "loop/net.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define LINE_MOST 65536
#define QUEUE_HIGH (256 * 1024)
#define FULL_PAUSE USEC_SECOND
#define PIPE_STALL (60 * USEC_SECOND) /* of a long answer that nobody reads */

struct client {
	struct list link;
	struct engine *engine;
	struct issuer issuer;
	struct stream stream;
	struct framer lines;
	bool acks;
	bool slow;    /* its queue is long: its commands wait */
	bool leaving; /* it said its last word: it goes when it has its answers */
	bool pipes;   /* nobody can be seen to leave, or to have never been there */
	bool deaf;    /* these, and nobody has read for long */
	unsigned lost; /* answers, since they are full */
	struct timer stall;
	struct timer look;  /* is one that waits for somebody's work still there? */
	char name[32];      /* tells it from others */
	struct level level; /* answers that it has not read */
	struct grave grave;
};

/* Room again for who waits. */
static void
control_check(struct engine *e)
{
	if (e->control_fd >= 0 && e->client_count < e->conf.control_clients)
		watch_want(&e->control, LOOP_IN);
}

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
control_stream(struct list *link, const char **name, const struct framer **f)
{
	struct client *c = owner_of(link, struct client, link);

	*name = c->name;
	*f = &c->lines;
	return &c->stream;
}

struct issuer *
control_issuer(struct list *link)
{
	return &owner_of(link, struct client, link)->issuer;
}

struct level *
control_level(struct list *link, const char **name)
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
		control_check(e);
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
		log_say(LOG_WARN, LOG_PROCESSES, "control client sent a line over %d bytes",
		    LINE_MOST);
		client_end(c);
		control_check(c->engine);
		return 0;
	}
	return frame.used;
}

static void
client_ended(struct stream *s, int error, struct slice rest)
{
	struct client *c = owner_of(s, struct client, stream);

	(void)rest;
	c->leaving = error == 0 && !stream_idle(s);
	if (c->leaving)
		return;
	client_end(c);
	control_check(c->engine);
}

static void
client_emptied(struct stream *s)
{
	struct client *c = owner_of(s, struct client, stream);

	if (!c->leaving)
		return;
	client_end(c);
	control_check(c->engine);
}

/* Nobody is there for the answers. */
static void
client_broken(struct stream *s, int error)
{
	client_ended(s, error, slice_of(NULL, 0));
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

static struct client *
client_new(struct engine *e, int read_fd, int write_fd)
{
	struct client *c = mem_zero(1, sizeof(*c));

	c->engine = e;
	c->acks = true;
	c->lines = frame_lines(LINE_MOST);
	c->issuer = (struct issuer){
		.name = "control",
		.number = ACCOUNT_CONTROL,
		.all = true,
		.answer = client_answer,
		.later = client_answer,
		.explain = client_explain,
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
	return c;
}

static void
control_again(struct timer *t)
{
	control_check(owner_of(t, struct engine, control_full));
}

/* Who can't be taken stays in the backlog, readable for ever: not looked at for a while. */
static void
control_pause(struct engine *e, int error)
{
	log_say(LOG_ERROR, LOG_PROCESSES, "control client not accepted zone=%s error=\"%s\"",
	    zone_name(ZONE_EXTRACT), strerror(-error));
	engine_failed(e, ZONE_EXTRACT);
	watch_want(&e->control, 0);
	timer_start(&e->control_full, e->loop, loop_now(e->loop) + FULL_PAUSE, control_again,
	    "control full");
}

static void
control_ready(struct watch *w, uint32_t ready)
{
	struct engine *e = owner_of(w, struct engine, control);
	struct addr nobody;
	uint16_t port;
	int error;
	int fd;

	(void)ready;
	/* over the limit the others wait in the backlog until one leaves */
	if (e->client_count < e->conf.control_clients) {
		error = net_accept(e->control_fd, &fd, &nobody, &port);
		if (error != 0 && error != -EAGAIN)
			control_pause(e, error);
		if (error == 0) {
			engine_fine(e, ZONE_EXTRACT);
			(void)client_new(e, fd, fd); /* it is in the list */
		}
	}
	if (e->client_count >= e->conf.control_clients)
		watch_want(&e->control, 0);
}

static void
open_socket(struct engine *e)
{
	const char *path = e->conf.control_socket;
	int error = local_listen(path, 0640, &e->control_fd);

	if (error == 0)
		error = watch_start(
		    &e->control, e->loop, e->control_fd, LOOP_IN, control_ready, "control");
	if (error != 0)
		log_say(LOG_WARN, LOG_PROCESSES, "no control socket path=%s error=\"%s\"", path,
		    strerror(-error));
	else
		log_say(LOG_INFO, LOG_PROCESSES, "control socket path=%s", path);
}

static void
open_pipes(struct engine *e)
{
	int in = -1;
	int out = -1;
	int error = local_pipe(e->conf.control_in, &in);

	if (error == 0)
		error = local_pipe(e->conf.control_out, &out);
	if (error == 0) {
		client_new(e, in, out)->pipes = true;
		log_say(LOG_INFO, LOG_PROCESSES, "control pipes in=%s out=%s", e->conf.control_in,
		    e->conf.control_out);
		return;
	}
	if (in >= 0)
		(void)close(in);
	log_say(LOG_WARN, LOG_PROCESSES, "no control pipes in=%s error=\"%s\"", e->conf.control_in,
	    strerror(-error));
}

void
control_open(struct engine *e)
{
	if (e->conf.control_socket != NULL)
		open_socket(e);
	if (e->conf.control_in != NULL)
		open_pipes(e);
}

/* The directory may not be ours any more. */
static void
unlink_socket(struct engine *e)
{
	if (unlink(e->conf.control_socket) == 0 || errno == ENOENT)
		return;
	log_say(LOG_ERROR, LOG_NETWORK, "control socket stays zone=%s path=%s error=\"%s\"",
	    zone_name(ZONE_CLEANUP), e->conf.control_socket, strerror(errno));
	engine_failed(e, ZONE_CLEANUP);
}

void
control_close(struct engine *e)
{
	list_each (link, &e->clients) {
		struct client *c = owner_of(link, struct client, link);

		stream_push(&c->stream, false); /* the last answer */
		client_end(c);
	}
	if (e->control_fd < 0)
		return;
	watch_stop(&e->control);
	timer_stop(&e->control_full);
	(void)close(e->control_fd);
	unlink_socket(e);
	e->control_fd = -1;
}
