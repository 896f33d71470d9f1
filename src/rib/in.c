/* adj-rib-in: a compact table per family; an entry's value is the number of its attribute set. */
#include "rib/in.h"

#include "audit.h"
#include "base/mem.h"
#include "table.h"
#include "walk.h"

#define REAP_STEP 16 /* entries of cleared tables dropped per operation */

/* A table that was cleared: its sets are dropped little by little. */
struct cleared {
	struct cleared *next;
	struct table table;
	uint64_t at;
};

struct rib_in {
	struct table *tables[FAMILY_MAX]; /* by family id; NULL: never used */
	uint8_t order[FAMILY_MAX];        /* ids in order of their first route */
	unsigned families;
	struct walks walks;
	size_t count;
	struct cleared *cleared;
	struct audit audit;
};

struct rib_in *
rib_in_new(void)
{
	struct rib_in *r = mem_zero(1, sizeof(*r));

	walks_init(&r->walks);
	return r;
}

/* Drops the sets of that many entries; false: there are none left. */
static bool
reap(struct rib_in *r, size_t most)
{
	while (r->cleared != NULL && most-- > 0) {
		struct cleared *c = r->cleared;
		uint32_t number;

		if (table_next(&c->table, &c->at, &number)) {
			attrs_drop(attrs_at(table_entry(&c->table, number)->value));
			continue;
		}
		if (!table_reap(&c->table))
			break;
		r->cleared = c->next;
		mem_free(c);
	}
	return r->cleared != NULL;
}

bool
rib_in_reap(struct rib_in *r)
{
	return reap(r, 64 * REAP_STEP);
}

void
rib_in_clear(struct rib_in *r, struct family_set families)
{
	for (unsigned id = 0; id < FAMILY_MAX; id++) {
		struct table *t = r->tables[id];
		struct cleared *c;

		if (t == NULL || t->count == 0 || !family_in(families, t->family))
			continue;
		c = mem_zero(1, sizeof(*c));
		c->table = *t;
		c->next = r->cleared;
		r->cleared = c;
		r->count -= t->count;
		table_init(t, c->table.family, 0);
		t->chunks.next_age = c->table.chunks.next_age; /* walks go on behind */
		t->walkers = c->table.walkers;
	}
	audit_wipe(&r->audit, families);
}

void
rib_in_limit(struct rib_in *r, const uint16_t limits[FAMILY_MAX])
{
	memcpy(r->audit.limits, limits, sizeof(r->audit.limits));
}

uint64_t
rib_in_over(const struct rib_in *r)
{
	return r->audit.over;
}

void
rib_in_free(struct rib_in *r)
{
	if (r == NULL)
		return;
	walks_done(&r->walks);
	rib_in_clear(r, family_all());
	while (reap(r, SIZE_MAX))
		;
	for (unsigned id = 0; id < FAMILY_MAX; id++)
		mem_free(r->tables[id]);
	mem_free(r);
}

static struct table *
table_of(struct rib_in *r, const struct family *f)
{
	if (r->tables[f->id] == NULL) {
		r->tables[f->id] = mem_get(sizeof(struct table));
		table_init(r->tables[f->id], f, 0);
		r->tables[f->id]->walkers = r->walks.count;
		r->order[r->families++] = f->id;
	}
	return r->tables[f->id];
}

static unsigned
rank_of(const struct rib_in *r, const struct family *f)
{
	unsigned rank = 0;

	while (r->order[rank] != f->id)
		rank++;
	return rank;
}

/* Another spelling, which may need another place. */
static uint32_t
respell(struct rib_in *r, struct table *t, uint32_t number, const struct nlri *n)
{
	uint64_t from = table_place(t, number);
	uint32_t to = table_respell(t, number, n);

	if (to != number && r->walks.count != 0)
		walks_moved(&r->walks, rank_of(r, n->family), from, n);
	return to;
}

void
rib_in_put(struct rib_in *r, const struct nlri *n, struct attrs *a)
{
	struct table *t = table_of(r, n->family);
	uint64_t hash;
	uint32_t number = table_find(t, n, &hash);

	attrs_hold(a);
	if (number == TABLE_NONE) {
		number = table_add(t, n, hash);
		r->count++;
		audit_add(&r->audit, n);
	} else {
		attrs_drop(attrs_at(table_entry(t, number)->value));
		number = respell(r, t, number, n);
	}
	table_entry(t, number)->value = a->id;
	table_tidy(t);
	(void)reap(r, REAP_STEP);
}

bool
rib_in_cut(struct rib_in *r, const struct nlri *n)
{
	struct table *t = r->tables[n->family->id];
	uint32_t number = t == NULL ? TABLE_NONE : table_find(t, n, NULL);

	(void)reap(r, REAP_STEP);
	if (number == TABLE_NONE)
		return false;
	attrs_drop(attrs_at(table_entry(t, number)->value));
	table_cut(t, number);
	table_tidy(t);
	audit_cut(&r->audit, n);
	r->count--;
	return true;
}

static void
cut_part(struct rib_in *r, const struct update_part *part)
{
	struct nlri_walk w;
	struct nlri n;

	if (part->family == NULL)
		return;
	w = nlri_walk_on(part);
	while (nlri_next(&w, &n))
		(void)rib_in_cut(r, &n); /* a withdraw of what isn't there is fine */
}

void
rib_in_apply(struct rib_in *r, const struct update *u)
{
	for (unsigned i = 0; i < UPDATE_PARTS; i++) {
		cut_part(r, &u->withdraw[i]);
		cut_part(r, &u->twisted[i]);
	}
	for (unsigned i = 0; i < UPDATE_PARTS; i++) {
		struct nlri_walk w;
		struct nlri n;

		if (u->announce[i].family == NULL)
			continue;
		w = nlri_walk_on(&u->announce[i]);
		while (nlri_next(&w, &n))
			rib_in_put(r, &n, u->announce[i].attrs);
	}
}

bool
rib_in_find(const struct rib_in *r, const struct nlri *n, struct attrs **a)
{
	const struct table *t = r->tables[n->family->id];
	uint32_t number = t == NULL ? TABLE_NONE : table_find(t, n, NULL);

	if (number == TABLE_NONE)
		return false;
	*a = attrs_at(table_entry(t, number)->value);
	return true;
}

size_t
rib_in_count(const struct rib_in *r)
{
	return r->count;
}

size_t
rib_in_memory(const struct rib_in *r)
{
	size_t bytes = sizeof(*r);

	for (unsigned i = 0; i < r->families; i++)
		bytes += sizeof(struct table) + table_memory(r->tables[r->order[i]]);
	for (const struct cleared *c = r->cleared; c != NULL; c = c->next)
		bytes += sizeof(*c) + table_memory(&c->table);
	return bytes;
}

static const struct table *
walked_table(const void *of, unsigned family)
{
	const struct rib_in *r = of;

	return r->tables[family];
}

bool
rib_in_next(struct rib_in *r, struct rib_walk *w, struct nlri *n, struct attrs **a)
{
	const struct table *t;
	uint32_t number;

	if (!walk_next(w, walked_table, r, &t, &number))
		return false;
	*n = table_nlri(t, table_entry(t, number));
	*a = attrs_at(table_entry(t, number)->value);
	return true;
}

static void
share_walkers(struct rib_in *r)
{
	for (unsigned i = 0; i < r->families; i++)
		r->tables[r->order[i]]->walkers = r->walks.count;
}

void
rib_in_walk_begin(struct rib_in *r, struct rib_walk *w)
{
	walk_begin(&r->walks, w);
	for (unsigned i = 0; i < r->families; i++)
		walk_bound(w, r->tables[r->order[i]], r->order[i]);
	share_walkers(r);
}

void
rib_in_walk_end(struct rib_in *r, struct rib_walk *w)
{
	walk_end(&r->walks, w);
	share_walkers(r);
}

void
rib_in_walks_end(struct rib_in *r)
{
	walks_done(&r->walks);
	share_walkers(r);
}
