/* The words of FlowSpec rules: components, blocks, and the NLRI they make. RFC 8955 4.2. */
#include "draft.h"
#include "nlri/flow.h"
#include "nlri/rd.h"

#include "base/num.h"

#define SAFI_FLOW 133
#define SAFI_VPN  134
#define DSCP_MOST 63u

/* A component being gathered from all statements that add to it. */
struct piece {
	uint8_t room[FLOW_MOST];
	size_t len;
	size_t last; /* its last operator */
};

struct rule {
	uint16_t afi; /* 0: no prefix said yet */
	struct piece pieces[FLOW_TYPES];
};

static void
rule_init(struct rule *r, const struct draft *d)
{
	r->afi = d->family == NULL ? 0 : d->family->afi;
	for (size_t i = 0; i < FLOW_TYPES; i++)
		r->pieces[i].len = 0;
}

static struct writer
piece_writer(struct piece *p)
{
	struct writer w = writer_on(p->room, sizeof(p->room));

	w.at += p->len;
	return w;
}

static void
piece_keep(struct lex *lx, struct piece *p, const struct writer *w)
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
parse_prefix(struct lex *lx, struct rule *rule, const struct flow_row *row, struct slice keyword)
{
	static const char what[] = "a prefix with its length";
	struct piece *p = &rule->pieces[row->type - 1];
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
static void
parse_value(struct lex *lx, struct piece *p, const struct flow_row *row, const char *name)
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
			term.value > DSCP_MOST)) {
			lex_fault_at(lx, &where, "expected a value for %s", name);
			return;
		}
		term.op |= joined;
		joined = OP_AND;
		p->last = writer_len(&w);
		write_term(&w, &term);
	}
	piece_keep(lx, p, &w);
}

/* A component and its values; false, with nothing taken: none begins here. */
static bool
parse_component(struct lex *lx, struct rule *rule)
{
	const struct flow_row *row = NULL;
	struct draft_list list;
	struct slice keyword;
	struct piece *p;

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

static void
write_pieces(struct rule *rule, struct writer *w)
{
	for (uint8_t type = 1; type <= FLOW_TYPES; type++) {
		struct piece *p = &rule->pieces[type - 1];

		if (p->len == 0)
			continue;
		if (flow_row(type)->kind != FLOW_PREFIX)
			p->room[p->last] |= OP_LAST;
		write_u8(w, type);
		write_bytes(w, p->room, p->len);
	}
}

/* RFC 8955 4.1: one byte of length or two. */
static void
make_nlri(struct lex *lx, struct draft *d, struct rule *rule)
{
	uint8_t content[FLOW_MOST];
	struct writer w = writer_on(content, sizeof(content));
	uint8_t nlri[2 + FLOW_MOST];
	struct writer to = writer_on(nlri, sizeof(nlri));

	if (d->has_rd)
		write_bytes(&w, d->rd, RD_LEN);
	write_pieces(rule, &w);
	if (!writer_ok(&w))
		lex_fault(lx, "the rule is too long");
	if (writer_len(&w) < 0xf0)
		write_u8(&to, (uint8_t)writer_len(&w));
	else
		write_u16(&to, (uint16_t)(0xf000 | writer_len(&w)));
	write_slice(&to, writer_slice(&w));
	draft_nlri(d, writer_slice(&to));
}

/* traffic-class has a byte, of which IPv4 rules have 6 bits: RFC 8955 4.2.2.11. */
static bool
dscp_fits(const struct rule *rule)
{
	const struct piece *p = &rule->pieces[FLOW_DSCP - 1];
	struct reader r = reader_on(slice_of(p->room, p->len));

	while (reader_more(&r))
		if (flow_term_take(&r).value > DSCP_MOST)
			return false;
	return true;
}

static void
finish(struct lex *lx, struct draft *d, struct rule *rule)
{
	uint8_t safi = d->has_rd ? SAFI_VPN : SAFI_FLOW;

	if (lex_failed(lx))
		return;
	if (rule->afi != AFI_IPV6 && rule->pieces[FLOW_FLOW_LABEL - 1].len != 0)
		lex_fault(lx, "flow-label has no place in a rule of IPv4");
	if (rule->afi != AFI_IPV6 && !dscp_fits(rule))
		lex_fault(lx, "a DSCP is at most %u", DSCP_MOST);
	if (d->labels_len != 0)
		lex_fault(lx, "label has no place in a rule");
	if (d->family != NULL && d->family->safi != safi)
		lex_fault(
		    lx, d->has_rd ? "rd has no place in %s" : "%s requires RD", d->family->name);
	d->family = family_of(rule->afi == AFI_IPV6 ? AFI_IPV6 : AFI_IPV4, safi);
	make_nlri(lx, d, rule);
}

static void
parse_line(struct lex *lx, struct draft *d, struct rule *rule)
{
	while (!lex_ends(lx))
		if (!parse_component(lx, rule) && !flow_action(lx, d) && !draft_word(lx, d))
			lex_fault(lx, "unknown command \"%.*s\"", (int)lx->now.word.len,
			    (const char *)lx->now.word.at);
}

void
flow_parse(struct lex *lx, struct draft *d)
{
	struct rule rule;

	rule_init(&rule, d);
	parse_line(lx, d, &rule);
	finish(lx, d, &rule);
}

/* The words of one kind of block; false, with nothing taken: another word. */
static bool
word_of_match(struct lex *lx, struct draft *d, struct rule *rule)
{
	(void)d;
	return parse_component(lx, rule);
}

static bool
word_of_then(struct lex *lx, struct draft *d, struct rule *rule)
{
	static const char *const attributes[] = { "community", "large-community",
		"extended-community" };

	(void)rule;
	for (size_t i = 0; i < sizeof(attributes) / sizeof(attributes[0]); i++)
		if (lex_is(lx, attributes[i]))
			return draft_word(lx, d);
	return !lex_is(lx, "interface-set") && flow_action(lx, d);
}

static bool
word_of_scope(struct lex *lx, struct draft *d, struct rule *rule)
{
	(void)rule;
	return lex_is(lx, "interface-set") && flow_action(lx, d);
}

static void parse_block(struct lex *lx, struct draft *d, struct rule *rule,
    bool (*word)(struct lex *lx, struct draft *d, struct rule *rule));

static bool
word_of_rule(struct lex *lx, struct draft *d, struct rule *rule)
{
	static const char *const attributes[] = { "rd", "route-distinguisher", "next-hop" };

	for (size_t i = 0; i < sizeof(attributes) / sizeof(attributes[0]); i++)
		if (lex_is(lx, attributes[i]))
			return draft_word(lx, d);
	if (lex_take(lx, "match"))
		parse_block(lx, d, rule, word_of_match);
	else if (lex_take(lx, "then"))
		parse_block(lx, d, rule, word_of_then);
	else if (lex_take(lx, "scope"))
		parse_block(lx, d, rule, word_of_scope);
	else
		return false;
	return true;
}

/* { word ...; word ...; }, of which blocks need no ; behind them. */
static void
parse_block(struct lex *lx, struct draft *d, struct rule *rule,
    bool (*word)(struct lex *lx, struct draft *d, struct rule *rule))
{
	(void)lex_want(lx, "{");
	while (!lex_failed(lx) && !lex_take(lx, "}")) {
		bool block = lex_is(lx, "match") || lex_is(lx, "then") || lex_is(lx, "scope");

		if (lex_take(lx, ";"))
			continue;
		if (lex_over(lx))
			(void)lex_want(lx, "}");
		else if (!word(lx, d, rule))
			lex_fault(lx, "invalid keyword \"%.*s\"", (int)lx->now.word.len,
			    (const char *)lx->now.word.at);
		else if (!block && !lex_is(lx, "}"))
			(void)lex_want(lx, ";");
	}
}

void
flow_statement(struct lex *lx, struct draft *d)
{
	struct rule rule;

	rule_init(&rule, d);
	draft_skip_name(lx);
	if (lex_is(lx, "{"))
		parse_block(lx, d, &rule, word_of_rule);
	else
		parse_line(lx, d, &rule);
	finish(lx, d, &rule);
}
