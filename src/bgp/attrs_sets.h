/* All living attribute sets: equal ones are one. */
#pragma once

#include "base/slice.h"
#include "bgp/attrs.h"

/* bytes as in struct attrs. Held once for the caller: the one that is alive, or a new one. */
struct attrs *sets_intern(struct slice bytes, size_t next_hop_len, bool self);
