/* Extended communities: RFC 4360, RFC 5701. Their kinds, and how they are spelt. */
#pragma once

#include "base/wire.h"
#include "lang/emit.h"

#include <stdbool.h>
#include <stdint.h>

#define ONE    8
#define ONE_V6 20

/*
 * Type and subtype of those that have a name, without the two bits that say who assigned the type
 * and whether it is transitive: ExaBGP names a community whatever they are.
 */
enum kind {
	TARGET = 0x0002,
	TARGET_IP = 0x0102,
	TARGET_AS4 = 0x0202,
	ORIGIN = 0x0003,
	ORIGIN_IP = 0x0103,
	ORIGIN_AS4 = 0x0203,
	RECORD_AS = 0x0013,
	RECORD_IP = 0x0113,
	RECORD_AS4 = 0x0213,
	NEXT_HOP_IETF = 0x010c,
	ENCAPSULATION = 0x030c,
	DEFAULT_GATEWAY = 0x030d,
	HASH_SORT_ORDER = 0x0314,
	BANDWIDTH = 0x0004,
	MAC_MOBILITY = 0x0600,
	ESI_LABEL = 0x0601,
	ES_IMPORT = 0x0602,
	ROUTER_MAC = 0x0603,
	INTERFACE_SET = 0x0702,
	NEXT_HOP = 0x0800,
	MUP = 0x0c00,
	RATE_BYTES = 0x0006,
	RATE_PACKETS = 0x000c,
	ACTION = 0x0007,
	REDIRECT = 0x0008,
	MARK = 0x0009,
	L2INFO = 0x000a,
};

#define REDIRECT_AS4 0x0208
/* of 20 bytes */
#define REDIRECT_V6      0x000b
#define NEXT_HOP_IETF_V6 0x000c
#define TOP              0xc000 /* of a kind */
#define LOCAL            0x40   /* of a type: not transitive */
#define OURS             0x80   /* experimental use, where FlowSpec lives */

static inline uint16_t
kind_of(const uint8_t *at)
{
	return load_u16(at) & (uint16_t)~TOP;
}

static inline uint32_t
float_bits(float f)
{
	uint32_t bits;

	memcpy(&bits, &f, sizeof(bits));
	return bits;
}

struct attr;
struct draft;
struct lex;

/* More of them, of size bytes each, to those that a statement gave before. */
void ext_communities_add(
    struct lex *lx, struct draft *d, const struct attr *row, size_t size, struct slice more);
/* One word, whatever it says; false, with anything in to: it is none. */
bool ext_community_parse(struct slice word, uint8_t to[ONE]);
/* The same for the words of EVPN. put: false, with nothing written, if none gives these bytes. */
bool evpn_community_parse(struct slice word, uint8_t to[ONE]);
bool evpn_community_put(struct text *t, const uint8_t *at);
/* The same for FlowSpec; take: those of two words, false with nothing taken if it is none. */
bool flow_community_parse(struct slice word, uint8_t to[ONE]);
bool flow_community_take(struct lex *lx, uint8_t to[ONE]);
bool flow_community_take_v6(struct lex *lx, uint8_t to[ONE_V6]);
bool flow_community_put(struct text *t, const uint8_t *at);
/* RATE_BYTES or RATE_PACKETS a second, RATE_MOST at most. */
#define RATE_MOST UINT64_C(1000000000000) /* more is as good as that */
void rate_community(uint16_t kind, uint64_t rate, bool negative, uint8_t to[ONE]);
/* [transitive:|non-transitive:]input|output|input-output:ASN:GROUP */
bool interface_community(struct slice word, uint8_t to[ONE]);
/* Of a type of tunnel, RFC 9012 11.3; NULL if it has none here. */
const char *encap_name(uint16_t type);
/* What ext_community_parse() reads back to the same bytes. */
void ext_community_put_words(struct text *t, const uint8_t *at);
/* The string of one of 8 bytes, in the shape of e. */
void ext_community_put(struct text *t, const struct emit *e, const uint8_t *at);
void ext_community_emit(struct emit *e, struct slice value);
void ext_community_v6_emit(struct emit *e, struct slice value);
