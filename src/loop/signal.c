/* Signals become calls: a signalfd, drained each time it is ready. */
#include "loop/signal.h"

#include "inside.h"

#include "base/mem.h"
#include "base/must.h"

#include <errno.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <unistd.h>

struct signals {
	struct watch watch;
	struct grave grave;
	int fd;
	bool stopped;
	sigset_t added; /* blocked by us */
	signal_fn *fn;
	void *owner;
};

static void
signals_ready(struct watch *w, uint32_t ready)
{
	struct signals *s = owner_of(w, struct signals, watch);
	struct signalfd_siginfo info[16];
	ssize_t n;

	(void)ready; /* it can only be readable */
	do {
		n = read(s->fd, info, sizeof(info));
		for (size_t i = 0; n > 0 && i < (size_t)n / sizeof(info[0]) && !s->stopped; i++)
			s->fn(s->owner, (int)info[i].ssi_signo);
	} while (n == (ssize_t)sizeof(info) && !s->stopped);
}

static void
signals_gone(struct grave *g)
{
	mem_free(owner_of(g, struct signals, grave));
}

/* Blocks those of numbers that are not blocked yet; the set of all of them is in *all. */
static void
block(struct signals *s, const int *numbers, sigset_t *all)
{
	sigset_t old;

	sigemptyset(all);
	sigemptyset(&s->added);
	for (const int *n = numbers; *n != 0; n++)
		sigaddset(all, *n);
	sigprocmask(SIG_BLOCK, all, &old);
	for (const int *n = numbers; *n != 0; n++)
		if (!sigismember(&old, *n))
			sigaddset(&s->added, *n);
}

struct signals *
signals_open(struct loop *l, const int *numbers, signal_fn *fn, void *owner, int *error)
{
	struct signals *s = mem_zero(1, sizeof(*s));
	sigset_t all;
	int failed = 0;

	s->fn = fn;
	s->owner = owner;
	block(s, numbers, &all);
	s->fd = signalfd(-1, &all, SFD_CLOEXEC | SFD_NONBLOCK);
	if (s->fd < 0)
		failed = -errno;
	else
		failed = watch_start(&s->watch, l, s->fd, LOOP_IN, signals_ready, "signals");
	if (failed == 0)
		return s;
	sigprocmask(SIG_UNBLOCK, &s->added, NULL);
	if (s->fd >= 0)
		close(s->fd);
	mem_free(s);
	*error = failed;
	return NULL;
}

struct signals *
signals_start(struct loop *l, const int *numbers, signal_fn *fn, void *owner, int *error)
{
	for (const int *n = numbers; *n != 0; n++)
		MUST(*n != SIGCHLD);
	return signals_open(l, numbers, fn, owner, error);
}

void
signals_end(struct signals *s)
{
	struct loop *l;

	if (s == NULL || s->stopped)
		return;
	l = s->watch.loop;
	s->stopped = true;
	watch_stop(&s->watch);
	close(s->fd);
	loop_bury(&s->grave, l, signals_gone);
}

void
signals_stop(struct signals *s)
{
	sigset_t added;

	if (s == NULL || s->stopped)
		return;
	added = s->added;
	signals_end(s);
	sigprocmask(SIG_UNBLOCK, &added, NULL);
}
