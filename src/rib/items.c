/* Sorting of NLRI. */
#include "items.h"

#include "base/mem.h"
#include "base/wire.h"

#include <stdlib.h>
#include <string.h>

#define FEW 16

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

static int
compare(const void *left, const void *right)
{
	const struct item *a = left;
	const struct item *b = right;

	if (a->first != b->first)
		return a->first < b->first ? -1 : 1;
	if (a->nlri.path_id != b->nlri.path_id)
		return a->nlri.path_id < b->nlri.path_id ? -1 : 1;
	return slice_compare(a->nlri.bytes, b->nlri.bytes);
}

static void
insertion_sort(struct item *items, size_t count)
{
	for (size_t i = 1; i < count; i++) {
		struct item it = items[i];
		size_t at = i;

		for (; at > 0 && compare(&items[at - 1], &it) > 0; at--)
			items[at] = items[at - 1];
		items[at] = it;
	}
}

/* Most lots are short or in order, and qsort() takes memory. */
void
items_sort(struct items *of)
{
	size_t i;

	if (of->count <= FEW) {
		insertion_sort(of->all, of->count);
		return;
	}
	for (i = 1; i < of->count && compare(&of->all[i - 1], &of->all[i]) <= 0; i++)
		;
	if (i < of->count)
		qsort(of->all, of->count, sizeof(*of->all), compare);
}
