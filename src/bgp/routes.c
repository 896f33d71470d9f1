/* A list of routes, and what one of it stands for. */
#include "routes.h"

#include "base/mem.h"

#define FREED_ROUTES 1024 /* in a step */
#define FREED_CHUNKS 32

void
routes_cut(struct routes *r, size_t count)
{
	while (r->count > count)
		attrs_drop(r->at[--r->count].attrs);
}

void
routes_clear(struct routes *r)
{
	routes_cut(r, 0);
	arena_reset(&r->arena);
}

void
routes_free(struct routes *r)
{
	routes_cut(r, 0);
	arena_free(&r->arena);
	mem_free(r->at);
	route_cache_free(r->cache);
	*r = (struct routes){ 0 };
}

/* The list gives its room back as it gets shorter: the kernel takes its time for much at once. */
bool
routes_free_some(struct routes *r)
{
	if (r->count > FREED_ROUTES) {
		routes_cut(r, r->count - FREED_ROUTES);
		r->size = r->count;
		r->at = mem_grow(r->at, r->size * sizeof(r->at[0]));
		return true;
	}
	routes_cut(r, 0);
	if (arena_free_some(&r->arena, FREED_CHUNKS))
		return true;
	routes_free(r);
	return false;
}

size_t
routes_parts(const struct routes *r)
{
	size_t parts = 0;

	for (size_t i = 0; i < r->count; i++)
		parts += route_parts(&r->at[i]);
	return parts;
}

void
routes_move(struct routes *to, struct routes *from)
{
	*to = *from;
	to->cache = NULL;
	*from = (struct routes){ .cache = from->cache };
}

struct route *
routes_make(struct routes *to, struct attrs *attrs)
{
	struct route *r;

	if (to->count == to->size) {
		to->size = to->size == 0 ? 16 : to->size * 2;
		to->at = mem_grow(to->at, to->size * sizeof(to->at[0]));
	}
	r = &to->at[to->count++];
	*r = (struct route){ .attrs = attrs_hold(attrs) };
	return r;
}

void
routes_add(struct routes *to, const struct route *from)
{
	struct route *r = routes_make(to, from->attrs);

	*r = *from;
	r->nlri.bytes = arena_copy(&to->arena, from->nlri.bytes);
	if (from->name.at != NULL)
		r->name = arena_copy(&to->arena, from->name);
	if (from->watchdog.at != NULL)
		r->watchdog = arena_copy(&to->arena, from->watchdog);
}

const char route_self_misfit[] =
    "use of \"next-hop self\": the route (ipv6) does not have the same "
    "family as the BGP tcp session (ipv4)";

bool
route_self_fits(const struct route *r, enum addr_family session)
{
	return session != ADDR_IPV4 || !r->attrs->next_hop_self || r->nlri.family == NULL ||
	    r->nlri.family->afi != AFI_IPV6;
}

size_t
route_parts(const struct route *r)
{
	return (size_t)1 << r->split_bits;
}

/* The number of the part is what stands in its last bits. */
struct nlri
route_part(const struct route *r, size_t n, uint8_t *room)
{
	struct nlri part = r->nlri;
	size_t last;

	if (r->split_bits == 0)
		return part;
	last = 7u + r->nlri.bytes.at[0]; /* behind the byte of the length */
	memcpy(room, r->nlri.bytes.at, r->nlri.bytes.len);
	for (size_t bit = 0; bit < r->split_bits; bit++) {
		size_t place = last - bit;

		if ((n >> bit & 1) != 0)
			room[place / 8] |= (uint8_t)(0x80 >> place % 8);
	}
	part.bytes = slice_of(room, r->nlri.bytes.len);
	return part;
}

struct route
route_one(const struct route *r, size_t n, uint8_t *room)
{
	struct route one = *r;

	one.split = one.split_bits = 0;
	if (r->split_bits != 0)
		one.nlri = route_part(r, n, room);
	return one;
}
