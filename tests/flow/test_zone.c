/* Failures in a row. */
#include "case.h"

#include "flow/zone.h"

Case(zone, the_tenth_in_a_row_is_too_many_and_said_once)
{
	struct zones z = { .most = 10 };

	for (int i = 1; i <= 30; i++)
		cr_expect(zones_failed(&z, ZONE_PROCESS) == (i == 10), "failure %d", i);
	cr_expect(z.failed[ZONE_PROCESS] == 30);
}

Case(zone, nine_and_one_that_is_fine_are_never_too_many)
{
	struct zones z = { .most = 10 };

	for (int i = 0; i < 100; i++) {
		for (int k = 0; k < 9; k++)
			cr_expect(!zones_failed(&z, ZONE_DELIVER));
		zones_fine(&z, ZONE_DELIVER);
	}
	cr_expect(z.failed[ZONE_DELIVER] == 900);
}

Case(zone, each_has_its_own_row)
{
	struct zones z = { .most = 10 };

	for (int i = 0; i < 9; i++) {
		cr_expect(!zones_failed(&z, ZONE_CLEANUP));
		zones_fine(&z, ZONE_EXTRACT);
		cr_expect(!zones_failed(&z, ZONE_DELIVER));
	}
	cr_expect(zones_failed(&z, ZONE_CLEANUP));
	cr_expect(zones_failed(&z, ZONE_DELIVER));
	for (int i = 0; i < ZONES; i++)
		cr_expect(zone_name((enum zone)i) != NULL);
}

Case(zone, without_a_limit_everything_is_borne)
{
	struct zones z = { 0 };

	for (int i = 0; i < 1000; i++)
		cr_expect(!zones_failed(&z, ZONE_PROCESS));
}
