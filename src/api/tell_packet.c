/* A message as it was on the wire. */
#include "bgp/message.h"
#include "tale.h"

static const char *
type_of(const struct tale *t)
{
	const struct message_row *row = message_of(t->e->type);

	if (row == NULL)
		return "unknown";
	if (t->e->type == MESSAGE_REFRESH && tale_has(t, SHAPE_MESSAGES_4))
		return "route refresh";
	return row->packets;
}

static void
packet_text(struct tale *t)
{
	tale_who_did(t);
	text_uint(t->to, t->e->type);
	tale_header_body(t);
	text_string(t->to, "\n\n");
}

void
tale_packet(struct tale *t)
{
	if (t->how->encoder == TELL_TEXT) {
		packet_text(t);
		return;
	}
	tale_open(t, type_of(t), false);
	text_string(t->to, ", \"message\": { \"category\": ");
	text_uint(t->to, t->e->type);
	text_string(t->to, ", \"header\": \"0x");
	text_hex_upper(t->to, t->e->header);
	text_string(t->to, "\", \"body\": \"0x");
	text_hex_upper(t->to, t->e->body);
	text_string(t->to, "\" } ");
	if (tale_wants_negotiated(t))
		tale_put_negotiated(t);
	tale_close(t);
}
