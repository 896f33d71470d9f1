/* What packing sees of adj-rib-out. */
#include "pending.h"

#include "base/mem.h"
#include "inside.h"

struct attrs *
out_take_trace(struct rib_out *r, const struct family **f)
{
	struct attrs *a = r->trace.attrs;

	*f = r->trace.family;
	r->trace = (struct trace){ .said = true };
	return a;
}

bool
out_withdraw_front(struct rib_out *r, struct nlri *n, struct attrs **a)
{
	return withdraws_front(&r->withdraws, n, a);
}

void
out_withdraw_pop(struct rib_out *r, bool told)
{
	withdraws_pop(&r->withdraws, told);
}

size_t
out_withdraws(const struct rib_out *r)
{
	return withdraws_count(&r->withdraws);
}

bool
out_lot_front(struct rib_out *r, struct lot_walk *w)
{
	(void)garbage_reap(&r->garbage, REAP_STEP);
	if (!store_front(r->now, &w->lot))
		return false;
	w->shelf = r->now->shelves[r->now->lots[w->lot].family];
	w->at = r->now->lots[w->lot].pending.head;
	w->attrs = r->now->lots[w->lot].attrs;
	return true;
}

bool
out_seeks(const struct rib_out *r)
{
	return withdraws_count(&r->withdraws) != 0 || store_seeks(r->now);
}

bool
out_lot_next(struct lot_walk *w, struct nlri *n)
{
	const struct table *t = &w->shelf->table;

	if (w->at == TABLE_NONE)
		return false;
	*n = table_nlri(t, table_entry(t, w->at));
	w->last = w->at;
	w->at = links_of(w->shelf, w->at)->next;
	return true;
}

bool
out_lot_take(struct rib_out *r, const struct lot_walk *w, uint16_t limit)
{
	struct shelf *h = r->now->shelves[r->now->lots[w->lot].family];

	return limit == 0 || shelf_take_path(h, w->last, limit);
}

bool
out_lot_known(const struct rib_out *r, const struct lot_walk *w)
{
	return shelf_sent(r->now->shelves[r->now->lots[w->lot].family], w->last);
}

void
out_lot_sent(struct rib_out *r, const struct lot_walk *w, size_t routes, bool told)
{
	struct shelf *h = r->now->shelves[r->now->lots[w->lot].family];

	store_sent(r->now, w->lot, routes, told, r->keep);
	store_tidy(r->now, h);
}

struct items *
out_items(struct rib_out *r)
{
	r->items.count = 0;
	return &r->items;
}

struct nlri
out_copy(struct rib_out *r, const struct nlri *n)
{
	struct nlri copy = *n;

	MUST(n->bytes.len <= NLRI_MAX);
	if (r->lost == NULL)
		r->lost = mem_get(NLRI_MAX);
	if (n->bytes.len != 0)
		memcpy(r->lost, n->bytes.at, n->bytes.len);
	copy.bytes.at = r->lost;
	return copy;
}
