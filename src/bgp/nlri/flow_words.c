/* The words of the components of FlowSpec rules: RFC 8955 4.2, RFC 8956 3. */
#include "draft.h"
#include "nlri/flow_rule.h"

#include "base/num.h"

static struct writer
piece_writer(struct flow_piece *p)
{
	struct writer w = writer_on(p->room, sizeof(p->room));

	w.at += p->len;
	return w;
}

static void
piece_keep(struct lex *lx, struct flow_piece *p, const struct writer *w)
{
	if (!writer_ok(w))
		lex_fault(lx, "the rule is too long");
	p->len = writer_len(w);
}

/* "ip/len" or, of IPv6, "ip/len/offset"; host bits are cleared. */
static bool
prefix_of(struct slice word, struct prefix *to, uint64_t *offset)
{
	struct slice ip;
	struct slice len;
	struct slice tail = { NULL, 0 };
	enum prefix_fault fault;

	*offset = 0;
	if (!word_cut(word, '/', &ip, &len))
		return false;
	if (word_cut(len, '/', &len, &tail)) {
		if (!num_decimal(tail, 128, offset))
			return false;
		word.len -= tail.len + 1;
	}
	fault = prefix_parse(word, to);
	if (fault != PREFIX_FINE && fault != PREFIX_HOST_BITS)
		return false;
	prefix_clear_host_bits(to);
	return *offset <= to->len && (tail.at == NULL || to->addr.family == ADDR_IPV6);
}

static void
parse_prefix(
    struct lex *lx, struct flow_rule *rule, const struct flow_row *row, struct slice keyword)
{
	static const char what[] = "a prefix with its length";
	struct flow_piece *p = &rule->pieces[row->type - 1];
	struct token where = lx->now;
	struct slice word = lex_word(lx, what);
	struct writer w = piece_writer(p);
	struct prefix prefix;
	uint64_t offset;
	bool v6;

	if (lex_failed(lx))
		return;
	if (!prefix_of(word, &prefix, &offset)) {
		lex_fault_at(lx, &where, "expected %s", what);
		return;
	}
	v6 = prefix.addr.family == ADDR_IPV6;
	if ((rule->afi != 0 && rule->afi != (v6 ? AFI_IPV6 : AFI_IPV4)) ||
	    slice_is(keyword, v6 ? row->v4 : row->v6))
		lex_fault_at(lx, &where, "expected a prefix of the family of the rule");
	if (p->len != 0)
		lex_fault_at(lx, &where, "expected one %s at most",
		    row->type == FLOW_SOURCE ? "source" : "destination");
	rule->afi = v6 ? AFI_IPV6 : AFI_IPV4;
	write_u8(&w, prefix.len);
	if (v6)
		write_u8(&w, (uint8_t)offset); /* at most 128 */
	write_bytes(&w, prefix.addr.bytes, prefix_bytes(&prefix));
	piece_keep(lx, p, &w);
}

struct spelt_op {
	const char *word;
	uint8_t op;
};

/* Longer ones first. */
static const struct spelt_op number_ops[] = {
	{ ">=", OP_GREATER | OP_EQUAL },
	{ "<=", OP_LESS | OP_EQUAL },
	{ "!=", OP_LESS | OP_GREATER },
	{ "=", OP_EQUAL },
	{ ">", OP_GREATER },
	{ "<", OP_LESS },
	{ "", OP_EQUAL },
};

static const struct spelt_op bit_ops[] = {
	{ "!=", OP_NOT | OP_MATCH },
	{ "=", OP_MATCH },
	{ "!", OP_NOT },
	{ "", 0 },
};

static uint8_t
op_take(const struct spelt_op *ops, struct slice *word)
{
	while (!slice_begins(*word, ops->word))
		ops++;
	*word = slice_after(*word, strlen(ops->word));
	return ops->op;
}

static bool
bits_of(const struct flow_row *row, struct slice word, uint64_t *to)
{
	struct slice one;
	uint64_t bits;

	*to = 0;
	while (word_cut(word, '+', &one, &word)) {
		if (!flow_value_of(row, one, &bits))
			return false;
		*to |= bits;
	}
	if (!flow_value_of(row, word, &bits))
		return false;
	*to |= bits;
	return true;
}

/* "true" and "false" compare with nothing. */
static bool
term_of(const struct flow_row *row, struct slice word, struct flow_term *to)
{
	to->value = 0;
	if (row->kind == FLOW_BITS) {
		to->op = op_take(bit_ops, &word);
		return bits_of(row, word, &to->value);
	}
	if (slice_is(word, "true") || slice_is(word, "false")) {
		to->op = slice_is(word, "true") ? OP_NUMBER : 0;
		return true;
	}
	to->op = op_take(number_ops, &word);
	return flow_value_of(row, word, &to->value);
}

static void
write_term(struct writer *w, const struct flow_term *t)
{
	if (t->value <= UINT8_MAX) {
		write_u8(w, t->op);
		write_u8(w, (uint8_t)t->value);
	} else if (t->value <= UINT16_MAX) {
		write_u8(w, t->op | 0x10);
		write_u16(w, (uint16_t)t->value);
	} else {
		write_u8(w, t->op | 0x20);
		write_u32(w, (uint32_t)t->value);
	}
}

/* Conditions joined by &. */
/* What ExaBGP says of a bad value. */
static const char *
known_of(const struct flow_row *row)
{
	switch (row->type) {
	case FLOW_PORT:
	case FLOW_DESTINATION_PORT:
	case FLOW_SOURCE_PORT: return "you tried to set an invalid port number %";
	case FLOW_PROTOCOL: return "unknown protocol %";
	case FLOW_DSCP: return "you tried to filter a flow using an invalid dscp for a component %";
	default: return "invalid value %";
	}
}

static void
parse_value(struct lex *lx, struct flow_piece *p, const struct flow_row *row, const char *name)
{
	struct token where = lx->now;
	struct slice word = lex_word(lx, "a value");
	struct writer w = piece_writer(p);
	struct flow_term term;
	struct slice one;
	uint8_t joined = 0;
	bool more = true;

	while (more && !lex_failed(lx)) {
		more = word_cut(word, '&', &one, &word);
		if (!term_of(row, more ? one : word, &term) ||
		    (row->type == FLOW_DSCP && slice_is(slice_on(name), "dscp") &&
			term.value > FLOW_DSCP_MOST)) {
			lex_fault_at(lx, &where, "expected a value for %s", name);
			lex_known_as(lx, &where, known_of(row));
			return;
		}
		term.op |= joined;
		joined = OP_AND;
		p->last = writer_len(&w);
		write_term(&w, &term);
	}
	piece_keep(lx, p, &w);
}

bool
flow_component_parse(struct lex *lx, struct flow_rule *rule)
{
	const struct flow_row *row = NULL;
	struct draft_list list;
	struct slice keyword;
	struct flow_piece *p;

	if (lx->now.kind == TOKEN_WORD)
		row = flow_row_of(lx->now.word);
	if (row == NULL)
		return false;
	keyword = lex_next(lx).word;
	if (row->kind == FLOW_PREFIX) {
		parse_prefix(lx, rule, row, keyword);
		return true;
	}
	p = &rule->pieces[row->type - 1];
	list = draft_list_on(lx, false);
	while (draft_list_more(lx, &list))
		parse_value(
		    lx, p, row, row->v4 != NULL && slice_is(keyword, row->v4) ? row->v4 : row->v6);
	return true;
}
