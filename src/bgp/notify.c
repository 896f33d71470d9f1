/* NOTIFICATION: codes to names, what we put into its data, what we show of it. */
#include "bgp/notify.h"

#include "bgp/message.h"
#include "lang/utf8.h"

#define SHUTDOWN_SENT  255 /* RFC 9003 2: longest text that is sent */
#define SHUTDOWN_SHOWN 128 /* longest that is shown, as RFC 8203 had it */

#define DATA_MAX (BGP_MESSAGE_MAX - BGP_HEADER - 2)

#define CODES    9
#define SUBCODES 16

/* RFC 4271 4.5, 4486, 6608, 7313, 9234, 9687; 2/8 to 2/10 of the multisession draft. */
static const char *const subcodes[CODES][SUBCODES] = {
	[1] = {
		[1] = "Connection Not Synchronized",
		[2] = "Bad Message Length",
		[3] = "Bad Message Type",
	},
	[2] = {
		[1] = "Unsupported Version Number",
		[2] = "Bad Peer AS",
		[3] = "Bad BGP Identifier",
		[4] = "Unsupported Optional Parameter",
		[5] = "Authentication Notification (Deprecated)",
		[6] = "Unacceptable Hold Time",
		[7] = "Unsupported Capability",
		[8] = "Grouping Conflict",
		[9] = "Grouping Required",
		[10] = "Capability Value Mismatch",
		[11] = "Role Mismatch",
	},
	[3] = {
		[1] = "Malformed Attribute List",
		[2] = "Unrecognized Well-known Attribute",
		[3] = "Missing Well-known Attribute",
		[4] = "Attribute Flags Error",
		[5] = "Attribute Length Error",
		[6] = "Invalid ORIGIN Attribute",
		[7] = "AS Routing Loop",
		[8] = "Invalid NEXT_HOP Attribute",
		[9] = "Optional Attribute Error",
		[10] = "Invalid Network Field",
		[11] = "Malformed AS_PATH",
	},
	[5] = {
		[1] = "Receive Unexpected Message in OpenSent State",
		[2] = "Receive Unexpected Message in OpenConfirm State",
		[3] = "Receive Unexpected Message in Established State",
	},
	[6] = {
		[1] = "Maximum Number of Prefixes Reached",
		[2] = "Administrative Shutdown",
		[3] = "Peer De-configured",
		[4] = "Administrative Reset",
		[5] = "Connection Rejected",
		[6] = "Other Configuration Change",
		[7] = "Connection Collision Resolution",
		[8] = "Out of Resources",
	},
	[7] = {
		[1] = "Invalid Message Length",
		[2] = "Malformed Message Subtype",
	},
};

static bool
says_why(uint8_t code, uint8_t subcode)
{
	return code == 6 && (subcode == 2 || subcode == 4);
}

const char *
notify_subcode_name(uint8_t code, uint8_t subcode)
{
	if (code < CODES && subcode < SUBCODES && subcodes[code][subcode] != NULL)
		return subcodes[code][subcode];
	return "Unspecific";
}

void
notify_encode(const struct notification *n, struct writer *w)
{
	struct gap g = message_begin(w, MESSAGE_NOTIFICATION);

	write_u8(w, n->code);
	write_u8(w, n->subcode);
	write_slice(w, slice_of(n->data.at, n->data.len < DATA_MAX ? n->data.len : DATA_MAX));
	message_finish(w, g);
}

/* At most max bytes, not cut inside a character. */
static struct slice
cut_text(struct slice words, size_t max)
{
	size_t n = max;

	if (words.len <= max)
		return words;
	while (n > 0 && (words.at[n] & 0xc0) == 0x80)
		n--;
	return slice_of(words.at, n);
}

void
notify_shutdown_data(struct slice words, struct text *to)
{
	struct slice cut = cut_text(words, SHUTDOWN_SENT);

	text_char(to, (char)cut.len); /* a length byte, not a character */
	text_slice(to, cut);
}

void
notify_default_data(uint8_t code, uint8_t subcode, struct text *to)
{
	struct slice name = slice_on(notify_subcode_name(code, subcode));

	if (code == 4 || code == 8) /* RFC 4271 6.5, RFC 9687 4 */
		return;
	if (says_why(code, subcode))
		notify_shutdown_data(name, to);
	else
		text_slice(to, name);
}

struct notification
notify_decode(struct slice body)
{
	struct reader r = reader_on(body);
	struct notification n = { 0 };

	n.code = read_u8(&r);
	n.subcode = read_u8(&r);
	n.data = read_rest(&r);
	return n;
}

static bool
is_utf8(struct slice s)
{
	uint32_t point;
	size_t n;

	for (; s.len != 0; s = slice_after(s, n)) {
		n = utf8_take(s, &point);
		if (n == 0)
			return false;
	}
	return true;
}

static void
invalid(struct text *to, const char *what, unsigned len, struct slice bytes)
{
	text_format(to, "invalid Shutdown Communication (%s) length : %u [0x", what, len);
	text_hex_upper(to, bytes);
	text_char(to, ']');
}

static void
display_shutdown(struct slice data, struct text *to)
{
	struct reader r = reader_on(data);
	uint8_t len = read_u8(&r);
	struct slice rest = slice_of(r.at, reader_left(&r));
	struct slice words = read_slice(&r, len);

	if (len == 0) {
		text_string(to, "empty Shutdown Communication.");
		return;
	}
	if (!reader_ok(&r)) {
		invalid(to, "buffer underrun", len, rest);
		return;
	}
	if (len > SHUTDOWN_SHOWN) {
		invalid(to, "too large", len, rest);
		return;
	}
	if (!is_utf8(words)) {
		invalid(to, "invalid UTF-8", len, rest);
		return;
	}
	text_string(to, "Shutdown Communication: \"");
	for (size_t i = 0; i < words.len; i++) {
		bool control = words.at[i] < ' ' || words.at[i] == 0x7f;

		text_char(to, control ? ' ' : (char)words.at[i]);
	}
	text_char(to, '"');
}

void
notify_display(const struct notification *n, struct text *to)
{
	if (says_why(n->code, n->subcode) && n->data.len != 0)
		display_shutdown(n->data, to);
	else
		text_slice(to, n->data);
}

void
notify_words(const struct notification *n, struct text *to)
{
	static const char *const codes[] = {
		[1] = "Message header error",
		[2] = "OPEN message error",
		[3] = "UPDATE message error",
		[4] = "Hold timer expired",
		[5] = "State machine error",
		[6] = "Cease",
	};
	bool known = n->code != 0 && n->code < sizeof(codes) / sizeof(*codes);

	text_format(to, "%s / %s", known ? codes[n->code] : "unknown error",
	    notify_subcode_name(n->code, n->subcode));
	if (n->data.len == 0)
		return;
	text_string(to, " / ");
	text_slice(to, says_why(n->code, n->subcode) ? slice_after(n->data, 1) : n->data);
}
