/* Route statements: refused with a reason and nothing added, or routes whose words mean the same.
 */
#include "bgp/route.h"

#include "base/must.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

static void
parse_any(struct lex *lx, struct routes *to)
{
	if (lex_take(lx, "route"))
		route_parse(lx, ROUTE_ANNOUNCE, to);
	else if (lex_take(lx, "flow"))
		route_parse_statement(lx, "flow", ROUTE_ANNOUNCE, to);
	else if (lex_take(lx, "vpls"))
		route_parse_statement(lx, "vpls", ROUTE_ANNOUNCE, to);
	else if (lex_take(lx, "evpn"))
		route_parse_statement(lx, "evpn", ROUTE_ANNOUNCE, to);
	else if (lex_take(lx, "attributes"))
		route_parse_attributes(lx, ROUTE_ANNOUNCE, to);
	else
		route_parse_family(lx, lex_word(lx, "an address family"), ROUTE_ANNOUNCE, to);
}

/* The bytes of a rule of IPv6 with an offset may be those of another rule in the short form, and
 * are read as that one (docs/wire.md). */
static bool
is_another_rule(const struct nlri *said, const struct nlri *again)
{
	return said->family->afi == AFI_IPV6 && strncmp(said->family->safi_word, "flow", 4) == 0 &&
	    !slice_same(said->bytes, again->bytes);
}

/* An empty path can't be told from none, and some communities have words of their own kind: what
 * came out of words once does not change any more. */
static void
check_words(const struct route *r, struct routes *room)
{
	const struct family *f = r->nlri.family;
	struct text first = { 0 };
	struct text second = { 0 };
	struct emit e = emit_on(&first, SPELL_WORDS, 0);
	struct lex lx;

	text_format(&first, "%s ", f->safi_word);
	route_emit(&e, &r->nlri, r->attrs, NULL);
	lex_init(&lx, text_view(&first), LEX_COMMAND);
	route_parse_family(&lx, slice_on(f->afi_word), ROUTE_ANNOUNCE, room);
	MUST(!lex_failed(&lx) && lex_over(&lx) && room->count == 1);
	lex_done(&lx);
	e = emit_on(&second, SPELL_WORDS, 0);
	text_format(&second, "%s ", f->safi_word);
	route_emit(&e, &room->at[0].nlri, room->at[0].attrs, NULL);
	MUST(slice_same(text_view(&first), text_view(&second)) ||
	    is_another_rule(&r->nlri, &room->at[0].nlri));
	routes_clear(room);
	text_free(&first);
	text_free(&second);
}

static void
parse_all(struct slice text, enum lex_mode mode)
{
	struct routes routes = { 0 };
	struct routes room = { 0 };
	struct lex lx;

	lex_init(&lx, text, mode);
	while (!lex_over(&lx) && routes.count < 1000) {
		size_t before = routes.count;

		if (lex_take(&lx, ";") || lex_take(&lx, "}"))
			continue;
		parse_any(&lx, &routes);
		if (lex_failed(&lx))
			MUST(routes.count == before);
		else
			MUST(routes.count > before);
		if (!lex_ends(&lx))
			break;
		if (lex_is(&lx, "{"))
			(void)lex_next(&lx);
	}
	for (size_t i = 0; i < routes.count && i < 10; i++)
		if (routes.at[i].nlri.family != NULL)
			check_words(&routes.at[i], &room);
	lex_done(&lx);
	routes_free(&routes);
	routes_free(&room);
	MUST(attrs_alive() == 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	parse_all(slice_of(bytes, len), LEX_FILE);
	parse_all(slice_of(bytes, len), LEX_COMMAND);
	return 0;
}
