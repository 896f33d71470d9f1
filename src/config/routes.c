/* The routes of a neighbor, from all of its sections. */
#include "parse.h"

bool
routes_append_some(
    struct routes *to, const struct routes *from, const struct family *only, size_t *at)
{
	for (size_t n = 0; n < PARSE_BLOCK && *at < from->count; n++) {
		const struct route *r = &from->at[(*at)++];

		if (only == NULL || r->nlri.family == only || r->nlri.family == NULL)
			routes_add(to, r);
	}
	return *at < from->count;
}

/* Wherever they stand: those of static and announce, of flow, of l2vpn; templates are behind. */
bool
routes_settle_some(struct parse *p)
{
	struct neighbor_draft *d = p->neighbor;
	struct closing *c = &p->closing;

	return routes_append_some(&d->routes, &d->flows, NULL, &c->flow) ||
	    routes_append_some(&d->routes, &d->l2vpn, NULL, &c->l2vpn);
}

/*
 * A rule, or a route of another family without path identifiers, may be there twice, with other
 * attributes. ExaBGP says both, in order, and so the last one counts for the peer; what tells them
 * apart for us is an identifier, which is never sent with these families.
 */
static void
tell_apart(struct map *seen, struct route *r)
{
	uint8_t key[NLRI_KEY_MAX];
	struct nlri same = r->nlri;
	struct route *last;
	size_t len;

	same.path_id = same.family->id;
	len = nlri_key(&same, key);
	last = map_get(seen, slice_of(key, len));
	if (last != NULL) {
		/* the same again is the same route */
		r->nlri.path_id = last->nlri.path_id + (last->attrs != r->attrs);
		r->nlri.has_path_id = r->nlri.path_id != 0;
	}
	map_put(seen, slice_of(key, len), r);
}

void
route_tell_apart(struct map *seen, struct route *r)
{
	if (r->nlri.family != NULL && (r->nlri.family->traits & FAMILY_PATH_ID) == 0 &&
	    !r->nlri.has_path_id)
		tell_apart(seen, r);
}
