/* Route target membership: RFC 4684 4. Words, bytes and back. */
#include "said.h"

#include "pieces.h"

Case(rtc, words_become_bytes_or_are_refused_at_their_place)
{
	static const struct said_vector table[] = {
		{ "ipv4 rtc default", "00", 0 },
		{ "ipv4 rtc origin-as 65002", "200000fdea", 0 },
		{ "ipv4 rtc origin-as 65002 route-target target:65002:1",
		    "600000fdea0002fdea00000001", 0 },
		{ "ipv4 rtc origin-as 65002 route-target 65002:1", "600000fdea0002fdea00000001",
		    0 },
		{ "ipv4 rtc origin-as 4200000000 route-target 0x0202fa56ea000001",
		    "60fa56ea000202fa56ea000001", 0 },
		{ "ipv4 rtc origin-as 1 route-target 0x0002fdea/32", "40000000010002fdea", 0 },
		{ "ipv4 rtc origin-as 1 route-target 0x80/1", "210000000180", 0 },
		{ "ipv4 rtc origin-as 1 route-target 0x0002fdea00000001/64",
		    "60000000010002fdea00000001", 0 },
		{ "ipv4 rtc raw 0x600000fdea0002fdea00000001", "600000fdea0002fdea00000001", 0 },
		{ "ipv4 rtc", NULL, 9 },
		{ "ipv4 rtc target:65002:1", NULL, 10 },
		{ "ipv4 rtc origin-as as65002", NULL, 20 },
		{ "ipv4 rtc origin-as 1 route-target target:1", NULL, 35 },
		{ "ipv4 rtc origin-as 1 route-target 0x80/0", NULL, 35 },
		{ "ipv4 rtc origin-as 1 route-target 0x80/65", NULL, 35 },
		{ "ipv4 rtc origin-as 1 route-target 0x8000/8", NULL, 35 },
		{ "ipv4 rtc origin-as 1 route-target 0xc0/1", NULL, 35 },
		{ "ipv4 rtc default label 3", NULL, 25 },
		{ "ipv4 rtc default rd 1:1", NULL, 24 },
	};

	said_expect(table, sizeof(table) / sizeof(table[0]));
}

Case(rtc, every_valid_nlri_is_read_back_from_its_words)
{
	const struct family *f = family_of(1, 132);
	uint64_t seed = 4684;

	for (unsigned round = 0; round < 5000; round++) {
		unsigned bits = round % 3 == 0 ? 96 : 32 + dice(&seed) % 65;
		uint8_t room[13] = { (uint8_t)bits };
		struct nlri n = { .family = f, .bytes = slice_of(room, 1 + (bits + 7) / 8) };

		for (size_t i = 1; i < sizeof(room); i++)
			room[i] = dice(&seed) % 2 == 0 ? (uint8_t)(dice(&seed) % 4)
						       : (uint8_t)dice(&seed);
		said_again(&n);
	}
}
