/*
 * BGP-LS: what is told of nodes, links and prefixes. RFC 9552 5.3, RFC 9085, RFC 9514, RFC 8571.
 * Its value is kept as it came; a TLV that is not known, or of an odd length, is told as its bytes.
 */
#include "attr.h"

#include "draft.h"
#include "ls/ls.h"

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

#define TLVS_MAX (ATTR_VALUE_MAX / 4 + 1)
#define SLOTS    32768 /* a power of two above twice the number of keys that are told */

/* What is of an odd length stands in a list of its own. */
#define MEMBER_ODD 0x10000u
/* Those that name several members have names in common: one of them is told. */
#define MEMBER_SEVERAL 0x20000u

struct member {
	struct ls_tlv tlv;
	uint32_t key;             /* the same for all that are told together */
	const struct ls_row *row; /* NULL: as bytes */
};

/* IPv4 and IPv6 identifiers of routers share a member. */
static struct member
member_of(const struct ls_tlv *tlv, bool six)
{
	struct member m = { *tlv, tlv->type, ls_told(tlv, six) };

	if (m.row == NULL)
		m.key |= MEMBER_ODD;
	else if ((m.row->traits & LS_BARE) != 0)
		m.key = MEMBER_SEVERAL;
	else if (m.row->type_v6 != 0)
		m.key = m.row->type_v6;
	return m;
}

/* The TLVs of a value with those of one member in a chain: linear however many there are. */
struct chains {
	size_t count;
	struct member at[TLVS_MAX];
	uint16_t next[TLVS_MAX]; /* place + 1 in the same chain */
	bool first[TLVS_MAX];
	uint16_t slots[SLOTS]; /* place + 1 of the last one of a chain */
};

static void
chain_add(struct chains *c, const struct member *m)
{
	size_t slot = m->key * 40503u & (SLOTS - 1);
	size_t i = c->count++;

	c->at[i] = *m;
	while (c->slots[slot] != 0 && c->at[c->slots[slot] - 1].key != m->key)
		slot = (slot + 1) & (SLOTS - 1);
	c->first[i] = c->slots[slot] == 0;
	if (!c->first[i])
		c->next[c->slots[slot] - 1] = (uint16_t)(i + 1);
	c->next[i] = 0;
	c->slots[slot] = (uint16_t)(i + 1);
}

static void
put_list(struct text *t, const struct chains *c, size_t i)
{
	bool odd = c->at[i].row == NULL;

	if (odd)
		text_format(t, "\"generic-lsid-%u\": [", c->at[i].tlv.type);
	else
		text_format(t, "\"%s\": [", c->at[i].row->name);
	for (size_t n = i + 1; n != 0; n = c->next[n - 1]) {
		text_string(t, n == i + 1 ? "" : ", ");
		if (odd) {
			text_string(t, "\"0x");
			text_hex_upper(t, c->at[n - 1].tlv.value);
			text_char(t, '"');
		} else {
			ls_json(t, c->at[n - 1].row, c->at[n - 1].tlv.value);
		}
	}
	text_char(t, ']');
}

static void
put_one(struct text *t, const struct member *m)
{
	if ((m->row->traits & LS_BARE) == 0)
		text_format(t, "\"%s\": ", m->row->name);
	ls_json(t, m->row, m->tlv.value);
}

static void
put_members(struct text *t, const struct chains *c, bool lists, bool others, bool *any)
{
	for (size_t i = 0; i < c->count; i++) {
		bool list = c->at[i].row == NULL || (c->at[i].row->traits & LS_LIST) != 0;

		if (!c->first[i] || (list ? !lists : !others))
			continue;
		text_string(t, *any ? ", " : "");
		*any = true;
		if (list)
			put_list(t, c, i);
		else
			put_one(t, &c->at[i]);
	}
}

static void
emit_json(struct emit *e, struct slice value)
{
	static struct chains c; /* large, and of one thread */
	struct text *t = emit_value(e, &FIELD("bgp-ls"));
	bool six = (e->shape & SHAPE_LS_6) != 0;
	struct reader r = reader_on(value);
	bool any = false;

	if (t == NULL)
		return;
	c.count = 0;
	memset(c.slots, 0, sizeof(c.slots));
	while (reader_more(&r)) {
		struct ls_tlv tlv = ls_take(&r);
		struct member m = member_of(&tlv, six);

		chain_add(&c, &m);
	}
	text_string(t, "{ ");
	put_members(t, &c, true, !six, &any);
	if (six)
		put_members(t, &c, false, true, &any);
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
