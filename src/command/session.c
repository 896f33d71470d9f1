/* The helper's own session with us: acknowledgements, ping, bye. */
#include "call.h"

static enum call_result
enable_ack(struct call *c)
{
	c->issuer->set_acks(c->issuer, true);
	return CALL_DONE;
}

/* The last acknowledgement is always sent. */
static enum call_result
disable_ack(struct call *c)
{
	c->issuer->set_acks(c->issuer, true);
	c->issuer->ack(c->issuer, true);
	c->issuer->set_acks(c->issuer, false);
	return CALL_MUTE;
}

static enum call_result
silence_ack(struct call *c)
{
	c->issuer->set_acks(c->issuer, false);
	return CALL_MUTE;
}

/* From now on announce and withdraw are acknowledged when they were written to the peers. */
static enum call_result
enable_sync(struct call *c)
{
	c->issuer->sync = true;
	return CALL_DONE;
}

static enum call_result
disable_sync(struct call *c)
{
	c->issuer->sync = false;
	return CALL_DONE;
}

static enum call_result
nothing(struct call *c)
{
	(void)c; /* accepted: there is nothing that would have to change */
	return CALL_DONE;
}

/* ping [uuid [start]] [text]: who is asked, and that it lives. */
static enum call_result
ping(struct call *c)
{
	const char *uuid = engine_conf(c->engine)->uuid;

	if (c->text || call_mentions(c, "text"))
		text_format(c->answer, "pong %s active=true\n", uuid);
	else
		text_format(c->answer, "{\"pong\": \"%s\", \"active\": true}\n", uuid);
	return CALL_DONE;
}

/* Commands are carried out as they come, so there is no queue to drop: an answer, as the reference
 * gives it. */
static enum call_result
reset(struct call *c)
{
	text_string(c->answer,
	    c->json ? "{\"status\": \"asynchronous queue cleared\"}\n"
		    : "asynchronous queue cleared\n");
	return CALL_DONE;
}

const struct command commands_session[] = {
	{ "enable-ack", NULL, false, enable_ack },
	{ "disable-ack", NULL, false, disable_ack },
	{ "silence-ack", NULL, false, silence_ack },
	{ "enable-sync", NULL, false, enable_sync },
	{ "disable-sync", NULL, false, disable_sync },
	{ "ping", NULL, false, ping },
	{ "#", NULL, false, nothing }, /* listed by help; comments come before the lexer */
	{ "bye", NULL, false, nothing },
	{ "reset", NULL, false, reset },
	{ 0 },
};
