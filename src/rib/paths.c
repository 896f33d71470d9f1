/* How many paths of a prefix a peer was told, where it limits them. */
#include "paths.h"

void
paths_wipe(struct shelf *h)
{
	if (h->paths != NULL)
		table_done(h->paths);
	mem_free(h->paths);
	h->paths = NULL;
	h->freed = false;
	h->look_at = UINT64_MAX; /* none is held by another session */
}

struct nlri
paths_prefix(const struct shelf *h, uint32_t number)
{
	struct nlri n = table_nlri(&h->table, table_entry(&h->table, number));

	n.has_path_id = false;
	n.path_id = 0;
	return n;
}

bool
shelf_take_path(struct shelf *h, uint32_t number, uint16_t limit)
{
	struct nlri n = paths_prefix(h, number);
	uint64_t hash;
	uint32_t at;

	if (shelf_sent(h, number))
		return true;
	h->limit = limit;
	if (h->paths == NULL) {
		h->paths = mem_get(sizeof(*h->paths));
		table_init(h->paths, h->table.family, 0);
	}
	at = table_find(h->paths, &n, &hash);
	if (at == TABLE_NONE)
		at = table_add(h->paths, &n, hash);
	if (table_entry(h->paths, at)->value >= limit)
		return false;
	table_entry(h->paths, at)->value++;
	table_tidy(h->paths);
	return true;
}

void
paths_free(struct shelf *h, uint32_t number)
{
	struct nlri n = paths_prefix(h, number);
	uint32_t at;

	if (h->paths == NULL || !shelf_sent(h, number))
		return;
	at = table_find(h->paths, &n, NULL);
	if (at == TABLE_NONE)
		return;
	if (--table_entry(h->paths, at)->value == 0)
		table_cut(h->paths, at);
	table_tidy(h->paths);
	h->freed |= h->held != 0;
}
