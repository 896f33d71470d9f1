/* Valves: an edge is said once. */
#include "case.h"

#include "flow/valve.h"
#include "pieces.h"

Case(valve, shuts_at_the_high_mark_and_opens_at_the_low_one)
{
	struct valve v = valve_of(10, 3);

	cr_expect(valve_set(&v, 9) == VALVE_STEADY);
	cr_expect(valve_set(&v, 10) == VALVE_SHUTS);
	cr_expect(valve_set(&v, 4) == VALVE_STEADY && v.shut);
	cr_expect(valve_set(&v, 3) == VALVE_OPENS && !v.shut);
	cr_expect(valve_set(&v, 9) == VALVE_STEADY);
}

Case(valve, edges_alternate_over_any_levels)
{
	struct valve v = valve_of(100, 40);
	enum valve_edge last = VALVE_OPENS;
	uint64_t seed = 3;

	for (int i = 0; i < 10000; i++) {
		size_t level = dice(&seed) % 150;
		enum valve_edge edge = valve_set(&v, level);

		cr_expect(level < 100 || v.shut);
		cr_expect(level > 40 || !v.shut);
		if (edge == VALVE_STEADY)
			continue;
		cr_expect(edge != last, "an edge twice at %d", i);
		cr_expect(v.shut == (edge == VALVE_SHUTS));
		last = edge;
	}
}

Case(valve, without_marks_never_shuts)
{
	struct valve v = { 0 };

	cr_expect(valve_set(&v, SIZE_MAX) == VALVE_STEADY && !v.shut);
	cr_expect(valve_set(&v, 0) == VALVE_STEADY);
}
