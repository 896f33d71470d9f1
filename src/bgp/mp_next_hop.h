/* The next hop of MP_REACH_NLRI: RFC 4760 3. */
#pragma once

#include "bgp/family.h"
#include "bgp/session.h"

#define MP_NEXT_HOP_MOST 32 /* a global and a link-local address of IPv6 */

/* The addresses of a next hop, without route distinguishers: a part of value, or in room. False,
 * with nothing said: its length is not one of the family on this session, or it is malformed. */
bool mp_next_hop_take(const struct family *f, const struct session *s, struct slice value,
    uint8_t room[MP_NEXT_HOP_MOST], struct slice *to);
