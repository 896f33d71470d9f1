/* Failures in a row, by stage. */
#include "flow/zone.h"

bool
zones_failed(struct zones *z, enum zone which)
{
	z->failed[which]++;
	if (z->row[which] < UINT32_MAX)
		z->row[which]++;
	return z->row[which] == z->most;
}

void
zones_fine(struct zones *z, enum zone which)
{
	z->row[which] = 0;
}

const char *
zone_name(enum zone which)
{
	static const char *const names[ZONES] = {
		[ZONE_EXTRACT] = "extract",
		[ZONE_PROCESS] = "process",
		[ZONE_DELIVER] = "deliver",
		[ZONE_CLEANUP] = "cleanup",
	};

	return names[which];
}
