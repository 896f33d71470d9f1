/*
 * The route statement, the same in files and commands: words to routes. A statement may give many
 * routes (split, attributes ... nlri).
 */
#pragma once

#include "base/arena.h"
#include "base/slice.h"
#include "bgp/attrs.h"
#include "bgp/family.h"
#include "lang/lex.h"

#include <stdbool.h>
#include <stdint.h>

struct route {
	struct nlri nlri;      /* bytes in the arena of the list; family NULL: attributes alone */
	struct attrs *attrs;   /* held by the list */
	struct slice name;     /* "name": never sent; at == NULL: none */
	struct slice watchdog; /* at == NULL: none */
	bool withdrawn;        /* "withdraw": starts withdrawn (with watchdog) */
};

struct route_cache;

struct routes {
	struct arena arena;
	struct route *at;
	size_t count;
	size_t size;
	struct route_cache *cache; /* words that were parsed before, and their sets */
};

void routes_clear(struct routes *r); /* drops the sets; keeps the room and the cache */
void routes_free(struct routes *r);

enum route_use {
	ROUTE_FILE,     /* a file: next-hop must be there */
	ROUTE_ANNOUNCE, /* a command: the same */
	ROUTE_WITHDRAW, /* only the NLRI must be there */
};

/*
 * Each adds to *to, takes the statement up to its end (which it leaves), and on bad words faults lx
 * and adds nothing.
 *
 *   route_parse             behind "route": PREFIX words... or PREFIX { words; ... }, of which it
 *                           takes the braces
 *   route_parse_attributes  behind "attributes": words... nlri PREFIX...; without a prefix one
 *                           route of no family
 *   route_parse_family      behind "ipv4" or "ipv6" or "l2vpn": SAFI words...
 *   route_parse_statement   behind the word of a family's own statement (struct family), of
 *                           which it takes the braces
 */
#define ROUTE_SPLIT_MAX 20 /* bits: a split gives at most a million routes */
void route_parse(struct lex *lx, enum route_use use, struct routes *to);
void route_parse_attributes(struct lex *lx, enum route_use use, struct routes *to);
void route_parse_statement(
    struct lex *lx, const char *word, enum route_use use, struct routes *to);
void route_parse_family(struct lex *lx, struct slice afi, enum route_use use, struct routes *to);

/* "10.0.0.0/24 next-hop 10.0.0.1 origin igp ..." in e's spelling: the NLRI, the next hop and the
 * attributes; WORDS is what route_parse() reads back. self stands for next-hop self when it is an
 * address. */
void route_emit(
    struct emit *e, const struct nlri *n, const struct attrs *a, const struct addr *self);
