/* Counting of the paths that are heard, for adj-rib-in alone. */
#include "audit.h"

#include "base/mem.h"

static struct nlri
prefix_of(const struct nlri *n)
{
	struct nlri prefix = *n;

	prefix.has_path_id = false;
	prefix.path_id = 0;
	return prefix;
}

void
audit_add(struct audit *a, const struct nlri *n)
{
	struct nlri prefix = prefix_of(n);
	uint16_t limit = a->limits[n->family->id];
	struct table **t = &a->tables[n->family->id];
	uint64_t hash;
	uint32_t at;

	if (limit == 0)
		return;
	if (*t == NULL) {
		*t = mem_get(sizeof(**t));
		table_init(*t, n->family, 0);
	}
	at = table_find(*t, &prefix, &hash);
	if (at == TABLE_NONE)
		at = table_add(*t, &prefix, hash);
	if (++table_entry(*t, at)->value > limit)
		a->over++;
	table_tidy(*t);
}

void
audit_cut(struct audit *a, const struct nlri *n)
{
	struct nlri prefix = prefix_of(n);
	struct table *t = a->tables[n->family->id];
	uint32_t at = t == NULL ? TABLE_NONE : table_find(t, &prefix, NULL);

	if (at == TABLE_NONE)
		return;
	if (--table_entry(t, at)->value == 0)
		table_cut(t, at);
	table_tidy(t);
}

void
audit_wipe(struct audit *a, struct family_set families)
{
	for (unsigned id = 0; id < family_count(); id++) {
		if (a->tables[id] == NULL || !family_in(families, family_at(id)))
			continue;
		table_done(a->tables[id]);
		mem_free(a->tables[id]);
		a->tables[id] = NULL;
	}
}
