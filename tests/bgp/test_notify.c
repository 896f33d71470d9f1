/* NOTIFICATION: names, data that is sent, data that is shown. */
#include "case.h"

#include "bgp/message.h"
#include "bgp/notify.h"

#define BYTES(literal)                                                                             \
	{                                                                                          \
		(const uint8_t *)(literal), sizeof(literal) - 1                                    \
	}

static const struct {
	uint8_t code;
	uint8_t subcode;
	struct slice data;
	struct slice shown;
} shows[] = {
	{ 6, 2, BYTES("\5bye!!"), BYTES("Shutdown Communication: \"bye!!\"") },
	{ 6, 4, BYTES("\5bye!!"), BYTES("Shutdown Communication: \"bye!!\"") },
	{ 6, 2, BYTES("\5a\r\nb\t"), BYTES("Shutdown Communication: \"a  b \"") },
	{ 6, 2, BYTES("\2\xc3\xa9"), BYTES("Shutdown Communication: \"\xc3\xa9\"") },
	{ 6, 2, BYTES("\0"), BYTES("empty Shutdown Communication.") },
	{ 6, 2, BYTES(""), BYTES("") },
	{ 6, 2, BYTES("\4abc"),
	    BYTES("invalid Shutdown Communication (buffer underrun) length : 4 [0x616263]") },
	{ 6, 4, BYTES("\377"),
	    BYTES("invalid Shutdown Communication (buffer underrun) length : 255 [0x]") },
	{ 6, 2, BYTES("\2\xc0\xaf"),
	    BYTES("invalid Shutdown Communication (invalid UTF-8) length : 2 [0xC0AF]") },
	{ 6, 2, BYTES("\3\xed\xa0\x80"),
	    BYTES("invalid Shutdown Communication (invalid UTF-8) length : 3 [0xEDA080]") },
	{ 6, 2, BYTES("\2\xc3z"),
	    BYTES("invalid Shutdown Communication (invalid UTF-8) length : 2 [0xC37A]") },
	{ 6, 3, BYTES("\5bye!!"), BYTES("\5bye!!") },
	{ 5, 2, BYTES("\5bye!!"), BYTES("\5bye!!") },
	{ 1, 4, BYTES("\1\2\3"), BYTES("\1\2\3") },
	{ 4, 0, BYTES(""), BYTES("") },
};

Case(notify, shows_the_text_or_the_bytes)
{
	for (size_t i = 0; i < sizeof(shows) / sizeof(shows[0]); i++) {
		struct notification n = { shows[i].code, shows[i].subcode, shows[i].data };
		struct text t = { 0 };

		notify_display(&n, &t);
		cr_expect(
		    slice_same(text_view(&t), shows[i].shown), "row %zu: %s", i, text_chars(&t));
		text_free(&t);
	}
}

Case(notify, texts_over_128_bytes_are_shown_as_bytes)
{
	uint8_t data[256];

	memset(data, 'x', sizeof(data));
	for (unsigned len = 1; len < 256; len++) {
		struct notification n = { 6, 2, slice_of(data, len + 1) };
		struct text t = { 0 };

		data[0] = (uint8_t)len;
		notify_display(&n, &t);
		if (len <= 128)
			cr_expect(slice_begins(text_view(&t), "Shutdown Communication: \"xx") ||
			    len == 1);
		else
			cr_expect(slice_begins(
			    text_view(&t), "invalid Shutdown Communication (too large) length : "));
		text_free(&t);
	}
}

Case(notify, every_pair_has_names)
{
	for (unsigned code = 0; code < 256; code++)
		for (unsigned sub = 0; sub < 256; sub++) {
			const char *name = notify_subcode_name((uint8_t)code, (uint8_t)sub);

			cr_assert(name != NULL && name[0] != '\0');
			if (code == 0 || code > 7 || sub == 0 || sub > 11)
				cr_assert(strcmp(name, "Unspecific") == 0);
		}
	cr_expect(strcmp(notify_subcode_name(2, 2), "Bad Peer AS") == 0);
	cr_expect(strcmp(notify_subcode_name(2, 11), "Role Mismatch") == 0);
	cr_expect(strcmp(notify_subcode_name(3, 11), "Malformed AS_PATH") == 0);
	cr_expect(strcmp(notify_subcode_name(6, 8), "Out of Resources") == 0);
}

Case(notify, data_of_ours_is_the_name)
{
	static const struct {
		uint8_t code;
		uint8_t subcode;
		struct slice data;
	} rows[] = {
		{ 4, 0, BYTES("") },
		{ 8, 0, BYTES("") },
		{ 6, 3, BYTES("Peer De-configured") },
		{ 6, 2, BYTES("\027Administrative Shutdown") },
		{ 6, 4, BYTES("\024Administrative Reset") },
		{ 6, 0, BYTES("Unspecific") },
		{ 2, 6, BYTES("Unacceptable Hold Time") },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct text t = { 0 };

		notify_default_data(rows[i].code, rows[i].subcode, &t);
		cr_expect(slice_same(text_view(&t), rows[i].data), "row %zu", i);
		text_free(&t);
	}
}

/* 300 bytes of two-byte characters: 254 fit, the 255th would be half a character. */
Case(notify, shutdown_text_is_cut_between_characters)
{
	struct text words = { 0 };
	struct text t = { 0 };

	for (int i = 0; i < 150; i++)
		text_string(&words, "\xc3\xa9");
	notify_shutdown_data(text_view(&words), &t);
	cr_expect(t.len == 255 && (uint8_t)t.at[0] == 254);
	text_clear(&t);
	notify_shutdown_data(SLICE(""), &t);
	cr_expect(t.len == 1 && t.at[0] == 0);
	text_free(&words);
	text_free(&t);
}

Case(notify, decode_gives_what_encode_took)
{
	uint8_t data[300];
	uint8_t room[512];

	for (size_t i = 0; i < sizeof(data); i++)
		data[i] = (uint8_t)(i * 7);
	for (size_t len = 0; len <= sizeof(data); len++) {
		struct notification in = { (uint8_t)len, (uint8_t)(len / 3), slice_of(data, len) };
		struct writer w = writer_on(room, sizeof(room));
		struct notification out;
		struct notification why;

		notify_encode(&in, &w);
		cr_assert(writer_ok(&w) && message_check(writer_slice(&w), &why));
		out = notify_decode(message_body(writer_slice(&w)));
		cr_assert(out.code == in.code && out.subcode == in.subcode);
		cr_assert(slice_same(out.data, in.data));
	}
}

Case(notify, data_is_cut_to_the_longest_message)
{
	static uint8_t data[BGP_EXTENDED_MAX];
	static uint8_t room[BGP_MESSAGE_MAX];
	struct notification in = { 1, 2, slice_of(data, sizeof(data)) };
	struct writer w = writer_on(room, sizeof(room));

	notify_encode(&in, &w);
	cr_expect(writer_ok(&w) && writer_len(&w) == BGP_MESSAGE_MAX);
}
