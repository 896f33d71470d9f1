/* A member's state as the plain values that show commands print. */
#pragma once

#include "api/show.h"
#include "engine/engine.h"

void report_member(const struct member *m, struct show_peer *to); /* borrows the member */
