/* A level with a high and a low mark; edges are said once. */
#include "flow/valve.h"

#include "base/must.h"

struct valve
valve_of(size_t high, size_t low)
{
	MUST(high == 0 || low < high);
	return (struct valve){ .high = high, .low = low };
}

enum valve_edge
valve_set(struct valve *v, size_t level)
{
	v->level = level;
	if (!v->shut && v->high != 0 && level >= v->high) {
		v->shut = true;
		return VALVE_SHUTS;
	}
	if (v->shut && level <= v->low) {
		v->shut = false;
		return VALVE_OPENS;
	}
	return VALVE_STEADY;
}
