/* Configurations that were replaced, kept while something that ends still borrows from them, and
 * then freed, a little in each round. */
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
	again_stop(&e->freeing);
	while (e->retired_count > 0)
		config_free(e->retired[--e->retired_count]);
	while (e->unused_count > 0)
		config_free(e->unused[--e->unused_count]);
	mem_free(e->retired);
	mem_free(e->unused);
}

static void
free_some(struct again *a)
{
	struct engine *e = owner_of(a, struct engine, freeing);

	while (e->unused_count > 0 && !loop_spent(e->loop)) {
		if (!config_free_some(e->unused[e->unused_count - 1]))
			e->unused_count--;
	}
	if (e->unused_count > 0)
		loop_again(a, e->loop, free_some, "old configuration");
}

void
retired_give_back(struct engine *e, struct config *c)
{
	e->unused = mem_grow(e->unused, (e->unused_count + 1) * sizeof(struct config *));
	e->unused[e->unused_count++] = c;
	loop_again(&e->freeing, e->loop, free_some, "old configuration");
}

/* Nothing that is leaving is left, and no change: nobody borrows from the old ones. */
void
retired_check(struct engine *e)
{
	if (e->leaving_members > 0 || e->leaving_crews > 0 || e->changes > 0)
		return;
	while (e->retired_count > 0)
		retired_give_back(e, e->retired[--e->retired_count]);
}
