#include "end.h"

#include "base/mem.h"

#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

unsigned ends_buried;

static void
end_freed(struct grave *g)
{
	struct end *e = owner_of(g, struct end, grave);

	ends_buried++;
	text_free(&e->got);
	mem_free(e);
}

static size_t
end_bytes(struct stream *s, struct slice in)
{
	struct end *e = owner_of(s, struct end, stream);
	size_t n = in.len < e->bite ? in.len : e->bite;

	e->calls++;
	switch (e->manner) {
	case EATS: n = in.len; break;
	case BITES: break;
	case YIELDS: stream_yield(s); break;
	case WAITS: n = in.len < e->bite ? 0 : e->bite; break;
	case NEVER: return 0;
	case CLOSES: stream_close(s); return 0;
	case BURIES:
		stream_close(s);
		loop_bury(&e->grave, e->l, end_freed);
		return 0;
	case KILLS:
		if (e->victim != NULL) {
			stream_close(&e->victim->stream);
			e->victim->victim = NULL;
			text_free(&e->victim->got);
			mem_free(e->victim);
			e->victim = NULL;
		}
		n = in.len;
		break;
	case HOLDS: stream_hold(s); break;
	case RESTARTS:
		stream_close(s);
		e->manner = EATS;
		stream_start(s, e->l, e->next_fd, e->next_fd, &end_hooks, "restarted");
		return 0;
	}
	text_bytes(&e->got, in.at, n);
	return n;
}

static void
end_ended(struct stream *s, int error, struct slice rest)
{
	struct end *e = owner_of(s, struct end, stream);

	e->ends++;
	e->error = error;
	e->rest = rest.len;
	if (e->close_at_end)
		stream_close(s);
}

static void
end_drained(struct stream *s)
{
	struct end *e = owner_of(s, struct end, stream);

	e->drained++;
	if (e->close_when_drained)
		stream_close(s);
}

static void
end_broken(struct stream *s, int error)
{
	struct end *e = owner_of(s, struct end, stream);

	e->broken++;
	e->error = error;
}

const struct stream_hooks end_hooks = {
	.bytes = end_bytes, .ended = end_ended, .drained = end_drained, .broken = end_broken
};

int
end_start(struct end *e, struct loop *l, enum manner manner, size_t bite)
{
	int fds[2];

	cr_assert(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, fds) == 0);
	*e = (struct end){ .l = l, .manner = manner, .bite = bite };
	stream_start(&e->stream, l, fds[0], fds[0], &end_hooks, "end");
	return fds[1];
}

void
end_stop(struct end *e, int fd)
{
	stream_close(&e->stream);
	text_free(&e->got);
	if (fd >= 0)
		close(fd);
}

void
put(int fd, const void *at, size_t n)
{
	cr_assert(write(fd, at, n) == (ssize_t)n, "%d", errno);
}
