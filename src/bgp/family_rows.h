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
