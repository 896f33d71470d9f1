/* One queue of withdraws: a table, the accounts before its entries, sets as their values. */
#include "waiting.h"

#include "base/mem.h"

struct waiting *
waiting_new(struct accounts *a)
{
	struct waiting *w = mem_zero(1, sizeof(*w));

	table_init(&w->table, NULL, sizeof(uint32_t)); /* before each: whose command it is */
	w->table.walkers = 1;                          /* it empties from its head */
	w->accounts = a;
	return w;
}

/* The mark of an entry says that its value is a set. */
static struct attrs *
set_of(const struct entry *e)
{
	return (e->head & ENTRY_MARK) != 0 ? attrs_at(e->value) : NULL;
}

static void
set_attrs(struct table *t, uint32_t number, struct attrs *a)
{
	struct entry *e = table_entry(t, number);
	struct attrs *old = set_of(e);

	if (a != NULL)
		attrs_hold(a);
	attrs_drop(old);
	e->value = a == NULL ? 0 : a->id;
	e->head = (uint16_t)((e->head & ~ENTRY_MARK) | (a == NULL ? 0 : ENTRY_MARK));
}

static uint32_t *
whose(const struct table *t, uint32_t number)
{
	return (uint32_t *)(void *)table_entry(t, number) - 1;
}

/* The account of its command from now on; 0: none. */
static void
set_account(struct waiting *w, uint32_t number, uint32_t by)
{
	uint32_t *now = whose(&w->table, number);

	account_withdraw(w->accounts, *now, -1);
	account_withdraw(w->accounts, by, 1);
	if (w->counted != 0 && table_place(&w->table, number) < w->counted) {
		account_found_withdraw(w->accounts, *now, -1);
		account_found_withdraw(w->accounts, by, 1);
	}
	*now = by;
}

bool
waiting_reap(struct waiting *w)
{
	uint32_t number;

	if (!table_next(&w->table, &w->at, &number)) {
		if (!table_reap(&w->table))
			return false;
		mem_free(w);
		return true;
	}
	attrs_drop(set_of(table_entry(&w->table, number)));
	return false;
}

bool
waiting_renew(struct waiting *w, const struct nlri *n, struct attrs *a, uint32_t by, uint64_t *hash)
{
	uint32_t number = table_find(&w->table, n, hash);

	if (number == TABLE_NONE)
		return false;
	account_superseded(w->accounts, *whose(&w->table, number));
	set_account(w, number, 0);
	set_attrs(&w->table, number, a);
	set_account(w, table_respell(&w->table, number, n), by);
	return true;
}

void
waiting_add(struct waiting *w, const struct nlri *n, struct attrs *a, uint32_t by, uint64_t hash)
{
	uint32_t number = table_add(&w->table, n, hash);

	set_account(w, number, by);
	set_attrs(&w->table, number, a);
	table_tidy(&w->table);
}

bool
waiting_front(const struct waiting *w, struct nlri *n, struct attrs **a)
{
	uint64_t at = w->at;
	const struct entry *e;
	uint32_t number;

	if (!table_next(&w->table, &at, &number))
		return false;
	e = table_entry(&w->table, number);
	*n = table_nlri(&w->table, e);
	*a = set_of(e);
	return true;
}

void
waiting_pop(struct waiting *w, bool told)
{
	uint32_t number;

	if (!table_next(&w->table, &w->at, &number))
		return;
	account_sent(w->accounts, *whose(&w->table, number), told);
	set_account(w, number, 0);
	set_attrs(&w->table, number, NULL);
	table_cut(&w->table, number);
	table_tidy(&w->table);
}

void
waiting_count(struct waiting *w, size_t *left)
{
	uint32_t number;

	while (*left != 0 && table_next(&w->table, &w->counted, &number)) {
		account_found_withdraw(w->accounts, *whose(&w->table, number), 1);
		--*left;
	}
}
