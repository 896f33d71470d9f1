/* Withdraws that were forgotten, tables that were cleared, on their way to be freed. */
#include "garbage.h"

void
garbage_waiting(struct garbage *g, struct waiting *w)
{
	w->next = g->waiting;
	w->at = 0;
	g->waiting = w;
}

void
garbage_store(struct garbage *g, struct store *s)
{
	s->next = g->stores;
	g->stores = s;
}

bool
garbage_reap(struct garbage *g, size_t steps)
{
	for (; steps != 0 && g->waiting != NULL; steps--) {
		struct waiting *next = g->waiting->next;

		if (waiting_reap(g->waiting))
			g->waiting = next;
	}
	if (steps != 0 && g->stores != NULL) {
		struct store *next = g->stores->next;

		if (store_reap(g->stores, steps))
			g->stores = next;
	}
	return g->waiting != NULL || g->stores != NULL;
}

size_t
garbage_memory(const struct garbage *g)
{
	size_t bytes = 0;

	for (const struct waiting *w = g->waiting; w != NULL; w = w->next)
		bytes += table_memory(&w->table);
	for (const struct store *s = g->stores; s != NULL; s = s->next)
		bytes += store_memory(s);
	return bytes;
}
