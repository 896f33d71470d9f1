/* OPEN: capabilities by code, or by name in our own. */
#include "base/mem.h"
#include "bgp/cap.h"
#include "bgp/shape.h"
#include "tale.h"

/* The row that tells it, as the dialect knows it. */
static const struct cap *
cap_row(const struct tale *t, uint8_t code)
{
	const struct cap *c = cap_of(code);

	if (c == NULL || tale_has(t, c->unknown_with))
		return &cap_unknown;
	if (c->known_with != 0 && !tale_has(t, c->known_with))
		return &cap_unknown;
	return c;
}

static bool
has_code(const struct open *o, uint8_t code)
{
	for (size_t i = 0; i < o->seen_count; i++)
		if (o->seen[i].code == code)
			return true;
	return false;
}

/* What an OPEN has of one capability, in order. The codes that a capability had before and has now
 * are told alike, by the last of both, as the reference does. */
static size_t
gather(const struct open *o, const struct cap *row, uint8_t code, struct cap_seen *to)
{
	size_t n = 0;

	for (size_t i = 0; i < o->seen_count; i++)
		if (o->seen[i].code == code ||
		    (row != &cap_unknown && cap_of(o->seen[i].code) == row))
			to[n++] = o->seen[i];
	return n;
}

#define CAP_OPERATIONAL 185

static const char *
cap_word(const struct tale *t, const struct cap *row)
{
	if (row->code == CAP_OPERATIONAL && tale_has(t, SHAPE_NO_NOTE)) /* 4.2 */
		return "exabgp-experimental-operational";
	return row->word;
}

/* Names are for our own OPENs: a peer's may have two codes of one name. */
static void
emit_cap(struct tale *t, struct emit *e, uint8_t code, const struct cap_seen *seen, size_t n)
{
	const struct cap *row = cap_row(t, code);
	char room[CAP_NAME_MAX];
	struct text name = { .at = room, .size = sizeof(room) };
	struct spell spell = { 0 };

	text_char(&name, '"');
	if (t->e->direction == EVENT_SEND && row != &cap_unknown)
		text_string(&name, cap_word(t, row));
	else
		text_uint(&name, code);
	text_string(&name, "\": ");
	spell.as[SPELL_JSON] = text_view(&name);
	row->emit(e, &spell, seen, n);
}

static void
put_capabilities(struct tale *t, const struct open *o)
{
	struct cap_seen *same = mem_get(o->seen_count * sizeof(*same));
	struct emit e = emit_on(t->to, SPELL_JSON, t->how->dialect->shape);
	bool done[256] = { false };

	emit_open(&e, &FIELD("capabilities"), &MARKS_OBJECT);
	for (size_t i = 0; i < o->seen_count; i++) {
		uint8_t code = o->seen[i].code;

		if (done[code])
			continue;
		done[code] = true;
		emit_cap(t, &e, code, same, gather(o, cap_row(t, code), code, same));
	}
	emit_close(&e);
	mem_free(same);
}

/* One item of the list of text. */
static void
tell_cap(struct tale *t, const struct cap *row, const struct cap_seen *seen, size_t count)
{
	if (row->tell_4 != NULL && tale_has(t, SHAPE_CAPS_4))
		row->tell_4(t->to, t->e->direction == EVENT_SEND, seen, count);
	else if (row->tell != NULL)
		row->tell(t->to, seen, count);
	else
		text_string(t->to, row->word);
}

static void
open_text(struct tale *t, const struct open *o, uint32_t asn)
{
	struct cap_seen *same = mem_get(o->seen_count * sizeof(*same));
	struct addr id = addr_v4_of(o->router_id);
	bool any = false;

	tale_who_did(t);
	text_string(t->to, "open version ");
	text_uint(t->to, o->version);
	text_string(t->to, " asn ");
	text_uint(t->to, asn);
	text_string(t->to, " hold_time ");
	text_uint(t->to, o->hold_time);
	text_string(t->to, " router_id ");
	addr_print(t->to, &id);
	text_string(t->to, " capabilities [");
	for (unsigned code = 0; code < 256; code++) {
		const struct cap *row = cap_row(t, (uint8_t)code);

		if (!has_code(o, (uint8_t)code))
			continue;
		if (any)
			text_string(t->to, ", ");
		any = true;
		tell_cap(t, row, same, gather(o, row, (uint8_t)code, same));
	}
	text_char(t->to, ']');
	mem_free(same);
}

void
tale_open_message(struct tale *t)
{
	const struct open *o = t->e->open;
	struct addr id = addr_v4_of(o->router_id);
	bool real = t->e->direction == EVENT_SEND && !tale_has(t, SHAPE_OPEN_FIELD);
	uint32_t asn = real ? o->asn : o->as_field;

	if (t->how->encoder == TELL_TEXT) {
		open_text(t, o, asn);
		tale_end_text(t);
		return;
	}
	tale_open(t, "open", tale_consolidated(t));
	text_string(t->to, ", \"open\": { \"version\": ");
	text_uint(t->to, o->version);
	text_string(t->to, ", \"asn\": ");
	text_uint(t->to, asn);
	text_string(t->to, ", \"hold_time\": ");
	text_uint(t->to, o->hold_time);
	text_string(t->to, ", \"router_id\": \"");
	addr_print(t->to, &id);
	text_string(t->to, "\", ");
	put_capabilities(t, o);
	text_string(t->to, " }");
	tale_close(t);
}
