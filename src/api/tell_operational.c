/* OPERATIONAL messages, draft-ietf-idr-operational-message: read here, for nobody acts on them. */
#include "bgp/family.h"
#include "bgp/operational.h"
#include "tale.h"

bool
operational_readable(struct slice body)
{
	struct operational o;

	return operational_decode(body, &o);
}

static void
put_word(struct text *to, const char *word, unsigned number)
{
	if (word != NULL)
		text_string(to, word);
	else
		text_uint(to, number);
}

static void
put_counters(struct tale *t, const struct operational *o, bool json)
{
	struct addr id = addr_v4_of(o->router_id);

	text_string(t->to, json ? ", \"router-id\": \"" : " router-id ");
	addr_print(t->to, &id);
	text_string(t->to, json ? "\", \"sequence\": " : " sequence ");
	text_uint(t->to, o->sequence);
	text_string(t->to, json ? ", \"counter\": " : " counter ");
	text_uint(t->to, o->counter);
}

static void
put_json(struct tale *t, const struct operational *o)
{
	text_string(t->to, ", \"operational\": { \"name\": \"");
	text_string(t->to, o->kind->name);
	if (o->kind->form == OPERATIONAL_UNKNOWN) {
		text_string(t->to, "\", \"type\": \"operational-type-");
		text_uint(t->to, o->code);
		text_string(t->to, "\", \"data\": \"0x");
		text_hex_upper(t->to, o->text);
		text_string(t->to, "\" }");
		return;
	}
	text_string(t->to, "\", \"afi\": \"");
	put_word(t->to, afi_word(o->afi), o->afi);
	text_string(t->to, "\", \"safi\": \"");
	put_word(t->to, safi_word(o->safi), o->safi);
	text_char(t->to, '"');
	if (o->kind->form == OPERATIONAL_ADVISORY) {
		text_string(t->to, ", \"advisory\": \"");
		json_escape(t->to, o->text);
		text_char(t->to, '"');
	} else if (o->kind->form == OPERATIONAL_COUNTER) {
		put_counters(t, o, true);
	}
	text_string(t->to, " }");
}

static void
put_text(struct tale *t, const struct operational *o)
{
	text_string(t->to, "operational ");
	text_string(t->to, o->kind->name);
	if (o->kind->form == OPERATIONAL_UNKNOWN) {
		text_string(t->to, " type ");
		text_uint(t->to, o->code);
		text_string(t->to, " data 0x");
		text_hex_upper(t->to, o->text);
		return;
	}
	text_string(t->to, " afi ");
	put_word(t->to, afi_word(o->afi), o->afi);
	text_string(t->to, " safi ");
	put_word(t->to, safi_word(o->safi), o->safi);
	if (o->kind->form == OPERATIONAL_ADVISORY) {
		struct text shown = { 0 };

		/* a quote of the peer's may not end ours: JSON's escapes hold no control byte */
		json_escape(&shown, o->text);
		text_string(t->to, " advisory \"");
		text_slice(t->to, text_view(&shown));
		text_char(t->to, '"');
		text_free(&shown);
	} else if (o->kind->form == OPERATIONAL_COUNTER) {
		put_counters(t, o, false);
	}
}

void
tale_operational(struct tale *t)
{
	struct operational o;

	if (!operational_decode(t->e->body, &o))
		return;
	if (t->how->encoder == TELL_JSON) {
		tale_open(t, "operational", tale_consolidated(t));
		put_json(t, &o);
		tale_close(t);
		return;
	}
	tale_who_did(t);
	put_text(t, &o);
	tale_end_text(t);
}
