/* See long.h. */
#include "long.h"

#include "base/mem.h"

#include <string.h>

void
meant_add(struct meant *m, const struct member *who)
{
	const char *name = peer_name(who->peer);

	m->names[m->count++] = mem_string(name, strlen(name));
}

void
meant_free(struct meant *m)
{
	for (size_t i = 0; i < m->count; i++)
		mem_free(m->names[i]);
	mem_free(m->names);
}

bool
meant_over(const struct meant *m)
{
	return m->at == m->count;
}

struct member *
meant_member(const struct meant *m, struct engine *e)
{
	for (size_t i = 0; i < engine_member_count(e); i++) {
		struct member *who = engine_member(e, i);

		if (strcmp(peer_name(who->peer), m->names[m->at]) == 0)
			return who;
	}
	return NULL;
}
