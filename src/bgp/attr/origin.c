/* ORIGIN: RFC 4271 5.1.1. */
#include "attr.h"

#include "base/num.h"
#include "draft.h"

static const char *const words[] = { "igp", "egp", "incomplete" };

#define WORDS (sizeof(words) / sizeof(words[0]))

static enum verdict
decode(struct reader *r, const struct session *s, struct attrs_build *to)
{
	struct slice value = read_rest(r);

	(void)s;
	if (value.len != 1 || value.at[0] >= WORDS) /* RFC 7606 7.1 */
		return VERDICT_WITHDRAW;
	(void)build_add(to, attr_origin.code, attr_origin.flags, RECORD_VALUE, value);
	return VERDICT_FINE;
}

static void
parse(struct lex *lx, struct draft *d)
{
	struct token where = lx->now;
	struct slice word = lex_word(lx, "igp, egp or incomplete");

	for (uint8_t i = 0; i < WORDS; i++)
		if (word_same_case(word, words[i])) {
			draft_add(lx, d, &attr_origin, slice_of(&i, 1));
			return;
		}
	lex_fault_at(lx, &where, "expected igp, egp or incomplete");
	lex_known_as(lx, &where, "'%' is not a valid origin");
}

static void
emit(struct emit *e, struct slice value)
{
	struct reader r = reader_on(value);

	emit_word(e, &FIELD("origin"), slice_on(words[read_u8(&r)]));
}

const struct attr attr_origin = {
	.code = 1,
	.flags = ATTR_WELL_KNOWN,
	.traits = ATTR_MANDATORY,
	.malformed = VERDICT_WITHDRAW,
	.due = "treat-as-withdraw due to origin",
	.words = { { "origin", parse } },
	.decode = decode,
	.emit = emit,
};
