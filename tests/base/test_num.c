/* Numbers, words and encoded bytes. */
#include "case.h"

#include "base/hex.h"
#include "base/num.h"
#include "base/text.h"
#include "pieces.h"

static const struct {
	const char *word;
	bool decimal;
	bool hex;
	uint64_t n;
} words[] = {
	{ "0", true, false, 0 },
	{ "007", true, false, 7 },
	{ "18446744073709551615", true, false, UINT64_MAX },
	{ "18446744073709551616", false, false, 0 },
	{ "99999999999999999999999", false, false, 0 },
	{ "0x0", false, true, 0 },
	{ "0XfF", false, true, 255 },
	{ "0xffffffffffffffff", false, true, UINT64_MAX },
	{ "0x10000000000000000", false, false, 0 },
	{ "", false, false, 0 },
	{ "0x", false, false, 0 },
	{ "x1", false, false, 0 },
	{ "-1", false, false, 0 },
	{ "+1", false, false, 0 },
	{ " 1", false, false, 0 },
	{ "1 ", false, false, 0 },
	{ "1a", false, false, 0 },
	{ "0xg", false, false, 0 },
};

Case(num, only_whole_words_are_numbers)
{
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		struct slice w = slice_on(words[i].word);
		uint64_t n = 42;

		cr_expect(num_decimal(w, UINT64_MAX, &n) == words[i].decimal, "%s", words[i].word);
		cr_expect(num_hex(w, UINT64_MAX, &n) == words[i].hex, "%s", words[i].word);
		cr_expect(num_any(w, UINT64_MAX, &n) == (words[i].decimal || words[i].hex), "%s",
		    words[i].word);
		cr_expect(
		    n == (words[i].decimal || words[i].hex ? words[i].n : 42), "%s", words[i].word);
	}
}

Case(num, limits_are_inclusive_and_a_refused_number_changes_nothing)
{
	uint16_t small = 1;
	uint32_t large = 1;
	uint64_t n = 1;

	cr_expect(num_u16(SLICE("65535"), &small) && small == 65535);
	cr_expect(!num_u16(SLICE("65536"), &small) && small == 65535);
	cr_expect(num_u32(SLICE("4294967295"), &large) && large == UINT32_MAX);
	cr_expect(!num_u32(SLICE("4294967296"), &large) && large == UINT32_MAX);
	cr_expect(num_decimal(SLICE("9"), 9, &n) && n == 9);
	cr_expect(!num_decimal(SLICE("10"), 9, &n) && n == 9);
}

Case(num, an_asn_is_plain_or_dotted)
{
	uint32_t n = 5;

	cr_expect(num_asn(SLICE("4200000000"), &n) && n == 4200000000);
	cr_expect(num_asn(SLICE("1.0"), &n) && n == 65536);
	cr_expect(num_asn(SLICE("65535.65535"), &n) && n == UINT32_MAX);
	cr_expect(!num_asn(SLICE("65536.0"), &n) && !num_asn(SLICE("1.65536"), &n));
	cr_expect(!num_asn(SLICE("1."), &n) && !num_asn(SLICE(".1"), &n));
	cr_expect(!num_asn(SLICE("1.2.3"), &n) && !num_asn(SLICE(""), &n) && n == UINT32_MAX);
}

Case(num, words_are_cut_at_the_first_mark)
{
	struct slice head = SLICE("kept");
	struct slice tail = SLICE("kept");

	cr_expect(word_cut(SLICE("a:b:c"), ':', &head, &tail));
	cr_expect(slice_is(head, "a") && slice_is(tail, "b:c"));
	cr_expect(word_cut(SLICE(":"), ':', &head, &tail) && head.len == 0 && tail.len == 0);
	head = SLICE("kept");
	cr_expect(!word_cut(SLICE("abc"), ':', &head, &tail) && slice_is(head, "kept"));
	cr_expect(!word_cut((struct slice){ 0 }, ':', &head, &tail));
	cr_expect(word_same_case(SLICE("SeLf"), "self") && word_same_case(SLICE(""), ""));
	cr_expect(!word_same_case(SLICE("selfs"), "self") && !word_same_case(SLICE("@"), "`"));
}

Case(hex, pairs_are_as_many_as_asked_for)
{
	static const struct {
		const char *word;
		bool good;
	} table[] = {
		{ "00:1A:2b", true },
		{ "", false },
		{ "00:1A", false },
		{ "00:1A:2b:3c", false },
		{ "00-1A-2b", false },
		{ "00:1A:2g", false },
		{ "001:A:2b", false },
		{ "00:1A:2b:", false },
	};

	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		uint8_t to[3] = { 9, 9, 9 };
		bool good = hex_pairs(slice_on(table[i].word), to, sizeof(to));

		cr_expect(good == table[i].good, "%s", table[i].word);
		cr_expect(memcmp(to, good ? "\x00\x1a\x2b" : "\x09\x09\x09", 3) == 0, "%s",
		    table[i].word);
	}
}

Case(num, words_are_trimmed)
{
	cr_expect(slice_is(word_trim(SLICE(" \ta b\r ")), "a b"));
	cr_expect(word_trim(SLICE(" \r\t")).len == 0);
	cr_expect(word_trim((struct slice){ 0 }).len == 0);
}

Case(hex, a_digit_has_a_value)
{
	unsigned digits = 0;

	for (unsigned c = 0; c < 256; c++) {
		const char hex[] = { (char)c, '\0' };
		int d = hex_digit((uint8_t)c);

		digits += d >= 0;
		cr_expect(d < 0 || d == (int)strtol(hex, NULL, 16), "%u", c);
	}
	cr_expect_eq(digits, 22);
}

Case(hex, digits_are_bytes_and_back)
{
	uint64_t seed = 4;
	uint8_t bytes[40];
	uint8_t back[40];

	for (int i = 0; i < 2000; i++) {
		size_t len = dice(&seed) % sizeof(bytes);
		struct text t = { 0 };
		size_t got = 99;

		for (size_t k = 0; k < len; k++)
			bytes[k] = (uint8_t)dice(&seed);
		if (i & 1)
			text_hex(&t, slice_of(bytes, len));
		else
			text_hex_upper(&t, slice_of(bytes, len));
		cr_assert(hex_decode(text_view(&t), back, len, &got) && got == len);
		cr_assert(memcmp(bytes, back, len) == 0);
		cr_assert(len == 0 || !hex_decode(text_view(&t), back, len - 1, &got), "no room");
		cr_assert(
		    len == 0 || !hex_decode(slice_of(t.at, t.len - 1), back, len, &got), "odd");
		text_free(&t);
	}
	cr_expect(!hex_decode(SLICE("0g"), back, 40, &(size_t){ 0 }));
	cr_expect(!hex_decode(SLICE("0x00"), back, 40, &(size_t){ 0 }));
}

/* RFC 4648 10 */
static const char *const vectors[][2] = {
	{ "", "" },
	{ "Zg==", "f" },
	{ "Zm8=", "fo" },
	{ "Zm9v", "foo" },
	{ "Zm9vYg==", "foob" },
	{ "Zm9vYmE=", "fooba" },
	{ "Zm9vYmFy", "foobar" },
	{ "Zm9vYg", "foob" },
};

Case(base64, the_vectors_of_the_rfc_are_read)
{
	static const char *const bad[] = { "Z", "Zm9vY", "Zm 9", "Zm9v!", "Z=m9", "Zm9-" };
	uint8_t room[16];

	for (size_t i = 0; i < sizeof(vectors) / sizeof(vectors[0]); i++) {
		size_t want = strlen(vectors[i][1]);
		size_t len = 99;

		cr_expect(
		    base64_decode(slice_on(vectors[i][0]), room, want, &len), "%s", vectors[i][0]);
		cr_expect(slice_is(slice_of(room, len), vectors[i][1]));
		cr_expect(
		    want == 0 || !base64_decode(slice_on(vectors[i][0]), room, want - 1, &len));
	}
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		cr_expect(!base64_decode(slice_on(bad[i]), room, 16, &(size_t){ 0 }), "%s", bad[i]);
}
