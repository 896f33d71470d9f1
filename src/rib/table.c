/* The compact table of routes: chunks of entries, order of arrival, closing of holes. */
#include "table.h"

#include "base/map.h"
#include "base/wire.h"

#define UNIT        4 /* entries are made of these */
#define CHUNK_BITS  13
#define CHUNK_UNITS (1U << CHUNK_BITS)
#define CHUNK_FIRST 48                    /* units of the first chunk, which doubles */
#define THIN_UNITS  (CHUNK_UNITS * 3 / 4) /* two chunks with less than this are merged */
#define REAP_CHUNKS 8

struct chunk {
	uint64_t age;
	uint32_t place;
	uint32_t size; /* all in units */
	uint32_t used;
	uint32_t alive;
	uint8_t bytes[] __attribute__((aligned(8)));
};

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

static inline struct chunk *
chunk_of(const struct table *t, uint32_t number)
{
	return t->chunks[number >> CHUNK_BITS];
}

struct entry *
table_entry(const struct table *t, uint32_t number)
{
	uint8_t *at = chunk_of(t, number)->bytes + (size_t)(number & (CHUNK_UNITS - 1)) * UNIT;

	return (struct entry *)(void *)(at + t->extra);
}

static inline uint32_t
units_for(const struct table *t, size_t len)
{
	return (uint32_t)((t->extra + offsetof(struct entry, bytes) + len + UNIT - 1) / UNIT);
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

static void
carry_over(struct table *t, size_t places)
{
	uint32_t numbers[INDEX_STEP];

	while (t->index.old != NULL && places != 0) {
		size_t left = places < INDEX_STEP ? places : INDEX_STEP;
		size_t n = 0;

		places -= left;
		while (index_evict(&t->index, &left, &numbers[n])) {
			__builtin_prefetch(table_entry(t, numbers[n]));
			n++;
		}
		for (size_t i = 0; i < n; i++) {
			struct nlri m = table_nlri(t, table_entry(t, numbers[i]));
			struct identity id;

			identify(&m, &id);
			index_place(&t->index, id.hash, numbers[i]);
		}
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

static uint32_t
free_place(struct table *t)
{
	for (size_t i = t->places; i-- > 0 && t->order_count < t->places;) {
		if (t->chunks[i] == NULL)
			return (uint32_t)i;
	}
	MUST(t->places <= INDEX_MOST >> CHUNK_BITS);
	if ((t->places & (t->places - 1)) == 0) {
		size_t size = t->places == 0 ? 1 : t->places * 2;

		t->chunks = mem_grow(t->chunks, size * sizeof(struct chunk *));
		t->order = mem_grow(t->order, size * sizeof(*t->order));
	}
	t->chunks[t->places] = NULL;
	return (uint32_t)t->places++; /* below 2^15, checked above */
}

static struct chunk *
chunk_new(struct table *t, uint32_t units)
{
	uint32_t size = t->order_count == 0 ? CHUNK_FIRST : CHUNK_UNITS;
	uint32_t place = free_place(t);
	struct chunk *c;

	while (size < units)
		size *= 2;
	c = mem_get(sizeof(*c) + (size_t)size * UNIT);
	*c = (struct chunk){ .age = ++t->next_age, .place = place, .size = size };
	t->chunks[place] = c;
	t->order[t->order_count++] = place;
	t->chunk_bytes += sizeof(*c) + (size_t)size * UNIT;
	return c;
}

/* A chunk with that much room at its end. */
static struct chunk *
chunk_for(struct table *t, uint32_t units)
{
	struct chunk *c;
	uint32_t size;

	if (t->order_count == 0)
		return chunk_new(t, units);
	c = t->chunks[t->order[t->order_count - 1]];
	if (c->used + units <= c->size)
		return c;
	if (c->used + units > CHUNK_UNITS)
		return chunk_new(t, units);
	for (size = c->size; size < c->used + units;)
		size *= 2;
	if (size > CHUNK_UNITS)
		size = CHUNK_UNITS;
	t->chunk_bytes += (size_t)(size - c->size) * UNIT;
	c = mem_grow(c, sizeof(*c) + (size_t)size * UNIT);
	c->size = size;
	t->chunks[c->place] = c;
	return c;
}

static void
chunk_drop(struct table *t, struct chunk *c)
{
	size_t i = 0;

	while (t->order[i] != c->place)
		i++;
	memmove(&t->order[i], &t->order[i + 1], (t->order_count - i - 1) * sizeof(*t->order));
	t->order_count--;
	t->chunks[c->place] = NULL;
	t->chunk_bytes -= sizeof(*c) + (size_t)c->size * UNIT;
	mem_free(c);
}

/* Room at the end for an entry, zeroed. */
static uint32_t
append(struct table *t, uint32_t units)
{
	struct chunk *c = chunk_for(t, units);
	uint32_t number = c->place << CHUNK_BITS | c->used;

	memset(c->bytes + (size_t)c->used * UNIT, 0, (size_t)units * UNIT);
	c->used += units;
	c->alive += units;
	return number;
}

static void
bury(struct table *t, uint32_t number)
{
	struct chunk *c = chunk_of(t, number);
	struct entry *e = table_entry(t, number);

	e->head |= ENTRY_DEAD;
	c->alive -= units_of(t, e);
	if (c->alive == 0)
		chunk_drop(t, c);
}

void
table_init(struct table *t, const struct family *family, size_t extra)
{
	*t = (struct table){ .family = family, .extra = extra };
}

void
table_wipe(struct table *t)
{
	for (size_t i = 0; i < t->places; i++)
		mem_free(t->chunks[i]);
	mem_free(t->chunks);
	mem_free(t->order);
	index_free(&t->index);
	t->chunks = NULL;
	t->order = NULL;
	t->places = t->order_count = t->count = t->chunk_bytes = t->tidy_at = 0;
}

void
table_done(struct table *t)
{
	table_wipe(t);
	*t = (struct table){ 0 };
}

bool
table_reap(struct table *t)
{
	for (unsigned i = 0; i < REAP_CHUNKS && t->order_count > 1; i++)
		chunk_drop(t, t->chunks[t->order[0]]);
	if (t->order_count > 1)
		return false;
	table_done(t);
	return true;
}

uint32_t
table_find(const struct table *t, const struct nlri *n, uint64_t *hash)
{
	struct identity id;
	struct probe p;
	uint32_t number;

	if (t->count == 0 && hash == NULL)
		return TABLE_NONE;
	identify(n, &id);
	if (hash != NULL)
		*hash = id.hash;
	return look_up(t, n, &id, &p, &number) ? number : TABLE_NONE;
}

uint32_t
table_add(struct table *t, const struct nlri *n, uint64_t hash)
{
	uint32_t number = append(t, units_for(t, spelt_len(t, n)));

	spell(t, table_entry(t, number), n);
	index_entry(t, hash, number);
	t->count++;
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
	to = append(t, units);
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
	bury(t, number);
	if (--t->count == 0)
		table_wipe(t);
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
			    (size_t)units * UNIT);
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

	if (t->order_count < 2)
		return;
	if (++t->tidy_at >= t->order_count)
		t->tidy_at = 1;
	a = t->chunks[t->order[t->tidy_at - 1]];
	b = t->chunks[t->order[t->tidy_at]];
	if (a->alive + b->alive > THIN_UNITS || a->size < CHUNK_UNITS)
		return;
	close_holes(t, a, a);
	close_holes(t, a, b);
	chunk_drop(t, b);
}

void
table_tidy(struct table *t)
{
	if (t->index.old != NULL)
		carry_over(t, INDEX_STEP);
	if (t->walkers == 0)
		merge_thin(t);
}

/* The first chunk in order that is not older. */
static size_t
order_from(const struct table *t, uint64_t age)
{
	size_t low = 0;
	size_t high = t->order_count;

	while (low < high) {
		size_t mid = (low + high) / 2;

		if (t->chunks[t->order[mid]]->age < age)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

bool
table_next(const struct table *t, uint64_t *at, uint32_t *number)
{
	uint64_t age = *at >> CHUNK_BITS;
	uint32_t unit = (uint32_t)(*at & (CHUNK_UNITS - 1));

	for (size_t i = order_from(t, age); i < t->order_count; i++) {
		const struct chunk *c = t->chunks[t->order[i]];

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
	return (chunk_of(t, number)->age << CHUNK_BITS) + (number & (CHUNK_UNITS - 1));
}

uint64_t
table_end(const struct table *t)
{
	const struct chunk *last;

	if (t->order_count == 0)
		return (t->next_age + 1) << CHUNK_BITS;
	last = t->chunks[t->order[t->order_count - 1]];
	return (last->age << CHUNK_BITS) + last->used;
}

size_t
table_memory(const struct table *t)
{
	return t->chunk_bytes + t->places * (sizeof(*t->order) + sizeof(struct chunk *)) +
	    index_memory(&t->index);
}
