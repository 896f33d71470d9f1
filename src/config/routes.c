/* The routes of a neighbor, from all of its sections. */
#include "parse.h"

void
routes_append(struct routes *to, const struct routes *from, const struct family *only)
{
	for (size_t i = 0; i < from->count; i++)
		if (only == NULL || from->at[i].nlri.family == only ||
		    from->at[i].nlri.family == NULL)
			routes_add(to, &from->at[i]);
}

void
routes_alone(struct routes *to, const struct routes *from)
{
	for (size_t i = 0; i < from->count; i++)
		if (from->at[i].nlri.family == NULL && !from->at[i].withdrawn)
			routes_add(to, &from->at[i]);
}

/* Wherever they stand: those of static and announce, of flow, of l2vpn; templates are behind. */
void
routes_settle(struct neighbor_draft *d)
{
	routes_append(&d->routes, &d->flows, NULL);
	routes_append(&d->routes, &d->l2vpn, NULL);
	routes_free(&d->flows);
	routes_free(&d->l2vpn);
	d->flows = d->l2vpn = (struct routes){ 0 };
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
routes_tell_apart(struct routes *routes)
{
	struct map seen = { 0 };

	for (size_t i = 0; i < routes->count; i++) {
		struct route *r = &routes->at[i];

		if (r->nlri.family != NULL && (r->nlri.family->traits & FAMILY_PATH_ID) == 0 &&
		    !r->nlri.has_path_id)
			tell_apart(&seen, r);
	}
	map_free(&seen);
}
