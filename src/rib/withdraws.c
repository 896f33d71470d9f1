/* Withdraws around a table that was cleared. */
#include "withdraws.h"

#include "base/mem.h"

#define SEEK_MOST 8192 /* entries of the cleared table that were not sent: passed at once */

void
withdraws_init(struct withdraws *w, struct accounts *a, struct garbage *g)
{
	*w = (struct withdraws){ .accounts = a, .garbage = g };
	w->before = waiting_new(a);
	w->after = waiting_new(a);
}

void
withdraws_done(struct withdraws *w)
{
	withdraws_forget(w);
	garbage_waiting(w->garbage, w->before);
	garbage_waiting(w->garbage, w->after);
}

/* Is it among what was sent of the cleared table, and not withdrawn yet? */
static bool
cleared_has(const struct withdraws *w, const struct nlri *n)
{
	const struct shelf *h;
	uint32_t number;

	if (w->cleared_left == 0)
		return false;
	h = w->cleared->shelves[n->family->id];
	number = h == NULL ? TABLE_NONE : table_find(&h->table, n, NULL);
	return number != TABLE_NONE && shelf_sent(h, number);
}

bool
withdraws_add(struct withdraws *w, const struct nlri *n, struct attrs *a)
{
	uint32_t by = accounts_row(w->accounts, n->family);
	uint64_t hash;

	if (waiting_renew(w->before, n, a, by, &hash))
		return true;
	if (cleared_has(w, n)) {
		account_unchanged(w->accounts, by);
		return true;
	}
	if (waiting_renew(w->after, n, a, by, &hash))
		return true;
	waiting_add(w->cleared_left != 0 ? w->after : w->before, n, a, by, hash);
	return false;
}

void
withdraws_clear(struct withdraws *w, struct store *old)
{
	if (old->sent == 0) {
		garbage_store(w->garbage, old);
		return;
	}
	MUST(w->cleared_left == 0);
	w->cleared = old;
	w->cleared_left = old->sent;
	w->cleared_rank = 0;
	w->cleared_at = 0;
}

static void
forget(struct withdraws *w, struct waiting **those)
{
	if ((*those)->table.count == 0)
		return;
	garbage_waiting(w->garbage, *those);
	*those = waiting_new(w->accounts);
}

void
withdraws_forget(struct withdraws *w)
{
	accounts_forget_withdraws(w->accounts);
	forget(w, &w->before);
	forget(w, &w->after);
	w->cleared_left = 0;
	if (w->cleared != NULL)
		garbage_store(w->garbage, w->cleared);
	w->cleared = NULL;
}

static const struct shelf *
cleared_shelf(const struct withdraws *w)
{
	return w->cleared->shelves[w->cleared->order[w->cleared_rank]];
}

static bool
cleared_front(struct withdraws *w, struct nlri *n, struct attrs **a)
{
	for (unsigned passed = 0; w->cleared_left != 0 && passed < SEEK_MOST; passed++) {
		const struct shelf *h = cleared_shelf(w);
		uint64_t at = w->cleared_at;
		uint32_t number;

		if (!table_next(&h->table, &at, &number)) {
			w->cleared_rank++;
			w->cleared_at = 0;
		} else if (shelf_sent(h, number)) {
			*n = table_nlri(&h->table, table_entry(&h->table, number));
			*a = shelf_attrs(h, number);
			return true;
		} else {
			w->cleared_at = at;
		}
	}
	return false;
}

/* What was withdrawn since takes the place of what was withdrawn before: that is empty. */
static void
cleared_done(struct withdraws *w)
{
	struct waiting *before = w->before;

	garbage_store(w->garbage, w->cleared);
	w->cleared = NULL;
	w->before = w->after;
	w->after = before;
}

static void
cleared_pop(struct withdraws *w)
{
	const struct shelf *h = cleared_shelf(w);
	uint32_t number;

	if (!table_next(&h->table, &w->cleared_at, &number))
		return;
	links_of(h, number)->sent = 0; /* its withdraw no longer waits */
	if (--w->cleared_left == 0)
		cleared_done(w);
}

bool
withdraws_front(struct withdraws *w, struct nlri *n, struct attrs **a)
{
	return w->before->table.count != 0 ? waiting_front(w->before, n, a)
					   : cleared_front(w, n, a);
}

void
withdraws_pop(struct withdraws *w, bool told)
{
	if (w->before->table.count != 0)
		waiting_pop(w->before, told);
	else
		cleared_pop(w);
}

size_t
withdraws_count(const struct withdraws *w)
{
	return w->before->table.count + w->cleared_left + w->after->table.count;
}

size_t
withdraws_memory(const struct withdraws *w)
{
	return table_memory(&w->before->table) + table_memory(&w->after->table) +
	    (w->cleared == NULL ? 0 : store_memory(w->cleared));
}
