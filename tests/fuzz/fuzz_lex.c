/* The lexer in both modes: places are true, and every word has a spelling that reads back. */
#include "lang/emit.h"
#include "lang/lex.h"

#include "base/must.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

static void
check_spelling(struct slice word, enum lex_mode mode)
{
	struct text t = { 0 };
	struct emit e = emit_on(&t, SPELL_WORDS, 0);
	struct token back;
	struct lex lx;

	emit_str(&e, &BARE, word);
	emit_word(&e, &BARE, SLICE(";"));
	lex_init(&lx, text_view(&t), mode);
	back = lex_next(&lx);
	MUST(back.kind == TOKEN_WORD && slice_same(back.word, word));
	MUST(lex_want(&lx, ";") && lex_over(&lx) && !lex_failed(&lx));
	lex_done(&lx);
	text_free(&t);
}

static void
read_all(struct slice text, enum lex_mode mode)
{
	struct text why = { 0 };
	unsigned line = 1;
	struct lex lx;

	lex_init(&lx, text, mode);
	while (!lex_over(&lx)) {
		struct slice rest = lex_rest(&lx);
		struct token t = lex_next(&lx);

		MUST(rest.len != 0 && rest.at + rest.len == text.at + text.len);
		MUST(t.line >= line && t.column >= 1);
		line = t.line;
		if (t.kind == TOKEN_WORD)
			check_spelling(t.word, mode);
		else
			MUST(t.word.len == 1);
	}
	lex_explain(&lx, &why);
	MUST(lex_failed(&lx) == (why.len != 0));
	lex_done(&lx);
	text_free(&why);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	read_all(slice_of(bytes, len), LEX_FILE);
	read_all(slice_of(bytes, len), LEX_COMMAND);
	return 0;
}
