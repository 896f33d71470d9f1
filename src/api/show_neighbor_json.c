/* show neighbor json: one object a peer, as a list on one line. */
#include "bgp/shape.h"
#include "show_row.h"

/* A dictionary being written: names are ours and need no escape. */
static void
name(struct text *to, bool first, const char *key)
{
	text_string(to, first ? "\"" : ", \"");
	text_string(to, key);
	text_string(to, "\": ");
}

/* true, false, null; 6.0 has numbers. */
static void
put_flag(const struct dialect *d, struct text *to, uint8_t f)
{
	bool numbers = (d->shape & SHAPE_TEXT_6) != 0;

	if (f == SHOW_ON)
		text_string(to, numbers ? "1" : "true");
	else if (f == SHOW_OFF)
		text_string(to, numbers ? "0" : "false");
	else
		text_string(to, numbers ? "-1" : "null");
}

static uint8_t
known_flag(const struct show_side *side, uint8_t f)
{
	return side->known ? f : SHOW_UNKNOWN;
}

static void
put_capabilities(const struct dialect *d, const struct show_side *side, struct text *to)
{
	text_string(to, "\"capabilities\": {");
	for (unsigned i = 0; i < SHOW_CAPABILITIES; i++) {
		name(to, i == 0, show_capability_word(i));
		put_flag(d, to, known_flag(side, side->capabilities[i]));
	}
	text_char(to, '}');
}

static void
put_families(const struct dialect *d, const struct show_peer *p, bool local, struct text *to)
{
	text_string(to, ", \"families\": {");
	for (unsigned i = 0; i < p->families.count; i++) {
		const struct family *f = family_at(p->families.ids[i]);

		name(to, i == 0, f->name);
		if (local)
			text_string(to, "true");
		else
			put_flag(d, to, (uint8_t)show_peer_family(p, f));
	}
	text_char(to, '}');
}

static void
put_addpath(const struct dialect *d, const struct show_peer *p, const struct show_side *side,
    struct text *to)
{
	text_string(to, ", \"add-path\": {");
	for (unsigned i = 0; i < p->families.count; i++) {
		const struct family *f = family_at(p->families.ids[i]);
		uint8_t on = side->addpath[f->id] != ADDPATH_NONE ? SHOW_ON : SHOW_OFF;

		name(to, i == 0, f->name);
		put_flag(d, to, known_flag(side, on));
	}
	text_char(to, '}');
}

static void
put_as(struct text *to, uint32_t as)
{
	if (as == 0)
		text_string(to, "null");
	else
		text_uint(to, as);
}

static void
put_side(const struct dialect *d, const struct show_peer *p, const struct show_side *side,
    struct text *to)
{
	struct addr id = addr_v4_of(side->router_id);

	text_char(to, '{');
	put_capabilities(d, side, to);
	put_families(d, p, side == &p->local, to);
	put_addpath(d, p, side, to);
	text_string(to, ", \"address\": \"");
	addr_print(to, &side->address);
	text_string(to, "\", \"as\": ");
	put_as(to, side->as);
	if (side->known) {
		text_string(to, ", \"id\": \"");
		addr_print(to, &id);
		text_string(to, "\", \"hold\": ");
		text_uint(to, side->hold_time);
	} else {
		text_string(to, ", \"id\": null, \"hold\": null");
	}
	text_char(to, '}');
}

static void
put_messages(struct text *to, const struct show_messages *m)
{
	text_string(to, "{\"open\": ");
	text_uint(to, m->open);
	text_string(to, ", \"notification\": ");
	text_uint(to, m->notification);
	text_string(to, ", \"keepalive\": ");
	text_uint(to, m->keepalive);
	text_string(to, ", \"update\": ");
	text_uint(to, m->update);
	text_string(to, ", \"refresh\": ");
	text_uint(to, m->refresh);
	text_string(to, ", \"total\": ");
	text_uint(to, show_messages_total(m));
	text_char(to, '}');
}

/* What both sides have, of an established session. */
static void
put_agreed(const struct show_peer *p, struct text *to)
{
	bool first = true;

	text_string(to, ", \"capabilities\": [");
	for (unsigned i = 0; p->up && i < SHOW_CAPABILITIES; i++) {
		if (p->local.capabilities[i] != SHOW_ON || p->peer.capabilities[i] != SHOW_ON)
			continue;
		text_string(to, first ? "\"" : ", \"");
		text_string(to, show_capability_word(i));
		text_char(to, '"');
		first = false;
	}
	text_string(to, "], \"families\": [");
	first = true;
	for (unsigned i = 0; p->up && i < p->families.count; i++) {
		const struct family *f = family_at(p->families.ids[i]);

		if (!family_in(p->agreed, f))
			continue;
		text_string(to, first ? "\"" : ", \"");
		text_string(to, f->name);
		text_char(to, '"');
		first = false;
	}
	text_char(to, ']');
}

static void
put_agreed_addpath(const struct show_peer *p, struct text *to)
{
	text_string(to, ", \"add-path\": {");
	for (unsigned i = 0; i < p->families.count; i++) {
		const struct family *f = family_at(p->families.ids[i]);

		name(to, i == 0, f->name);
		text_char(to, '"');
		text_string(to, show_addpath_word(p, f));
		text_char(to, '"');
	}
	text_char(to, '}');
}

void
show_neighbor_members(const struct dialect *d, const struct show_peer *p, struct text *to)
{
	text_string(to, p->up ? "\"state\": \"up\"" : "\"state\": \"down\"");
	text_string(to, ", \"duration\": ");
	text_uint(to, p->duration);
	text_string(to, ", \"fsm\": \"");
	text_string(to, p->fsm);
	text_string(to, "\", \"local\": ");
	put_side(d, p, &p->local, to);
	text_string(to, ", \"peer\": ");
	put_side(d, p, &p->peer, to);
	text_string(to, ", \"messages\": {\"sent\": ");
	put_messages(to, &p->sent);
	text_string(to, ", \"received\": ");
	put_messages(to, &p->received);
	text_char(to, '}');
	put_agreed(p, to);
	put_agreed_addpath(p, to);
	if ((d->shape & SHAPE_TEXT_6) != 0) {
		text_string(to, ", \"prefixes\": {\"received\": ");
		text_uint(to, p->prefixes_received);
		text_string(to, ", \"withdrawn\": ");
		text_uint(to, p->prefixes_withdrawn);
		text_char(to, '}');
	}
}

void
show_neighbor_json(const struct dialect *d, const struct show_peer *p, struct text *to)
{
	text_char(to, '{');
	show_neighbor_members(d, p, to);
	text_char(to, '}');
}
