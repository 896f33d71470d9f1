/* ONLY_TO_CUSTOMER: RFC 9234 5. Carried as it is; what roles make of it is in role.c. */
#include "attr.h"

#include "draft.h"

static enum verdict
decode(struct reader *r, const struct session *s, struct attrs_build *to)
{
	(void)s; /* always 4 bytes, also where ASNs are of 2 */
	return attr_keep(r, &attr_only_to_customer, 4, false, to); /* RFC 9234 5 */
}

static void
parse(struct lex *lx, struct draft *d)
{
	uint8_t value[4];

	store_u32(value, lex_asn(lx, "an ASN for otc"));
	draft_add(lx, d, &attr_only_to_customer, slice_of(value, sizeof(value)));
}

static void
emit(struct emit *e, struct slice value)
{
	struct reader r = reader_on(value);

	emit_uint(e, &FIELD("otc"), read_u32(&r));
}

const struct attr attr_only_to_customer = {
	.code = 35,
	.flags = ATTR_OPT_TRANS,
	.malformed = VERDICT_WITHDRAW,
	.due = "treat-as-withdraw due to otc",
	.words = { { "otc", parse } },
	.decode = decode,
	.emit = emit,
};
