/* OPERATIONAL messages, draft-ietf-idr-operational-message: read here, for nobody acts on them. */
#include "base/wire.h"
#include "bgp/family.h"
#include "tale.h"

enum form { FORM_ADVISORY, FORM_QUERY, FORM_COUNTER, FORM_UNKNOWN };

static const struct kind {
	uint16_t code;
	const char *name;
	enum form form;
} kinds[] = {
	{ 1, "ADM", FORM_ADVISORY },
	{ 2, "ASM", FORM_ADVISORY },
	{ 3, "RPCQ", FORM_QUERY },
	{ 4, "RPCP", FORM_COUNTER },
	{ 5, "APCQ", FORM_QUERY },
	{ 6, "APCP", FORM_COUNTER },
	{ 7, "LPCQ", FORM_QUERY },
	{ 8, "LPCP", FORM_COUNTER },
};

static const struct kind kind_unknown = { 0, "unknown", FORM_UNKNOWN };

struct operational {
	const struct kind *kind;
	uint16_t code;
	uint16_t afi;
	uint8_t safi;
	struct slice advisory;
	uint32_t router_id;
	uint32_t sequence;
	uint32_t counter;
	struct slice data; /* of an unknown one */
};

static const struct kind *
kind_of(uint16_t code)
{
	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
		if (kinds[i].code == code)
			return &kinds[i];
	return &kind_unknown;
}

static bool
operational_read(struct slice body, struct operational *o)
{
	struct reader r = reader_on(body);
	struct reader in;

	*o = (struct operational){ .code = read_u16(&r) };
	in = read_inner(&r, read_u16(&r));
	o->kind = kind_of(o->code);
	if (o->kind->form == FORM_UNKNOWN) {
		o->data = read_rest(&in);
		return reader_done(&r) && reader_ok(&in);
	}
	o->afi = read_u16(&in);
	o->safi = read_u8(&in);
	if (o->kind->form == FORM_ADVISORY) {
		o->advisory = read_rest(&in);
	} else {
		o->router_id = read_u32(&in);
		o->sequence = read_u32(&in);
		if (o->kind->form == FORM_COUNTER)
			o->counter = read_u32(&in);
	}
	return reader_done(&r) && reader_done(&in);
}

bool
operational_readable(struct slice body)
{
	struct operational o;

	return operational_read(body, &o);
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
	if (o->kind->form == FORM_UNKNOWN) {
		text_string(t->to, "\", \"type\": \"operational-type-");
		text_uint(t->to, o->code);
		text_string(t->to, "\", \"data\": \"0x");
		text_hex_upper(t->to, o->data);
		text_string(t->to, "\" }");
		return;
	}
	text_string(t->to, "\", \"afi\": \"");
	put_word(t->to, afi_word(o->afi), o->afi);
	text_string(t->to, "\", \"safi\": \"");
	put_word(t->to, safi_word(o->safi), o->safi);
	text_char(t->to, '"');
	if (o->kind->form == FORM_ADVISORY) {
		text_string(t->to, ", \"advisory\": \"");
		json_escape(t->to, o->advisory);
		text_char(t->to, '"');
	} else if (o->kind->form == FORM_COUNTER) {
		put_counters(t, o, true);
	}
	text_string(t->to, " }");
}

static void
put_text(struct tale *t, const struct operational *o)
{
	text_string(t->to, "operational ");
	text_string(t->to, o->kind->name);
	if (o->kind->form == FORM_UNKNOWN) {
		text_string(t->to, " type ");
		text_uint(t->to, o->code);
		text_string(t->to, " data 0x");
		text_hex_upper(t->to, o->data);
		return;
	}
	text_string(t->to, " afi ");
	put_word(t->to, afi_word(o->afi), o->afi);
	text_string(t->to, " safi ");
	put_word(t->to, safi_word(o->safi), o->safi);
	if (o->kind->form == FORM_ADVISORY) {
		struct text shown = { 0 };

		/* a quote of the peer's may not end ours: JSON's escapes hold no control byte */
		json_escape(&shown, o->advisory);
		text_string(t->to, " advisory \"");
		text_slice(t->to, text_view(&shown));
		text_char(t->to, '"');
		text_free(&shown);
	} else if (o->kind->form == FORM_COUNTER) {
		put_counters(t, o, false);
	}
}

void
tale_operational(struct tale *t)
{
	struct operational o;

	if (!operational_read(t->e->body, &o))
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
