/* Words and marks. */
#include "case.h"

#include "lang/emit.h"
#include "lang/lex.h"

#include "mutate.h"
#include "pieces.h"

/* The tokens with a blank between them; words that were quoted within ' '. */
static void
spell_tokens(const char *text, enum lex_mode mode, struct text *to)
{
	struct lex lx;

	lex_init(&lx, slice_on(text), mode);
	while (!lex_over(&lx)) {
		struct token t = lex_next(&lx);

		text_format(
		    to, t.quoted ? "'%.*s' " : "%.*s ", (int)t.word.len, (const char *)t.word.at);
	}
	lex_explain(&lx, to);
	lex_done(&lx);
}

static const struct {
	enum lex_mode mode;
	const char *text;
	const char *want;
} table[] = {
	{ LEX_FILE, "", "" },
	{ LEX_FILE, " \r\n\n  # only this\n", "" },
	{ LEX_FILE, "static{route 10.0.0.0/24 next-hop 1.1.1.1;}",
	    "static { route 10.0.0.0/24 next-hop 1.1.1.1 ; } " },
	{ LEX_FILE, "a \"b c\" 'd;{}[],#' \"\";", "a 'b c' 'd;{}[],#' '' ; " },
	{ LEX_FILE, "a\"b c\"d;", "'ab c' d ; " },
	{ LEX_FILE, "a \"it's\" 'say \"x\"';", "a 'it's' 'say \"x\"' ; " },
	{ LEX_FILE, "a [1:2,3:4] (5);", "a [ 1:2 , 3:4 ] (5) ; " },
	{ LEX_FILE, "a ( 5 );", "a ( 5 ) ; " },
	{ LEX_COMMAND, "a [1:2,3:4] (5)\t;", "a [ 1:2 , 3:4 ] ( 5 ) ; " },
	{ LEX_COMMAND, "route { med 1; }", "route { med 1 ; } " },
	{ LEX_FILE, "a b; # note\nc d;# note\n#e f;\ng;", "a b ; c d ; g ; " },
	{ LEX_FILE, "a b\\\n c;\nd\\ \r\n e;", "a b c ; d e ; " },
	{ LEX_FILE, "a lo\\\nng;", "a long ; " },
	{ LEX_FILE, "# a \\\n b;\nc;", "c ; " },
	{ LEX_FILE, "a; \\", "a ; " },
	{ LEX_FILE, "a x\\ty \"x\\ty\";", "a x y 'x\ty' ; " },
	{ LEX_FILE, "a \\u00e9\\u0020\\u0022 \\ud83d\\ude00;", "a \u00e9 \" \U0001f600 ; " },
	{ LEX_FILE, "a \\\"b c\\\" \\x \\\\;", "a 'b c' x \\ ; " },
	{ LEX_COMMAND, "a \\", "a \\ " },
	{ LEX_COMMAND, "a\nb", "a b " },
	{ LEX_COMMAND, "a # b", "a " },
	{ LEX_FILE, "a\n{", "a line 1, column 2: expected ; or { or } before the end of the line" },
	{ LEX_FILE, "a b",
	    "a b line 1, column 4: expected ; or { or } before the end of the file" },
	{ LEX_FILE, "a;\n b c\n;",
	    "a ; b c line 2, column 5: expected ; or { or } before the end of the "
	    "line" },
	{ LEX_FILE, "a b#c\n;",
	    "a line 1, column 4: expected a blank before #, or quotes around it" },
	{ LEX_FILE, "a \"b;\n\";",
	    "a line 1, column 3: expected a closing quote on the same line" },
	{ LEX_FILE, "a \"a\\\"b\";",
	    "a 'a' line 1, column 7: expected a closing quote on the same line" },
	{ LEX_COMMAND, "a 'b", "a line 1, column 3: expected a closing quote on the same line" },
	{ LEX_FILE, "a \\u12g4;", "a line 1, column 3: expected a character as \\uXXXX" },
	{ LEX_FILE, "a \\ud800;", "a line 1, column 3: expected a character as \\uXXXX" },
	{ LEX_FILE, "a \\udc00;", "a line 1, column 3: expected a character as \\uXXXX" },
	{ LEX_FILE, "a \\u12", "a line 1, column 3: expected a character as \\uXXXX" },
	{ LEX_FILE, "a b\\u0000c;", "a line 1, column 4: expected a character as \\uXXXX" },
};

Case(lex, texts_are_cut_into_tokens_or_refused_with_their_place)
{
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		struct text t = { 0 };

		spell_tokens(table[i].text, table[i].mode, &t);
		cr_expect(strcmp(text_chars(&t), table[i].want) == 0, "%s: got <%s>, want <%s>",
		    table[i].text, text_chars(&t), table[i].want);
		text_free(&t);
	}
}

Case(lex, a_byte_of_zero_is_refused_wherever_it_stands)
{
	static const char texts[][8] = { "a \0b;", "a b\0;", "a 'b\0';", "a \\\0;", "\0" };

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		struct slice text = slice_of(texts[i], sizeof(texts[i]) - 1);
		struct text why = { 0 };
		struct lex lx;

		lex_init(&lx, text, LEX_FILE);
		while (!lex_over(&lx))
			(void)lex_next(&lx);
		lex_explain(&lx, &why);
		cr_expect(strstr(text_chars(&why), "found a byte of zero") != NULL, "%zu: %s", i,
		    text_chars(&why));
		text_free(&why);
		lex_done(&lx);
	}
}

static const struct {
	const char *text;
	const char *want;
} refused[] = {
	{ "med x;", "line 1, column 5: expected a number for med, found \"x\"" },
	{ "med 4294967296;", "line 1, column 5: expected a number for med, found \"4294967296\"" },
	{ "a;\n  med \"a\\u000ab\";",
	    "line 2, column 7: expected a number for med, found \"a\\nb\"" },
	{ "med ;", "line 1, column 5: expected a number for med, found \";\"" },
	{ "med -1;", "line 1, column 5: expected a number for med, found \"-1\"" },
};

Case(lex, a_fault_says_where_and_what_was_found)
{
	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
		struct text t = { 0 };
		struct lex lx;

		lex_init(&lx, slice_on(refused[i].text), LEX_FILE);
		while (!lex_over(&lx)) {
			if (lex_take(&lx, "med"))
				cr_expect(lex_u32(&lx, "a number for med") == 0);
			else
				(void)lex_next(&lx);
		}
		lex_explain(&lx, &t);
		cr_expect(strcmp(text_chars(&t), refused[i].want) == 0, "%s", text_chars(&t));
		text_free(&t);
		lex_done(&lx);
	}
}

Case(lex, the_first_fault_stays_and_all_is_over)
{
	struct lex lx;
	struct text t = { 0 };

	lex_init(&lx, SLICE("a b c"), LEX_COMMAND);
	(void)lex_next(&lx);
	lex_fault(&lx, "that is %d too many", 1);
	lex_fault(&lx, "second");
	cr_expect(lex_over(&lx) && lex_ends(&lx) && lex_rest(&lx).len == 0);
	cr_expect(lex_word(&lx, "more").len == 0 && lex_u16(&lx, "more") == 0);
	cr_expect(lex_addr(&lx, "more").family == ADDR_NONE);
	cr_expect(!lex_take(&lx, "b") && !lex_want(&lx, "b"));
	lex_explain(&lx, &t);
	cr_expect(strcmp(text_chars(&t), "line 1, column 3: that is 1 too many") == 0, "%s",
	    text_chars(&t));
	text_free(&t);
	lex_done(&lx);
}

Case(lex, long_words_are_cut_in_the_sentence)
{
	char word[500];
	struct lex lx;

	memset(word, 'x', sizeof(word));
	lex_init(&lx, slice_of(word, sizeof(word)), LEX_COMMAND);
	(void)lex_u32(&lx, "a number");
	cr_expect(lx.fault.len < 120 && strstr(text_chars(&lx.fault), "xxx...\"") != NULL);
	lex_done(&lx);
}

Case(lex, words_with_a_meaning_are_read)
{
	struct lex lx;
	struct prefix p;

	lex_init(&lx, SLICE("7 65536 1.2 10.0.0.1 ::1 192.0.2.9 2001:db8::/32 \"8\" 0xff 9 end"),
	    LEX_COMMAND);
	cr_expect(lex_u16(&lx, "n") == 7);
	cr_expect(lex_u32(&lx, "n") == 65536);
	cr_expect(lex_asn(&lx, "n") == 65538);
	cr_expect(lex_addr(&lx, "a").family == ADDR_IPV4);
	cr_expect(lex_addr(&lx, "a").family == ADDR_IPV6);
	cr_expect(lex_addr_v4(&lx, "a").bytes[3] == 9);
	p = lex_prefix(&lx, "a prefix");
	cr_expect(p.len == 32 && p.addr.bytes[1] == 1);
	cr_expect(lex_number(&lx, 8, "n") == 8);
	cr_expect(lex_number_any(&lx, 255, "n") == 255);
	cr_expect(lex_number_any(&lx, 9, "n") == 9);
	cr_expect(slice_is(lex_rest(&lx), "end"));
	cr_expect(lex_take(&lx, "end") && lex_over(&lx) && !lex_failed(&lx));
	lex_done(&lx);
}

Case(lex, quotes_make_marks_into_words_and_leave_words_as_they_are)
{
	static const char *const marks[] = { "[", "]", "(", ")", ",", ";", "{", "}" };
	struct lex lx;

	for (size_t mode = 0; mode < LEX_MODES; mode++) {
		lex_init(&lx, SLICE("\"route\" '[' ']' '(' ')' ',' ';' '{' '}' end;"), mode);
		cr_expect(!lex_is(&lx, "rout") && lex_take(&lx, "route"));
		for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++) {
			cr_expect(!lex_is(&lx, marks[i]) && !lex_ends(&lx), "%s", marks[i]);
			cr_expect(slice_is(lex_word(&lx, "a word"), marks[i]));
		}
		cr_expect(lex_take(&lx, "end") && lex_take(&lx, ";") && lex_over(&lx));
		lex_done(&lx);
	}
}

Case(lex, words_that_are_out_of_their_range_are_refused)
{
	static const char *const words[] = { "65536", "10.0.0.1/24", "10.0.0.0/33", "10.0.0/8", ";",
		"" };

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		struct lex lx;

		lex_init(&lx, slice_on(words[i]), LEX_COMMAND);
		(void)lex_u16(&lx, "a number");
		cr_expect(lex_failed(&lx), "%s", words[i]);
		lex_done(&lx);
		lex_init(&lx, slice_on(words[i]), LEX_COMMAND);
		cr_expect(i == 0 || lex_prefix(&lx, "a prefix").addr.family == ADDR_NONE);
		cr_expect(i == 0 || lex_failed(&lx), "%s", words[i]);
		lex_done(&lx);
	}
}

Case(lex, what_is_left_can_be_used_by_other_means)
{
	struct lex lx;

	lex_init(&lx, SLICE("api \"x y\"  z {"), LEX_FILE);
	(void)lex_next(&lx);
	cr_expect(slice_is(lex_rest(&lx), "\"x y\"  z {"));
	lex_skip_all(&lx);
	cr_expect(lex_over(&lx) && !lex_failed(&lx) && lex_rest(&lx).len == 0);
	cr_expect(lex_next(&lx).kind == TOKEN_END);
	lex_done(&lx);
}

/* Bytes that mean something to the lexer come often, and zero, which no word may have, never. */
static struct slice
roll_word(uint64_t *seed, uint8_t *room)
{
	static const char often[] = " \t\r\n;{}[](),#\"'\\abu0";
	size_t len = dice(seed) % 12;

	for (size_t i = 0; i < len; i++) {
		uint32_t n = dice(seed);

		room[i] =
		    n & 1 ? (uint8_t)often[(n >> 8) % (sizeof(often) - 1)] : (uint8_t)(n >> 8);
		room[i] |= room[i] == 0;
	}
	return slice_of(room, len);
}

Case(lex, every_word_that_the_pen_spells_is_read_back)
{
	uint64_t seed = 1;
	uint8_t room[12];

	for (int i = 0; i < 40000; i++) {
		struct slice word = roll_word(&seed, room);
		struct text t = { 0 };
		struct emit e = emit_on(&t, SPELL_WORDS, 0);
		struct token back;
		struct lex lx;

		emit_str(&e, &FIELD("name"), word);
		emit_word(&e, &BARE, SLICE(";"));
		lex_init(&lx, text_view(&t), (enum lex_mode)(i % LEX_MODES));
		cr_assert(lex_take(&lx, "name"), "%s", text_chars(&t));
		back = lex_next(&lx);
		cr_assert(
		    back.kind == TOKEN_WORD && slice_same(back.word, word), "%s", text_chars(&t));
		cr_assert(lex_want(&lx, ";") && lex_over(&lx) && !lex_failed(&lx));
		lex_done(&lx);
		text_free(&t);
	}
}

/* Where line and column say that something begins. */
static size_t
offset_of(struct slice text, unsigned line, unsigned column)
{
	size_t at = 0;

	while (line > 1) {
		if (text.at[at++] == '\n')
			line--;
	}
	return at + column - 1;
}

static void
try_lex(struct slice bytes, const char *what, void *with)
{
	for (int mode = 0; mode < LEX_MODES; mode++) {
		struct lex lx;
		size_t tokens = 0;

		lex_init(&lx, bytes, (enum lex_mode)mode);
		for (; !lex_over(&lx); tokens++) {
			size_t at = bytes.len - lex_rest(&lx).len;
			struct token t = lex_next(&lx);

			/* in commands a line end is a blank like others */
			cr_assert(offset_of(bytes, t.line, t.column) == at, "%s", what);
		}
		cr_assert(tokens <= bytes.len, "%s", what);
		cr_assert(!lex_failed(&lx) || lx.fault_line >= 1);
		lex_done(&lx);
	}
	(void)with;
}

Case(lex, no_wrong_in_a_text_is_read_past_its_end)
{
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		cr_assert(mutate_each(slice_on(table[i].text), try_lex, NULL) > 0);
}
