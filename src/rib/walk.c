/* Walks: a place in tables that change, with a mark at the end. */
#include "walk.h"

#include "base/mem.h"
#include "base/must.h"

#include <string.h>

void
walks_init(struct walks *ws)
{
	list_init(&ws->all);
	ws->count = 0;
}

void
walks_done(struct walks *ws)
{
	list_each (link, &ws->all)
		walk_end(ws, owner_of(link, struct rib_walk, link));
}

void
walk_begin(struct walks *ws, struct rib_walk *w)
{
	*w = (struct rib_walk){ 0 };
	list_add(&ws->all, &w->link);
	ws->count++;
}

void
walk_bound(struct rib_walk *w, const struct table *t, uint8_t family)
{
	unsigned rank = w->families++;

	MUST(rank < FAMILY_MAX);
	w->order[rank] = (uint8_t)rank;
	w->family[rank] = family;
	w->ends[rank] = table_end(t);
}

void
rib_walk_order(struct rib_walk *w, const struct family_list *first)
{
	unsigned placed = 0;

	for (unsigned i = 0; i < first->count; i++) {
		unsigned turn = placed;
		uint8_t rank;

		while (turn < w->families && w->family[w->order[turn]] != first->ids[i])
			turn++;
		if (turn == w->families)
			continue;
		rank = w->order[turn];
		memmove(w->order + placed + 1, w->order + placed, turn - placed);
		w->order[placed++] = rank;
	}
}

void
walk_end(struct walks *ws, struct rib_walk *w)
{
	if (!list_linked(&w->link))
		return;
	list_cut(&w->link);
	ws->count--;
	if (w->late != NULL)
		table_done(w->late);
	mem_free(w->late);
	w->late = NULL;
}

static bool
is_within(const struct rib_walk *w)
{
	return list_linked(&w->link) && w->turn < w->families;
}

/* The next entry in the table whose turn it is; false: the walk goes on to the next table. */
static bool
step(struct rib_walk *w, const struct table *t, uint32_t *number)
{
	if (table_next(t, &w->at, number) && table_place(t, *number) < w->ends[w->order[w->turn]])
		return true;
	w->turn++;
	w->at = 0;
	return false;
}

/* Behind all tables: the key of one that moved, which may be gone. Borrows the walk. */
static bool
late_one(struct rib_walk *w, struct nlri *n)
{
	uint32_t number;

	if (w->late == NULL || !table_next(w->late, &w->late_at, &number))
		return false;
	*n = table_nlri(w->late, table_entry(w->late, number));
	return true;
}

bool
walk_next(struct rib_walk *w, walk_table_fn *table_of, const void *of, const struct table **t,
    uint32_t *number)
{
	struct nlri late;

	while (is_within(w)) {
		*t = table_of(of, w->family[w->order[w->turn]]);
		if (step(w, *t, number))
			return true;
	}
	while (late_one(w, &late)) {
		*t = table_of(of, late.family->id);
		*number = table_find(*t, &late, NULL);
		if (*number != TABLE_NONE)
			return true;
	}
	return false;
}

static bool
was_given(const struct rib_walk *w, unsigned rank, uint64_t place)
{
	for (unsigned turn = 0; turn < w->turn; turn++)
		if (w->order[turn] == rank)
			return true;
	return w->turn < w->families && w->order[w->turn] == rank && place < w->at;
}

static void
keep_late(struct rib_walk *w, const struct nlri *n)
{
	uint64_t hash;

	if (w->late == NULL) {
		w->late = mem_get(sizeof(*w->late));
		table_init(w->late, NULL, 0);
		w->late->walkers = 1; /* places stay */
	}
	if (table_find(w->late, n, &hash) != TABLE_NONE)
		return;
	(void)table_add(w->late, n, hash);
	table_tidy(w->late);
}

void
walks_moved(struct walks *ws, unsigned rank, uint64_t from, const struct nlri *n)
{
	if (ws->count == 0)
		return;
	list_each (link, &ws->all) {
		struct rib_walk *w = owner_of(link, struct rib_walk, link);

		/* Behind its mark are those that came later, and those that moved before. */
		if (rank < w->families && from < w->ends[rank] && !was_given(w, rank, from))
			keep_late(w, n);
	}
}
