/* The next hop that a session is told, and where it stands: NEXT_HOP, or MP_REACH_NLRI. */
#pragma once

#include "bgp/attrs.h"
#include "bgp/family.h"
#include "bgp/session.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct hop {
	uint8_t bytes[32];
	size_t len;
};

/* False: there is none that the family can say, and it needs one. */
bool hop_of(
    struct hop *hop, const struct family *f, const struct attrs *a, const struct session *s);
/* What attrs_encode() makes a NEXT_HOP of; empty: none. */
struct slice hop_attribute(const struct hop *hop, const struct family *f);
/* Are routes said in the classic form, at the end of the UPDATE? Else in MP_REACH_NLRI. */
bool hop_is_classic(const struct hop *hop, const struct family *f);

/* Flags, code and length of an MP attribute, whose value is shorter than a message. */
void write_mp_head(struct writer *w, uint8_t code, size_t len);
/* Length of the value of an MP_REACH_NLRI, up to its NLRI. */
size_t reach_len(const struct family *f, const struct hop *hop);
/* The attribute up to there; nlri: bytes that follow. */
void write_reach(struct writer *w, const struct family *f, const struct hop *hop, size_t nlri);
