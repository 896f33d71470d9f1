/*
 * PEERPIPE_DEBUG=loop: each second in which something happened, how the loop did, what is watched
 * for nothing, and what is watched twice.
 */
#include "debug.h"

#include "base/log.h"
#include "base/slice.h"

struct debug { /* of the only loop there is */
	struct loop *loop;
	struct timer second;
	struct loop_counts before;
};

static struct debug debug;

struct pair {
	struct loop *loop;
	const struct watch *one;
};

static void
tell_twin(const struct watch *other, void *to)
{
	const struct pair *p = to;

	if (other != p->one && other->fd == p->one->fd)
		log_say(LOG_WARN, LOG_REACTOR, "debug watched twice fd=%d of=\"%s\" and=\"%s\"",
		    other->fd, p->one->name, other->name);
}

static void
tell_watch(const struct watch *w, void *to)
{
	struct pair p = { to, w };

	if (w->want == 0)
		log_say(LOG_INFO, LOG_REACTOR, "debug watched for nothing fd=%d of=\"%s\"", w->fd,
		    w->name);
	loop_watches(p.loop, tell_twin, &p);
}

static void
tell_counts(const struct loop_counts *c, const struct loop_counts *before)
{
	log_say(LOG_INFO, LOG_REACTOR,
	    "debug rounds=%llu wakeups=%llu ready=%llu timers=%llu leftovers=%llu flushes=%llu "
	    "slow=%llu lag_p99=%lluus slowest=%lldus name=\"%s\"",
	    (unsigned long long)(c->rounds - before->rounds),
	    (unsigned long long)(c->wakeups - before->wakeups),
	    (unsigned long long)(c->ready - before->ready),
	    (unsigned long long)(c->timers - before->timers),
	    (unsigned long long)(c->leftovers - before->leftovers),
	    (unsigned long long)(c->flushes - before->flushes),
	    (unsigned long long)(c->slow - before->slow),
	    (unsigned long long)histogram_at(&c->lag, 990), (long long)c->slowest,
	    c->slowest_name == NULL ? "" : c->slowest_name);
}

static void
tell_second(struct timer *t)
{
	const struct loop_counts *c = loop_counted(debug.loop);

	timer_start(t, debug.loop, loop_now(debug.loop) + USEC_SECOND, tell_second, "debug");
	if (c->rounds - debug.before.rounds <= 1) /* this one */
		return;
	tell_counts(c, &debug.before);
	debug.before = *c;
	loop_watches(debug.loop, tell_watch, debug.loop);
}

bool
debug_start(struct loop *l, const char *words)
{
	if (words == NULL || *words == '\0')
		return true;
	if (!slice_is(slice_on(words), "loop"))
		return false;
	debug.loop = l;
	timer_start(&debug.second, l, loop_now(l) + USEC_SECOND, tell_second, "debug");
	return true;
}

void
debug_stop(void)
{
	timer_stop(&debug.second);
}
