/* What can be asked of a peer; and the memory of its last steps. */
#include "inside.h"

/* The connection that is furthest, or NULL. */
static const struct conn *
furthest(const struct peer *p)
{
	const struct conn *best = NULL;

	list_each (link, &p->conns) {
		const struct conn *c = owner_of(link, struct conn, link);

		if (best == NULL || c->state > best->state)
			best = c;
	}
	return best;
}

void *
peer_owner(const struct peer *p)
{
	return p->owner;
}

struct rib_out *
peer_out(struct peer *p)
{
	return p->out;
}

struct rib_in *
peer_in(struct peer *p)
{
	return p->in;
}

const struct peer_conf *
peer_conf(const struct peer *p)
{
	return p->conf;
}

const char *
peer_name(const struct peer *p)
{
	return p->conf->name;
}

enum fsm_state
peer_state(const struct peer *p)
{
	const struct conn *c = furthest(p);

	if (c != NULL)
		return c->state;
	if (!p->started || p->stopping)
		return FSM_IDLE;
	return p->tries != 0 ? FSM_CONNECT : FSM_ACTIVE;
}

bool
peer_established(const struct peer *p)
{
	return p->up != NULL;
}

const struct session *
peer_session(const struct peer *p)
{
	const struct conn *c = furthest(p);

	return c != NULL && c->agreed ? &c->session : NULL;
}

const struct open *
peer_open_sent(const struct peer *p)
{
	const struct conn *c = furthest(p);

	return c != NULL && c->has_ours ? &c->ours : NULL;
}

const struct open *
peer_open_received(const struct peer *p)
{
	const struct conn *c = furthest(p);

	return c != NULL && c->has_theirs ? &c->theirs : NULL;
}

struct addr
peer_address(const struct peer *p)
{
	const struct conn *c = furthest(p);

	return c != NULL ? c->remote : p->conf->peer.addr;
}

struct addr
peer_local(const struct peer *p)
{
	const struct conn *c = furthest(p);

	return c != NULL ? c->local : p->conf->local;
}

const struct peer_counts *
peer_counted(const struct peer *p)
{
	return &p->counts;
}

const struct queue *
peer_intake(const struct peer *p)
{
	return &p->intake.queue;
}

const struct stream *
peer_stream(const struct peer *p, const struct framer **f)
{
	const struct conn *c = furthest(p);

	if (c == NULL || c->stream.loop == NULL)
		return NULL;
	*f = &c->framer;
	return &c->stream;
}

const struct batch *
peer_batches(const struct peer *p)
{
	return &p->intake.batch;
}

const struct level *
peer_sending(struct peer *p)
{
	speak_measure(p);
	return &p->sending;
}

void
peer_reset_marks(struct peer *p)
{
	queue_reset_marks(&p->intake.queue);
	level_reset_marks(&p->sending);
}

usec
peer_since(const struct peer *p)
{
	return p->since;
}

/* A step that only repeats the last one is counted in it, so that traffic leaves the past alone. */
void
peer_remember(struct peer *p, const struct conn *c, enum fsm_event event, enum fsm_state next)
{
	struct remembered *last = &p->steps[(p->step_count + PEER_STEPS - 1) % PEER_STEPS];

	if (p->step_count != 0 && c->state == next && last->event == (uint8_t)event &&
	    last->state == (uint8_t)c->state && last->outgoing == c->outgoing) {
		last->times++;
		last->at = loop_now(p->loop);
		return;
	}
	p->steps[p->step_count++ % PEER_STEPS] = (struct remembered){
		.at = loop_now(p->loop),
		.times = 1,
		.state = (uint8_t)c->state, /* few states, few events */
		.event = (uint8_t)event,
		.next = (uint8_t)next,
		.outgoing = c->outgoing,
	};
}

void
peer_history(const struct peer *p, struct text *to)
{
	size_t first = p->step_count > PEER_STEPS ? p->step_count - PEER_STEPS : 0;

	for (size_t i = first; i < p->step_count; i++) {
		const struct remembered *s = &p->steps[i % PEER_STEPS];
		usec ago = loop_now(p->loop) - s->at;

		text_format(to,
		    "ago=%lld.%03llds direction=%s state=%s event=%s next=%s times=%u\n",
		    (long long)(ago / USEC_SECOND), (long long)(ago % USEC_SECOND / USEC_MSEC),
		    s->outgoing ? "out" : "in", fsm_state_name((enum fsm_state)s->state),
		    fsm_event_name((enum fsm_event)s->event),
		    fsm_state_name((enum fsm_state)s->next), s->times);
	}
}
