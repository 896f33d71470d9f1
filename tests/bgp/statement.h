/* Statements as words, and the UPDATEs that their routes become. */
#pragma once

#include "case.h"

#include "bgp/route.h"
#include "bgp/session.h"
#include "lang/lex.h"

/* Whichever statement begins here. */
void statement_take(struct lex *lx, enum route_use use, struct routes *to);
/* One statement, and nothing behind it but its ";"; false: it is refused. */
bool statement_parse(const char *words, enum route_use use, struct routes *to);

/* The set that an announce has, held; NULL: it is refused. */
struct attrs *statement_attrs(const char *words);

/* What announces these routes: the digits of a body each, with a blank between. */
void bodies_of(const struct routes *routes, const struct session *s, struct text *to);
/* To an external neighbor with ASNs of four bytes. */
struct session external(void);
