/* Words and marks. */
#include "case.h"

#include "lang/lex.h"

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
