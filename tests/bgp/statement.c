#include "statement.h"

#include "bgp/update.h"

void
statement_take(struct lex *lx, enum route_use use, struct routes *to)
{
	if (lex_take(lx, "route"))
		route_parse(lx, use, to);
	else if (lex_take(lx, "flow") && lex_want(lx, "route"))
		route_parse_statement(lx, "flow", use, to);
	else if (lex_take(lx, "vpls"))
		route_parse_statement(lx, "vpls", use, to);
	else if (lex_take(lx, "attributes") || lex_take(lx, "attribute"))
		route_parse_attributes(lx, use, to);
	else
		route_parse_family(lx, lex_word(lx, "afi"), use, to);
}

bool
statement_parse(const char *words, enum route_use use, struct routes *to)
{
	struct lex lx;
	bool good;

	lex_init(&lx, slice_on(words), LEX_COMMAND);
	statement_take(&lx, use, to);
	(void)lex_take(&lx, ";");
	good = !lex_failed(&lx) && lex_over(&lx);
	lex_done(&lx);
	return good;
}

struct attrs *
statement_attrs(const char *words)
{
	struct routes routes = { 0 };
	struct attrs *a = NULL;

	if (statement_parse(words, ROUTE_ANNOUNCE, &routes))
		a = attrs_hold(routes.at[0].attrs);
	routes_free(&routes);
	return a;
}

static void
write_mp_reach(struct writer *w, const struct nlri *n, struct slice hop)
{
	struct gap reach;
	struct gap len;

	write_u16(w, 0x800e);
	reach = open_u8(w);
	write_u16(w, n->family->afi);
	write_u8(w, n->family->safi);
	len = open_u8(w);
	write_fill(w, 0, (n->family->traits & FAMILY_NEXT_HOP_RD) != 0 ? 8 : 0);
	write_slice(w, hop);
	close_u8(w, len);
	write_u8(w, 0);
	write_slice(w, n->bytes);
	close_u8(w, reach);
}

/* The body that announces a route: a plain version of what rib/ does for many. */
static void
write_route(struct writer *w, const struct route *r, const struct session *s)
{
	const struct family *f = r->nlri.family;
	struct slice hop =
	    r->attrs->next_hop_self ? addr_slice(&s->local) : attrs_next_hop(r->attrs);
	bool said = f == NULL || (f->traits & (FAMILY_NEXT_HOP_ATTR | FAMILY_CLASSIC)) != 0;
	bool classic = f != NULL && (f->traits & FAMILY_CLASSIC) != 0 && hop.len == 4;
	struct gap attributes;

	write_u16(w, 0);
	attributes = open_u16(w);
	attrs_encode(r->attrs, s, said ? hop : slice_of(NULL, 0), w);
	if (f != NULL && !classic)
		write_mp_reach(w, &r->nlri, hop);
	close_u16(w, attributes);
	if (classic)
		write_slice(w, r->nlri.bytes);
}

void
bodies_of(const struct routes *routes, const struct session *s, struct text *to)
{
	static uint8_t room[65536];

	text_clear(to);
	for (size_t i = 0; i < routes->count; i++) {
		for (size_t n = 0; n < route_parts(&routes->at[i]); n++) {
			struct writer w = writer_on(room, sizeof(room));
			uint8_t part[ROUTE_PART_MAX];
			struct route one = route_one(&routes->at[i], n, part);

			write_route(&w, &one, s);
			if (to->len != 0)
				text_char(to, ' ');
			text_hex(to, writer_slice(&w));
		}
	}
}

struct session
external(void)
{
	struct session s = session_assumed();

	s.local_as = 65001;
	s.peer_as = 65002;
	return s;
}
