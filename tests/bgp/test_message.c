/* The header, lengths by type, KEEPALIVE and ROUTE-REFRESH. */
#include "case.h"

#include "bgp/message.h"
#include "bgp/refresh.h"

static struct slice
blank_message(uint8_t *room, size_t len, uint8_t type)
{
	struct writer w = writer_on(room, BGP_EXTENDED_MAX);
	struct gap g = message_begin(&w, type);

	write_fill(&w, 0, len - BGP_HEADER);
	message_finish(&w, g);
	cr_assert(writer_ok(&w));
	return writer_slice(&w);
}

Case(message, each_type_has_its_lengths)
{
	static uint8_t room[BGP_EXTENDED_MAX];
	static const struct {
		uint8_t type;
		size_t min;
		size_t max;
	} rows[] = {
		{ MESSAGE_OPEN, 29, 4096 },
		{ MESSAGE_UPDATE, 23, 65535 },
		{ MESSAGE_NOTIFICATION, 21, 65535 },
		{ MESSAGE_KEEPALIVE, 19, 19 },
		{ MESSAGE_REFRESH, 23, 23 },
		{ MESSAGE_OPERATIONAL, 23, 65535 },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		for (size_t len = BGP_HEADER; len <= BGP_EXTENDED_MAX;
		     len += len < 4200 ? 1 : 997) {
			struct slice m = blank_message(room, len, rows[i].type);
			bool fits = len >= rows[i].min && len <= rows[i].max;
			struct notification why = { 0 };

			cr_assert(message_check(m, &why) == fits, "type %u length %zu",
			    rows[i].type, len);
			if (fits)
				continue;
			cr_assert(why.code == 1 && why.subcode == 2);
			cr_assert(slice_same(why.data, slice_of(m.at + 16, 2)));
		}
}

Case(message, other_types_are_answered_with_the_type)
{
	static uint8_t room[BGP_EXTENDED_MAX];

	for (unsigned type = 0; type < 256; type++) {
		struct slice m = blank_message(room, 23, (uint8_t)type);
		struct notification why = { 0 };

		if (type >= MESSAGE_OPEN && type <= MESSAGE_OPERATIONAL) {
			cr_expect(message_of((uint8_t)type) != NULL);
			continue;
		}
		cr_expect(message_of((uint8_t)type) == NULL);
		cr_expect(!message_check(m, &why) && why.code == 1 && why.subcode == 3, "%u", type);
		cr_expect(why.data.len == 1 && why.data.at[0] == type, "%u", type);
	}
}

Case(message, words_and_types_are_inverse)
{
	static const char *const words[] = { "open", "update", "notification", "keepalive",
		"refresh", "operational" };

	for (uint8_t type = MESSAGE_OPEN; type <= MESSAGE_OPERATIONAL; type++) {
		const struct message_row *row = message_of(type);

		cr_assert(row != NULL && row->type == type);
		cr_expect(strcmp(row->word, words[type - 1]) == 0);
		cr_expect(message_of_word(slice_on(row->word)) == row);
		cr_expect(strcmp(row->packets,
			      type == MESSAGE_REFRESH ? "route-refresh" : row->word) == 0);
	}
	cr_expect(message_of_word(SLICE("")) == NULL);
	cr_expect(message_of_word(SLICE("opens")) == NULL);
}

Case(message, keepalive_is_the_bare_header)
{
	uint8_t room[64];
	uint8_t want[BGP_HEADER];
	struct writer w = writer_on(room, sizeof(room));

	memset(want, 0xff, 16);
	want[16] = 0;
	want[17] = 19;
	want[18] = 4;
	message_keepalive(&w);
	cr_expect(slice_same(writer_slice(&w), slice_of(want, sizeof(want))));
	for (size_t size = 0; size < BGP_HEADER; size++) {
		w = writer_on(room, size);
		message_keepalive(&w);
		cr_expect(!writer_ok(&w));
	}
}

Case(refresh, decode_gives_what_encode_took)
{
	for (unsigned subtype = 0; subtype < 256; subtype++) {
		uint8_t room[64];
		struct writer w = writer_on(room, sizeof(room));
		struct refresh in = { .afi = 16388, .safi = 71, .subtype = (uint8_t)subtype };
		struct refresh out = { 0 };
		struct notification why = { 0 };

		refresh_encode(&in, &w);
		cr_assert(message_check(writer_slice(&w), &why));
		cr_assert(refresh_decode(message_body(writer_slice(&w)), &out, &why));
		cr_expect(out.afi == in.afi && out.safi == in.safi && out.subtype == in.subtype);
	}
	cr_expect(strcmp(refresh_word(REFRESH_QUERY), "query") == 0);
	cr_expect(strcmp(refresh_word(REFRESH_BEGIN), "begin") == 0);
	cr_expect(strcmp(refresh_word(REFRESH_END), "end") == 0);
	cr_expect(strcmp(refresh_word(3), "unknown") == 0);
}

Case(refresh, other_lengths_are_refused)
{
	static const uint8_t zero[64];

	for (size_t n = 0; n < sizeof(zero); n++) {
		struct refresh out = { .afi = 9 };
		struct notification why = { 0 };

		if (n == 4)
			continue;
		cr_expect(!refresh_decode(slice_of(zero, n), &out, &why), "%zu", n);
		cr_expect(why.code == 7 && why.subcode == 1 && out.afi == 9, "%zu", n);
	}
}

/* RFC 7313 5: markers have their own answer, with the whole message. */
Case(refresh, long_marker_is_answered_with_itself)
{
	uint8_t room[64];

	for (uint8_t subtype = 0; subtype < 4; subtype++) {
		struct writer w = writer_on(room, sizeof(room));
		struct gap g = message_begin(&w, MESSAGE_REFRESH);
		struct notification why = { 0 };
		bool marker = subtype == REFRESH_BEGIN || subtype == REFRESH_END;

		write_u16(&w, 1);
		write_u8(&w, subtype);
		write_u16(&w, 0x0100);
		message_finish(&w, g);
		cr_expect(!message_check(writer_slice(&w), &why));
		cr_expect(why.code == (marker ? 7 : 1) && why.subcode == (marker ? 1 : 2));
		cr_expect(why.data.len == (marker ? 24 : 2));
	}
}
