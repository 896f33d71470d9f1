/* OPEN: RFC 4271 4.2, RFC 5492, RFC 9072. And what two of them agree on. */
#pragma once

#include "base/arena.h"
#include "bgp/cap.h"
#include "bgp/session.h"
#include "bgp/verdict.h"

#include <stdbool.h>
#include <stdint.h>

struct open {
	uint8_t version;
	uint16_t as_field; /* the two bytes of the message */
	uint32_t asn;      /* the real one: that of asn4, or the field */
	uint16_t hold_time;
	uint32_t router_id; /* host order */
	struct caps caps;
	struct cap_seen *seen; /* in order, in the arena of the decoder */
	size_t seen_count;
	const struct cap *left_out; /* the last one that is malformed, and for people; or NULL */
};

/* Body of an OPEN; everything borrows body and arena. False: what to answer in *why (data borrows
 * arena or body). Checks the message alone, not who sent it. */
bool open_decode(struct slice body, struct arena *a, struct open *to, struct notification *why);
/* A whole message; one capability per optional parameter; RFC 9072 form from 255 bytes up. What is
 * said comes from hold_time, router_id, caps, and asn: the field of the message and the asn4
 * capability follow from it. */
void open_encode(const struct open *o, struct writer *w);

/* What we expect of the other side. */
struct open_rules {
	uint32_t peer_as; /* 0: any */
	bool aigp;
	enum role role;   /* ours; counts if the session is external */
	bool role_strict; /* the other side has to say one */
};

/* Checks theirs (RFC 4271 6.2) and agrees: false with *why, or true with *to (addresses are left
 * for the caller). A peer without multiprotocol speaks IPv4 unicast. */
bool session_agree(const struct open *ours, const struct open *theirs,
    const struct open_rules *rules, struct session *to, struct notification *why);
