/* The list that statements fill, and what was said before: for who parses them. */
#pragma once

#include "bgp/route.h"

/* One more, with a hold on attrs; the rest is zero. */
struct route *routes_make(struct routes *to, struct attrs *attrs);

/* The set of words that were parsed before, borrowed, or NULL. */
struct attrs *route_cache_find(const struct routes *to, struct slice text, uint64_t hash);
void route_cache_put(struct routes *to, struct slice text, uint64_t hash, struct attrs *attrs);
void route_cache_free(struct route_cache *cache);
