/*
 * Between what an established session says and what is done with it: batches, and a bounded queue.
 *
 * Mostly nothing is queued: while nobody holds the peer and no batch is waited for, a batch is what
 * one round brought, taken where it lies (intake_passes()). Else messages wait; when the queue is
 * full the socket is not read, and TCP's window slows the router. What a living session said is
 * never dropped, and its end waits behind it.
 */
#include "inside.h"

static usec
now(const struct peer *p)
{
	return loop_now(p->loop);
}

static struct queue_rules
queue_rules(const struct peer_conf *c)
{
	return (struct queue_rules){
		.items = (size_t)c->queue, /* 1 at least, as all of these */
		.bytes = (size_t)c->queue_bytes,
		.low_items = (size_t)c->queue / 8,
		.low_bytes = (size_t)c->queue_bytes / 8,
		.policy = QUEUE_BLOCK,
	};
}

/* A batch that the queue can't hold would never come together. */
static struct batch_rules
batch_rules(const struct peer_conf *c)
{
	return (struct batch_rules){
		.mode = (enum batch_mode)c->batch_mode,
		.items = (size_t)(c->batch_size < c->queue ? c->batch_size : c->queue),
		.time = c->batch_time * USEC_MSEC,
	};
}

void
intake_init(struct peer *p)
{
	struct queue_rules q = queue_rules(p->conf);
	struct batch_rules b = batch_rules(p->conf);

	queue_init(&p->intake.queue, &q);
	batch_init(&p->intake.batch, &b, now(p));
}

void
intake_done(struct peer *p)
{
	intake_down(p);
	queue_done(&p->intake.queue);
}

bool
intake_passes(const struct conn *c)
{
	const struct intake *k = &c->peer->intake;

	return c->peer->holds == 0 && k->batch.rules.time == 0 && queue_depth(&k->queue) == 0;
}

void
intake_passed(struct peer *p, size_t messages, size_t bytes)
{
	struct intake *k = &p->intake;

	if (messages == 0)
		return;
	queue_pass(&k->queue, messages, bytes);
	(void)batch_add(&k->batch, messages, now(p));
	(void)batch_take(&k->batch, now(p));
}

static uint8_t
type_of(struct slice message)
{
	struct reader r = reader_on(message);

	read_skip(&r, BGP_HEADER - 1);
	return read_u8(&r);
}

static void take_turn(struct peer *p);

static void
next_turn(struct again *a)
{
	take_turn(owner_of(a, struct peer, intake.next));
}

static void
batch_is_due(struct timer *t)
{
	take_turn(owner_of(t, struct peer, intake.due));
}

/* Also without its time: a queue that is full can't wait, and behind an end nothing comes. */
static bool
is_due(struct intake *k, usec at)
{
	return batch_due(&k->batch, at) != BATCH_NOT_DUE ||
	    (queue_depth(&k->queue) != 0 && (queue_shut(&k->queue) || k->last));
}

static void
hold_reading(struct intake *k, struct conn *c)
{
	if (k->held)
		return;
	k->held = true;
	conn_hold(c);
}

/* Everything was taken that stood before a fault or the end of the connection. */
static void
come_to_the_end(struct peer *p)
{
	struct intake *k = &p->intake;

	k->last = false;
	if (k->gone)
		conn_step(p->up, FSM_TCP_GONE, &(struct ending){ .reason = "closing connection" });
}

/* What has to happen for the rest: another turn, or the timer. */
static void
arrange(struct peer *p)
{
	struct intake *k = &p->intake;

	if (k->last && queue_depth(&k->queue) == 0)
		come_to_the_end(p);
	if (p->up == NULL)
		return;
	if (k->held && !queue_shut(&k->queue) && !k->last) {
		k->held = false;
		conn_release(p->up);
	}
	if (p->holds == 0 && (k->open != 0 || is_due(k, now(p))))
		loop_again(&k->next, p->loop, next_turn, "peer intake");
	else if (k->batch.deadline > now(p) && k->batch.deadline != USEC_NEVER)
		timer_start(&k->due, p->loop, k->batch.deadline, batch_is_due, "peer batch");
}

/* A turn's worth of the batch that is due; what is told of it may hold the peer or end it. */
static void
take_turn(struct peer *p)
{
	struct intake *k = &p->intake;
	struct conn *c = p->up;
	bool spent = false;
	struct queued q;

	if (k->open == 0 && p->holds == 0 && is_due(k, now(p)))
		k->open = batch_take(&k->batch, now(p));
	while (!spent && k->open != 0 && p->holds == 0 && queue_take(&k->queue, now(p), &q)) {
		struct slice message = slice_of(q.blob->bytes, q.blob->len);

		k->open--;
		trace_dequeued(p, q.number);
		conn_hear(c, message, type_of(message));
		blob_drop(q.blob);
		if (p->up != c)
			return;
		spent = loop_spent(p->loop);
	}
	arrange(p);
}

bool
intake_put(struct conn *c, struct slice message, uint8_t type)
{
	struct intake *k = &c->peer->intake;
	struct blob *b = blob_new(message);
	bool fits = queue_put(&k->queue, b, QUEUE_NORMAL, now(c->peer)) == QUEUE_TAKEN;

	blob_drop(b);
	trace_queued(c->peer, fits);
	if (fits)
		(void)batch_add(&k->batch, 1, now(c->peer));
	if (fits && type == MESSAGE_NOTIFICATION)
		k->last = true;
	if (fits && (type == MESSAGE_KEEPALIVE || type == MESSAGE_UPDATE))
		conn_alive(c); /* when it came, not when it is taken */
	if (queue_shut(&k->queue))
		hold_reading(k, c);
	return fits;
}

void
intake_settle(struct conn *c)
{
	take_turn(c->peer);
}

static bool
ends_later(struct conn *c)
{
	struct intake *k = &c->peer->intake;

	if (c->peer->up != c || queue_depth(&k->queue) == 0)
		return false;
	k->last = true;
	hold_reading(k, c);
	arrange(c->peer);
	return true;
}

bool
intake_before_fault(struct conn *c)
{
	return ends_later(c);
}

bool
intake_before_end(struct conn *c)
{
	if (c->peer->up == c && queue_depth(&c->peer->intake.queue) != 0)
		c->peer->intake.gone = true;
	return ends_later(c);
}

/* With the session and its owner. */

void
intake_change(struct peer *p)
{
	struct queue_rules q = queue_rules(p->conf);
	struct batch_rules b = batch_rules(p->conf);

	queue_change(&p->intake.queue, &q, now(p));
	batch_change(&p->intake.batch, &b, now(p));
	if (p->up != NULL)
		arrange(p);
}

void
intake_up(struct peer *p)
{
	struct batch_rules b = batch_rules(p->conf);

	batch_change(&p->intake.batch, &b, now(p)); /* a period begins now */
	arrange(p);
}

void
intake_down(struct peer *p)
{
	struct intake *k = &p->intake;

	p->up = NULL;
	queue_clear(&k->queue, now(p));
	batch_drop(&k->batch);
	trace_cleared(p);
	timer_stop(&k->due);
	again_stop(&k->next);
	k->open = 0;
	k->held = k->last = k->gone = false; /* the connection releases itself when it leaves */
}

void
intake_release(struct peer *p)
{
	if (p->up != NULL)
		arrange(p);
}
