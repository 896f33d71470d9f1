/* The BGP header, the messages by type, and the lengths that each may have. */
#include "bgp/message.h"

#include "base/must.h"

/* RFC 8654 4: OPEN and KEEPALIVE stay within 4096 bytes whatever was agreed. */
static const struct message_row row_open = {
	.type = MESSAGE_OPEN,
	.word = "open",
	.packets = "open",
	.len_min = BGP_HEADER + 10,
	.len_max = BGP_MESSAGE_MAX,
};

static const struct message_row row_update = {
	.type = MESSAGE_UPDATE,
	.word = "update",
	.packets = "update",
	.len_min = BGP_HEADER + 4,
};

static const struct message_row row_notification = {
	.type = MESSAGE_NOTIFICATION,
	.word = "notification",
	.packets = "notification",
	.len_min = BGP_HEADER + 2,
};

static const struct message_row row_keepalive = {
	.type = MESSAGE_KEEPALIVE,
	.word = "keepalive",
	.packets = "keepalive",
	.len_min = BGP_HEADER,
	.len_max = BGP_HEADER,
};

static const struct message_row row_refresh = {
	.type = MESSAGE_REFRESH,
	.word = "refresh",
	.packets = "route-refresh",
	.len_min = BGP_HEADER + 4,
	.len_max = BGP_HEADER + 4,
};

static const struct message_row row_operational = {
	.type = MESSAGE_OPERATIONAL,
	.word = "operational",
	.packets = "operational",
	.len_min = BGP_HEADER + 4,
};

static const struct message_row *const rows[] = {
#define X(w) &row_##w,
#include "message.inc"
#undef X
};

#define ROWS (sizeof(rows) / sizeof(rows[0]))

const struct message_row *
message_of(uint8_t type)
{
	for (size_t i = 0; i < ROWS; i++)
		if (rows[i]->type == type)
			return rows[i];
	return NULL;
}

const struct message_row *
message_of_word(struct slice word)
{
	for (size_t i = 0; i < ROWS; i++)
		if (slice_is(word, rows[i]->word))
			return rows[i];
	return NULL;
}

/* RFC 7313 5: the markers of enhanced refresh have a code of their own, with the whole message. */
static struct notification
refresh_len_fault(struct slice message, struct slice len)
{
	struct reader r = reader_on(message_body(message));
	uint8_t subtype;

	read_skip(&r, 2);
	subtype = read_u8(&r);
	if (reader_ok(&r) && (subtype == 1 || subtype == 2))
		return (struct notification){ .code = 7, .subcode = 1, .data = message };
	return (struct notification){ .code = 1, .subcode = 2, .data = len };
}

bool
message_check(struct slice message, struct notification *why)
{
	struct reader r = reader_on(message);
	const struct message_row *row;
	struct slice len;
	struct reader type;

	MUST(message.len >= BGP_HEADER && message.len <= BGP_EXTENDED_MAX);
	read_skip(&r, BGP_MARKER_LEN);
	len = read_slice(&r, 2);
	type = r;
	row = message_of(read_u8(&r));
	if (row == NULL) { /* RFC 4271 6.1: with the type */
		*why =
		    (struct notification){ .code = 1, .subcode = 3, .data = read_slice(&type, 1) };
		return false;
	}
	if (message.len >= row->len_min && (row->len_max == 0 || message.len <= row->len_max))
		return true;
	if (row->type == MESSAGE_REFRESH)
		*why = refresh_len_fault(message, len);
	else /* RFC 4271 6.1: with the length */
		*why = (struct notification){ .code = 1, .subcode = 2, .data = len };
	return false;
}

struct gap
message_begin(struct writer *w, uint8_t type)
{
	struct gap g = { writer_len(w) };

	write_fill(w, 0xff, BGP_MARKER_LEN);
	write_u16(w, 0);
	write_u8(w, type);
	return g;
}

void
message_finish(struct writer *w, struct gap g)
{
	size_t len = writer_len(w) - g.at;

	if (w->full)
		return;
	if (len > BGP_EXTENDED_MAX)
		w->full = true;
	else
		store_u16(w->start + g.at + BGP_MARKER_LEN, (uint16_t)len);
}

void
message_keepalive(struct writer *w)
{
	message_finish(w, message_begin(w, MESSAGE_KEEPALIVE));
}
