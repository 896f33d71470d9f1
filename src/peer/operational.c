/*
 * OPERATIONAL messages that we say, draft-ietf-idr-operational-message: those that stay in front of
 * each session's routes, the others once, as soon as there is a session that takes them.
 */
#include "inside.h"

#include "base/mem.h"
#include "bgp/operational.h"

#define WAITING_MAX 65536 /* bytes, of either kind */

static void
body_add(struct text *to, const struct operational *o)
{
	uint8_t room[64 + OPERATIONAL_TEXT_MAX];
	struct writer w = writer_on(room, sizeof(room));

	operational_encode(o, &w);
	text_slice(to, writer_slice(&w));
}

static void
forget(struct peer *p, const struct operational *o)
{
	struct text kept = { 0 };
	struct reader r = reader_on(text_view(&p->advisories));
	struct operational old;

	while (reader_more(&r) && operational_take(&r, &old))
		if (old.code != o->code || old.afi != o->afi || old.safi != o->safi)
			body_add(&kept, &old);
	text_free(&p->advisories);
	p->advisories = kept;
}

bool
peer_say_operational(struct peer *p, const struct operational *o)
{
	if (!p->conf->caps.operational || (p->up != NULL && !p->up->session.operational))
		return false;
	if (p->operational.len >= WAITING_MAX ||
	    (o->kind->stays && p->advisories.len >= WAITING_MAX))
		return false;
	if (o->kind->stays) {
		forget(p, o); /* one of a kind and a family stays: the last */
		body_add(&p->advisories, o);
	}
	if (!o->kind->stays || p->up != NULL)
		body_add(&p->operational, o);
	peer_poke(p);
	return true;
}

void
operational_configured(struct peer *p, const struct text *before)
{
	struct reader old = reader_on(before == NULL ? SLICE("") : text_view(before));
	struct reader r = reader_on(text_view(&p->conf->operational));
	struct operational o;

	while (reader_more(&old) && operational_take(&old, &o))
		forget(p, &o);
	while (reader_more(&r) && operational_take(&r, &o))
		(void)peer_say_operational(p, &o); /* full: check.c let only so many pass */
}

/* In front of what waits: what every session hears. */
void
operational_up(struct peer *p)
{
	struct text waits = p->operational;

	p->operational = (struct text){ 0 };
	text_slice(&p->operational, text_view(&p->advisories));
	text_slice(&p->operational, text_view(&waits));
	text_free(&waits);
}

void
operational_speak(struct peer *p, struct conn *c)
{
	struct text bodies = p->operational;
	struct reader r = reader_on(text_view(&bodies));
	struct operational o;

	p->operational = (struct text){ 0 };
	while (
	    c->session.operational && p->up == c && reader_more(&r) && operational_take(&r, &o)) {
		uint8_t room[BGP_MESSAGE_MAX];
		struct writer w = writer_on(room, sizeof(room));
		struct gap message = message_begin(&w, MESSAGE_OPERATIONAL);

		if (o.router_id == 0)
			o.router_id = c->ours.router_id;
		operational_encode(&o, &w);
		message_finish(&w, message);
		conn_say(c, writer_slice(&w));
	}
	text_free(&bodies);
}
