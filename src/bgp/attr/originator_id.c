/* ORIGINATOR_ID: RFC 4456 8. */
#include "attr.h"

#include "draft.h"

static enum verdict
decode(struct reader *r, const struct session *s, struct attrs_build *to)
{
	(void)s;
	return attr_keep(r, &attr_originator_id, 4, false, to); /* RFC 7606 7.9 */
}

static void
parse(struct lex *lx, struct draft *d)
{
	struct addr a = lex_addr_v4(lx, "an IPv4 address for originator-id");

	draft_add(lx, d, &attr_originator_id, slice_of(a.bytes, 4));
}

static void
emit(struct emit *e, struct slice value)
{
	struct addr a = addr_of_bytes(value);

	emit_addr(e, &FIELD("originator-id"), &a);
}

const struct attr attr_originator_id = {
	.code = 9,
	.flags = ATTR_NON_TRANS,
	.traits = ATTR_INTERNAL_ONLY,
	.malformed = VERDICT_WITHDRAW,
	.due = "treat-as-withdraw due to originator-id",
	.words = { { "originator-id", parse } },
	.decode = decode,
	.emit = emit,
};
