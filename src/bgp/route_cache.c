/*
 * What stands behind the prefix is the same for many routes: its characters lead to the set they
 * gave before. One place per hash; a place keeps its room.
 */
#include "routes.h"

#include "base/mem.h"

#define CACHE_PLACES 4096 /* a power of two */
#define CACHE_TEXT   1024 /* longer statements are not kept */

struct cached {
	uint64_t hash;
	struct attrs *attrs; /* held; NULL: empty */
	uint8_t *text;
	uint32_t len;
	uint32_t size;
};

struct route_cache {
	struct cached at[CACHE_PLACES];
};

static struct cached *
cache_place(const struct routes *to, uint64_t hash)
{
	return &to->cache->at[hash & (CACHE_PLACES - 1)];
}

struct attrs *
route_cache_find(const struct routes *to, struct slice text, uint64_t hash)
{
	const struct cached *c;

	if (to->cache == NULL)
		return NULL;
	c = cache_place(to, hash);
	if (c->attrs == NULL || c->hash != hash || !slice_same(slice_of(c->text, c->len), text))
		return NULL;
	return c->attrs;
}

void
route_cache_put(struct routes *to, struct slice text, uint64_t hash, struct attrs *attrs)
{
	struct cached *c;

	if (text.len > CACHE_TEXT)
		return;
	if (to->cache == NULL)
		to->cache = mem_zero(1, sizeof(*to->cache));
	c = cache_place(to, hash);
	attrs_drop(c->attrs);
	c->attrs = attrs_hold(attrs);
	c->hash = hash;
	if (c->size < text.len) {
		c->size = (uint32_t)text.len; /* limited above */
		c->text = mem_grow(c->text, c->size);
	}
	memcpy(c->text, text.at, text.len);
	c->len = (uint32_t)text.len;
}

void
route_cache_free(struct route_cache *cache)
{
	if (cache == NULL)
		return;
	for (size_t i = 0; i < CACHE_PLACES; i++) {
		attrs_drop(cache->at[i].attrs);
		mem_free(cache->at[i].text);
	}
	mem_free(cache);
}
