/* adj-rib-out: what stands in it, by key, and what each change makes of it. */
#include "inside.h"

#include "base/mem.h"

struct rib_out *
rib_out_new(bool keep)
{
	struct rib_out *r = mem_zero(1, sizeof(*r));

	r->keep = keep;
	walks_init(&r->walks);
	r->now = store_new(NULL, &r->accounts, &r->walks);
	withdraws_init(&r->withdraws, &r->accounts, &r->garbage);
	return r;
}

bool
rib_out_reap(struct rib_out *r)
{
	return garbage_reap(&r->garbage, 64 * REAP_STEP);
}

void
rib_out_free(struct rib_out *r)
{
	if (r == NULL)
		return;
	walks_done(&r->walks);
	withdraws_done(&r->withdraws);
	attrs_drop(r->trace.attrs);
	garbage_store(&r->garbage, r->now);
	while (garbage_reap(&r->garbage, SIZE_MAX))
		;
	items_done(&r->items);
	mem_free(r->lost);
	accounts_done(&r->accounts);
	mem_free(r);
}

void
rib_out_expect(const struct rib_out *r, const struct nlri *n)
{
	const struct shelf *h = r->now->shelves[n->family->id];

	if (h != NULL)
		table_expect(&h->table, n);
}

enum rib_did
rib_out_announce(struct rib_out *r, const struct nlri *n, struct attrs *a)
{
	struct shelf *h = store_shelf(r->now, n->family);
	uint64_t hash;
	uint32_t number = table_find(&h->table, n, &hash);
	uint32_t by = accounts_row(&r->accounts, n->family);
	enum rib_did did = RIB_PENDING;

	(void)garbage_reap(&r->garbage, REAP_STEP);
	if (number != TABLE_NONE) {
		struct nlri stored = table_nlri(&h->table, table_entry(&h->table, number));

		/* Labels are not in the key: other ones are news. */
		if (shelf_attrs(h, number) == a && slice_same(stored.bytes, n->bytes)) {
			account_unchanged(&r->accounts, by);
			return RIB_UNCHANGED;
		}
		if (shelf_pending(h, number))
			did = RIB_SUPERSEDED;
	}
	store_hang(r->now, h, number, hash, n, a, by);
	store_tidy(r->now, h);
	return did;
}

/* FAMILY_BARE_WITHDRAW and FAMILY_CLASSIC: a withdraw carries nothing. */
static void
leave_trace(struct rib_out *r, const struct nlri *n, struct attrs *a)
{
	if (r->trace.said || r->trace.attrs != NULL || a == NULL ||
	    (n->family->traits & (FAMILY_BARE_WITHDRAW | FAMILY_CLASSIC)) != 0)
		return;
	r->trace.attrs = attrs_hold(a);
	r->trace.family = n->family;
}

enum rib_did
rib_out_withdraw(struct rib_out *r, const struct nlri *n, struct attrs *a)
{
	struct shelf *h = r->now->shelves[n->family->id];
	uint32_t number = h == NULL ? TABLE_NONE : table_find(&h->table, n, NULL);
	bool superseded;

	(void)garbage_reap(&r->garbage, REAP_STEP);
	if (a != NULL)
		attrs_hold(a); /* it may be that of the route, and n borrow from it */
	leave_trace(r, n, a);
	superseded = withdraws_add(&r->withdraws, n, a);
	if (number != TABLE_NONE) {
		superseded |= shelf_pending(h, number);
		store_cut(r->now, h, number);
		store_tidy(r->now, h);
	}
	attrs_drop(a);
	return superseded ? RIB_SUPERSEDED : RIB_PENDING;
}

void
rib_out_again(struct rib_out *r, struct family_set families)
{
	store_replay(r->now, families);
}

void
rib_out_keep(struct rib_out *r, bool keep)
{
	r->keep = keep;
	store_replay(r->now, family_all());
}

void
rib_out_clear(struct rib_out *r)
{
	struct store *old = r->now;

	if (old->count == 0)
		return;
	r->now = store_new(old, &r->accounts, &r->walks);
	accounts_forget_announces(&r->accounts);
	withdraws_clear(&r->withdraws, old);
}

void
rib_out_up(struct rib_out *r)
{
	withdraws_forget(&r->withdraws);
	r->trace.said = false;
	store_session(r->now, true);
}

void
rib_out_down(struct rib_out *r)
{
	withdraws_forget(&r->withdraws);
	attrs_drop(r->trace.attrs);
	r->trace = (struct trace){ 0 };
	store_session(r->now, false);
}

size_t
rib_out_count(const struct rib_out *r)
{
	return r->now->count;
}

size_t
rib_out_pending(const struct rib_out *r)
{
	return store_pending(r->now) + withdraws_count(&r->withdraws) +
	    (r->trace.attrs != NULL ? 1 : 0);
}

size_t
rib_out_memory(const struct rib_out *r)
{
	return sizeof(*r) + store_memory(r->now) + r->items.room * sizeof(*r->items.all) +
	    withdraws_memory(&r->withdraws) + garbage_memory(&r->garbage);
}

bool
rib_out_has(const struct rib_out *r, const struct nlri *n, struct nlri *to, struct attrs **a)
{
	const struct shelf *h = r->now->shelves[n->family->id];
	uint32_t number = h == NULL ? TABLE_NONE : table_find(&h->table, n, NULL);

	if (number == TABLE_NONE)
		return false;
	if (to != NULL)
		*to = table_nlri(&h->table, table_entry(&h->table, number));
	*a = shelf_attrs(h, number);
	return true;
}

static const struct table *
walked_table(const void *of, unsigned family)
{
	const struct store *s = of;

	return &s->shelves[family]->table;
}

bool
rib_out_next(struct rib_out *r, struct rib_walk *w, struct nlri *n, struct attrs **a)
{
	const struct table *t;
	uint32_t number;

	if (!walk_next(w, walked_table, r->now, &t, &number))
		return false;
	*n = table_nlri(t, table_entry(t, number));
	*a = shelf_attrs(r->now->shelves[t->family->id], number);
	return true;
}

void
rib_out_walk_begin(struct rib_out *r, struct rib_walk *w)
{
	walk_begin(&r->walks, w);
	for (unsigned i = 0; i < r->now->families; i++)
		walk_bound(w, &r->now->shelves[r->now->order[i]]->table, r->now->order[i]);
	store_share_walkers(r->now);
}

void
rib_out_walk_end(struct rib_out *r, struct rib_walk *w)
{
	walk_end(&r->walks, w);
	store_share_walkers(r->now);
}

void
rib_out_walks_end(struct rib_out *r)
{
	walks_done(&r->walks);
	store_share_walkers(r->now);
}

/* Accounts */

void
rib_out_credit(struct rib_out *r, unsigned by)
{
	r->accounts.by = by;
}

size_t
rib_out_accounts(const struct rib_out *r, const struct rib_account **rows)
{
	*rows = r->accounts.rows;
	return r->accounts.count;
}
