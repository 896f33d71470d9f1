/* What words of a family say: their routes, or the place and the sentence of what is wrong. */
#pragma once

#include "case.h"

#include "base/hex.h"
#include "bgp/route.h"
#include "bgp/shape.h"

struct said {
	bool good;
	unsigned column;
	struct text why;
	struct routes routes;
	struct text hex; /* the first NLRI */
};

/* AFI SAFI and the words of one route. */
static inline struct said
said_of(const char *words, enum route_use use)
{
	struct said s = { 0 };
	struct lex lx;

	lex_init(&lx, slice_on(words), LEX_COMMAND);
	route_parse_family(&lx, lex_word(&lx, "an AFI"), use, &s.routes);
	if (!lex_failed(&lx) && !lex_over(&lx))
		lex_fault(&lx, "expected the end");
	s.good = !lex_failed(&lx);
	s.column = lx.fault_column;
	if (!s.good)
		lex_explain(&lx, &s.why);
	if (s.routes.count != 0)
		text_hex(&s.hex, s.routes.at[0].nlri.bytes);
	lex_done(&lx);
	return s;
}

static inline void
said_done(struct said *s)
{
	routes_free(&s->routes);
	text_free(&s->why);
	text_free(&s->hex);
}

/* "AFI SAFI " and an NLRI in its words; or in one spelling of a shape. */
static inline void
said_print(const struct nlri *n, enum spelling spelling, uint32_t shape, struct text *to)
{
	struct emit e = emit_on(to, spelling, shape);

	text_clear(to);
	if (spelling != SPELL_JSON)
		text_format(to, "%s ", n->family->name);
	n->family->emit(&e, n);
}

struct said_vector {
	const char *words;
	const char *hex; /* NULL: refused */
	unsigned column; /* where, then */
};

/* AFI SAFI and the words of each, as withdraws, which need nothing but what they are about. */
static inline void
said_expect(const struct said_vector *table, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct said s = said_of(table[i].words, ROUTE_WITHDRAW);

		cr_expect(
		    s.good == (table[i].hex != NULL), "%s: %s", table[i].words, text_chars(&s.why));
		if (s.good && table[i].hex != NULL)
			cr_expect_str_eq(text_chars(&s.hex), table[i].hex, "%s\n%s\n%s",
			    table[i].words, table[i].hex, text_chars(&s.hex));
		else
			cr_expect(s.column == table[i].column, "%s: %s", table[i].words,
			    text_chars(&s.why));
		said_done(&s);
	}
}

/* Its words, which are also its TEXT where all of it is shown, are read back to the same bytes. */
static inline void
said_again(const struct nlri *n)
{
	struct text words = { 0 };
	struct text shown = { 0 };
	struct said s;

	said_print(n, SPELL_WORDS, 0, &words);
	said_print(n, SPELL_TEXT, SHAPE_LONG, &shown);
	cr_expect_str_eq(text_chars(&words), text_chars(&shown));
	s = said_of(text_chars(&words), ROUTE_WITHDRAW);
	cr_assert(s.good, "%s: %s", text_chars(&words), text_chars(&s.why));
	cr_expect(slice_same(s.routes.at[0].nlri.bytes, n->bytes), "%s is %s", text_chars(&words),
	    text_chars(&s.hex));
	cr_expect(s.routes.at[0].nlri.path_id == n->path_id &&
		s.routes.at[0].nlri.has_path_id == n->has_path_id,
	    "%s", text_chars(&words));
	said_done(&s);
	text_free(&words);
	text_free(&shown);
}
