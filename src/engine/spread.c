/* Many routes to many neighbors, a block at a time. */
#include "house.h"

#define BLOCK 256 /* routes for one neighbor, in a step */

/* So many parts from where it stands; true: they were said, or there was nobody to say them to. */
static void
say_block(struct spread *s, struct member *m, size_t *route, size_t *part)
{
	uint8_t room[ROUTE_PART_MAX];

	for (size_t n = 0; n < BLOCK && *route < s->routes.count; n++) {
		const struct route *r = &s->routes.at[*route];
		struct route one = route_one(r, *part, room);

		if (m != NULL)
			s->say(m, s->by, &one);
		s->said++;
		if (++*part == route_parts(r)) {
			*part = 0;
			++*route;
		}
	}
}

bool
spread_step(struct spread *s)
{
	size_t route = s->route;
	size_t part = s->part;
	struct member *m;

	if (s->count == 0 || s->route >= s->routes.count)
		return false;
	m = engine_member_numbered(s->engine, s->numbers[s->turn]);
	say_block(s, m == NULL || m->leaving ? NULL : m, &route, &part);
	if (++s->turn < s->count)
		return true;
	s->turn = 0;
	s->route = route;
	s->part = part;
	return route < s->routes.count;
}

void
spread_end(struct spread *s)
{
	routes_free(&s->routes);
	*s = (struct spread){ 0 };
}
