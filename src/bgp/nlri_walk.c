/* The NLRI of a part of an UPDATE; rules that make no sense are passed over: RFC 7606 5.4. */
#include "bgp/update.h"

struct nlri_walk
nlri_walk_on(const struct update_part *part)
{
	return (struct nlri_walk){ part, reader_on(part->nlri) };
}

bool
nlri_next(struct nlri_walk *w, struct nlri *n)
{
	const struct family *f = w->part->family;

	while (reader_more(&w->r)) {
		*n = nlri_take(f, &w->r, w->part->path_ids);
		if (reader_ok(&w->r) && (f->sound == NULL || f->sound(f, n->bytes)))
			return true;
	}
	return false;
}

size_t
nlri_count(const struct update_part *part)
{
	struct nlri_walk w;
	struct nlri n;
	size_t count = 0;

	if (part->family == NULL)
		return 0;
	w = nlri_walk_on(part);
	while (nlri_next(&w, &n))
		count++;
	return count;
}
