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
	bool acts;             /* a rule of FlowSpec that has an action, which may be to accept */
	uint8_t split;         /* nlri is the first of all prefixes of this length inside of a
				  shorter one, and it stands for all of them; 0: for itself */
	uint8_t split_bits;    /* in which they differ: the last ones */
};

/* How many prefixes it stands for, one at least. */
size_t route_parts(const struct route *r);
/* One of them, with bytes in room where it is split. */
#define ROUTE_PART_MAX 33
struct nlri route_part(const struct route *r, size_t n, uint8_t *room);
/* The same as a route, for who takes one at a time. */
struct route route_one(const struct route *r, size_t n, uint8_t *room);

/* The unicast route to a prefix, in that room. */
struct nlri route_nlri(const struct prefix *p, uint8_t *room);

/* Can it be said in a session with an end of this family, if its next hop is ours? An IPv4 route
 * takes the router id where we have no address for it, an IPv6 route nothing. */
bool route_self_fits(const struct route *r, enum addr_family session);
extern const char route_self_misfit[]; /* the sentence for one that can't */

struct route_cache;

struct routes {
	struct arena arena;
	struct route *at;
	size_t count;
	size_t size;
	struct route_cache *cache; /* words that were parsed before, and their sets */
	struct slice shared;       /* words that go before those of every statement; borrowed */
};

void routes_clear(struct routes *r); /* drops the sets; keeps the room and the cache */
void routes_free(struct routes *r);
/* The same in steps, for who has others to serve meanwhile: true if there is more of it. */
bool routes_free_some(struct routes *r);
void routes_cut(struct routes *r, size_t count); /* the last ones go, until so many are left */
size_t routes_parts(const struct routes *r);     /* of all */
void routes_add(struct routes *to, const struct route *from); /* a copy */
/* from moves to *to, which was empty; the cache stays. */
void routes_move(struct routes *to, struct routes *from);

enum route_use {
	ROUTE_FILE,     /* a file: next-hop must be there */
	ROUTE_ANNOUNCE, /* a command: the same */
	ROUTE_WITHDRAW, /* only the NLRI must be there */
};

/*
 * Statements for routes. A split one is one route, whatever it stands for.
 *
 * Each adds to *to, takes the statement up to its end (which it leaves), and on bad words faults lx
 * and adds nothing.
 *
 *   route_parse             behind "route": PREFIX words... or PREFIX { words; ... }, of which it
 *                           takes the braces
 *   route_parse_behind      the same behind its PREFIX, for who uses that before the words are read
 *   route_parse_attributes  behind "attributes": words... nlri PREFIX...; without a prefix one
 *                           route of no family
 *   route_parse_family      behind "ipv4" or "ipv6" or "l2vpn": SAFI words...
 *   route_parse_statement   behind the word of a family's own statement (struct family), of
 *                           which it takes the braces
 */
#define ROUTE_SPLIT_MAX 20 /* bits: a split gives at most a million routes */
void route_parse(struct lex *lx, enum route_use use, struct routes *to);
void route_parse_behind(struct lex *lx, struct prefix p, enum route_use use, struct routes *to);
void route_parse_attributes(struct lex *lx, enum route_use use, struct routes *to);
void route_parse_statement(struct lex *lx, const char *word, enum route_use use, struct routes *to);
void route_parse_family(struct lex *lx, struct slice afi, enum route_use use, struct routes *to);

/* "10.0.0.0/24 next-hop 10.0.0.1 origin igp ..." in e's spelling: the NLRI, the next hop and the
 * attributes; WORDS is what route_parse() reads back. self stands for next-hop self when it is an
 * address. */
void route_emit(
    struct emit *e, const struct nlri *n, const struct attrs *a, const struct addr *self);
/* The same of a statement's route: of a split one the whole prefix, and its "split". */
void route_emit_whole(struct emit *e, const struct route *r);
