/*
 * One event, one encoding for each way of telling that somebody wants, by reference to all of the
 * helpers that share it.
 */
#include "house.h"

#include "base/log.h"
#include "base/mem.h"
#include "bgp/message.h"
#include "bgp/shape.h"
#include "hf/frame.h"

#include <string.h>

/* What a helper with frames may leave out. */
static unsigned
news_of(const struct event *event)
{
	static const unsigned of_type[] = {
		[MESSAGE_OPEN] = HF_NEWS_OPEN,
		[MESSAGE_UPDATE] = HF_NEWS_UPDATE,
		[MESSAGE_NOTIFICATION] = HF_NEWS_NOTIFICATION,
		[MESSAGE_KEEPALIVE] = HF_NEWS_OTHER,
		[MESSAGE_REFRESH] = HF_NEWS_REFRESH,
		[MESSAGE_OPERATIONAL] = HF_NEWS_OPERATIONAL,
	};

	switch (event->kind) {
	case EVENT_STATE: return strcmp(event->state.name, "down") == 0 ? HF_NEWS_DOWN : HF_NEWS_UP;
	case EVENT_BACKPRESSURE: return HF_NEWS_QUEUE;
	case EVENT_MESSAGE:
		if (event->type > 0 && event->type < sizeof(of_type) / sizeof(of_type[0]))
			return of_type[event->type];
		break;
	case EVENT_FSM:
	case EVENT_NEGOTIATED:
	case EVENT_SIGNAL:
	case EVENT_SHUTDOWN:
	case EVENT_GAP:
	case EVENT_KINDS: break;
	}
	return HF_NEWS_OTHER;
}

static const char *
kind_of(const struct event *event)
{
	const struct message_row *row;

	switch (event->kind) {
	case EVENT_STATE: return event->state.name;
	case EVENT_MESSAGE:
		row = message_of(event->type);
		return row == NULL ? "message" : row->word;
	case EVENT_FSM: return "fsm";
	case EVENT_NEGOTIATED: return "negotiated";
	case EVENT_SIGNAL: return "signal";
	case EVENT_BACKPRESSURE: return "queue";
	case EVENT_SHUTDOWN:
	case EVENT_GAP:
	case EVENT_KINDS: break;
	}
	return "other";
}

static bool
asked_for(const struct subscription *s, const struct event *event)
{
	uint32_t types = event->direction == EVENT_SEND ? s->send : s->receive;

	switch (event->kind) {
	case EVENT_STATE: return s->changes;
	case EVENT_FSM: return s->fsm;
	case EVENT_NEGOTIATED: return s->negotiated;
	case EVENT_SIGNAL: return s->signal;
	case EVENT_BACKPRESSURE: return s->backpressure;
	case EVENT_MESSAGE: return event->type < 32 && (types >> event->type & 1) != 0;
	case EVENT_SHUTDOWN:
	case EVENT_GAP:
	case EVENT_KINDS: return false;
	}
	return false;
}

static bool
wanted(const struct subscription *s, const struct event *event)
{
	return asked_for(s, event) && helper_hears(s->crew->helper, news_of(event));
}

static const struct telling *
telling_of(const struct subscription *s, const struct event *event)
{
	return event->direction == EVENT_SEND ? &s->sent : &s->received;
}

/* A line becomes what stands in a frame. */
static struct blob *
framed(const struct event *event, struct slice line)
{
	struct text peer = { 0 };
	struct text body = { 0 };
	struct blob *b;

	addr_print(&peer, &event->peer->peer);
	hf_event_body(&body, kind_of(event), text_view(&peer), line);
	b = blob_new(text_view(&body));
	text_free(&peer);
	text_free(&body);
	return b;
}

/* NULL: this encoding has nothing to say of it. */
static struct blob *
encode(struct text *line, const struct subscription *s, const struct event *event)
{
	text_clear(line);
	tell_event(event, telling_of(s, event), line);
	if (line->len == 0)
		return NULL;
	return s->framed ? framed(event, text_view(line)) : blob_new(text_view(line));
}

/* Once for all of the group; borrowed. */
static struct blob *
encoded(struct member *m, struct subscription *s, const struct event *event)
{
	struct subscription *first = &m->subs[s->group];

	if (!first->encoded_here) {
		first->encoded = encode(&m->engine->line, first, event);
		first->encoded_here = true;
	}
	return first->encoded;
}

static unsigned
most(unsigned a, unsigned b)
{
	return a > b ? a : b;
}

/* A message goes as it is, a state as words. */
static void
tell_raw(struct member *m, struct helper *h, const struct event *event)
{
	struct text bytes = { 0 };
	enum helper_raw_type type = HELPER_RAW_STATE;

	if (event->kind == EVENT_MESSAGE) {
		type = event->direction == EVENT_SEND ? HELPER_RAW_SENT : HELPER_RAW_RECEIVED;
		text_slice(&bytes, event->header);
		text_slice(&bytes, event->body);
	} else {
		text_format(&bytes, "%s ", event->state.name);
		addr_print(&bytes, &event->peer->peer);
	}
	helper_tell_raw(h, type, m->number, event->wall, text_view(&bytes));
	text_free(&bytes);
}

static void
fanout_raw(struct member *m, const struct event *event)
{
	if (event->kind != EVENT_MESSAGE && event->kind != EVENT_STATE)
		return;
	for (size_t i = 0; i < m->sub_count; i++) {
		struct subscription *s = &m->subs[i];

		if (s->framed && asked_for(s, event) && helper_wants_raw(s->crew->helper))
			tell_raw(m, s->crew->helper, event);
	}
}

/* Each line has a number, so what nobody is told of has none. */
static unsigned
lines_of(const struct member *m, const struct event *event)
{
	unsigned lines = 0;

	for (size_t i = 0; i < m->sub_count; i++) {
		const struct subscription *s = &m->subs[i];

		if (wanted(s, event))
			lines = most(lines, tell_count(event, telling_of(s, event)));
	}
	return lines;
}

static void
fanout_lines(struct member *m, const struct event *event)
{
	for (size_t i = 0; i < m->sub_count; i++) {
		struct subscription *s = &m->subs[i];
		struct blob *b;

		if (!wanted(s, event))
			continue;
		b = encoded(m, s, event);
		if (b == NULL)
			continue;
		if (helper_tell(s->crew->helper, b, event->kind == EVENT_STATE))
			engine_fine(m->engine, ZONE_DELIVER);
		else /* it is counted there */
			engine_failed(m->engine, ZONE_DELIVER);
	}
	for (size_t i = 0; i < m->sub_count; i++) {
		blob_drop(m->subs[i].encoded);
		m->subs[i].encoded = NULL;
		m->subs[i].encoded_here = false;
	}
}

void
fanout_event(struct member *m, const struct event *event)
{
	unsigned lines = lines_of(m, event);
	struct event numbered = *event;

	numbered.counter = m->told + 1;
	m->told += lines;
	logged_event(m, &numbered);
	fanout_raw(m, &numbered);
	if (lines != 0)
		fanout_lines(m, &numbered);
}

/* What one helper alone is told, of no peer. */
static void
tell_one(const struct crew *c, const struct event *event, struct text *to)
{
	struct telling how = telling_for(c);

	tell_event(event, &how, to);
}

void
fanout_shutdown_line(const struct crew *c, struct text *to)
{
	struct event event = { .kind = EVENT_SHUTDOWN, .wall = loop_wall(c->engine->loop) };

	if (!c->issuer.objects) /* a frame of its own says it else */
		tell_one(c, &event, to);
}

void
fanout_gap_line(const struct crew *c, const struct helper_gap *gap, struct text *to)
{
	struct event event = {
		.kind = EVENT_GAP,
		.wall = loop_wall(c->engine->loop),
		.gap = { gap->count, gap->first, gap->last, helper_loss_word(gap->why) },
	};

	tell_one(c, &event, to);
}

/* News of a member that its peer does not tell. */
static void
tell_of(struct member *m, struct event *event)
{
	const struct peer_conf *p = peer_conf(m->peer);
	struct event_peer who = {
		.local = peer_local(m->peer),
		.peer = peer_address(m->peer),
		.local_as = p->local_as,
		.peer_as = p->peer_as,
		.router_id = p->router_id,
	};

	event->peer = &who;
	event->wall = loop_wall(m->engine->loop);
	fanout_event(m, event);
}

void
engine_signal(struct engine *e, int number, const char *name)
{
	for (size_t i = 0; i < e->member_count; i++) {
		struct event event = { .kind = EVENT_SIGNAL, .signal = { number, name } };

		tell_of(e->members[i], &event);
	}
}

void
fanout_pressure(struct member *m, const struct crew *c, bool on)
{
	struct event event = {
		.kind = EVENT_BACKPRESSURE,
		.pressure = { on, c->conf->name },
	};

	log_say(LOG_DEBUG, LOG_PROCESSES, "peer=%s backpressure=%s helper=%s", peer_name(m->peer),
	    on ? "held" : "released", c->conf->name);
	tell_of(m, &event);
}
