/* Levels in virtual time. */
#include "case.h"

#include "flow/level.h"

Case(level, tells_how_full_it_was_and_how_long_it_took)
{
	struct level l = { 0 };

	level_set(&l, 3, 30, false, 10);
	level_set(&l, 1, 70, false, 20);
	cr_expect(l.waits.count == 0);
	level_set(&l, 0, 0, false, 25);
	cr_expect(l.waits.count == 1 && l.waits.most == 15);
	cr_expect(l.most_items == 3 && l.most_bytes == 70);
	level_set(&l, 0, 5, false, 30); /* what is not counted */
	level_reset_marks(&l);
	cr_expect(l.most_items == 0 && l.most_bytes == 5 && l.waits.count == 1);
	level_done(&l);
}

Case(level, spans_of_being_shut_add_up)
{
	struct level l = { 0 };

	level_set(&l, 9, 9, true, 10);
	level_set(&l, 8, 8, true, 12);
	cr_expect(l.blocked == 0 && level_blocked(&l, 15) == 5);
	level_set(&l, 1, 1, false, 20);
	level_set(&l, 9, 9, true, 30);
	cr_expect(l.shuts == 2 && l.blocked == 10 && level_blocked(&l, 31) == 11);
	level_done(&l);
}
