/* Which lines an event gives in one encoding. */
#include "api/tell.h"

#include "bgp/message.h"
#include "tale.h"

struct teller {
	uint8_t type;
	void (*tell)(struct tale *t);
};

static const struct teller tellers[] = {
	{ MESSAGE_OPEN, tale_open_message },
	{ MESSAGE_UPDATE, tale_update },
	{ MESSAGE_NOTIFICATION, tale_notification },
	{ MESSAGE_KEEPALIVE, tale_keepalive },
	{ MESSAGE_REFRESH, tale_refresh },
	{ MESSAGE_OPERATIONAL, tale_operational },
};

/* Who spells the decoded form; NULL if there is none. */
static const struct teller *
teller_of(const struct event *e)
{
	if (e->type == MESSAGE_OPERATIONAL && !operational_readable(e->body))
		return NULL;
	if (!e->parsed && e->type != MESSAGE_KEEPALIVE && e->type != MESSAGE_OPERATIONAL)
		return NULL;
	for (size_t i = 0; i < sizeof(tellers) / sizeof(*tellers); i++)
		if (tellers[i].type == e->type)
			return &tellers[i];
	return NULL;
}

/* The lines of a message. What can't be decoded still has its raw form in a consolidated one. */
static void
message_lines(
    const struct event *e, const struct telling *how, bool *raw, const struct teller **decoded)
{
	*decoded = how->parsed || how->consolidate ? teller_of(e) : NULL;
	*raw = how->packets && (!how->consolidate || *decoded == NULL);
}

/* The text encoder has no words for these. */
static bool
is_silent(const struct event *e, const struct telling *how)
{
	return how->encoder == TELL_TEXT &&
	    (e->kind == EVENT_FSM || e->kind == EVENT_NEGOTIATED || e->kind == EVENT_SIGNAL);
}

unsigned
tell_count(const struct event *e, const struct telling *how)
{
	const struct teller *decoded;
	bool raw;

	if (e->kind == EVENT_SHUTDOWN || e->kind == EVENT_GAP || is_silent(e, how))
		return 0;
	if (e->kind != EVENT_MESSAGE)
		return 1;
	message_lines(e, how, &raw, &decoded);
	return (raw ? 1u : 0u) + (decoded != NULL ? 1u : 0u);
}

static void
tell_message(struct tale *t)
{
	const struct teller *decoded;
	bool raw;

	message_lines(t->e, t->how, &raw, &decoded);
	if (raw) {
		tale_packet(t);
		t->counter++;
	}
	if (decoded != NULL)
		decoded->tell(t);
}

void
tell_event(const struct event *e, const struct telling *how, struct text *to)
{
	struct tale t = { .e = e, .how = how, .to = to, .counter = e->counter };

	if (is_silent(e, how))
		return;
	switch (e->kind) {
	case EVENT_STATE: tale_state(&t); break;
	case EVENT_FSM: tale_fsm(&t); break;
	case EVENT_NEGOTIATED: tale_negotiated(&t); break;
	case EVENT_MESSAGE: tell_message(&t); break;
	case EVENT_SIGNAL: tale_signal(&t); break;
	case EVENT_SHUTDOWN: tale_shutdown(&t); break;
	case EVENT_BACKPRESSURE: tale_pressure(&t); break;
	case EVENT_GAP: tale_gap(&t); break;
	case EVENT_KINDS: break;
	}
}
