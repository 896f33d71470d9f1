/* Descriptors: what is waited for, and what this round fetched. */
#include "inside.h"

#include "base/must.h"

#include <errno.h>

static uint32_t
epoll_bits(uint32_t want)
{
	return (want & LOOP_IN ? (uint32_t)EPOLLIN : 0) |
	    (want & LOOP_OUT ? (uint32_t)EPOLLOUT : 0);
}

static uint32_t
loop_bits(uint32_t ready)
{
	return (ready & EPOLLIN ? LOOP_IN : 0) | (ready & EPOLLOUT ? LOOP_OUT : 0) |
	    (ready & (EPOLLHUP | EPOLLERR) ? LOOP_HUP : 0);
}

static int
watch_control(struct watch *w, int what)
{
	struct epoll_event e = { .events = epoll_bits(w->want), .data.ptr = w };

	return epoll_ctl(w->loop->epoll_fd, what, w->fd, &e) == 0 ? 0 : -errno;
}

/* What this round fetched for it and has not told yet is forgotten. */
static void
watch_forget(struct watch *w)
{
	struct loop *l = w->loop;

	for (int i = l->event_at; i < l->event_count; i++)
		if (l->events[i].data.ptr == w)
			l->events[i].data.ptr = NULL;
}

int
watch_start(struct watch *w, struct loop *l, int fd, uint32_t want, watch_fn *fn, const char *name)
{
	int error = 0;

	*w = (struct watch){ .loop = l, .fd = fd, .want = want, .fn = fn, .name = name };
	if (want != 0)
		error = watch_control(w, EPOLL_CTL_ADD);
	if (error != 0)
		w->loop = NULL;
	else
		list_add(&l->watches, &w->link);
	return error;
}

void
watch_want(struct watch *w, uint32_t want)
{
	uint32_t old = w->want;
	int error;

	MUST(w->loop != NULL);
	if (want == old)
		return;
	w->want = want;
	if (want == 0)
		watch_forget(w);
	error = watch_control(w,
	    want == 0      ? EPOLL_CTL_DEL
		: old == 0 ? EPOLL_CTL_ADD
			   : EPOLL_CTL_MOD);
	MUST(error == 0); /* the kernel took it before: what is left is that it has no memory */
}

void
watch_stop(struct watch *w)
{
	if (w->loop == NULL)
		return;
	watch_forget(w);
	if (w->want != 0)
		(void)watch_control(
		    w, EPOLL_CTL_DEL); /* fails when the fd was closed: gone as well */
	list_cut(&w->link);
	w->loop = NULL;
}

void
loop_watches(struct loop *l, watch_seen_fn *fn, void *to)
{
	list_each (link, &l->watches)
		fn(owner_of(link, struct watch, link), to);
}

bool
watches_run(struct loop *l)
{
	bool any = false;

	for (l->event_at = 0; l->event_at < l->event_count;) {
		struct epoll_event *e = &l->events[l->event_at++];
		struct watch *w = e->data.ptr;
		const char *name;
		uint32_t ready;

		if (w == NULL)
			continue;
		if (e->data.ptr == l) {
			l->armed = 0; /* went off: to be set anew */
			continue;
		}
		ready = loop_bits(e->events) & (w->want | LOOP_HUP);
		if (ready == 0)
			continue;
		name = w->name;
		w->fn(w, ready);
		l->counts.ready++;
		loop_lap(l, name);
		any = true;
	}
	l->event_at = l->event_count = 0;
	return any;
}
