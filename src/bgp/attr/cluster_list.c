/* CLUSTER_LIST: RFC 4456 8. */
#include "attr.h"

#include "bgp/shape.h"
#include "draft.h"

static enum verdict
decode(struct reader *r, const struct session *s, struct attrs_build *to)
{
	(void)s;
	return attr_keep(r, &attr_cluster_list, 4, true, to); /* RFC 7606 7.10 */
}

static void
parse(struct lex *lx, struct draft *d)
{
	uint8_t value[ATTR_VALUE_MAX];
	struct writer w = writer_on(value, sizeof(value));
	struct token where = lx->now;
	struct draft_list list = draft_list_on(lx, true);

	while (draft_list_more(lx, &list)) {
		struct addr a = lex_addr_v4(lx, "an IPv4 address for cluster-list");

		write_bytes(&w, a.bytes, 4);
	}
	if (list.count == 0)
		lex_fault_at(lx, &where, "expected an IPv4 address for cluster-list");
	else if (!writer_ok(&w))
		lex_fault_at(lx, &where, "cluster-list is too long");
	else
		draft_add(lx, d, &attr_cluster_list, writer_slice(&w));
}

static void
emit(struct emit *e, struct slice value)
{
	struct reader r = reader_on(value);
	bool six = (e->shape & SHAPE_WIRE_ORDER) != 0;

	/* Those before 6.0 put one in brackets too. */
	emit_open(e, &FIELD("cluster-list"), attr_list_marks(six ? value.len / 4 : 2));
	while (reader_more(&r)) {
		struct addr a = addr_of_bytes(read_slice(&r, 4));

		emit_addr(e, &BARE, &a);
	}
	emit_close(e);
}

const struct attr attr_cluster_list = {
	.code = 10,
	.flags = ATTR_NON_TRANS,
	.traits = ATTR_INTERNAL_ONLY,
	.malformed = VERDICT_WITHDRAW,
	.due = "treat-as-withdraw due to cluster-list",
	.words = { { "cluster-list", parse } },
	.decode = decode,
	.emit = emit,
};
