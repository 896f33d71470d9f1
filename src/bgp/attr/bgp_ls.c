/*
 * BGP-LS: what is told of nodes, links and prefixes. RFC 9552 5.3, RFC 9085, RFC 9514, RFC 8571.
 * Its value is kept as it came; a TLV that is not known, or of an odd length, is told as its bytes.
 */
#include "attr.h"

#include "draft.h"
#include "ls/chains.h"

/* RFC 9552 8.2.2: only that the lengths fit is checked; else the attribute is discarded. */
static enum verdict
decode(struct reader *r, const struct session *s, struct attrs_build *to)
{
	struct reader in = *r;
	struct slice value = read_rest(r);

	(void)s;
	while (reader_more(&in))
		(void)ls_take(&in);
	if (!reader_ok(&in))
		return VERDICT_DISCARD;
	(void)build_add(to, attr_bgp_ls.code, attr_bgp_ls.flags, RECORD_VALUE, value);
	return VERDICT_FINE;
}

/* What is of an odd length stands in a list of its own. */
#define MEMBER_ODD 0x10000u
/* Those that name several members have names in common: one of them is told. */
#define MEMBER_SEVERAL 0x20000u

/* IPv4 and IPv6 identifiers of routers share a member. */
static struct ls_member
member_of(const struct ls_tlv *tlv, bool six)
{
	struct ls_member m = { *tlv, tlv->type, ls_told(tlv, six) };

	if (m.row == NULL)
		m.key |= MEMBER_ODD;
	else if ((m.row->traits & LS_BARE) != 0)
		m.key = MEMBER_SEVERAL;
	else if (m.row->type_v6 != 0)
		m.key = m.row->type_v6;
	return m;
}

/* Of several that should be one the last: ExaBGP prints them all, and readers of JSON take that. */
static const struct ls_member *
last_of(const struct ls_chains *c, size_t first)
{
	const struct ls_member *last = &c->at[first];

	for (size_t n = c->next[first]; n != 0; n = c->next[n - 1])
		if (last->key != MEMBER_SEVERAL || c->at[n - 1].tlv.type == last->tlv.type)
			last = &c->at[n - 1];
	return last;
}

static void
put_one(struct text *t, const struct ls_chains *c, size_t first)
{
	const struct ls_member *m = last_of(c, first);

	if ((m->row->traits & LS_BARE) == 0)
		text_format(t, "\"%s\": ", m->row->name);
	ls_json(t, m->row, m->tlv.value);
}

static void
put_members(struct text *t, const struct ls_chains *c, bool lists, bool others, bool *any)
{
	for (size_t i = 0; i < c->count; i++) {
		bool list = c->at[i].row == NULL || (c->at[i].row->traits & LS_LIST) != 0;

		if (!c->first[i] || (list ? !lists : !others))
			continue;
		text_string(t, *any ? ", " : "");
		*any = true;
		if (list)
			ls_chains_put(t, c, i, ls_attribute.generic);
		else
			put_one(t, c, i);
	}
}

static void
emit_json(struct emit *e, struct slice value)
{
	struct text *t = emit_value(e, &FIELD("bgp-ls"));
	bool six = (e->shape & SHAPE_LS_6) != 0;
	struct reader r = reader_on(value);
	struct ls_chains *c;
	bool any = false;

	if (t == NULL)
		return;
	c = ls_chains_empty(LS_OF_VALUE);
	while (reader_more(&r)) {
		struct ls_tlv tlv = ls_take(&r);
		struct ls_member m = member_of(&tlv, six);

		ls_chains_add(c, &m);
	}
	text_string(t, "{ ");
	put_members(t, c, true, !six, &any);
	if (six)
		put_members(t, c, false, true, &any);
	text_string(t, any ? " }" : "}");
}

static void
emit(struct emit *e, struct slice value)
{
	struct record raw = { attr_bgp_ls.code, attr_bgp_ls.flags, RECORD_RAW, value };
	struct text *t;

	if (e->spelling == SPELL_JSON) {
		emit_json(e, value);
		return;
	}
	if (e->spelling == SPELL_TEXT && (e->shape & SHAPE_LONG) == 0) {
		unknown_emit(e, &raw);
		return;
	}
	t = emit_value(e, &FIELD("bgp-ls"));
	text_string(t, "[ ");
	ls_say(t, &ls_attribute, value);
	text_string(t, value.len == 0 ? "]" : " ]");
}

/* The TLVs stand in the order of the words: RFC 9552 5.3 asks for none. */
static void
parse(struct lex *lx, struct draft *d)
{
	uint8_t value[ATTR_VALUE_MAX];
	struct writer w = writer_on(value, sizeof(value));

	ls_parse_list(lx, &ls_attribute, &w);
	draft_add(lx, d, &attr_bgp_ls, writer_slice(&w));
}

const struct attr attr_bgp_ls = {
	.code = 29,
	.flags = ATTR_NON_TRANS,
	.traits = ATTR_EMPTY_FINE,
	.malformed = VERDICT_DISCARD,
	.due = "treat-as-withdraw due to bgp-ls",
	.words = { { "bgp-ls", parse } },
	.decode = decode,
	.emit = emit,
};
