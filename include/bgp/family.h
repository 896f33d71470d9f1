/*
 * Address families: AFI and SAFI with their words and hooks. Rows live in bgp/nlri/, one file per
 * encoding; the list is made from bgp/meson.build. Ids are given in list order, which is ascending
 * by AFI and SAFI; sets are bits.
 *
 * An NLRI is kept in its wire form without path identifier; that is what is compared, stored, sent
 * again. RFC 4760, RFC 7911.
 */
#pragma once

#include "base/addr.h"
#include "base/slice.h"
#include "base/wire.h"
#include "lang/emit.h"

#include <stdbool.h>
#include <stdint.h>

/* The registry's numbers of those that code asks for by name. */
enum { AFI_IPV4 = 1, AFI_IPV6 = 2 };

#define FAMILY_MAX 64
#define NLRI_MAX   4098 /* longest wire form: a FlowSpec rule with its length */

struct nlri {
	const struct family *family;
	struct slice bytes; /* wire form, without path identifier */
	uint32_t path_id;
	bool has_path_id;
};

struct draft; /* a route statement being parsed: bgp/draft.h */
struct lex;

enum family_trait {
	FAMILY_GROUPED = 1 << 0, /* several NLRI of equal attributes share an UPDATE */
	FAMILY_CLASSIC = 1 << 1, /* IPv4 unicast: RFC 4271's own fields when the next hop is IPv4 */
	FAMILY_BARE_WITHDRAW = 1 << 2, /* MP_UNREACH without any other attribute */
	FAMILY_PATH_ID = 1 << 3,       /* ADD-PATH is possible, */
	FAMILY_PATH_ID_NAMED = 1 << 4, /* but only offered where the family is named for it */
	FAMILY_NEXT_HOP_ATTR = 1 << 5, /* NEXT_HOP beside MP_REACH when the next hop is IPv4 */
	FAMILY_NEXT_HOP_RD = 1 << 6,   /* 8 zero bytes before each next hop in MP_REACH */
	FAMILY_NO_NEXT_HOP = 1 << 7,   /* a next hop of length zero is fine */
	FAMILY_POLICY = 1 << 8, /* its routes have words for what TUNNEL_ENCAP says of a policy */
};

struct family {
	uint16_t afi;
	uint8_t safi;
	uint8_t id;            /* its bit; set by the generated list's order */
	const char *afi_word;  /* "ipv4" */
	const char *safi_word; /* "unicast" */
	const char *name;      /* "ipv4 unicast" */
	uint32_t traits;
	uint64_t next_hop_lens; /* received lengths that are allowed: bit n for n bytes */
	/* Pass over one NLRI of the family; r is bad afterwards if it is malformed. */
	void (*pass)(struct reader *r, const struct family *f);
	/* Is its content such that it can be believed? What isn't is passed over, as if it weren't
	 * there: RFC 7606 5.4. NULL: whatever was passed over is. */
	bool (*sound)(const struct family *f, struct slice nlri);
	/* The bytes that identify the route (host bits cleared, no labels), at most NLRI_MAX into
	 * room; NULL: the wire form itself. */
	size_t (*key)(struct slice nlri, uint8_t *room);
	/* Its members: JSON { "nlri": ... }, text 10.0.0.0/24 ... Opens and closes its own object.
	 */
	void (*emit)(struct emit *e, const struct nlri *n);
	/* Words of "announce <afi> <safi>" up to the attributes, into the draft. */
	void (*parse)(struct lex *lx, struct draft *d);
	/* When all words are there: faults lx when something is missing or has no place. Of
	 * families that are prefixes, puts what stands between length and prefix into the draft.
	 * NULL: nothing to do. */
	void (*settle)(struct lex *lx, struct draft *d, const struct family *f, bool announce);
	/* A statement of its own beside "route", and behind its word the words of a whole route,
	 * into the draft with its family; takes the braces of a block. NULL: none, or another
	 * family's row has it. */
	const char *statement;
	void (*statement_parse)(struct lex *lx, struct draft *d);
};

const struct family *family_of(uint16_t afi, uint8_t safi);                /* NULL if unknown */
const struct family *family_of_words(struct slice afi, struct slice safi); /* aliases too */
const struct family *family_at(unsigned id);                               /* id < family_count() */
unsigned family_count(void);
/* "ipv4", "l2vpn", ... or NULL, of all numbers that are known, whether or not a row has them */
const char *afi_word(uint16_t afi);
const char *safi_word(uint8_t safi);
/* "ipv4/unicast", with any mark between the words, into room; "unknown afi 7/unknown safi 9" */
#define FAMILY_LABEL_MAX 48
struct slice family_label(char room[FAMILY_LABEL_MAX], uint16_t afi, uint8_t safi, char between);

struct family_set {
	uint64_t bits;
};

static inline bool
family_in(struct family_set s, const struct family *f)
{
	return (s.bits >> f->id & 1) != 0;
}

static inline void
family_add(struct family_set *s, const struct family *f)
{
	s->bits |= UINT64_C(1) << f->id;
}

static inline void
family_cut(struct family_set *s, const struct family *f)
{
	s->bits &= ~(UINT64_C(1) << f->id);
}

struct family_set family_all(void);

/* Families in an order that matters (the order of an OPEN). */
struct family_list {
	uint8_t count;
	uint8_t ids[FAMILY_MAX];
};

void family_list_add(struct family_list *l, const struct family *f); /* once */
struct family_set family_list_set(const struct family_list *l);

/* One NLRI with its path identifier if with_path_id; r is bad afterwards if it is malformed. */
struct nlri nlri_take(const struct family *f, struct reader *r, bool with_path_id);
/* The identity of a route: path id (4 bytes, zero if none) and the family's key. */
#define NLRI_KEY_MAX (4 + NLRI_MAX)
size_t nlri_key(const struct nlri *n, uint8_t *room);
