/*
 * The way of one UPDATE through the stages: the next one after it was asked for. Only then is the
 * clock read for a message; else a peer without a trace costs a look at a pointer.
 */
#include "inside.h"

#include "base/mem.h"

void
peer_trace_next(struct peer *p)
{
	trace_stop(p);
	p->trace = mem_zero(1, sizeof(*p->trace));
	for (size_t i = 0; i < PEER_STAGES; i++)
		p->trace->way.at[i] = USEC_NEVER;
}

const struct peer_way *
peer_traced(const struct peer *p)
{
	return p->trace == NULL ? NULL : &p->trace->way;
}

void
trace_stop(struct peer *p)
{
	if (p->trace != NULL)
		flush_stop(&p->trace->flush);
	mem_free(p->trace);
	p->trace = NULL;
}

static void
stamp(struct peer *p, enum peer_stage stage)
{
	p->trace->way.at[stage] = loop_clock() - p->trace->way.begun;
}

/* What was asked for at the end of the round before this was: channels, other peers. */
static void
flushed(struct flush *f)
{
	struct peer *p = owner_of(f, struct trace, flush)->peer;

	stamp(p, STAGE_FLUSHED);
}

void
trace_framed(struct conn *c, size_t length, uint8_t type)
{
	struct trace *t = c->peer->trace;

	if (t == NULL || t->phase != TRACE_ASKED || type != MESSAGE_UPDATE || c->peer->up != c)
		return;
	t->peer = c->peer;
	t->phase = TRACE_RUNS;
	t->way.length = length;
	t->way.begun = loop_now(c->peer->loop);
	stamp(c->peer, STAGE_FRAMED);
}

void
trace_queued(struct peer *p, bool fits)
{
	struct trace *t = p->trace;

	if (t == NULL || t->phase != TRACE_RUNS)
		return;
	t->phase = fits ? TRACE_WAITS : TRACE_ASKED; /* one that does not fit is framed again */
	t->number = p->intake.queue.next_number - 1;
}

void
trace_dequeued(struct peer *p, uint64_t number)
{
	if (p->trace != NULL && p->trace->phase == TRACE_WAITS && p->trace->number == number)
		p->trace->phase = TRACE_RUNS;
}

void
trace_cleared(struct peer *p)
{
	if (p->trace != NULL && p->trace->phase == TRACE_WAITS)
		p->trace->phase = TRACE_ASKED;
}

void
trace_stage(struct peer *p, enum peer_stage stage)
{
	if (p->trace == NULL || p->trace->phase != TRACE_RUNS)
		return;
	stamp(p, stage);
	if (stage != STAGE_APPLIED)
		return;
	p->trace->phase = TRACE_DONE;
	loop_flush(&p->trace->flush, p->loop, flushed, "peer trace");
}
