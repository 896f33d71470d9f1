/* Who waits until all that a peer is to be said was written, or acknowledged. */
#include "inside.h"

static void
marks_reached(struct list *marks, bool lost)
{
	while (!list_empty(marks)) {
		struct peer_mark *m = owner_of(marks->next, struct peer_mark, link);

		list_cut(&m->link);
		m->lost = lost;
		m->written(m);
	}
}

static bool
all_written(const struct peer *p)
{
	return rib_out_pending(p->out) == 0 && p->eors.len == 0 && p->refresh_asked.bits == 0 &&
	    stream_idle(&p->up->stream);
}

void
marks_emptied(struct peer *p)
{
	if (!list_empty(&p->marks) && all_written(p))
		marks_reached(&p->marks, false);
}

bool
peer_mark_start(struct peer *p, struct peer_mark *m)
{
	if (p->up == NULL || all_written(p))
		return false;
	list_add(&p->marks, &m->link);
	return true;
}

void
peer_mark_acks(struct peer *p, struct peer_mark *m)
{
	m->position = p->up->stream.bytes_out;
	list_add(&p->unacked, &m->link);
}

bool
peer_mark_acked(const struct peer *p, const struct peer_mark *m)
{
	const struct stream *s = &p->up->stream;
	int unsent = net_unsent(s->write_fd);

	return s->bytes_out - (uint64_t)(unsent < 0 ? 0 : unsent) >= m->position;
}

void
peer_mark_stop(struct peer_mark *m)
{
	list_cut(&m->link);
}

void
marks_lost(struct peer *p)
{
	marks_reached(&p->marks, true);
	marks_reached(&p->unacked, true);
}
