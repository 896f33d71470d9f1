/* Configurations that were replaced, kept while something that ends still borrows from them. */
#include "house.h"

#include "base/mem.h"

void
retired_add(struct engine *e, struct config *c)
{
	e->retired = mem_grow(e->retired, (e->retired_count + 1) * sizeof(struct config *));
	e->retired[e->retired_count++] = c;
}

void
retired_free(struct engine *e)
{
	while (e->retired_count > 0)
		config_free(e->retired[--e->retired_count]);
	mem_free(e->retired);
	e->retired = NULL;
}

/* Nothing that is leaving is left, and no change: nobody borrows from the old ones. */
void
retired_check(struct engine *e)
{
	if (e->retired_count == 0 || e->leaving_members > 0 || e->leaving_crews > 0 ||
	    e->changes > 0)
		return;
	retired_free(e);
}
