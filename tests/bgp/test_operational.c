/* OPERATIONAL: words are bytes, bytes are words, and nothing else is taken. */
#include "bytes.h"

#include "bgp/operational.h"

static bool
parse(const char *words, struct lex *lx, struct operational *to)
{
	lex_init(lx, slice_on(words), LEX_COMMAND);
	operational_parse(lx, to);
	return !lex_failed(lx) && lex_over(lx);
}

static void
encode(const struct operational *o, struct text *to)
{
	uint8_t room[4096];
	struct writer w = writer_on(room, sizeof(room));

	operational_encode(o, &w);
	text_clear(to);
	text_hex(to, writer_slice(&w));
}

/* clang-format off */
static const struct {
	const char *words;
	const char *body; /* NULL: a fault */
} table[] = {
	{ "asm afi ipv4 safi unicast advisory \"hello\"", "0002000800010168656c6c6f" },
	{ "adm afi ipv6 safi unicast advisory \"a b\"", "00010006000201612062" },
	{ "rpcq afi ipv4 safi unicast sequence 7", "0003000b0001010000000000000007" },
	{ "rpcq router-id 10.0.0.9 afi ipv4 safi unicast sequence 7", "0003000b0001010a00000900000007" },
	{ "apcq router-id 10.0.0.9 afi ipv4 safi unicast sequence 7", "0005000b0001010a00000900000007" },
	{ "lpcq router-id 10.0.0.9 afi l2vpn safi vpls sequence 7", "0007000b0019410a00000900000007" },
	{ "rpcp router-id 10.0.0.9 afi ipv4 safi unicast sequence 7 counter 100",
	  "0004000f0001010a0000090000000700000064" },
	{ "apcp afi ipv4 safi unicast sequence 7 counter 100", "0006000f000101000000000000000700000064" },
	{ "lpcp afi ipv4 safi unicast sequence 7 counter 4294967295", "0008000f0001010000000000000007ffffffff" },
	{ "asm afi ipv4 safi unicast", NULL },
	{ "asm afi ipv4 advisory \"x\"", NULL },
	{ "asm safi unicast afi ipv4 advisory \"x\"", NULL },
	{ "asm afi ipv4 safi vpls advisory \"x\"", NULL },
	{ "asm afi ipv4 safi unicast advisory \"x\" y", NULL },
	{ "rpcq afi ipv4 safi unicast", NULL },
	{ "rpcq afi ipv4 safi unicast sequence 4294967296", NULL },
	{ "rpcq router-id ::1 afi ipv4 safi unicast sequence 1", NULL },
	{ "rpcp afi ipv4 safi unicast sequence 7", NULL },
	{ "rpcp afi ipv4 safi unicast sequence 7 counter 4294967296", NULL },
	{ "ssq afi ipv4 safi unicast sequence 7", NULL },
	{ "", NULL },
};
/* clang-format on */

Case(operational, words_are_bytes_and_bytes_are_words)
{
	struct text hex = { 0 };
	struct text words = { 0 };
	struct bytes b;

	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		struct operational o = { 0 };
		struct operational read = { 0 };
		struct lex lx;
		bool good = parse(table[i].words, &lx, &o);

		cr_expect(good == (table[i].body != NULL), "%s", table[i].words);
		if (good) {
			encode(&o, &hex);
			cr_expect_str_eq(text_chars(&hex), table[i].body, "%s\n%s", table[i].words,
			    text_chars(&hex));
			cr_assert(operational_decode(bytes_of(&b, table[i].body), &read));
			text_clear(&words);
			operational_print(&read, &words);
			if (strstr(table[i].words, "\"hello\"") == NULL)
				cr_expect_str_eq(
				    text_chars(&words), table[i].words, "%s", text_chars(&words));
		}
		lex_done(&lx);
	}
	text_free(&words);
	text_free(&hex);
}

Case(operational, a_body_that_is_cut_off_is_none)
{
	struct operational o;
	struct bytes b;

	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		struct slice body;

		if (table[i].body == NULL)
			continue;
		body = bytes_of(&b, table[i].body);
		for (size_t n = 0; n < body.len; n++)
			cr_expect(!operational_decode(slice_of(body.at, n), &o), "%s cut at %zu",
			    table[i].body, n);
	}
	cr_expect(!operational_decode(bytes_of(&b, "000200020001"), &o), "no SAFI");
	cr_expect(
	    !operational_decode(bytes_of(&b, "0003000c000101000000000000000700"), &o), "more");
	cr_expect(operational_decode(bytes_of(&b, "0063000201ab"), &o));
	cr_expect(o.kind->form == OPERATIONAL_UNKNOWN);
}

Case(operational, a_long_text_is_cut_between_characters)
{
	static uint8_t room[4096];
	static char text[3000];
	struct writer w = writer_on(room, sizeof(room));
	struct operational o = { 0 };
	struct operational read = { 0 };
	struct lex lx;

	cr_assert(parse("asm afi ipv4 safi unicast advisory x", &lx, &o));
	for (size_t i = 0; i < sizeof(text); i += 2)
		memcpy(text + i, "\xc3\xa4", 2);
	o.text = slice_of(text, sizeof(text));
	operational_encode(&o, &w);
	cr_assert(operational_decode(writer_slice(&w), &read));
	cr_expect(read.text.len == 2047, "%zu bytes", read.text.len);
	cr_expect(memcmp(read.text.at + 2042, "\xc3\xa4...", 5) == 0);
	lex_done(&lx);
}
