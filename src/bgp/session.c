/* The session that is assumed where there is none. */
#include "bgp/session.h"

#include "bgp/message.h"

#define ASSUMED_AS   65533
#define ASSUMED_ID   0x7f000001 /* 127.0.0.1 */
#define ASSUMED_HOLD 180

/* RFC 8950 3: IPv4 families whose next hop may be an IPv6 address. */
static bool
takes_next_hop_v6(const struct family *f)
{
	return f->afi == 1 && (f->safi == 1 || f->safi == 2 || f->safi == 4 || f->safi == 128);
}

struct session
session_assumed(void)
{
	struct session s = {
		.local_as = ASSUMED_AS,
		.peer_as = ASSUMED_AS,
		.local_id = ASSUMED_ID,
		.peer_id = ASSUMED_ID,
		.local = addr_v4_of(ASSUMED_ID),
		.peer = addr_v4_of(ASSUMED_ID),
		.hold_time = ASSUMED_HOLD,
		.message_max = BGP_EXTENDED_MAX,
		.asn4 = true,
		.family_bits = family_all(),
	};

	for (unsigned i = 0; i < family_count(); i++) {
		const struct family *f = family_at(i);

		family_list_add(&s.families, f);
		if (takes_next_hop_v6(f))
			family_add(&s.next_hop_v6, f);
	}
	return s;
}
