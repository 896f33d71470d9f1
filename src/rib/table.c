/* The compact table of routes: keys, entries, closing of holes. */
#include "table.h"

#include "base/map.h"
#include "base/wire.h"

#define THIN_UNITS  (CHUNK_UNITS * 3 / 4) /* two chunks with less than this are merged */
#define REAP_CHUNKS 8
#define TIDY_STEPS  2 /* for each removed entry: hundreds of them make a thin chunk */

/* What identifies a route. */
struct identity {
	uint64_t hash;
	size_t len;
	uint8_t key[NLRI_KEY_MAX];
};

static void
identify(const struct nlri *n, struct identity *to)
{
	to->len = nlri_key(n, to->key);
	to->hash = hash_bytes(to->key, to->len);
	to->hash += (uint64_t)n->family->id << 1 | n->has_path_id;
}

static inline uint32_t
units_for(const struct table *t, size_t len)
{
	return (uint32_t)((t->extra + offsetof(struct entry, bytes) + len + CHUNK_UNIT - 1) /
	    CHUNK_UNIT);
}

static inline uint32_t
units_of(const struct table *t, const struct entry *e)
{
	return units_for(t, e->head & ENTRY_LEN);
}

struct nlri
table_nlri(const struct table *t, const struct entry *e)
{
	struct nlri n = { .family = t->family, .has_path_id = (e->head & ENTRY_PATH_ID) != 0 };
	struct slice bytes = slice_of(e->bytes, e->head & ENTRY_LEN);

	if (n.family == NULL) {
		n.family = family_at(bytes.at[0]);
		bytes = slice_after(bytes, 1);
	}
	if (n.has_path_id) {
		n.path_id = load_u32(bytes.at);
		bytes = slice_after(bytes, 4);
	}
	n.bytes = bytes;
	return n;
}

static size_t
spelt_len(const struct table *t, const struct nlri *n)
{
	return (t->family == NULL) + (n->has_path_id ? 4U : 0U) + n->bytes.len;
}

static void
spell(const struct table *t, struct entry *e, const struct nlri *n)
{
	size_t len = spelt_len(t, n);
	uint8_t *to = e->bytes;

	if (t->family == NULL)
		*to++ = n->family->id;
	if (n->has_path_id) {
		store_u32(to, n->path_id);
		to += 4;
	}
	if (n->bytes.len != 0)
		memcpy(to, n->bytes.at, n->bytes.len);
	/* Both fit: NLRI_MAX and five bytes are less than ENTRY_LEN. */
	e->head = (uint16_t)((e->head & ENTRY_MARK) | len | (n->has_path_id ? ENTRY_PATH_ID : 0));
}

static bool
same_route(const struct table *t, uint32_t number, const struct nlri *n, const struct identity *id)
{
	struct nlri m = table_nlri(t, table_entry(t, number));
	uint8_t key[NLRI_KEY_MAX];

	if (m.family != n->family || m.has_path_id != n->has_path_id || m.path_id != n->path_id)
		return false;
	if (slice_same(m.bytes, n->bytes))
		return true;
	return m.family->key != NULL &&
	    slice_same(slice_of(key, nlri_key(&m, key)), slice_of(id->key, id->len));
}

static bool
look_up(const struct table *t, const struct nlri *n, const struct identity *id, struct probe *p,
    uint32_t *number)
{
	*p = probe_of(id->hash);
	while (index_next(&t->index, p, number)) {
		if (same_route(t, *number, n, id))
			return true;
	}
	return false;
}

/* The place in the index of an entry that is there. */
static struct probe
probe_entry(const struct table *t, uint32_t number, const struct entry *e)
{
	struct nlri n = table_nlri(t, e);
	struct identity id;
	struct probe p;
	uint32_t found = TABLE_NONE;

	identify(&n, &id);
	p = probe_of(id.hash);
	while (index_next(&t->index, &p, &found) && found != number)
		;
	MUST(found == number);
	return p;
}

static uint64_t
hash_of(const struct table *t, uint32_t number)
{
	struct nlri n = table_nlri(t, table_entry(t, number));
	struct identity id;

	identify(&n, &id);
	return id.hash;
}

/* Memory is slow: what all of them need is asked for before the first is waited for. */
static void
carry_over(struct table *t, size_t places)
{
	uint32_t numbers[INDEX_STEP];
	uint64_t hashes[INDEX_STEP];

	while (t->index.old != NULL && places != 0) {
		size_t left = places < INDEX_STEP ? places : INDEX_STEP;
		size_t n = 0;

		places -= left;
		while (index_evict(&t->index, &left, &numbers[n])) {
			__builtin_prefetch(table_entry(t, numbers[n]));
			n++;
		}
		for (size_t i = 0; i < n; i++) {
			hashes[i] = hash_of(t, numbers[i]);
			index_expect(&t->index, hashes[i]);
		}
		for (size_t i = 0; i < n; i++)
			index_place(&t->index, hashes[i], numbers[i]);
	}
}

static void
index_entry(struct table *t, uint64_t hash, uint32_t number)
{
	if (index_unfit(&t->index)) {
		carry_over(t, SIZE_MAX);
		index_resize(&t->index);
	}
	index_place(&t->index, hash, number);
	t->index.count++;
}

static void
bury(struct table *t, uint32_t number)
{
	struct chunk *c = chunk_of(&t->chunks, number);
	struct entry *e = table_entry(t, number);

	e->head |= ENTRY_DEAD;
	t->untidy += TIDY_STEPS;
	c->alive -= units_of(t, e);
	if (c->alive == 0)
		chunks_drop(&t->chunks, c);
}

void
table_init(struct table *t, const struct family *family, size_t extra)
{
	*t = (struct table){ .family = family, .extra = extra };
}

/* Empty, but ages go on. */
static void
wipe(struct table *t)
{
	chunks_wipe(&t->chunks);
	index_free(&t->index);
	t->count = t->path_ids = t->untidy = t->tidy_at = 0;
}

void
table_done(struct table *t)
{
	wipe(t);
	*t = (struct table){ 0 };
}

bool
table_reap(struct table *t)
{
	/* The youngest first: the system gets the end of the heap back bit by bit, not all at once
	 * when the last one goes that stands there. */
	for (unsigned i = 0; i < REAP_CHUNKS && t->chunks.count > 1; i++)
		chunks_drop(&t->chunks, chunks_by_age(&t->chunks, t->chunks.count - 1));
	if (t->chunks.count > 1)
		return false;
	table_done(t);
	return true;
}

void
table_expect(const struct table *t, const struct nlri *n)
{
	struct identity id;

	identify(n, &id);
	index_expect(&t->index, id.hash);
}

uint32_t
table_find(const struct table *t, const struct nlri *n, uint64_t *hash)
{
	struct identity id;
	struct probe p;
	uint32_t number;

	/* One with a path identifier is not looked for where nothing has one. */
	if (hash == NULL && (n->has_path_id ? t->path_ids : t->count) == 0)
		return TABLE_NONE;
	identify(n, &id);
	if (hash != NULL)
		*hash = id.hash;
	return look_up(t, n, &id, &p, &number) ? number : TABLE_NONE;
}

uint32_t
table_add(struct table *t, const struct nlri *n, uint64_t hash)
{
	uint32_t number = chunks_append(&t->chunks, units_for(t, spelt_len(t, n)));

	spell(t, table_entry(t, number), n);
	index_entry(t, hash, number);
	t->count++;
	t->path_ids += n->has_path_id;
	return number;
}

uint32_t
table_respell(struct table *t, uint32_t number, const struct nlri *n)
{
	struct entry *e = table_entry(t, number);
	struct probe p;
	uint32_t units;
	uint32_t to;

	if (slice_same(table_nlri(t, e).bytes, n->bytes))
		return number;
	units = units_for(t, spelt_len(t, n));
	if (units == units_of(t, e)) {
		spell(t, e, n);
		return number;
	}
	p = probe_entry(t, number, e);
	to = chunks_append(&t->chunks, units);
	e = table_entry(t, number); /* the chunk may have moved */
	memcpy((uint8_t *)table_entry(t, to) - t->extra, (uint8_t *)e - t->extra,
	    t->extra + offsetof(struct entry, bytes));
	spell(t, table_entry(t, to), n);
	index_move(&t->index, &p, to);
	bury(t, number);
	return to;
}

void
table_cut(struct table *t, uint32_t number)
{
	struct probe p = probe_entry(t, number, table_entry(t, number));

	index_cut(&t->index, &p);
	t->path_ids -= (table_entry(t, number)->head & ENTRY_PATH_ID) != 0;
	bury(t, number);
	if (--t->count == 0)
		wipe(t);
}

/* Entries of from, from its unit *at on, to the end of c, which may be the same chunk. */
static void
close_holes(struct table *t, struct chunk *c, struct chunk *from)
{
	uint32_t end = from->used;
	uint32_t at = 0;

	if (c == from) {
		c->used = 0;
		c->alive = 0;
	}
	while (at < end) {
		uint32_t number = from->place << CHUNK_BITS | at;
		uint32_t to = c->place << CHUNK_BITS | c->used;
		struct entry *e = table_entry(t, number);
		uint32_t units = units_of(t, e);

		at += units;
		if ((e->head & ENTRY_DEAD) != 0)
			continue;
		if (to != number) {
			struct probe p = probe_entry(t, number, e);

			memmove((uint8_t *)table_entry(t, to) - t->extra, (uint8_t *)e - t->extra,
			    (size_t)units * CHUNK_UNIT);
			index_move(&t->index, &p, to);
			if (t->moved != NULL)
				t->moved(t, number, to);
		}
		c->used += units;
		c->alive += units;
	}
}

static void
merge_thin(struct table *t)
{
	struct chunk *a;
	struct chunk *b;

	if (t->chunks.count < 2)
		return;
	if (++t->tidy_at >= t->chunks.count)
		t->tidy_at = 1;
	a = chunks_by_age(&t->chunks, t->tidy_at - 1);
	b = chunks_by_age(&t->chunks, t->tidy_at);
	if (a->alive + b->alive > THIN_UNITS || a->size < CHUNK_UNITS)
		return;
	close_holes(t, a, a);
	close_holes(t, a, b);
	chunks_drop(&t->chunks, b);
}

void
table_tidy(struct table *t)
{
	if (t->index.old != NULL)
		carry_over(t, INDEX_STEP);
	if (t->walkers == 0 && t->untidy != 0) {
		t->untidy--;
		merge_thin(t);
	}
}

bool
table_next(const struct table *t, uint64_t *at, uint32_t *number)
{
	uint64_t age = *at >> CHUNK_BITS;
	uint32_t unit = (uint32_t)(*at & (CHUNK_UNITS - 1));

	for (size_t i = chunks_from(&t->chunks, age); i < t->chunks.count; i++) {
		const struct chunk *c = chunks_by_age(&t->chunks, i);

		if (c->age != age)
			unit = 0;
		while (unit < c->used) {
			const struct entry *e;

			*number = c->place << CHUNK_BITS | unit;
			e = table_entry(t, *number);
			unit += units_of(t, e);
			if ((e->head & ENTRY_DEAD) == 0) {
				*at = (c->age << CHUNK_BITS) + unit;
				return true;
			}
		}
	}
	return false;
}

uint64_t
table_place(const struct table *t, uint32_t number)
{
	return (chunk_of(&t->chunks, number)->age << CHUNK_BITS) + (number & (CHUNK_UNITS - 1));
}

uint64_t
table_end(const struct table *t)
{
	const struct chunk *last;

	if (t->chunks.count == 0)
		return (t->chunks.next_age + 1) << CHUNK_BITS;
	last = chunks_by_age(&t->chunks, t->chunks.count - 1);
	return (last->age << CHUNK_BITS) + last->used;
}

size_t
table_memory(const struct table *t)
{
	return chunks_memory(&t->chunks) + index_memory(&t->index);
}
