/* See long.h. */
#include "long.h"

#include "base/mem.h"

#include <string.h>

#define FEW 16 /* members, of twenty microseconds at most */

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

struct numbered
numbered_all(struct engine *e)
{
	struct numbered n = { .count = engine_member_count(e) };

	n.numbers = mem_zero(n.count, sizeof(*n.numbers));
	for (size_t i = 0; i < n.count; i++)
		n.numbers[i] = engine_member(e, i)->number;
	return n;
}

void
numbered_free(struct numbered *n)
{
	mem_free(n->numbers);
}

bool
numbered_over(const struct numbered *n)
{
	return n->at == n->count;
}

struct member *
numbered_member(const struct numbered *n, struct engine *e)
{
	return engine_member_numbered(e, n->numbers[n->at]);
}

enum call_result
long_told(struct call *c, struct dump *d, size_t members)
{
	if (members > FEW) {
		dump_start(d, c->engine, c->issuer);
		return CALL_LATER;
	}
	d->engine = c->engine;
	d->issuer = c->issuer;
	while (d->step(d))
		;
	d->done(d);
	return CALL_DONE;
}

void
long_give(struct dump *d, struct text *lines)
{
	if (lines->len > 0)
		d->issuer->answer(d->issuer, text_view(lines));
	text_clear(lines);
}
