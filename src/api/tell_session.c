/* The life of a session: states, what was agreed on, and its small messages. */
#include "bgp/family.h"
#include "bgp/message.h"
#include "bgp/notify.h"
#include "bgp/shape.h"
#include "tale.h"

/* Bytes that somebody else chose, in a line of text. */
static void
put_str(struct text *to, struct slice bytes)
{
	struct emit e = emit_on(to, SPELL_TEXT, 0);

	emit_str(&e, &BARE, bytes);
}

bool
tale_wraps(struct slice reason)
{
	return !slice_begins(reason, "stop, message") &&
	    !slice_begins(reason, "graceful restarted");
}

static void
put_detail(struct text *to, const struct event *e)
{
	if (e->state.said != NULL)
		notify_words(e->state.said, to);
	else if (slice_is(e->state.reason, "closing connection"))
		text_string(to, "the TCP connection was closed by the remote end");
}

/* 4.2: the reason, and what was said. JSON has brackets of one kind only. */
static void
wrap(struct text *to, const struct event *e, bool round)
{
	bool wrapped = tale_wraps(e->state.reason);

	if (wrapped)
		text_string(to, "peer reset, message [");
	text_slice(to, e->state.reason);
	if (wrapped) {
		text_string(to, "] error[");
		put_detail(to, e);
		text_char(to, ']');
	}
	for (char *c = to->at; round && c < to->at + to->len; c++)
		*c = *c == '[' || *c == '{' ? '(' : *c == ']' || *c == '}' ? ')' : *c;
}

static void
put_down(struct tale *t)
{
	bool json = t->how->encoder == TELL_JSON;
	struct slice reason = t->e->state.reason;
	struct text words = { 0 };

	if (tale_has(t, SHAPE_REASON_WRAPPED)) {
		wrap(&words, t->e, json);
		reason = text_view(&words);
	}
	if (json)
		json_escape(t->to, reason);
	else
		put_str(t->to, reason);
	text_free(&words);
}

void
tale_state(struct tale *t)
{
	bool down = strcmp(t->e->state.name, "down") == 0;

	if (t->how->encoder == TELL_TEXT) {
		tale_who(t);
		text_char(t->to, ' ');
		text_string(t->to, t->e->state.name);
		if (down) {
			text_string(t->to, " - ");
			put_down(t);
		}
		text_string(t->to, "\n\n");
		return;
	}
	tale_open(t, "state", false);
	text_string(t->to, ", \"state\": \"");
	text_string(t->to, t->e->state.name);
	if (down) {
		text_string(t->to, "\", \"reason\": \"");
		put_down(t);
	}
	text_char(t->to, '"');
	tale_close(t);
}

void
tale_fsm(struct tale *t)
{
	tale_open(t, "fsm", false);
	text_string(t->to, ", \"state\": \"");
	text_string(t->to, t->e->state.name);
	text_char(t->to, '"');
	tale_close(t);
}

void
tale_signal(struct tale *t)
{
	tale_open(t, "signal", false);
	text_string(t->to, ", \"code\": \"");
	text_int(t->to, t->e->signal.number);
	text_string(t->to, "\", \"name\": \"");
	text_string(t->to, t->e->signal.name);
	text_char(t->to, '"');
	tale_close(t);
}

void
tale_pressure(struct tale *t)
{
	const char *state = t->e->pressure.on ? "held" : "released";

	if (t->how->encoder == TELL_TEXT) {
		tale_who(t);
		text_string(t->to, " backpressure ");
		text_string(t->to, state);
		text_string(t->to, " by ");
		text_string(t->to, t->e->pressure.by);
		text_string(t->to, "\n\n");
		return;
	}
	tale_open(t, "backpressure", false);
	text_string(t->to, ", \"backpressure\": { \"state\": \"");
	text_string(t->to, state);
	text_string(t->to, "\", \"by\": \"");
	json_escape(t->to, slice_on(t->e->pressure.by));
	text_string(t->to, "\" }");
	tale_close(t);
}

/* The agreed families of a set, in the order of the session. */
static void
put_families(
    struct tale *t, const struct family_list *in, struct family_set set, const char *behind)
{
	bool wide = tale_has(t, SHAPE_LISTS_WIDE);
	bool any = false;

	text_string(t->to, wide ? "[ " : "[");
	for (unsigned i = 0; i < in->count; i++) {
		const struct family *f = family_at(in->ids[i]);

		if (!family_in(set, f))
			continue;
		if (any)
			text_string(t->to, wide ? " ," : ", ");
		any = true;
		text_char(t->to, '"');
		text_string(t->to, f->name);
		text_string(t->to, behind);
		text_char(t->to, '"');
	}
	text_string(t->to, wide ? " ]" : "]");
}

static void
put_bool(struct text *to, const char *name, bool b)
{
	text_string(to, name);
	text_string(to, b ? "true" : "false");
}

static const char *
refresh_kind_word(enum refresh_kind k)
{
	switch (k) {
	case REFRESH_NORMAL: return "normal";
	case REFRESH_ENHANCED: return "enhanced";
	case REFRESH_ABSENT: break;
	}
	return "absent";
}

bool
tale_wants_negotiated(const struct tale *t)
{
	return tale_has(t, SHAPE_NEGOTIATED) || t->how->negotiated;
}

void
tale_put_negotiated(struct tale *t)
{
	static const struct session nothing = { .message_max = BGP_MESSAGE_MAX };
	const struct session *s = t->e->session == NULL ? &nothing : t->e->session;
	bool wide = tale_has(t, SHAPE_LISTS_WIDE);

	text_string(t->to, ", \"negotiated\": { \"message_size\": ");
	text_uint(t->to, s->message_max);
	text_string(t->to, ", \"hold_time\": ");
	text_uint(t->to, s->hold_time);
	put_bool(t->to, ", \"asn4\": ", s->asn4);
	put_bool(t->to, ", \"multisession\": ", false);
	put_bool(t->to, ", \"operational\": ", s->operational);
	text_string(t->to, ", \"refresh\": \"");
	text_string(t->to, refresh_kind_word(s->refresh));
	text_string(t->to, "\", \"families\": ");
	put_families(t, &s->families, s->family_bits, "");
	text_string(t->to, ", \"nexthop\": ");
	put_families(t, &s->families, s->next_hop_v6, " ipv6");
	text_string(t->to, wide ? ", \"add_path\": { \"send\": " : ", \"add_path\": {\"send\": ");
	put_families(t, &s->families, s->path_ids_out, "");
	text_string(t->to, ", \"receive\": ");
	put_families(t, &s->families, s->path_ids_in, "");
	text_string(t->to, wide ? " } } " : "} } ");
}

void
tale_negotiated(struct tale *t)
{
	tale_open(t, "negotiated", false);
	tale_put_negotiated(t);
	tale_close(t);
}

/* What is shown of the data: our own as it goes out, a peer's as its meaning (RFC 9003). */
static void
notification_data(const struct tale *t, struct text *to)
{
	if (t->e->direction == EVENT_SEND)
		text_slice(to, t->e->notification->data);
	else
		notify_display(t->e->notification, to);
}

static void
put_codes(struct tale *t, const char *code, const char *subcode)
{
	text_string(t->to, code);
	text_uint(t->to, t->e->notification->code);
	text_string(t->to, subcode);
	text_uint(t->to, t->e->notification->subcode);
}

void
tale_notification(struct tale *t)
{
	struct text data = { 0 };

	notification_data(t, &data);
	if (t->how->encoder == TELL_TEXT) {
		tale_who_did(t);
		put_codes(t, "notification code ", " subcode ");
		text_string(t->to, " data 0x");
		text_hex_upper(t->to, text_view(&data));
		tale_end_text(t);
		text_free(&data);
		return;
	}
	tale_open(t, "notification", tale_consolidated(t));
	put_codes(t, ", \"notification\": { \"code\": ", ", \"subcode\": ");
	text_string(t->to, ", \"data\": \"0x");
	text_hex_upper(t->to, text_view(&data));
	text_char(t->to, '"');
	if (!tale_has(t, SHAPE_NO_NOTE)) {
		text_string(t->to, ", \"message\": \"");
		json_escape(t->to, text_view(&data));
		text_char(t->to, '"');
	}
	text_string(t->to, tale_has(t, SHAPE_NO_NOTE) ? " } " : " }");
	tale_close(t);
	text_free(&data);
}

void
tale_keepalive(struct tale *t)
{
	if (t->how->encoder == TELL_TEXT) {
		tale_who_did(t);
		text_string(t->to, "keepalive");
		tale_end_text(t);
		return;
	}
	tale_open(t, "keepalive", tale_consolidated(t));
	text_char(t->to, ' '); /* where the content would be */
	tale_close(t);
}

static void
put_word_or_number(struct text *to, const char *word, unsigned number)
{
	if (word != NULL)
		text_string(to, word);
	else
		text_uint(to, number);
}

void
tale_refresh(struct tale *t)
{
	const struct refresh *r = t->e->refresh;
	bool json = t->how->encoder == TELL_JSON;

	if (json) {
		tale_open(t, "refresh", tale_consolidated(t));
		text_string(t->to, ", \"route-refresh\": { \"afi\": \"");
	} else {
		tale_who_did(t);
		text_string(t->to, "route-refresh afi ");
	}
	put_word_or_number(t->to, afi_word(r->afi), r->afi);
	text_string(t->to, json ? "\", \"safi\": \"" : " safi ");
	put_word_or_number(t->to, safi_word(r->safi), r->safi);
	text_string(t->to, json ? "\", \"subtype\": \"" : " ");
	put_word_or_number(t->to, refresh_word(r->subtype), r->subtype);
	if (json) {
		text_string(t->to, "\" }");
		tale_close(t);
	} else {
		tale_end_text(t);
	}
}
