/* FlowSpec rules in events and in words: RFC 8955 4, RFC 8956 3. */
#include "nlri/flow.h"

#include "bgp/family.h"
#include "bgp/shape.h"
#include "nlri/rd.h"

/* The bytes of a whole prefix, of those behind its offset. */
static void
unshorten(struct slice pattern, unsigned offset, uint8_t to[17])
{
	uint8_t *at = to + offset / 8;

	for (size_t i = 0; i < pattern.len; i++) {
		at[i] |= (uint8_t)(pattern.at[i] >> offset % 8);
		at[i + 1] = (uint8_t)(pattern.at[i] << (8 - offset % 8));
	}
}

static void
put_prefix(struct text *t, struct slice body, enum flow_form form)
{
	struct reader r = reader_on(body);
	unsigned bits = read_u8(&r);
	unsigned offset = form == FLOW_V4 ? 0 : read_u8(&r);
	struct slice bytes = read_rest(&r);
	uint8_t whole[17] = { 0 }; /* one more than it has, for padding that is shifted out */
	struct prefix prefix;

	if (form == FLOW_V6_SHORT) {
		unshorten(bytes, offset, whole);
		prefix = (struct prefix){ addr_v6(whole), (uint8_t)bits };
		prefix_clear_host_bits(&prefix); /* RFC 8956 3.1: padding is ignored */
		bytes = slice_of(prefix.addr.bytes, 16);
	}
	addr_print_bytes(t, form == FLOW_V4 ? ADDR_IPV4 : ADDR_IPV6, bytes.at, bytes.len);
	text_format(t, "/%u", bits);
	if (form != FLOW_V4)
		text_format(t, "/%u", offset);
}

static void
put_number(struct text *t, const struct flow_row *row, const struct flow_term *term)
{
	static const char *const ops[] = { "false", "=", ">", ">=", "<", "<=", "!=", "true" };
	unsigned op = term->op & OP_NUMBER;
	const char *name = flow_name_of(row, term->value);

	text_string(t, ops[op]);
	if (op == 0 || op == OP_NUMBER)
		return;
	if (name != NULL)
		text_string(t, name);
	else
		text_uint(t, term->value);
}

static void
put_between(struct text *t, bool any, const char *op, const char *split)
{
	if (any && split != NULL)
		text_format(t, "%s%s", split, op);
	else if (any)
		text_char(t, '+');
}

/* Names of the bits that have one; the whole value where there are others, and the name that no
 * bits have. split: what stands between flags where 4.2 takes them for values. */
static void
put_bits(
    struct text *t, const struct flow_row *row, uint64_t value, const char *op, const char *split)
{
	uint64_t left = value;
	bool any = false;

	text_string(t, op);
	for (const struct flow_name *n = row->names; n->word != NULL; n++) {
		if ((left & n->value) == 0 && (value != 0 || n->value != 0))
			continue;
		put_between(t, any, op, split);
		text_string(t, n->word);
		left &= ~(uint64_t)n->value;
		any = true;
	}
	if (left == 0)
		return;
	put_between(t, any, op, split);
	text_format(t, "unknown %s type %ju", row->type == FLOW_TCP_FLAGS ? "tcp flag" : row->v4,
	    (uintmax_t)value);
}

/* No name for some of the bits, or for none. */
static bool
has_names(const struct flow_row *row, uint64_t value)
{
	uint64_t left = value;

	for (const struct flow_name *n = row->names; n->word != NULL; n++)
		left &= ~(uint64_t)n->value;
	return value != 0 && left == 0;
}

/* How a list of terms is spelt. */
struct style {
	const struct flow_row *row;
	bool words; /* to be read back */
	bool split; /* flags of one value as several */
};

static void
put_term(struct text *t, const struct style *s, const struct flow_term *term)
{
	static const char *const ops[] = { "", "=", "!", "!=" };
	const char *op = ops[term->op & OP_BITS];

	if (s->row->kind == FLOW_NUMBER) {
		put_number(t, s->row, term);
		return;
	}
	if (s->words && !has_names(s->row, term->value))
		text_format(t, "%s0x%jx", op, (uintmax_t)term->value);
	else
		put_bits(t, s->row, term->value, op,
		    !s->split                      ? NULL
			: (term->op & OP_AND) != 0 ? "\", \"&"
						   : "\", \"");
}

/* All terms of a component; between stands where they are not joined. How many there were. */
static size_t
put_terms(
    struct text *t, const struct style *s, struct slice body, const char *between, size_t count)
{
	struct reader r = reader_on(body);
	bool first = true;

	for (; reader_more(&r); count++) {
		struct flow_term term = flow_term_take(&r);

		if (!first && (term.op & OP_AND) != 0)
			text_char(t, '&');
		else if (count != 0)
			text_string(t, between);
		first = false;
		put_term(t, s, &term);
	}
	return count;
}

/* One component of a rule: all bodies that have its type. */
struct gathered {
	struct flow_walk walk;
	uint8_t type;
};

static bool
gathered_next(struct gathered *g, struct flow_component *c)
{
	while (reader_more(&g->walk.r)) {
		*c = flow_component_take(&g->walk);
		if (c->row->type == g->type)
			return true;
	}
	return false;
}

static const char *
name_of(const struct gathered *g)
{
	const struct flow_row *row = flow_row(g->type);

	return g->walk.form == FLOW_V4 ? row->v4 : row->v6;
}

static size_t
terms_in(struct slice body)
{
	struct reader r = reader_on(body);
	size_t n = 0;

	for (; reader_more(&r); n++)
		(void)flow_term_take(&r);
	return n;
}

/* name value, or name [ value value ]; a blank in front but at start. */
static void
put_text(struct text *t, struct gathered g, bool words, size_t start)
{
	struct style s = { flow_row(g.type), words, false };
	struct gathered again = g;
	struct flow_component c;
	size_t count = 0;
	size_t terms = 0;

	while (gathered_next(&g, &c))
		terms += c.row->kind == FLOW_PREFIX ? 1 : terms_in(c.body);
	if (terms == 0)
		return;
	if (t->len != start)
		text_char(t, ' ');
	text_format(t, "%s %s", name_of(&g), terms > 1 ? "[ " : "");
	while (gathered_next(&again, &c)) {
		if (s.row->kind == FLOW_PREFIX)
			put_prefix(t, c.body, g.walk.form);
		else
			count = put_terms(t, &s, c.body, " ", count);
	}
	if (terms > 1)
		text_string(t, " ]");
}

static void
put_rule(struct text *t, const struct family *f, struct slice nlri, bool words)
{
	struct slice rd;
	struct gathered g = { flow_components(f, nlri, &rd), 0 };
	size_t start = words ? t->len : SIZE_MAX;

	for (g.type = 1; g.type <= FLOW_TYPES; g.type++)
		put_text(t, g, words, start);
	if (rd.len != 0) {
		text_string(t, t->len == start ? "rd " : " rd ");
		rd_put(t, rd, words ? SPELL_WORDS : SPELL_TEXT);
	}
}

/* "name": [ "value", "value" ], */
static void
put_json(struct text *t, const struct emit *e, struct gathered g)
{
	struct style s = { flow_row(g.type), false, (e->shape & SHAPE_COMMUNITY_WIRE) != 0 };
	struct flow_component c;
	size_t count = 0;
	bool any = false;

	while (gathered_next(&g, &c)) {
		if (!any)
			text_format(t, "\"%s\": [ \"", name_of(&g));
		any = true;
		if (s.row->kind == FLOW_PREFIX)
			put_prefix(t, c.body, g.walk.form);
		else
			count = put_terms(t, &s, c.body, "\", \"", count);
	}
	if (any)
		text_string(t, "\" ], ");
}

static struct addr
next_hop_of(const struct emit *e)
{
	struct slice hop = e->next_hop;

	return addr_of_bytes(slice_of(hop.at, hop.len > 16 ? 16 : hop.len));
}

static void
emit_json(struct emit *e, struct text *t, const struct nlri *n)
{
	bool six = (e->shape & SHAPE_EXT_HEX) != 0;
	struct slice rd;
	struct gathered g = { flow_components(n->family, n->bytes, &rd), 0 };
	struct addr hop = next_hop_of(e);
	bool repeated = (e->shape & SHAPE_NLRI_NEXT_HOP) != 0 && hop.family != ADDR_NONE;

	text_string(t, six ? "{" : "{ ");
	for (g.type = 1; g.type <= FLOW_TYPES; g.type++)
		put_json(t, e, g);
	if (rd.len != 0) {
		text_string(t, "\"rd\": \"");
		rd_put(t, rd, SPELL_JSON);
		text_string(t, "\", ");
	}
	if (repeated) {
		text_string(t, "\"next-hop\": \"");
		addr_print(t, &hop);
		text_string(t, "\", ");
	}
	text_string(t, "\"string\": \"flow");
	put_rule(t, n->family, n->bytes, false);
	if (repeated && !six) {
		text_string(t, " next-hop ");
		addr_print(t, &hop);
	}
	text_string(t, "\" }");
}

void
flow_emit(struct emit *e, const struct nlri *n)
{
	struct text *t = emit_value(e, &BARE);

	if (t == NULL)
		return;
	if (e->spelling == SPELL_JSON) {
		emit_json(e, t, n);
		return;
	}
	if (e->spelling == SPELL_TEXT)
		text_string(t, "flow");
	put_rule(t, n->family, n->bytes, e->spelling == SPELL_WORDS);
}
