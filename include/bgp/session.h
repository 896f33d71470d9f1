/*
 * What two OPENs agreed on: the context that every decoder and encoder gets. Made once per
 * connection (session_agree), then constant.
 */
#pragma once

#include "base/addr.h"
#include "bgp/family.h"

#include <stdbool.h>
#include <stdint.h>

enum refresh_kind { REFRESH_ABSENT, REFRESH_NORMAL, REFRESH_ENHANCED };

/* What we are to the other side, RFC 9234. */
enum role { ROLE_NONE, ROLE_PROVIDER, ROLE_RS, ROLE_RS_CLIENT, ROLE_CUSTOMER, ROLE_PEER };

struct session {
	uint32_t local_as; /* ours, as announced */
	uint32_t peer_as;
	uint32_t local_id; /* BGP identifiers, host order */
	uint32_t peer_id;
	struct addr local; /* of this connection */
	struct addr peer;
	struct addr link_local; /* appended to IPv6 next hops; none: don't */
	uint16_t hold_time;     /* seconds; 0: no timers */
	uint16_t message_max;   /* 4096 or 65535, both directions */
	bool asn4;
	bool aigp; /* AIGP is sent and believed on an external session too */
	bool operational;
	bool link_local_nexthop;
	bool mirrored;       /* read is what we sent: a next hop may be of any family */
	bool graceful;       /* graceful restart was in our OPEN */
	bool disable_family; /* what can't be read ends its family, not the session: RFC 7606 2 */
	enum role role;      /* ours, of an external session */
	enum refresh_kind refresh;
	struct family_list families; /* both sides, in the peer's order */
	struct family_set family_bits;
	struct family_set path_ids_out;   /* ADD-PATH: we send identifiers */
	struct family_set path_ids_in;    /* the peer does */
	struct family_set next_hop_v6;    /* RFC 8950: IPv6 next hops for these IPv4 families */
	uint16_t paths_limit[FAMILY_MAX]; /* what the peer takes per prefix; 0: any */
};

static inline bool
session_internal(const struct session *s)
{
	return s->local_as == s->peer_as;
}

/* The session that decode and validate assume when there is none: 127.0.0.1 on both sides, AS
 * 65533, asn4, all families, IPv6 next hops for IPv4, messages of 65535 bytes. */
struct session session_assumed(void);
