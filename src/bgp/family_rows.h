/* The rows of bgp/nlri/ and their ids, from the list in bgp/meson.build. */
#pragma once

#include "bgp/family.h"

enum {
#define X(w) FAMILY_ID_##w,
#include "family.inc"
#undef X
	FAMILY_COUNT
};

#define X(w) extern const struct family family_##w;
#include "family.inc"
#undef X

/* A length that a next hop may have on the wire: struct family, next_hop_lens. */
#define NEXT_HOP_LEN(n) (UINT64_C(1) << (n))
