/* Messages that have no place in a session, and what answers them: RFC 4271 6. */
#include "far.h"

#include <stdio.h>

static void
strict(enum far_when when, const char *label, struct slice bytes, uint8_t code, uint8_t subcode,
    struct slice data, bool check_data)
{
	struct play p;
	struct far f;
	char reason[64];

	play_init(&p);
	p.conf.manual_eor = true;
	play_start(&p);
	far_reach(&p, &f, when);
	far_send(&f, bytes);
	if (check_data)
		far_expect_data(&f, label, code, subcode, data);
	else
		far_expect_notification(&f, label, code, subcode);
	(void)snprintf(
	    reason, sizeof(reason), "state down notification sent (%u,%u)", code, subcode);
	cr_expect(play_news(&p, reason), "%s: %s", label, text_chars(&p.news));
	play_end(&p, &f);
}

Case(session, header_errors_are_answered_in_every_state)
{
	static const struct {
		const char *label;
		struct slice bytes;
		uint8_t subcode;
		struct slice data;
		bool check;
	} rows[] = {
		{ "marker",
		    { (const uint8_t *)"\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff"
				       "\xff\xfe\x00\x13\x04",
			19 },
		    1, { 0 }, false },
		{ "short", { (const uint8_t *)MARKER "\x00\x12\x04", 19 }, 2,
		    { (const uint8_t *)"\x00\x12", 2 }, true },
		{ "long", { (const uint8_t *)MARKER "\x10\x01\x02", 19 }, 2,
		    { (const uint8_t *)"\x10\x01", 2 }, true },
		{ "keepalive of 20", { (const uint8_t *)MARKER "\x00\x14\x04\x00", 20 }, 2,
		    { (const uint8_t *)"\x00\x14", 2 }, true },
		{ "update of 22", { (const uint8_t *)MARKER "\x00\x16\x02\x00\x00\x00", 22 }, 2,
		    { (const uint8_t *)"\x00\x16", 2 }, true },
		{ "type 0", { (const uint8_t *)MARKER "\x00\x13\x00", 19 }, 3,
		    { (const uint8_t *)"\x00", 1 }, true },
		{ "type 9", { (const uint8_t *)MARKER "\x00\x13\x09", 19 }, 3,
		    { (const uint8_t *)"\x09", 1 }, true },
		{ "type 255", { (const uint8_t *)MARKER "\x00\x13\xff", 19 }, 3,
		    { (const uint8_t *)"\xff", 1 }, true },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		for (enum far_when when = AT_OPENSENT; when <= AT_ESTABLISHED; when++)
			strict(when, rows[i].label, rows[i].bytes, 1, rows[i].subcode, rows[i].data,
			    rows[i].check);
}

Case(session, messages_of_another_state_are_fsm_errors)
{
	static const uint8_t open[] = { 4, 0xfd, 0xea, 0, 90, 1, 0, 0, 1, 0 };
	static const uint8_t update[] = { 0, 0, 0, 0 };
	static const uint8_t refresh[] = { 0, 1, 0, 1 };
	static const struct {
		const char *label;
		enum far_when when;
		uint8_t type;
		struct slice body;
		uint8_t subcode;
	} rows[] = {
		{ "keepalive first", AT_OPENSENT, 4, { NULL, 0 }, 1 },
		{ "update first", AT_OPENSENT, 2, { update, 4 }, 1 },
		{ "refresh first", AT_OPENSENT, 5, { refresh, 4 }, 1 },
		{ "update second", AT_OPENCONFIRM, 2, { update, 4 }, 2 },
		{ "open twice", AT_OPENCONFIRM, 1, { open, 10 }, 2 },
		{ "open at last", AT_ESTABLISHED, 1, { open, 10 }, 3 },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		uint8_t room[64];
		struct writer w = writer_on(room, sizeof(room));
		struct gap g = message_begin(&w, rows[i].type);

		write_slice(&w, rows[i].body);
		message_finish(&w, g);
		strict(rows[i].when, rows[i].label, writer_slice(&w), 5, rows[i].subcode,
		    slice_of(NULL, 0), false);
	}
}

Case(session, opens_that_do_not_suit_are_refused)
{
	static const struct {
		const char *label;
		struct slice body;
		uint8_t subcode;
	} rows[] = {
		{ "version 3", { (const uint8_t *)"\x03\xfd\xea\x00\x5a\x01\x00\x00\x01\x00", 10 },
		    1 },
		{ "another AS", { (const uint8_t *)"\x04\xfd\xeb\x00\x5a\x01\x00\x00\x01\x00", 10 },
		    2 },
		{ "identifier 0",
		    { (const uint8_t *)"\x04\xfd\xea\x00\x5a\x00\x00\x00\x00\x00", 10 }, 3 },
		{ "hold time 1",
		    { (const uint8_t *)"\x04\xfd\xea\x00\x01\x01\x00\x00\x01\x00", 10 }, 6 },
		{ "hold time 2",
		    { (const uint8_t *)"\x04\xfd\xea\x00\x02\x01\x00\x00\x01\x00", 10 }, 6 },
		{ "parameter 9",
		    { (const uint8_t *)"\x04\xfd\xea\x00\x5a\x01\x00\x00\x01\x02\x09\x00", 12 },
		    4 },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		uint8_t room[64];
		struct writer w = writer_on(room, sizeof(room));
		struct gap g = message_begin(&w, MESSAGE_OPEN);

		write_slice(&w, rows[i].body);
		message_finish(&w, g);
		strict(AT_OPENSENT, rows[i].label, writer_slice(&w), 2, rows[i].subcode,
		    slice_of(NULL, 0), false);
	}
}

Case(session, a_notification_is_not_answered)
{
	for (enum far_when when = AT_OPENSENT; when <= AT_ESTABLISHED; when++) {
		struct play p;
		struct far f;
		struct slice message;
		uint8_t got;

		play_init(&p);
		p.conf.manual_eor = true;
		play_start(&p);
		far_reach(&p, &f, when);
		far_send_type(&f, MESSAGE_NOTIFICATION, SLICE("\x06\x04"));
		got = far_next(&f, &message);
		cr_expect_eq(got, 0, "got %u", got);
		cr_expect(play_news(&p, "state down notification received (6,4)"));
		cr_expect_eq(play_count(&p, "receive 3 6/4"), 1);
		play_end(&p, &f);
	}
}
