/* Routes of a list by what they say, without a place for each part of a split one. */
#include "among.h"

#include "base/mem.h"

#define KEY_MAX    (2 + NLRI_KEY_MAX)
#define PREFIX_LEN 6 /* where the key of a prefix has its length */

/* A route's identity: family, in how many bits its parts differ, key. Attributes alone have none,
 * and are not asked for. */
static struct slice
key_of(const struct nlri *n, uint8_t split_bits, uint8_t *room)
{
	if (n->family == NULL)
		return slice_of(room, 0);
	room[0] = n->family->id;
	room[1] = split_bits;
	return slice_of(room, 2 + nlri_key(n, room + 2));
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
	static uint8_t room[KEY_MAX];

	*a = (struct among){ .first = routes->at };
	for (size_t i = 0; i < routes->count; i++) {
		struct route *r = &routes->at[i];

		map_put(&a->routes, key_of(&r->nlri, r->split_bits, room), r);
		if (r->split != 0)
			add_shape(a, r);
	}
}

void
among_done(struct among *a)
{
	map_free(&a->routes);
	mem_free(a->shapes);
	*a = (struct among){ 0 };
}

const struct route *
among_same(const struct among *a, const struct route *r)
{
	static uint8_t room[KEY_MAX];

	return map_get(&a->routes, key_of(&r->nlri, r->split_bits, room));
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
	const struct route *found = map_get(&a->routes, key);

	if (found != NULL && !standing[found - a->first])
		found = NULL;
	for (size_t i = 0; i < a->shape_count; i++) {
		const struct split_shape *s = &a->shapes[i];
		const struct route *r;

		if (s->family != n->family || plain[PREFIX_LEN] != s->split)
			continue;
		memcpy(room, plain, key.len);
		clear_bits(room, key.len, s);
		r = map_get(&a->routes, slice_of(room, key.len));
		if (r != NULL && standing[r - a->first] && (found == NULL || r > found))
			found = r;
	}
	return found;
}
