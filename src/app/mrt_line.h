/* Lines of MRT data in the form of "bgpdump -m". */
#pragma once

#include "base/text.h"
#include "bgp/update.h"
#include "mrt/mrt.h"

/* What a line says besides the route. */
struct mrt_source {
	const char *kind; /* "BGP4MP", "TABLE_DUMP", ... */
	bool table;       /* B instead of A */
	uint32_t seconds;
	uint32_t micros;
	bool has_micros;
	const struct mrt_peer *peer;
};

void mrt_line_update(const struct mrt_source *from, const struct update *u, struct text *to);
void mrt_line_state(
    const struct mrt_source *from, uint16_t old_state, uint16_t new_state, struct text *to);
