/* How many paths of a prefix a peer told, where we asked for no more than some. */
#pragma once

#include "table.h"

struct audit {
	uint16_t limits[FAMILY_MAX]; /* by family id; 0: none, not counted */
	struct table
	    *tables[FAMILY_MAX]; /* prefixes without identifier; the value is their number */
	uint64_t over;           /* paths that came though there were enough, ever */
};

void audit_add(struct audit *a, const struct nlri *n); /* it is a path that was not there */
void audit_cut(struct audit *a, const struct nlri *n); /* it was there */
void audit_wipe(struct audit *a, struct family_set families);
