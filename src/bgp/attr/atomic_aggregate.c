/* ATOMIC_AGGREGATE: RFC 4271 5.1.6. */
#include "attr.h"

#include "draft.h"

static enum verdict
decode(struct reader *r, const struct session *s, struct attrs_build *to)
{
	(void)s;
	return attr_keep(r, &attr_atomic_aggregate, 0, false, to); /* RFC 7606 7.6 */
}

static void
parse(struct lex *lx, struct draft *d)
{
	draft_add(lx, d, &attr_atomic_aggregate, (struct slice){ NULL, 0 });
}

static void
emit(struct emit *e, struct slice value)
{
	(void)value;
	emit_flag(e, &FIELD("atomic-aggregate"));
}

const struct attr attr_atomic_aggregate = {
	.code = 6,
	.flags = ATTR_WELL_KNOWN,
	.traits = ATTR_EMPTY_FINE,
	.malformed = VERDICT_DISCARD,
	.words = { { "atomic-aggregate", parse } },
	.decode = decode,
	.emit = emit,
};
