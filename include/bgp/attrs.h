/*
 * A frozen attribute set: interned, so that equal sets are one pointer, and counted. Shared by all
 * routes, peers and both directions.
 *
 * It is bytes: the next hop, then records in ascending order of code, in one canonical form
 * whatever the session was (4-byte ASNs, AS4_PATH merged, no MP_REACH or MP_UNREACH). A record is
 * code 1, flags 1, kind 1, length 2, value. Rows of bgp/attr/ turn wire into canonical values and
 * back, words into values, values into spellings.
 */
#pragma once

#include "base/addr.h"
#include "base/slice.h"
#include "base/wire.h"
#include "bgp/session.h"
#include "lang/emit.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ATTRS_MAX (65535 + 64) /* longest set in bytes */

enum record_kind {
	RECORD_VALUE, /* canonical: the row of its code knows it */
	RECORD_RAW,   /* generic "attribute [ ... ]" words: sent as given whatever the code */
};

struct record {
	uint8_t code;
	uint8_t flags;
	enum record_kind kind;
	struct slice value;
};

struct attrs {
	uint32_t holders;
	uint32_t id; /* small number, see attrs_at() */
	uint64_t hash;
	uint32_t len;         /* of bytes */
	uint8_t next_hop_len; /* 0, 4, 16 or 32 (with link-local) */
	bool next_hop_self;   /* the session's local address stands for the next hop */
	uint8_t bytes[];      /* next hop, then records */
};

struct attrs *attrs_hold(struct attrs *a);
void attrs_drop(struct attrs *a);    /* may be NULL; the last holder frees it */
struct attrs *attrs_at(uint32_t id); /* a living set by its number; borrowed */
size_t attrs_alive(void);
size_t attrs_memory(void); /* bytes, all included */

static inline struct slice
attrs_next_hop(const struct attrs *a)
{
	return slice_of(a->bytes, a->next_hop_len);
}

/* Records in order: *at starts at 0. */
bool attrs_next(const struct attrs *a, size_t *at, struct record *r);
bool attrs_find(const struct attrs *a, uint8_t code, struct record *r);

/* A set being built: records may come in any order of codes; the first of a code wins. */
struct attrs_build {
	struct writer *room;   /* of ATTRS_MAX bytes, the caller's; only records */
	struct slice next_hop; /* borrowed until frozen */
	bool next_hop_self;
};

bool build_has(const struct attrs_build *b, uint8_t code);
/* Append a record (false if the code is there or the room is full). */
bool build_add(
    struct attrs_build *b, uint8_t code, uint8_t flags, enum record_kind kind, struct slice value);
void build_cut(struct attrs_build *b, uint8_t code);
/* Replace the value of a code, or add it. */
bool build_set(struct attrs_build *b, uint8_t code, uint8_t flags, struct slice value);
/* The set with these bytes, held once for the caller. */
struct attrs *attrs_freeze(const struct attrs_build *b);

/*
 * The path attributes of an UPDATE to this session, without MP_REACH and MP_UNREACH: defaults
 * (ORIGIN, AS_PATH, LOCAL_PREF), 2-byte ASNs with AS4_PATH, LOCAL_PREF left out externally, AIGP as
 * agreed; ascending by code (RFC 4271 5). next_hop: NEXT_HOP is written when this is 4 bytes long.
 * What does not fit fails the writer.
 */
void attrs_encode(
    const struct attrs *a, const struct session *s, struct slice next_hop, struct writer *w);

/* All members, ascending by code; JSON members of the "attribute" object, or text words. Inside an
 * object that the caller opened. */
void attrs_emit(struct emit *e, const struct attrs *a);
