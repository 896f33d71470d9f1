/*
 * Capabilities, RFC 5492: one row and one file per code in bgp/cap/. A struct caps is what we offer
 * (from the configuration), or what an OPEN said.
 */
#pragma once

#include "base/arena.h"
#include "base/slice.h"
#include "bgp/family.h"
#include "bgp/session.h"
#include "lang/emit.h"

#include <stdbool.h>
#include <stdint.h>

enum addpath_mode { ADDPATH_NONE = 0, ADDPATH_RECEIVE = 1, ADDPATH_SEND = 2, ADDPATH_BOTH = 3 };

/* Bytes of a name that is for people: of a longer one we say the beginning. */
#define CAP_NAME_MAX 64

/* Everything that a set of capabilities can say; the zero value says nothing. */
struct caps {
	struct family_list families; /* multiprotocol, in order */
	bool multiprotocol;          /* an OPEN had some, perhaps none that we know */
	bool asn4;
	uint32_t asn; /* of asn4 */
	bool route_refresh;
	bool route_refresh_cisco; /* 128 */
	bool enhanced_refresh;
	bool extended_message;
	bool operational;
	bool link_local_nexthop;
	bool multisession;
	bool graceful;
	bool graceful_restarting; /* R bit */
	bool graceful_notify;     /* N bit, RFC 8538 */
	uint16_t graceful_time;   /* seconds, 12 bits */
	struct family_set graceful_families;
	struct family_set graceful_forwarding;
	uint8_t addpath[FAMILY_MAX]; /* enum addpath_mode by family id; sender's view */
	bool has_addpath;
	uint16_t paths_limit[FAMILY_MAX]; /* by family id; 0: any number */
	bool has_paths_limit;
	bool next_hop; /* RFC 8950 was there, perhaps empty */
	struct family_set next_hop_v6;
	bool has_role;  /* RFC 9234 */
	bool role_torn; /* there were two that differ */
	uint8_t role;   /* as on the wire */
	/* Borrowed; at == NULL: absent. */
	struct slice host_name; /* of an OPEN, at most CAP_NAME_MAX bytes; so is the next */
	struct slice domain_name;
	struct slice software; /* any length */
};

/* A capability as it stands in an OPEN. */
struct cap_seen {
	uint8_t code;
	struct slice value;
};

struct cap {
	uint8_t code;
	uint8_t code_too; /* the code that an older draft had, 0: none */
	const char *word; /* the key in the event of a sent OPEN: "asn4", "multiprotocol" */
	/* Where it is told as an unknown one: with any of the first bits of enum shape, or without
	 * the second. */
	uint32_t unknown_with;
	uint32_t known_with;
	bool for_people; /* nothing depends on it */
	/* Value into caps; false: malformed (the OPEN is refused with 2/0, or goes without it where
	 * it is for people). */
	bool (*read)(const struct cap_seen *seen, struct caps *to);
	/* Everything to say under this code, as capabilities (code, length, value); nothing when
	 * there is nothing to say. */
	void (*write)(const struct caps *from, struct writer *w);
	/* JSON value of all capabilities of this code in an OPEN. */
	void (*emit)(
	    struct emit *e, const struct spell *name, const struct cap_seen *seen, size_t count);
	/* One item of the text encoder's list: "asn4(65001)". */
	void (*tell)(struct text *to, const struct cap_seen *seen, size_t count);
	/* The same in 4.2's words, in an OPEN of ours or a peer's; NULL: they are those. */
	void (*tell_4)(struct text *to, bool ours, const struct cap_seen *seen, size_t count);
};

const struct cap *cap_of(uint8_t code); /* NULL: unknown to us */
const struct cap *cap_at(size_t i);     /* in sending order; NULL at the end */
extern const struct cap cap_unknown;    /* emits what no row knows */
