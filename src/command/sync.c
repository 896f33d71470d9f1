/*
 * Acknowledgements that wait until the peers were told: a long answer without words, held by a mark
 * on each session. Neighbors without a session are not waited for, and one whose session ends is
 * not waited for any longer.
 */
#include "job.h"

#include "base/mem.h"

struct waiting {
	struct peer_mark mark;
	struct sync_marks *marks;
};

struct sync_marks {
	struct issuer *issuer;
	size_t left;
	size_t count;
	struct waiting at[];
};

struct sync {
	struct dump dump;
	struct sync_marks *marks;
};

static void
written(struct peer_mark *m)
{
	struct sync_marks *all = owner_of(m, struct waiting, mark)->marks;

	if (--all->left == 0)
		dump_wake(all->issuer);
}

void
sync_drop(struct sync_marks *all)
{
	if (all == NULL)
		return;
	for (size_t i = 0; i < all->count; i++)
		peer_mark_stop(&all->at[i].mark);
	mem_free(all);
}

/* NULL: there is nothing to wait for. */
static struct sync_marks *
marks_set(const struct selection *peers, struct issuer *by)
{
	struct sync_marks *all = mem_zero(1, sizeof(*all) + peers->count * sizeof(struct waiting));

	all->issuer = by;
	for (size_t i = 0; i < peers->count; i++) {
		struct waiting *w = &all->at[all->count];

		w->marks = all;
		w->mark.written = written;
		if (peer_mark_start(peers->at[i]->peer, &w->mark))
			all->count++;
	}
	all->left = all->count;
	if (all->count > 0)
		return all;
	mem_free(all);
	return NULL;
}

static bool
sync_step(struct dump *d)
{
	return owner_of(d, struct sync, dump)->marks->left > 0;
}

static void
sync_done(struct dump *d)
{
	struct sync *s = owner_of(d, struct sync, dump);

	sync_drop(s->marks);
	mem_free(s);
}

bool
sync_starts(struct call *c)
{
	struct sync_marks *marks = marks_set(c->peers, c->issuer);
	struct sync *s;

	if (marks == NULL)
		return false;
	s = mem_zero(1, sizeof(*s));
	s->dump = (struct dump){ .step = sync_step, .done = sync_done, .waits = true };
	s->marks = marks;
	dump_start(&s->dump, c->engine, c->issuer);
	return true;
}

bool
sync_waits(struct job *j)
{
	if (j->marks == NULL) {
		(void)job_peers(j, &j->commands->selection);
		j->marks = marks_set(&j->commands->selection, j->by);
		j->dump.waits = true;
	}
	return j->marks != NULL && j->marks->left > 0;
}
