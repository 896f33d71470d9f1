/* Sorting of NLRI. */
#include "items.h"

#include "base/mem.h"
#include "base/wire.h"

#include <string.h>

void
items_done(struct items *to)
{
	mem_free(to->all);
	*to = (struct items){ 0 };
}

static struct item
item_of(const struct nlri *n, bool path_ids)
{
	struct item it = { .nlri = *n };
	uint8_t head[8] = { 0 };
	size_t len = n->bytes.len < sizeof(head) ? n->bytes.len : sizeof(head);

	if (len != 0)
		memcpy(head, n->bytes.at, len);
	it.first = load_u64(head);
	if (path_ids)
		it.first = it.first >> 32 | (uint64_t)n->path_id << 32;
	else
		it.nlri.path_id = 0;
	return it;
}

void
items_add(struct items *to, const struct nlri *n, bool path_ids)
{
	if (to->count == to->room) {
		to->room = to->room == 0 ? 64 : to->room * 2;
		to->all = mem_grow(to->all, to->room * sizeof(*to->all));
	}
	to->all[to->count++] = item_of(n, path_ids);
}

static bool
is_behind(const struct item *a, const struct item *b)
{
	if (a->first != b->first)
		return a->first > b->first;
	if (a->nlri.path_id != b->nlri.path_id)
		return a->nlri.path_id > b->nlri.path_id;
	return slice_compare(a->nlri.bytes, b->nlri.bytes) > 0;
}

/* Shellsort: most lots are short or in order, and qsort() takes memory. */
void
items_sort(struct items *of)
{
	struct item *all = of->all;
	size_t gap = 1;

	while (gap < of->count / 3)
		gap = gap * 3 + 1;
	for (; gap != 0; gap /= 3) {
		for (size_t i = gap; i < of->count; i++) {
			struct item it = all[i];
			size_t at = i;

			for (; at >= gap && is_behind(&all[at - gap], &it); at -= gap)
				all[at] = all[at - gap];
			all[at] = it;
		}
	}
}
