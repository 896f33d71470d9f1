/* Open-addressing hash map, keyed by bytes; linear probing, tombs, grows at three quarters. */
#include "base/map.h"

#include "base/mem.h"
#include "base/must.h"

struct map_slot {
	uint64_t hash;
	uint8_t *key; /* NULL: never used. &tomb: was used */
	size_t len;
	void *value;
};

static uint8_t tomb;

static inline uint64_t
mix(uint64_t a, uint64_t b)
{
	__extension__ unsigned __int128 p = (unsigned __int128)a * b;

	return (uint64_t)p ^ (uint64_t)(p >> 64);
}

static inline uint64_t
load_8(const uint8_t *b)
{
	uint64_t v;

	memcpy(&v, b, sizeof(v));
	return v;
}

static inline uint64_t
load_4(const uint8_t *b)
{
	uint32_t v;

	memcpy(&v, b, sizeof(v));
	return v;
}

/* What stands for bytes that nobody outside knows. Each half of a pair of eight bytes meets one of
 * them: a known one could be made zero, and whatever stands in the other half would be lost. */
static uint64_t seeds[HASH_SEEDS] = {
	UINT64_C(0x9e3779b97f4a7c15),
	UINT64_C(0xe7037ed1a0b428db),
	UINT64_C(0x8ebc6af09c88c6e3),
	UINT64_C(0x589965cc75374cc3),
};

void
hash_seed(const uint64_t with[HASH_SEEDS])
{
	for (size_t i = 0; i < HASH_SEEDS; i++)
		seeds[i] ^= with[i];
}

/* Up to 16 bytes as two numbers; which bytes are in both depends on the length alone. */
static inline uint64_t
mix_last(uint64_t h, const uint8_t *b, size_t len)
{
	uint64_t low = 0;
	uint64_t high = 0;

	if (len >= 8) {
		low = load_8(b);
		high = load_8(b + len - 8);
	} else if (len >= 4) {
		low = load_4(b);
		high = load_4(b + len - 4);
	} else if (len != 0) {
		low = (uint64_t)b[0] << 16 | (uint64_t)b[len / 2] << 8 | b[len - 1];
	}
	return mix(h ^ low, high ^ seeds[2]);
}

uint64_t
hash_bytes(const void *at, size_t len)
{
	const uint8_t *b = at;
	uint64_t h = seeds[0] ^ (uint64_t)len;

	for (; len > 16; len -= 16, b += 16)
		h = mix(h ^ load_8(b), load_8(b + 8) ^ seeds[1]);
	h = mix_last(h, b, len);
	return mix(h, seeds[3]);
}

static struct map_slot *
find(const struct map *m, struct slice key, uint64_t hash)
{
	for (size_t i = hash & (m->size - 1);; i = (i + 1) & (m->size - 1)) {
		struct map_slot *s = &m->slots[i];

		if (s->key == NULL)
			return NULL;
		if (s->key != &tomb && s->hash == hash && slice_same(slice_of(s->key, s->len), key))
			return s;
	}
}

static void
insert(struct map *m, const struct map_slot *from)
{
	size_t i = from->hash & (m->size - 1);

	while (m->slots[i].key != NULL)
		i = (i + 1) & (m->size - 1);
	m->slots[i] = *from;
	m->used++;
	m->count++;
}

static void
rebuild(struct map *m, size_t size)
{
	struct map old = *m;

	*m = (struct map){ .slots = mem_zero(size, sizeof(struct map_slot)), .size = size };
	for (size_t i = 0; i < old.size; i++) {
		if (old.slots[i].key != NULL && old.slots[i].key != &tomb)
			insert(m, &old.slots[i]);
	}
	mem_free(old.slots);
}

void
map_free(struct map *m)
{
	for (size_t i = 0; i < m->size; i++) {
		if (m->slots[i].key != &tomb)
			mem_free(m->slots[i].key);
	}
	mem_free(m->slots);
	*m = (struct map){ 0 };
}

void *
map_get(const struct map *m, struct slice key)
{
	struct map_slot *s = m->size == 0 ? NULL : find(m, key, hash_bytes(key.at, key.len));

	return s == NULL ? NULL : s->value;
}

/* The same, where mostly tombs fill it. */
static size_t
next_size(const struct map *m)
{
	if (m->size == 0)
		return 16;
	return (m->count + 1) * 2 > m->size ? m->size * 2 : m->size;
}

void
map_put(struct map *m, struct slice key, void *value)
{
	uint64_t hash = hash_bytes(key.at, key.len);
	struct map_slot *s = m->size == 0 ? NULL : find(m, key, hash);

	MUST(value != NULL);
	if (s != NULL) {
		s->value = value;
		return;
	}
	if ((m->used + 1) * 4 > m->size * 3)
		rebuild(m, next_size(m));
	insert(m, &(struct map_slot){ hash, mem_copy(key.at, key.len), key.len, value });
}

void *
map_cut(struct map *m, struct slice key)
{
	struct map_slot *s = m->size == 0 ? NULL : find(m, key, hash_bytes(key.at, key.len));
	void *value;

	if (s == NULL)
		return NULL;
	value = s->value;
	mem_free(s->key);
	*s = (struct map_slot){ .key = &tomb };
	m->count--;
	return value;
}

bool
map_next(const struct map *m, size_t *at, struct slice *key, void **value)
{
	for (; *at < m->size; (*at)++) {
		const struct map_slot *s = &m->slots[*at];

		if (s->key == NULL || s->key == &tomb)
			continue;
		*key = slice_of(s->key, s->len);
		*value = s->value;
		(*at)++;
		return true;
	}
	return false;
}
