/*
 * All living attribute sets, by hash and by number, and how often each is held.
 *
 * The index by hash is linear hashing: as sets are added, one bucket after another is split in two,
 * so that no set is ever waited for while all the others are moved. Sets of a bucket are chained by
 * number; free numbers are too. The last set takes the tables along.
 */
#include "attrs_sets.h"

#include "base/map.h"
#include "base/mem.h"
#include "base/must.h"

#define FIRST 64 /* of each table; they double */

/* Of a number: what a search looks at before the set itself, which lies somewhere else. */
struct place {
	uint32_t next; /* of its bucket, or the next free one; + 1 */
	uint32_t hash; /* the low half */
};

static struct {
	struct attrs **by_id; /* NULL: a free number */
	struct place *places; /* by number */
	uint32_t free;        /* + 1; 0 ends each chain */
	uint32_t ids;         /* numbers given so far */
	uint32_t size;        /* of by_id and places */
	uint32_t *buckets;    /* the first number of each, + 1 */
	uint32_t bucket_count;
	uint32_t bucket_size; /* room for so many: a power of two */
	size_t alive;
	size_t bytes;
} sets;

static size_t
set_size(const struct attrs *a)
{
	return sizeof(*a) + a->len;
}

/* Buckets behind the last one are not split off yet: their sets are in the lower half. */
static uint32_t *
bucket_of(uint32_t hash)
{
	uint32_t at = hash & (sets.bucket_size - 1);

	return &sets.buckets[at < sets.bucket_count ? at : at & (sets.bucket_size / 2 - 1)];
}

static void
chain(uint32_t id)
{
	uint32_t *first = bucket_of(sets.places[id].hash);

	sets.places[id].next = *first;
	*first = id + 1;
}

static void
unchain(uint32_t id)
{
	uint32_t *at = bucket_of(sets.places[id].hash);

	while (*at != id + 1)
		at = &sets.places[*at - 1].next;
	*at = sets.places[id].next;
}

/* One more bucket takes what belongs to it from the one that stood for it. */
static void
split(void)
{
	uint32_t added = sets.bucket_count;
	uint32_t *from;
	uint32_t left;

	if (added == sets.bucket_size) {
		sets.bucket_size *= 2;
		sets.buckets = mem_grow(sets.buckets, sets.bucket_size * sizeof(sets.buckets[0]));
	}
	from = bucket_of(added);
	left = *from;
	*from = 0;
	sets.buckets[added] = 0;
	sets.bucket_count++;
	while (left != 0) {
		uint32_t id = left - 1;

		left = sets.places[id].next;
		chain(id);
	}
}

/* Half as many sets as buckets, or less. */
static void
buckets_fit(void)
{
	if (sets.buckets == NULL) {
		sets.buckets = mem_zero(FIRST, sizeof(sets.buckets[0]));
		sets.bucket_count = sets.bucket_size = FIRST;
	}
	while (sets.alive * 2 >= sets.bucket_count)
		split();
}

static uint32_t
id_get(void)
{
	uint32_t id;

	if (sets.free != 0) {
		id = sets.free - 1;
		sets.free = sets.places[id].next;
		return id;
	}
	if (sets.ids == sets.size) {
		sets.size = sets.size == 0 ? FIRST : sets.size * 2;
		sets.by_id = mem_grow(sets.by_id, sets.size * sizeof(sets.by_id[0]));
		sets.places = mem_grow(sets.places, sets.size * sizeof(sets.places[0]));
	}
	return sets.ids++;
}

static void
id_give_back(uint32_t id)
{
	sets.by_id[id] = NULL;
	sets.places[id].next = sets.free;
	sets.free = id + 1;
}

static void
sets_free(void)
{
	mem_free(sets.by_id);
	mem_free(sets.places);
	mem_free(sets.buckets);
	memset(&sets, 0, sizeof(sets));
}

struct attrs *
attrs_hold(struct attrs *a)
{
	a->holders++;
	return a;
}

void
attrs_drop(struct attrs *a)
{
	if (a == NULL || --a->holders != 0)
		return;
	unchain(a->id);
	id_give_back(a->id);
	sets.alive--;
	sets.bytes -= set_size(a);
	mem_free(a);
	if (sets.alive == 0)
		sets_free();
}

struct attrs *
attrs_at(uint32_t id)
{
	MUST(id < sets.ids && sets.by_id[id] != NULL);
	return sets.by_id[id];
}

size_t
attrs_alive(void)
{
	return sets.alive;
}

size_t
attrs_memory(void)
{
	return sets.bytes + sets.bucket_size * sizeof(sets.buckets[0]) +
	    sets.size * (sizeof(sets.by_id[0]) + sizeof(sets.places[0]));
}

static struct attrs *
find(struct slice bytes, size_t next_hop_len, bool self, uint64_t hash)
{
	uint32_t low = (uint32_t)hash;

	for (uint32_t at = *bucket_of(low); at != 0; at = sets.places[at - 1].next) {
		struct attrs *a = sets.by_id[at - 1];

		if (sets.places[at - 1].hash == low && a->hash == hash &&
		    a->next_hop_len == next_hop_len && a->next_hop_self == self &&
		    slice_same(slice_of(a->bytes, a->len), bytes))
			return a;
	}
	return NULL;
}

struct attrs *
sets_intern(struct slice bytes, size_t next_hop_len, bool self)
{
	uint64_t hash = hash_bytes(bytes.at, bytes.len) + next_hop_len * 2 + self;
	struct attrs *a;

	buckets_fit();
	a = find(bytes, next_hop_len, self, hash);
	if (a != NULL)
		return attrs_hold(a);
	a = mem_get(sizeof(*a) + bytes.len);
	*a = (struct attrs){ .holders = 1,
		.id = id_get(),
		.hash = hash,
		.len = (uint32_t)bytes.len,            /* at most ATTRS_MAX */
		.next_hop_len = (uint8_t)next_hop_len, /* at most 32 */
		.next_hop_self = self };
	if (bytes.len != 0)
		memcpy(a->bytes, bytes.at, bytes.len);
	sets.by_id[a->id] = a;
	sets.places[a->id].hash = (uint32_t)hash;
	chain(a->id);
	sets.alive++;
	sets.bytes += set_size(a);
	return a;
}
