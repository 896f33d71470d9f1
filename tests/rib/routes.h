/* Routes and sets for the tests of rib, by small numbers; and seeded chance. */
#pragma once

#include "bgp/attrs.h"
#include "bgp/family.h"

#include <stdint.h>

struct chance {
	uint64_t state;
};

uint32_t chance_next(struct chance *c);
uint32_t chance_below(struct chance *c, uint32_t n);

/* Room for the bytes of an NLRI. */
struct made {
	uint8_t bytes[24];
	struct nlri nlri;
};

/* IPv4 unicast, IPv6 unicast for every third; every fifth has a path identifier. spelling: host
 * bits that are no part of the key. */
void made_route(struct made *to, uint32_t key, uint8_t spelling);
/* Held for the caller; the next hop is 10.0.0.1, or this one. */
struct attrs *made_set(uint32_t number);
struct attrs *made_set_behind(uint32_t number, struct slice next_hop);
