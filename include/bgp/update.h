/*
 * UPDATE: RFC 4271 4.3, RFC 4760, RFC 7606. Decoding gives a verdict and slices into the message;
 * nothing is copied but the attribute set, which is interned.
 */
#pragma once

#include "base/arena.h"
#include "bgp/attrs.h"
#include "bgp/family.h"
#include "bgp/session.h"
#include "bgp/verdict.h"

#include <stdbool.h>
#include <stdint.h>

/* NLRI of one family in one message; all of them were checked. */
struct update_part {
	const struct family *family; /* NULL: no such part */
	struct slice nlri;
	bool path_ids;
	struct attrs *attrs; /* announced with; held by the update. NULL in a withdraw */
};

enum { UPDATE_CLASSIC, UPDATE_MP, UPDATE_PARTS };

struct update {
	enum verdict verdict;
	struct notification why; /* for VERDICT_RESET; data in the arena */
	struct attrs *attrs;     /* the set, with the next hop of the first announce; held; NULL if
				    the message has no attributes */
	bool next_hop;           /* NEXT_HOP is among them, whatever MP_REACH_NLRI says */
	struct update_part announce[UPDATE_PARTS];
	struct update_part withdraw[UPDATE_PARTS]; /* as the message says */
	struct update_part twisted[UPDATE_PARTS];  /* announces that became withdraws */
	const struct family *eor;                  /* End of RIB of that family, else NULL */
	const char *note;          /* NULL, "discard", "treat-as-withdraw", "treat-as-withdraw due
				      to origin", "disable-family due to ipv6 unicast": in the arena or
				      static */
	struct family_set disable; /* for VERDICT_DISABLE_FAMILY: their NLRI can't be read; what
				   else is said of them is not to be believed */
};

/* Sets of one session that were seen before, found by the bytes of their block. */
struct attr_cache;
struct attr_cache *attr_cache_new(size_t most_bytes); /* 0: a default of 4 MiB */
void attr_cache_free(struct attr_cache *c);

/* body: of a whole UPDATE. *to borrows body and the arena, and holds sets until update_done().
 * cache is of this session, or NULL. Never fails: what is wrong with the message is the verdict,
 * RFC 7606. */
void update_decode(struct slice body, const struct session *s, struct arena *a,
    struct attr_cache *cache, struct update *to);
void update_done(struct update *u);

/* NLRI of a part, one after the other. */
struct nlri_walk {
	const struct update_part *part;
	struct reader r;
};

struct nlri_walk nlri_walk_on(const struct update_part *part);
bool nlri_next(struct nlri_walk *w, struct nlri *n);
/* How many, for lists. */
size_t nlri_count(const struct update_part *part);

/* An End of RIB, whole message. */
void eor_encode(const struct family *f, struct writer *w);
