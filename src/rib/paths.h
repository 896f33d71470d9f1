/* Counting of paths, for the store alone. */
#pragma once

#include "store.h"

void paths_wipe(struct shelf *h);
/* The route goes, and makes room for another path of its prefix. */
void paths_free(struct shelf *h, uint32_t number);
/* The route without its path identifier. */
struct nlri paths_prefix(const struct shelf *h, uint32_t number);
