/* Blocks of path attributes that were seen before, and what they came to. */
#include "attr_block.h"

#include "base/map.h"
#include "base/mem.h"

/*
 * Blocks that were seen before. A place per hash; a place keeps its room. What does not fit in the
 * limit pushes others out, place after place.
 */
struct cached {
	uint64_t hash;
	struct block block; /* attrs NULL: empty */
	uint8_t *bytes;     /* next hop, then attributes */
	uint32_t len;
	uint32_t size;
	uint8_t next_hop_len;
	uint8_t context;
};

struct attr_cache {
	struct cached *at;
	size_t places; /* a power of two, or 0 */
	size_t used;
	size_t bytes; /* of rooms */
	size_t most;
	size_t hand; /* whose room is taken next */
};

#define CACHE_DEFAULT (4u << 20)
#define CACHE_LEAST   64
#define CACHE_LONGEST 4096

struct attr_cache *
attr_cache_new(size_t most_bytes)
{
	struct attr_cache *c = mem_zero(1, sizeof(*c));

	c->most = most_bytes == 0 ? CACHE_DEFAULT : most_bytes;
	return c;
}

void
attr_cache_free(struct attr_cache *c)
{
	if (c == NULL)
		return;
	for (size_t i = 0; i < c->places; i++) {
		attrs_drop(c->at[i].block.attrs);
		mem_free(c->at[i].bytes);
	}
	mem_free(c->at);
	mem_free(c);
}

static uint8_t
context_of(const struct block_key *k)
{
	const struct session *s = k->session;

	return (uint8_t)(s->asn4 | s->aigp << 1 | session_internal(s) << 2 | k->mp << 3);
}

uint64_t
attr_cache_hash(const struct block_key *k)
{
	uint64_t h = hash_bytes(k->bytes.at, k->bytes.len) + context_of(k);

	return k->next_hop.len == 0 ? h : h ^ hash_bytes(k->next_hop.at, k->next_hop.len);
}

static bool
cached_is(const struct cached *c, const struct block_key *k, uint64_t hash)
{
	return c->block.attrs != NULL && c->hash == hash && c->context == context_of(k) &&
	    c->next_hop_len == k->next_hop.len &&
	    slice_same(slice_of(c->bytes, c->next_hop_len), k->next_hop) &&
	    slice_same(slice_of(c->bytes + c->next_hop_len, c->len - c->next_hop_len), k->bytes);
}

const struct block *
attr_cache_find(const struct attr_cache *cache, const struct block_key *k, uint64_t hash)
{
	const struct cached *c;

	if (cache->places == 0)
		return NULL;
	c = &cache->at[hash & (cache->places - 1)];
	return cached_is(c, k, hash) ? &c->block : NULL;
}

static void
cached_empty(struct attr_cache *cache, struct cached *c)
{
	if (c->block.attrs == NULL)
		return;
	attrs_drop(c->block.attrs);
	c->block.attrs = NULL;
	cache->used--;
}

/* Twice the places while half of them are used and the places themselves are a small part. */
static void
cache_grow(struct attr_cache *cache)
{
	size_t places = cache->places == 0 ? CACHE_LEAST : cache->places * 2;
	struct cached *old = cache->at;

	if (cache->used * 2 < cache->places ||
	    (cache->places != 0 && places * sizeof(*old) * 4 > cache->most))
		return;
	cache->at = mem_zero(places, sizeof(*old));
	for (size_t i = 0; i < cache->places; i++) {
		/* nobody else comes to that place: the lower bits of the hash say the old one */
		if (old[i].block.attrs != NULL || old[i].bytes != NULL)
			cache->at[old[i].hash & (places - 1)] = old[i];
	}
	mem_free(old);
	cache->places = places;
	cache->hand = 0;
}

static void
cache_make_room(struct attr_cache *cache, const struct cached *but, size_t more)
{
	for (size_t n = 0; n < cache->places && cache->bytes + more > cache->most; n++) {
		struct cached *c = &cache->at[cache->hand];

		cache->hand = (cache->hand + 1) & (cache->places - 1);
		if (c == but)
			continue;
		cached_empty(cache, c);
		cache->bytes -= c->size;
		mem_free(c->bytes);
		c->bytes = NULL;
		c->size = 0;
	}
}

void
attr_cache_put(
    struct attr_cache *cache, const struct block_key *k, uint64_t hash, const struct block *b)
{
	size_t len = k->bytes.len + k->next_hop.len;
	struct cached *c;

	if (len > CACHE_LONGEST)
		return;
	cache_grow(cache);
	c = &cache->at[hash & (cache->places - 1)];
	cached_empty(cache, c);
	if (c->size < len || c->bytes == NULL) {
		uint32_t size = len == 0 ? 1 : (uint32_t)len; /* limited above */

		cache_make_room(cache, c, size - c->size);
		cache->bytes += size - c->size;
		c->bytes = mem_grow(c->bytes, size);
		c->size = size;
	}
	if (k->next_hop.len != 0)
		memcpy(c->bytes, k->next_hop.at, k->next_hop.len);
	if (k->bytes.len != 0)
		memcpy(c->bytes + k->next_hop.len, k->bytes.at, k->bytes.len);
	c->hash = hash;
	c->len = (uint32_t)len;
	c->next_hop_len = (uint8_t)k->next_hop.len; /* at most 32 */
	c->context = context_of(k);
	c->block = *b;
	(void)attrs_hold(c->block.attrs);
	cache->used++;
}
