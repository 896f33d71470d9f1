/* How full a queue is and was. */
#include "flow/level.h"

void
level_done(struct level *l)
{
	histogram_done(&l->waits);
	*l = (struct level){ 0 };
}

static void
set_shut(struct level *l, bool shut, usec now)
{
	if (shut == l->shut)
		return;
	l->shut = shut;
	l->shuts += shut;
	if (shut)
		l->shut_since = now;
	else
		l->blocked += now - l->shut_since;
}

void
level_set(struct level *l, size_t items, size_t bytes, bool shut, usec now)
{
	if (items != 0 && l->items == 0)
		l->since = now;
	if (items == 0 && l->items != 0)
		histogram_add(&l->waits, (uint64_t)(now - l->since)); /* the clock goes forward */
	l->items = items;
	l->bytes = bytes;
	if (items > l->most_items)
		l->most_items = items;
	if (bytes > l->most_bytes)
		l->most_bytes = bytes;
	set_shut(l, shut, now);
}

void
level_reset_marks(struct level *l)
{
	l->most_items = l->items;
	l->most_bytes = l->bytes;
}

usec
level_blocked(const struct level *l, usec now)
{
	return l->blocked + (l->shut ? now - l->shut_since : 0);
}
