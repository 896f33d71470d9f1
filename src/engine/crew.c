/* Crews: a helper of the configuration as the engine sees it: who commands, and who is told. */
#include "house.h"

#include "base/log.h"
#include "base/mem.h"

#include <string.h>

static struct crew *
crew_of_issuer(struct issuer *i)
{
	return owner_of(i, struct crew, issuer);
}

static void
crew_answer(struct issuer *i, struct slice lines)
{
	helper_answer(crew_of_issuer(i)->helper, lines);
}

/* In frames it is an event: no command is open that it would belong to. */
static void
crew_later(struct issuer *i, struct slice line)
{
	struct helper *h = crew_of_issuer(i)->helper;
	struct text body = { 0 };
	struct blob *b;

	if (!i->objects) {
		helper_answer(h, line);
		return;
	}
	hf_event_body(&body, "receipt", SLICE(""), line);
	b = blob_new(text_view(&body));
	(void)helper_tell(h, b, true); /* counted when it is lost */
	blob_drop(b);
	text_free(&body);
}

static void
crew_explain(struct issuer *i, struct slice line)
{
	struct helper *h = crew_of_issuer(i)->helper;

	if (helper_acks(h))
		helper_explain(h, line);
}

static void
crew_ack(struct issuer *i, bool done)
{
	struct helper *h = crew_of_issuer(i)->helper;

	if (helper_acks(h))
		helper_ack(h, done);
}

static void
crew_set_acks(struct issuer *i, bool on)
{
	helper_set_acks(crew_of_issuer(i)->helper, on);
}

static void
crew_hold(struct issuer *i)
{
	helper_hold(crew_of_issuer(i)->helper);
}

static void
crew_release(struct issuer *i)
{
	helper_release(crew_of_issuer(i)->helper);
}

static bool
crew_full(struct issuer *i)
{
	return helper_full(crew_of_issuer(i)->helper);
}

/* Who shares one with another, as of more than 64 helpers some do, may be sent in two parts. */
static uint64_t
crew_bit(const struct crew *c)
{
	return UINT64_C(1) << c->issuer.number % 64;
}

static void
crew_line(struct helper *h, struct slice line)
{
	struct crew *c = helper_owner(h);
	struct engine *e = c->engine;

	e->conf.globals.speaking = crew_bit(c);
	e->hooks.line(e, &c->issuer, line);
	e->conf.globals.speaking = 0;
}

/* Peers that it has something for wait with what they send, until it is as if all of it had come in
 * one round. */
static void
crew_unfinished(struct helper *h, bool on)
{
	struct crew *c = helper_owner(h);
	struct engine *e = c->engine;

	if (on) {
		e->conf.globals.unfinished |= crew_bit(c);
		return;
	}
	e->conf.globals.unfinished &= ~crew_bit(c);
	for (size_t i = 0; i < e->member_count; i++)
		peer_resume(e->members[i]->peer);
}

static bool
feeds(const struct member *m, const struct crew *c)
{
	for (size_t i = 0; i < m->sub_count; i++) {
		if (m->subs[i].crew == c)
			return true;
	}
	return false;
}

/* At the end of the round: an event may be on its way now. */
static void
pressure_now(struct flush *f)
{
	struct crew *c = owner_of(f, struct crew, pressure);
	struct engine *e = c->engine;

	if (c->pressure_told == c->shut)
		return;
	c->pressure_told = c->shut;
	for (size_t i = 0; i < e->member_count; i++) {
		if (feeds(e->members[i], c))
			fanout_pressure(e->members[i], c, c->pressure_told);
	}
}

/* Hold or release every peer that feeds this helper. */
static void
crew_hold_feeders(struct crew *c, bool hold)
{
	struct engine *e = c->engine;

	if (c->shut == hold)
		return;
	c->shut = hold;
	loop_flush(&c->pressure, e->loop, pressure_now, "crew-pressure");
	for (size_t i = 0; i < e->member_count; i++) {
		struct member *m = e->members[i];

		for (size_t k = 0; k < m->sub_count; k++) {
			if (m->subs[k].crew != c)
				continue;
			if (hold)
				peer_hold(m->peer);
			else
				peer_release(m->peer);
		}
	}
}

static void
crew_shut(struct helper *h)
{
	crew_hold_feeders(helper_owner(h), true);
}

static void
crew_open(struct helper *h)
{
	crew_hold_feeders(helper_owner(h), false);
}

static void
crew_room(struct helper *h)
{
	struct crew *c = helper_owner(h);

	dump_wake(&c->issuer);
}

static void
crew_gap(struct helper *h, const struct helper_gap *gap, struct text *line)
{
	fanout_gap_line(helper_owner(h), gap, line);
}

static void
crew_hello(struct helper *h, struct hf_hello *to)
{
	const struct engine *e = ((struct crew *)helper_owner(h))->engine;

	to->version = e->conf.version;
	to->peers = e->member_count;
}

static void
crew_buried(struct grave *g)
{
	crew_free(owner_of(g, struct crew, grave));
}

static void
crew_gone(struct crew *c)
{
	struct engine *e = c->engine;
	size_t i = 0;

	while (i < e->crew_count && e->crews[i] != c)
		i++;
	if (i < e->crew_count) {
		memmove(e->crews + i, e->crews + i + 1,
		    (e->crew_count - i - 1) * sizeof(struct crew *));
		e->crew_count--;
	}
	if (c->leaving)
		e->leaving_crews--;
	flush_stop(&c->pressure);
	loop_bury(&c->grave, e->loop, crew_buried);
}

/* For all of a life: what is changed meanwhile is of the next one. */
static void
crew_speaks(struct crew *c)
{
	const struct helper_conf *h = c->conf;

	c->changed = false;
	c->dialect = c->engine->conf.dialect;
	c->text = h->encoder == HELPER_TEXT;
	c->issuer.objects = h->protocol == HELPER_FRAMES;
	c->issuer.dialect = h->dialect == NULL ? NULL : dialect_of(slice_on(h->dialect));
}

/* Its section, or the version of the API, may have been changed since it ran last. */
static void
crew_begins(struct crew *c)
{
	struct engine *e = c->engine;

	if (c->dialect == e->conf.dialect && !c->changed)
		return;
	crew_speaks(c);
	for (size_t i = 0; i < e->member_count; i++) {
		if (!e->members[i]->leaving)
			fanout_subscribe(e->members[i]);
	}
}

static void
crew_changed(struct helper *h, enum helper_state now)
{
	struct crew *c = helper_owner(h);

	if (now == HELPER_RUNNING) {
		crew_begins(c);
		return;
	}
	if (now == HELPER_DRAINING)
		issuer_died(&c->issuer);
	if (now != HELPER_MUTE && now != HELPER_STOPPING && now != HELPER_DRAINING)
		issuer_reset(&c->issuer);
	if (now != HELPER_MUTE && now != HELPER_STOPPING)
		crew_hold_feeders(c, helper_shut(h)); /* events may wait for its next life */
	if (now == HELPER_OFF && c->restart) {
		c->restart = false;
		helper_reconfigure(h, c->conf);
		(void)helper_start(h); /* a failure is told by changed() and retried */
		return;
	}
	if (now == HELPER_GONE && !c->leaving && c->engine->conf.terminate)
		engine_request(c->engine, ENGINE_TERMINATE);
	if (c->leaving && (now == HELPER_OFF || now == HELPER_GONE))
		crew_gone(c);
	engine_check_end(c->engine);
}

static const struct helper_hooks crew_hooks = {
	.line = crew_line,
	.unfinished = crew_unfinished,
	.changed = crew_changed,
	.shut = crew_shut,
	.open = crew_open,
	.room = crew_room,
	.gap = crew_gap,
	.hello = crew_hello,
};

void
crew_take(struct crew *c, const struct helper_conf *conf)
{
	c->changed |= c->conf != NULL && !helper_conf_same(c->conf, conf);
	c->conf = conf;
	c->issuer.name = conf->name;
	c->issuer.reasons = conf->reasons;
}

struct crew *
crew_new(struct engine *e, const struct helper_conf *conf)
{
	struct crew *c = mem_zero(1, sizeof(*c));

	if (e->crew_count == e->crew_size) {
		e->crew_size = e->crew_size == 0 ? 8 : e->crew_size * 2;
		e->crews = mem_grow(e->crews, e->crew_size * sizeof(struct crew *));
	}
	e->crews[e->crew_count++] = c;
	c->engine = e;
	c->issuer = (struct issuer){
		.number = account_number(e, conf->name),
		.answer = crew_answer,
		.later = crew_later,
		.explain = crew_explain,
		.ack = crew_ack,
		.set_acks = crew_set_acks,
		.hold = crew_hold,
		.release = crew_release,
		.full = crew_full,
	};
	crew_take(c, conf);
	crew_speaks(c);
	c->helper = helper_new(e->loop, conf, &e->conf.limits, &crew_hooks, c);
	return c;
}

void
crew_free(struct crew *c)
{
	issuer_done(&c->issuer);
	flush_stop(&c->pressure);
	c->engine->residual += crew_residual(c);
	helper_free(c->helper);
	mem_free(c);
}

struct crew *
crew_find(struct engine *e, const char *name)
{
	for (size_t i = 0; i < e->crew_count; i++) {
		if (!e->crews[i]->leaving && strcmp(e->crews[i]->conf->name, name) == 0)
			return e->crews[i];
	}
	return NULL;
}
