/* adj-rib-out: stored routes, and the withdraws that wait to be sent. */
#include "rib/out.h"

#include "base/mem.h"
#include "pending.h"

#define REAP_STEP 16

/* Withdraws in the order given; an entry's value is its set, if it is marked. */
struct withdraws {
	struct table table;
	uint64_t at;            /* what stands before was sent */
	struct withdraws *next; /* of those that were forgotten */
};

struct rib_out {
	bool keep;
	struct accounts accounts;
	struct walks walks;
	struct store *now;
	/* In this order: what was withdrawn before the table was cleared, what was sent of the
	 * cleared table, what was withdrawn since. Withdraws go before announces, so a table can't
	 * be cleared with anything sent while one that was cleared is not done. */
	struct withdraws *before;
	struct store *cleared;
	struct withdraws *after;
	size_t cleared_left;
	unsigned cleared_rank;
	uint64_t cleared_at;
	/* Being given back little by little. */
	struct withdraws *forgotten;
	struct store *garbage;
	struct item *items;
	size_t item_count;
	uint8_t *lost; /* see out_copy() */
	/* Of the first withdraw that carries attributes, while nothing was said in a session. */
	const struct family *trace_family;
	struct attrs *trace;
	bool said;
};

static struct withdraws *
withdraws_new(void)
{
	struct withdraws *w = mem_zero(1, sizeof(*w));

	table_init(&w->table, NULL, sizeof(uint32_t)); /* before each: whose command it is */
	w->table.walkers = 1; /* it empties from its head */
	return w;
}

struct rib_out *
rib_out_new(bool keep)
{
	struct rib_out *r = mem_zero(1, sizeof(*r));

	r->keep = keep;
	walks_init(&r->walks);
	r->now = store_new(NULL, &r->accounts, &r->walks);
	r->before = withdraws_new();
	r->after = withdraws_new();
	return r;
}

static bool
reap_withdraws(struct withdraws *w)
{
	uint32_t number;

	if (!table_next(&w->table, &w->at, &number)) {
		if (!table_reap(&w->table))
			return false;
		mem_free(w);
		return true;
	}
	if ((table_entry(&w->table, number)->head & ENTRY_MARK) != 0)
		attrs_drop(attrs_at(table_entry(&w->table, number)->value));
	return false;
}

/* Gives back a little of what was cleared or forgotten; true: there is more. */
static bool
reap(struct rib_out *r, size_t most)
{
	for (; most != 0 && r->forgotten != NULL; most--) {
		struct withdraws *next = r->forgotten->next;

		if (reap_withdraws(r->forgotten))
			r->forgotten = next;
	}
	if (most != 0 && r->garbage != NULL) {
		struct store *next = r->garbage->next;

		if (store_reap(r->garbage, most))
			r->garbage = next;
	}
	return r->forgotten != NULL || r->garbage != NULL;
}

bool
rib_out_reap(struct rib_out *r)
{
	return reap(r, 64 * REAP_STEP);
}

static void
throw_away(struct rib_out *r, struct store *s)
{
	s->next = r->garbage;
	r->garbage = s;
}

static void
forget(struct rib_out *r, struct withdraws **w)
{
	if ((*w)->table.count == 0)
		return;
	(*w)->next = r->forgotten;
	r->forgotten = *w;
	r->forgotten->at = 0;
	*w = withdraws_new();
}

static void
forget_withdraws(struct rib_out *r)
{
	accounts_forget_withdraws(&r->accounts);
	forget(r, &r->before);
	forget(r, &r->after);
	r->cleared_left = 0;
	if (r->cleared != NULL)
		throw_away(r, r->cleared);
	r->cleared = NULL;
}

void
rib_out_free(struct rib_out *r)
{
	if (r == NULL)
		return;
	walks_done(&r->walks);
	forget_withdraws(r);
	attrs_drop(r->trace);
	throw_away(r, r->now);
	while (reap(r, SIZE_MAX))
		;
	mem_free(r->before);
	mem_free(r->after);
	mem_free(r->items);
	mem_free(r->lost);
	accounts_done(&r->accounts);
	mem_free(r);
}

enum rib_did
rib_out_announce(struct rib_out *r, const struct nlri *n, struct attrs *a)
{
	struct shelf *h = store_shelf(r->now, n->family);
	uint64_t hash;
	uint32_t number = table_find(&h->table, n, &hash);
	uint32_t by = accounts_row(&r->accounts, n->family);
	enum rib_did did = RIB_PENDING;

	(void)reap(r, REAP_STEP);
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

/* Is it among what was sent of the cleared table, and not withdrawn yet? */
static bool
cleared_has(const struct rib_out *r, const struct nlri *n)
{
	const struct shelf *h;
	uint32_t number;

	if (r->cleared_left == 0)
		return false;
	h = r->cleared->shelves[n->family->id];
	number = h == NULL ? TABLE_NONE : table_find(&h->table, n, NULL);
	return number != TABLE_NONE && shelf_sent(h, number);
}

/* Other attributes for a withdraw. */
static void
set_attrs(struct table *t, uint32_t number, struct attrs *a)
{
	struct entry *e = table_entry(t, number);
	struct attrs *old = (e->head & ENTRY_MARK) != 0 ? attrs_at(e->value) : NULL;

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

/* The command of this row waits there, in place of another's. */
static void
set_whose(struct rib_out *r, const struct table *t, uint32_t number, uint32_t by)
{
	uint32_t *now = whose(t, number);

	account_withdraw(&r->accounts, *now, -1);
	account_superseded(&r->accounts, *now);
	account_withdraw(&r->accounts, by, 1);
	*now = by;
}

/* Does the key wait there already? It keeps its place, with what is said of it now. */
static bool
renew_withdraw(
    struct rib_out *r, struct table *t, const struct nlri *n, struct attrs *a, uint64_t *hash)
{
	uint32_t number = table_find(t, n, hash);

	if (number == TABLE_NONE)
		return false;
	set_attrs(t, number, a);
	set_whose(r, t, number, accounts_row(&r->accounts, n->family));
	(void)table_respell(t, number, n);
	return true;
}

/* True: the key was waiting already. */
static bool
add_withdraw(struct rib_out *r, const struct nlri *n, struct attrs *a)
{
	struct table *t = r->cleared_left != 0 ? &r->after->table : &r->before->table;
	uint32_t by = accounts_row(&r->accounts, n->family);
	uint32_t number;
	uint64_t hash;

	if (renew_withdraw(r, &r->before->table, n, a, &hash))
		return true;
	if (cleared_has(r, n)) {
		account_unchanged(&r->accounts, by);
		return true;
	}
	if (renew_withdraw(r, &r->after->table, n, a, &hash))
		return true;
	number = table_add(t, n, hash);
	set_attrs(t, number, a);
	set_whose(r, t, number, by);
	table_tidy(t);
	return false;
}

/* FAMILY_BARE_WITHDRAW and FAMILY_CLASSIC: a withdraw carries nothing. */
static void
leave_trace(struct rib_out *r, const struct nlri *n, struct attrs *a)
{
	if (r->said || r->trace != NULL || a == NULL ||
	    (n->family->traits & (FAMILY_BARE_WITHDRAW | FAMILY_CLASSIC)) != 0)
		return;
	r->trace = attrs_hold(a);
	r->trace_family = n->family;
}

enum rib_did
rib_out_withdraw(struct rib_out *r, const struct nlri *n, struct attrs *a)
{
	struct shelf *h = r->now->shelves[n->family->id];
	uint32_t number = h == NULL ? TABLE_NONE : table_find(&h->table, n, NULL);
	bool superseded;

	(void)reap(r, REAP_STEP);
	if (a != NULL)
		attrs_hold(a); /* it may be that of the route, and n borrow from it */
	leave_trace(r, n, a);
	superseded = add_withdraw(r, n, a);
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
rib_out_clear(struct rib_out *r)
{
	struct store *old = r->now;

	if (old->count == 0)
		return;
	r->now = store_new(old, &r->accounts, &r->walks);
	accounts_forget_announces(&r->accounts);
	if (old->sent == 0) {
		throw_away(r, old);
		return;
	}
	MUST(r->cleared_left == 0);
	r->cleared = old;
	r->cleared_left = old->sent;
	r->cleared_rank = 0;
	r->cleared_at = 0;
}

void
rib_out_up(struct rib_out *r)
{
	forget_withdraws(r);
	r->said = false;
	store_session(r->now, true);
}

void
rib_out_down(struct rib_out *r)
{
	forget_withdraws(r);
	attrs_drop(r->trace);
	r->trace = NULL;
	r->said = false;
	store_session(r->now, false);
}

size_t
rib_out_count(const struct rib_out *r)
{
	return r->now->count;
}

size_t
out_withdraws(const struct rib_out *r)
{
	return r->before->table.count + r->cleared_left + r->after->table.count;
}

size_t
rib_out_pending(const struct rib_out *r)
{
	return store_pending(r->now) + out_withdraws(r) + (r->trace != NULL ? 1 : 0);
}

size_t
rib_out_memory(const struct rib_out *r)
{
	size_t bytes = sizeof(*r) + store_memory(r->now) + r->item_count * sizeof(*r->items);

	bytes += table_memory(&r->before->table) + table_memory(&r->after->table);
	for (const struct withdraws *w = r->forgotten; w != NULL; w = w->next)
		bytes += table_memory(&w->table);
	for (const struct store *s = r->garbage; s != NULL; s = s->next)
		bytes += store_memory(s);
	return bytes + (r->cleared == NULL ? 0 : store_memory(r->cleared));
}

bool
rib_out_has(const struct rib_out *r, const struct nlri *n, struct attrs **a)
{
	const struct shelf *h = r->now->shelves[n->family->id];
	uint32_t number = h == NULL ? TABLE_NONE : table_find(&h->table, n, NULL);

	if (number == TABLE_NONE)
		return false;
	*a = shelf_attrs(h, number);
	return true;
}

static bool
next_entry(struct rib_out *r, struct rib_walk *w, const struct shelf **h, uint32_t *number)
{
	const struct store *s = r->now;
	struct nlri late;
	unsigned rank;

	while (walk_rank(w, &rank)) {
		*h = s->shelves[s->order[rank]];
		if (walk_step(w, &(*h)->table, number))
			return true;
	}
	while (walk_late(w, &late)) {
		*h = s->shelves[late.family->id];
		*number = table_find(&(*h)->table, &late, NULL);
		if (*number != TABLE_NONE)
			return true;
	}
	return false;
}

bool
rib_out_next(struct rib_out *r, struct rib_walk *w, struct nlri *n, struct attrs **a)
{
	const struct shelf *h;
	uint32_t number;

	if (!next_entry(r, w, &h, &number))
		return false;
	*n = table_nlri(&h->table, table_entry(&h->table, number));
	*a = shelf_attrs(h, number);
	return true;
}

void
rib_out_walk_begin(struct rib_out *r, struct rib_walk *w)
{
	walk_begin(&r->walks, w);
	for (unsigned i = 0; i < r->now->families; i++)
		walk_bound(w, &r->now->shelves[r->now->order[i]]->table);
	store_share_walkers(r->now);
}

void
rib_out_walk_end(struct rib_out *r, struct rib_walk *w)
{
	walk_end(&r->walks, w);
	store_share_walkers(r->now);
}

/* For packing */

static bool
cleared_front(struct rib_out *r, struct nlri *n, struct attrs **a)
{
	while (r->cleared_left != 0) {
		const struct shelf *h = r->cleared->shelves[r->cleared->order[r->cleared_rank]];
		uint64_t at = r->cleared_at;
		uint32_t number;

		if (!table_next(&h->table, &at, &number)) {
			r->cleared_rank++;
			r->cleared_at = 0;
		} else if (shelf_sent(h, number)) {
			*n = table_nlri(&h->table, table_entry(&h->table, number));
			*a = shelf_attrs(h, number);
			return true;
		} else {
			r->cleared_at = at;
		}
	}
	return false;
}

static void
cleared_pop(struct rib_out *r)
{
	const struct shelf *h = r->cleared->shelves[r->cleared->order[r->cleared_rank]];
	struct withdraws *w = r->before;
	uint32_t number;

	if (!table_next(&h->table, &r->cleared_at, &number))
		return;
	links_of(h, number)->sent = 0; /* its withdraw no longer waits */
	if (--r->cleared_left != 0)
		return;
	throw_away(r, r->cleared);
	r->cleared = NULL;
	r->before = r->after;
	r->after = w;
}

struct attrs *
out_take_trace(struct rib_out *r, const struct family **f)
{
	struct attrs *a = r->trace;

	r->said = true;
	r->trace = NULL;
	*f = r->trace_family;
	return a;
}

bool
out_withdraw_front(struct rib_out *r, struct nlri *n, struct attrs **a)
{
	struct withdraws *w = r->before;
	uint64_t at = w->at;
	const struct entry *e;
	uint32_t number;

	if (w->table.count == 0)
		return cleared_front(r, n, a);
	if (!table_next(&w->table, &at, &number))
		return false;
	e = table_entry(&w->table, number);
	*n = table_nlri(&w->table, e);
	*a = (e->head & ENTRY_MARK) != 0 ? attrs_at(e->value) : NULL;
	return true;
}

void
out_withdraw_pop(struct rib_out *r, bool told)
{
	struct withdraws *w = r->before;
	uint32_t number;
	uint32_t by;

	if (w->table.count == 0) {
		cleared_pop(r);
		return;
	}
	if (!table_next(&w->table, &w->at, &number))
		return;
	by = *whose(&w->table, number);
	account_withdraw(&r->accounts, by, -1);
	account_sent(&r->accounts, by, told);
	set_attrs(&w->table, number, NULL);
	table_cut(&w->table, number);
	table_tidy(&w->table);
}

bool
out_lot_front(struct rib_out *r, struct lot_walk *w)
{
	(void)reap(r, REAP_STEP);
	if (!store_front(r->now, &w->lot))
		return false;
	w->shelf = r->now->shelves[r->now->lots[w->lot].family];
	w->at = r->now->lots[w->lot].pending.head;
	w->attrs = r->now->lots[w->lot].attrs;
	return true;
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

void
out_lot_sent(struct rib_out *r, const struct lot_walk *w, size_t routes, bool told)
{
	struct shelf *h = r->now->shelves[r->now->lots[w->lot].family];

	store_sent(r->now, w->lot, routes, told, r->keep);
	store_tidy(r->now, h);
}

struct item *
out_items(struct rib_out *r, size_t count)
{
	if (count > r->item_count) {
		size_t size = r->item_count == 0 ? 64 : r->item_count;

		while (size < count)
			size *= 2;
		r->items = mem_grow(r->items, size * sizeof(*r->items));
		r->item_count = size;
	}
	return r->items;
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

static size_t
recount_withdraws(const struct withdraws *w, uint32_t row)
{
	uint64_t at = 0;
	uint32_t number;
	size_t n = 0;

	while (table_next(&w->table, &at, &number))
		n += *whose(&w->table, number) == row;
	return n;
}

size_t
rib_out_recount(const struct rib_out *r, const struct rib_account *row)
{
	const struct shelf *h = r->now->shelves[row->family->id];
	uint32_t id = (uint32_t)(row - r->accounts.rows) + 1;
	size_t n = recount_withdraws(r->before, id) + recount_withdraws(r->after, id);
	uint64_t at = 0;
	uint32_t number;

	while (h != NULL && h->pending != 0 && table_next(&h->table, &at, &number))
		n += links_of(h, number)->by == id;
	return n;
}

void
rib_out_inherit(struct rib_out *r, struct rib_out *old)
{
	accounts_done(&r->accounts);
	r->accounts = old->accounts;
	accounts_forget_announces(&r->accounts);
	accounts_forget_withdraws(&r->accounts);
	old->accounts = (struct accounts){ 0 };
}
