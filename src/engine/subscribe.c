/* Who wants what of a member: a subscription for each helper that its configuration names. */
#include "house.h"

#include "base/mem.h"
#include "bgp/message.h"
#include "bgp/shape.h"

#include <string.h>

static bool
telling_same(const struct telling *a, const struct telling *b)
{
	return a->dialect == b->dialect && a->encoder == b->encoder && a->packets == b->packets &&
	    a->parsed == b->parsed && a->consolidate == b->consolidate &&
	    a->negotiated == b->negotiated && a->compact == b->compact;
}

static bool
shares(const struct subscription *a, const struct subscription *b)
{
	return a->framed == b->framed && telling_same(&a->received, &b->received) &&
	    telling_same(&a->sent, &b->sent);
}

/* A section's send or receive block, added to what other sections of the same helper want. */
static uint32_t
merge(struct telling *t, const struct api_direction *d)
{
	if (!d->parsed && !d->packets && !d->consolidate)
		return 0;
	t->parsed |= d->parsed;
	t->packets |= d->packets;
	t->consolidate |= d->consolidate;
	return d->types;
}

static bool
names(const struct api_conf *a, const char *helper)
{
	for (size_t i = 0; i < a->process_count; i++) {
		if (strcmp(a->processes[i], helper) == 0)
			return true;
	}
	return false;
}

struct telling
telling_for(const struct crew *c)
{
	const struct dialect *d = c->issuer.dialect == NULL ? c->dialect : c->issuer.dialect;
	bool text = c->text && (d->shape & SHAPE_JSON) == 0;

	return (struct telling){ .dialect = d, .encoder = text ? TELL_TEXT : TELL_JSON };
}

static bool
is_whole(const struct telling *t)
{
	return t->parsed && t->packets;
}

/* What one helper wants to hear of one member; false: nothing. */
static bool
subscription_of(struct member *m, struct crew *c, struct subscription *s)
{
	struct telling how = telling_for(c);

	how.compact = m->engine->conf.compact;
	*s = (struct subscription){ .crew = c, .received = how, .sent = how };
	s->framed = c->issuer.objects;
	for (size_t i = 0; i < m->conf->api_count; i++) {
		const struct api_conf *a = &m->conf->apis[i];

		if (!names(a, c->conf->name))
			continue;
		s->changes |= a->neighbor_changes;
		s->negotiated |= a->negotiated;
		s->fsm |= a->fsm;
		s->signal |= a->signal;
		s->backpressure |= a->backpressure;
		s->send |= merge(&s->sent, &a->send);
		s->receive |= merge(&s->received, &a->receive);
	}
	s->sent.negotiated = s->received.negotiated = s->negotiated;
	s->sent.consolidate |= s->framed && is_whole(&s->sent); /* a frame holds one event */
	s->received.consolidate |= s->framed && is_whole(&s->received);
	return s->changes || s->negotiated || s->fsm || s->signal || s->backpressure ||
	    s->send != 0 || s->receive != 0;
}

static uint32_t
wants_of(const struct member *m)
{
	uint32_t wants = 0;

	for (size_t i = 0; i < m->sub_count; i++) {
		const struct subscription *s = &m->subs[i];

		if ((s->receive & 1u << MESSAGE_UPDATE) != 0)
			wants |= PEER_WANT_UPDATES_IN;
		if (s->send != 0)
			wants |= PEER_WANT_SENT;
		if (((s->send | s->receive) & 1u << MESSAGE_KEEPALIVE) != 0)
			wants |= PEER_WANT_KEEPALIVES;
	}
	return wants | logged_wants();
}

void
fanout_subscribe(struct member *m)
{
	struct engine *e = m->engine;

	fanout_unsubscribe(m);
	m->subs = mem_zero(e->crew_count, sizeof(struct subscription));
	for (size_t i = 0; i < e->crew_count; i++) {
		struct subscription *s = &m->subs[m->sub_count];

		if (e->crews[i]->leaving || !subscription_of(m, e->crews[i], s))
			continue;
		while (s->group < m->sub_count && !shares(&m->subs[s->group], s))
			s->group++;
		m->sub_count++;
		if (s->crew->shut)
			peer_hold(m->peer);
	}
	peer_want(m->peer, wants_of(m));
}

void
fanout_unsubscribe(struct member *m)
{
	for (size_t i = 0; i < m->sub_count; i++) {
		if (m->subs[i].crew->shut)
			peer_release(m->peer);
	}
	mem_free(m->subs);
	m->subs = NULL;
	m->sub_count = 0;
}

void
engine_log_changed(struct engine *e)
{
	for (size_t i = 0; i < e->member_count; i++)
		peer_want(e->members[i]->peer, wants_of(e->members[i]));
}
