/*
 * IPv4 and IPv6 addresses and prefixes: value types, to and from words. The zero value is "no
 * address" (family 0).
 */
#pragma once

#include "base/slice.h"
#include "base/text.h"

#include <stdbool.h>
#include <stdint.h>

enum addr_family { ADDR_NONE = 0, ADDR_IPV4 = 4, ADDR_IPV6 = 6 };

struct addr {
	uint8_t family;    /* enum addr_family */
	uint8_t bytes[16]; /* network order; the first 4 for IPv4, the others zero */
};

struct prefix {
	struct addr addr; /* may have host bits set */
	uint8_t len;      /* bits: 0..32 or 0..128 */
};

struct addr addr_v4(const uint8_t bytes[4]);
struct addr addr_v6(const uint8_t bytes[16]);
struct addr addr_v4_of(uint32_t host_order);
struct addr addr_of_bytes(struct slice bytes); /* 4 or 16 bytes; anything else gives no address */

static inline size_t
addr_len(const struct addr *a)
{
	return a->family == ADDR_IPV4 ? 4 : a->family == ADDR_IPV6 ? 16 : 0;
}

static inline struct slice
addr_slice(const struct addr *a)
{
	return slice_of(a->bytes, addr_len(a));
}

static inline bool
addr_same(const struct addr *a, const struct addr *b)
{
	return a->family == b->family && slice_same(addr_slice(a), addr_slice(b));
}

uint32_t addr_u32(const struct addr *a);       /* IPv4 in host order */
bool addr_is_link_local(const struct addr *a); /* fe80::/10 */

/* inet_pton's rules: dotted quads without leading zeros, RFC 4291 text. */
bool addr_parse(struct slice word, struct addr *to);
bool addr_parse_v4(struct slice word, struct addr *to);
void addr_print(struct text *t, const struct addr *a); /* RFC 5952; nothing for no address */
/* the text of n (0..16 or 0..4) leading bytes, the others taken as zero */
void addr_print_bytes(struct text *t, enum addr_family family, const uint8_t *bytes, size_t n);
/* the same into a room of ADDR_CHARS_MAX characters; the end of what was written, without a mark */
#define ADDR_CHARS_MAX 39
char *addr_write_bytes(char *at, enum addr_family family, const uint8_t *bytes, size_t n);

size_t prefix_bytes(const struct prefix *p); /* bytes that hold the bits */
bool prefix_has_host_bits(const struct prefix *p);
void prefix_clear_host_bits(struct prefix *p);
bool prefix_holds(const struct prefix *p, const struct addr *a); /* same family, bits equal */
void prefix_print(struct text *t, const struct prefix *p);

enum prefix_fault { PREFIX_FINE, PREFIX_BAD_ADDR, PREFIX_BAD_LEN, PREFIX_HOST_BITS };

/* "ip" (a host) or "ip/len". With PREFIX_HOST_BITS *to is written all the same. */
enum prefix_fault prefix_parse(struct slice word, struct prefix *to);
