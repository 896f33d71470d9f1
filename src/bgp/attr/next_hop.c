/*
 * NEXT_HOP: RFC 4271 5.1.3. It isn't a record but part of the set itself, since MP_REACH_NLRI
 * carries it for the other families.
 */
#include "attr.h"

#include "base/num.h"
#include "draft.h"

static enum verdict
decode(struct reader *r, const struct session *s, struct attrs_build *to)
{
	struct slice value = read_rest(r);

	(void)s;
	if (value.len != 4) /* RFC 7606 7.3 */
		return VERDICT_WITHDRAW;
	to->next_hop = value;
	return VERDICT_FINE;
}

static void
parse(struct lex *lx, struct draft *d)
{
	struct addr a;

	if (lx->now.kind == TOKEN_WORD && word_same_case(lx->now.word, "self")) {
		(void)lex_next(lx);
		if (d->build.next_hop.len == 0)
			d->build.next_hop_self = true;
		return;
	}
	a = lex_addr(lx, "an address or self for next-hop");
	if (lex_failed(lx) || d->build.next_hop.len != 0 || d->build.next_hop_self)
		return;
	memcpy(d->next_hop, a.bytes, addr_len(&a));
	d->build.next_hop = slice_of(d->next_hop, addr_len(&a));
}

const struct attr attr_next_hop = {
	.code = 3,
	.flags = ATTR_WELL_KNOWN,
	.traits = ATTR_MANDATORY_V4,
	.malformed = VERDICT_WITHDRAW,
	.due = "treat-as-withdraw due to next-hop",
	.words = { { "next-hop", parse } },
	.decode = decode,
};
