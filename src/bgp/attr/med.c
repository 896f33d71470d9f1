/* MULTI_EXIT_DISC: RFC 4271 5.1.4. */
#include "attr.h"

#include "draft.h"

#include "base/num.h"

static enum verdict
decode(struct reader *r, const struct session *s, struct attrs_build *to)
{
	(void)s;
	return attr_keep(r, &attr_med, 4, false, to); /* RFC 7606 7.4 */
}

static void
parse(struct lex *lx, struct draft *d)
{
	struct token where = lx->now;
	uint8_t value[4];
	uint64_t any;

	store_u32(value, lex_u32(lx, "a number for med"));
	lex_known_as(lx, &where,
	    num_decimal(where.word, UINT64_MAX, &any) ? "MED value out of range: %"
						      : "'%' is not a valid MED");
	draft_add(lx, d, &attr_med, slice_of(value, sizeof(value)));
}

static void
emit(struct emit *e, struct slice value)
{
	struct reader r = reader_on(value);

	emit_uint(e, &FIELD("med"), read_u32(&r));
}

const struct attr attr_med = {
	.code = 4,
	.flags = ATTR_NON_TRANS,
	.malformed = VERDICT_WITHDRAW,
	.due = "treat-as-withdraw due to med",
	.words = { { "med", parse } },
	.decode = decode,
	.emit = emit,
};
