/*
 * Acknowledgements that wait until the peers were told: a long answer without words, held by a mark
 * on each session. Neighbors without a session are not waited for, and one whose session ends is
 * not waited for any longer.
 */
#include "call.h"

#include "base/mem.h"

struct waiting {
	struct peer_mark mark;
	struct sync *sync;
};

struct sync {
	struct dump dump;
	size_t left;
	size_t count;
	struct waiting at[];
};

static bool
sync_step(struct dump *d)
{
	return owner_of(d, struct sync, dump)->left > 0;
}

static void
sync_done(struct dump *d)
{
	struct sync *s = owner_of(d, struct sync, dump);

	for (size_t i = 0; i < s->count; i++)
		peer_mark_stop(&s->at[i].mark);
	mem_free(s);
}

static void
written(struct peer_mark *m)
{
	struct sync *s = owner_of(m, struct waiting, mark)->sync;

	if (--s->left == 0)
		dump_wake(s->dump.issuer);
}

bool
sync_starts(struct call *c)
{
	struct sync *s = mem_zero(1, sizeof(*s) + c->peers->count * sizeof(struct waiting));

	s->dump = (struct dump){ .step = sync_step, .done = sync_done, .waits = true };
	for (size_t i = 0; i < c->peers->count; i++) {
		struct waiting *w = &s->at[s->count];

		w->sync = s;
		w->mark.written = written;
		if (peer_mark_start(c->peers->at[i]->peer, &w->mark))
			s->count++;
	}
	s->left = s->count;
	if (s->count == 0) {
		mem_free(s);
		return false;
	}
	dump_start(&s->dump, c->engine, c->issuer);
	return true;
}
