/* The words of FlowSpec rules, blocks and lines, and the NLRI they make: RFC 8955 4. */
#include "nlri/flow_rule.h"

#include "draft.h"
#include "nlri/rd.h"

#define SAFI_FLOW 133
#define SAFI_VPN  134

static void
rule_init(struct flow_rule *r, const struct draft *d)
{
	r->afi = d->family == NULL ? 0 : d->family->afi;
	for (size_t i = 0; i < FLOW_TYPES; i++)
		r->pieces[i].len = 0;
}

static void
write_pieces(struct flow_rule *rule, struct writer *w)
{
	for (uint8_t type = 1; type <= FLOW_TYPES; type++) {
		struct flow_piece *p = &rule->pieces[type - 1];

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
make_nlri(struct lex *lx, struct draft *d, struct flow_rule *rule)
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
dscp_fits(const struct flow_rule *rule)
{
	const struct flow_piece *p = &rule->pieces[FLOW_DSCP - 1];
	struct reader r = reader_on(slice_of(p->room, p->len));

	while (reader_more(&r))
		if (flow_term_take(&r).value > FLOW_DSCP_MOST)
			return false;
	return true;
}

static void
finish(struct lex *lx, struct draft *d, struct flow_rule *rule)
{
	uint8_t safi = d->has_rd ? SAFI_VPN : SAFI_FLOW;

	if (lex_failed(lx))
		return;
	if (rule->afi != AFI_IPV6 && rule->pieces[FLOW_FLOW_LABEL - 1].len != 0)
		lex_fault(lx, "flow-label has no place in a rule of IPv4");
	if (rule->afi != AFI_IPV6 && !dscp_fits(rule))
		lex_fault(lx, "a DSCP is at most %u", FLOW_DSCP_MOST);
	if (d->labels_len != 0)
		lex_fault(lx, "label has no place in a rule");
	if (d->family != NULL && d->family->safi != safi)
		lex_fault(
		    lx, d->has_rd ? "rd has no place in %s" : "%s requires RD", d->family->name);
	d->family = family_of(rule->afi == AFI_IPV6 ? AFI_IPV6 : AFI_IPV4, safi);
	make_nlri(lx, d, rule);
}

/* The words of one kind of block; false, with nothing taken: another word. */
static bool
word_of_match(struct lex *lx, struct draft *d, struct flow_rule *rule)
{
	(void)d;
	return flow_component_parse(lx, rule);
}

static bool
then_word(struct lex *lx, struct draft *d)
{
	static const char *const attributes[] = { "community", "large-community",
		"extended-community" };

	for (size_t i = 0; i < sizeof(attributes) / sizeof(attributes[0]); i++)
		if (lex_is(lx, attributes[i]))
			return draft_word(lx, d);
	return !lex_is(lx, "interface-set") && flow_action(lx, d);
}

static bool
word_of_then(struct lex *lx, struct draft *d, struct flow_rule *rule)
{
	bool taken = then_word(lx, d);

	(void)rule;
	d->acts = d->acts || taken;
	return taken;
}

static bool
word_of_scope(struct lex *lx, struct draft *d, struct flow_rule *rule)
{
	(void)rule;
	return lex_is(lx, "interface-set") && flow_action(lx, d);
}

static void
parse_line(struct lex *lx, struct draft *d, struct flow_rule *rule)
{
	while (!lex_ends(lx))
		if (!word_of_match(lx, d, rule) && !word_of_then(lx, d, rule) &&
		    !word_of_scope(lx, d, rule) && !draft_word(lx, d))
			lex_fault(lx, "unknown command \"%.*s\"", (int)lx->now.word.len,
			    (const char *)lx->now.word.at);
}

void
flow_parse(struct lex *lx, struct draft *d)
{
	struct flow_rule rule;

	rule_init(&rule, d);
	parse_line(lx, d, &rule);
	finish(lx, d, &rule);
}

static void parse_block(struct lex *lx, struct draft *d, struct flow_rule *rule,
    bool (*word)(struct lex *lx, struct draft *d, struct flow_rule *rule));

static bool
word_of_rule(struct lex *lx, struct draft *d, struct flow_rule *rule)
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
parse_block(struct lex *lx, struct draft *d, struct flow_rule *rule,
    bool (*word)(struct lex *lx, struct draft *d, struct flow_rule *rule))
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
	struct flow_rule rule;

	rule_init(&rule, d);
	draft_skip_name(lx);
	if (lex_is(lx, "{"))
		parse_block(lx, d, &rule, word_of_rule);
	else
		parse_line(lx, d, &rule);
	finish(lx, d, &rule);
}
