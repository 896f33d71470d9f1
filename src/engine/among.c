/* Routes of a list by what they say, without a place for each part of a split one. */
#include "among.h"

#include "base/map.h"
#include "base/mem.h"
#include "base/must.h"

#define KEY_MAX    (2 + NLRI_KEY_MAX)
#define PREFIX_LEN 6 /* where the key of a prefix has its length */

/* A route's identity: family, in how many bits its parts differ, key. */
static struct slice
key_of(const struct nlri *n, uint8_t split_bits, uint8_t *room)
{
	room[0] = n->family->id;
	room[1] = split_bits;
	return slice_of(room, 2 + nlri_key(n, room + 2));
}

/* Attributes alone are found by what they are. */
static struct slice
key_of_route(const struct route *r, uint8_t *room)
{
	if (r->nlri.family != NULL)
		return key_of(&r->nlri, r->split_bits, room);
	room[0] = UINT8_MAX; /* no family has this */
	memcpy(room + 1, &r->attrs, sizeof(r->attrs));
	return slice_of(room, 1 + sizeof(r->attrs));
}

struct among_place {
	uint32_t hash;  /* a part of it: most others differ */
	uint32_t route; /* its place in the list, from 1; 0: nothing is here */
};

/* Where the key is, or would be. */
static struct among_place *
place_of(const struct among *a, struct slice key, uint32_t *hash)
{
	static uint8_t room[KEY_MAX];
	uint64_t whole = hash_bytes(key.at, key.len);
	size_t i = whole & (a->size - 1);

	*hash = (uint32_t)(whole >> 32);
	for (; a->places[i].route != 0; i = (i + 1) & (a->size - 1)) {
		const struct route *r = &a->first[a->places[i].route - 1];

		if (a->places[i].hash == *hash && slice_same(key_of_route(r, room), key))
			break;
	}
	return &a->places[i];
}

static const struct route *
find(const struct among *a, struct slice key)
{
	uint32_t hash;
	const struct among_place *p;

	if (a->added == 0)
		return NULL;
	p = place_of(a, key, &hash);
	return p->route == 0 ? NULL : &a->first[p->route - 1];
}

static void
add_shape(struct among *a, const struct route *r)
{
	for (size_t i = 0; i < a->shape_count; i++) {
		const struct split_shape *s = &a->shapes[i];

		if (s->family == r->nlri.family && s->split == r->split && s->bits == r->split_bits)
			return;
	}
	a->shapes = mem_grow(a->shapes, (a->shape_count + 1) * sizeof(*a->shapes));
	a->shapes[a->shape_count++] =
	    (struct split_shape){ r->nlri.family, r->split, r->split_bits };
}

void
among_init(struct among *a, const struct routes *routes)
{
	MUST(routes->count < UINT32_MAX);
	*a = (struct among){ .first = routes->at, .count = routes->count, .size = 1 };
	while (a->size < 2 * routes->count)
		a->size *= 2;
	if (routes->count > 0)
		a->places = mem_zero(a->size, sizeof(*a->places));
}

bool
among_add_some(struct among *a, size_t most)
{
	static uint8_t room[KEY_MAX];

	for (; most > 0 && a->added < a->count; most--) {
		const struct route *r = &a->first[a->added++];
		uint32_t hash;
		struct among_place *p = place_of(a, key_of_route(r, room), &hash);

		*p = (struct among_place){ hash, (uint32_t)a->added };
		if (r->split != 0)
			add_shape(a, r);
	}
	return a->added < a->count;
}

void
among_done(struct among *a)
{
	mem_free(a->places);
	mem_free(a->shapes);
	*a = (struct among){ 0 };
}

const struct route *
among_same(const struct among *a, const struct route *r)
{
	static uint8_t room[KEY_MAX];

	return find(a, key_of_route(r, room));
}

/* The key of the first part of a split one, out of any part's: its last bits are zero. */
static void
clear_bits(uint8_t *key, size_t len, const struct split_shape *s)
{
	size_t last = 8 * len - 1 - (8u - s->split % 8u) % 8;

	for (size_t bit = 0; bit < s->bits; bit++, last--)
		key[last / 8] &= (uint8_t) ~(0x80 >> last % 8);
	key[1] = s->bits;
}

const struct route *
among_standing(const struct among *a, const struct nlri *n, const bool *standing)
{
	static uint8_t plain[KEY_MAX];
	static uint8_t room[KEY_MAX];
	struct slice key = key_of(n, 0, plain);
	const struct route *found = find(a, key);

	if (found != NULL && !standing[found - a->first])
		found = NULL;
	for (size_t i = 0; i < a->shape_count; i++) {
		const struct split_shape *s = &a->shapes[i];
		const struct route *r;

		if (s->family != n->family || plain[PREFIX_LEN] != s->split)
			continue;
		memcpy(room, plain, key.len);
		clear_bits(room, key.len, s);
		r = find(a, slice_of(room, key.len));
		if (r != NULL && standing[r - a->first] && (found == NULL || r > found))
			found = r;
	}
	return found;
}
