/* The hash map against a model. */
#include "case.h"

#include "base/map.h"
#include "pieces.h"

#include <stdio.h>

#define KEYS 400

struct model {
	void *value[KEYS];
	size_t count;
};

static struct slice
key_of(unsigned n, char room[16])
{
	int len = snprintf(room, 16, "%u", n);

	/* the empty key is one too */
	return slice_of(room, n == 0 ? 0 : (size_t)len);
}

static void
step(struct map *m, struct model *model, uint64_t *seed)
{
	unsigned n = dice(seed) % KEYS;
	struct slice key;
	char room[16];
	void *value = &model->value[dice(seed) % KEYS];

	key = key_of(n, room);
	cr_assert(map_get(m, key) == model->value[n]);
	if (dice(seed) % 2) {
		map_put(m, key, value);
		model->count += model->value[n] == NULL;
		model->value[n] = value;
	} else {
		cr_assert(map_cut(m, key) == model->value[n]);
		model->count -= model->value[n] != NULL;
		model->value[n] = NULL;
	}
	cr_assert(m->count == model->count && m->used < m->size + (m->size == 0));
}

static void
expect_walk(const struct map *m, const struct model *model)
{
	size_t at = 0;
	size_t seen = 0;
	struct slice key;
	void *value;

	while (map_next(m, &at, &key, &value)) {
		cr_assert(map_get(m, key) == value);
		seen++;
	}
	cr_assert(seen == model->count);
}

Case(map, does_what_a_table_by_number_does)
{
	struct model model = { 0 };
	struct map m = { 0 };
	uint64_t seed = 11;

	expect_walk(&m, &model);
	for (int i = 0; i < 40000; i++) {
		step(&m, &model, &seed);
		if (i % 1000 == 0)
			expect_walk(&m, &model);
	}
	cr_expect(m.size <= 4 * KEYS, "tombs do not make it grow: %zu slots", m.size);
	map_free(&m);
	cr_expect(map_get(&m, SLICE("1")) == NULL && map_cut(&m, SLICE("1")) == NULL);
}

Case(map, the_pair_just_given_may_be_cut)
{
	struct map m = { 0 };
	char room[16];
	size_t at = 0;
	size_t cut = 0;
	struct slice key;
	void *value;

	for (unsigned n = 0; n < 1000; n++)
		map_put(&m, key_of(n, room), &m);
	while (map_next(&m, &at, &key, &value)) {
		cr_assert(map_cut(&m, key) == value);
		cut++;
	}
	cr_expect(cut == 1000 && m.count == 0);
	map_free(&m);
}

Case(map, a_hash_of_bytes_spreads_and_is_the_same_in_every_run)
{
	size_t low[256] = { 0 };
	char room[16];

	for (unsigned n = 1; n <= 65536; n++) {
		struct slice key = key_of(n, room);
		uint64_t h = hash_bytes(key.at, key.len);

		low[h & 255]++;
		cr_assert(h == hash_bytes(key.at, key.len));
	}
	for (int i = 0; i < 256; i++)
		cr_expect(low[i] > 150 && low[i] < 400, "%zu", low[i]);
	cr_expect(hash_bytes("", 0) != hash_bytes("\0", 1));
}

/* What is known of the numbers in it does not help against others. */
Case(map, strangers_can_not_make_up_keys_of_one_hash)
{
	static const uint64_t seed[HASH_SEEDS] = { 1, 2, 3, 4 };
	static const uint64_t zero[HASH_SEEDS] = { 0 };
	uint64_t key[3] = { 0, UINT64_C(0xe7037ed1a0b428db), 5 };
	uint64_t first = hash_bytes(key, sizeof(key));
	uint64_t seen[64];

	hash_seed(zero);
	cr_expect(hash_bytes(key, sizeof(key)) == first, "zeros change nothing");
	key[0] = 6;
	cr_expect(hash_bytes(key, sizeof(key)) == first, "two that are the same without a seed");
	hash_seed(seed);
	for (size_t i = 0; i < 64; i++) {
		key[0] = i;
		seen[i] = hash_bytes(key, sizeof(key));
		for (size_t k = 0; k < i; k++)
			cr_expect(seen[k] != seen[i], "%zu and %zu", k, i);
	}
}
