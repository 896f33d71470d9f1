/* A descriptor with input bytes and a queue of blobs: what epoll is asked for, and its life.
 * Reading and writing are in files of their own. */
#include "stream_inside.h"

#include "base/mem.h"

#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

#define HIGH_MARK ((size_t)256 * 1024)
#define LOW_MARK  ((size_t)64 * 1024)

uint32_t
stream_wants_in(const struct stream *s)
{
	if (s->read_fd < 0 || s->ended || s->read_error != 0 || s->connecting || s->holds > 0)
		return 0;
	return LOOP_IN;
}

static uint32_t
want_out(const struct stream *s)
{
	if (s->write_fd < 0 || s->write_error != 0)
		return 0;
	return s->connecting || (s->queue_count > 0 && s->full_pipe) ? LOOP_OUT : 0;
}

void
stream_rewatch(struct stream *s)
{
	if (stream_is_socket(s)) {
		if (s->in.loop != NULL)
			watch_want(&s->in, stream_wants_in(s) | want_out(s));
		return;
	}
	if (s->in.loop != NULL)
		watch_want(&s->in, stream_wants_in(s));
	if (s->out.loop != NULL)
		watch_want(&s->out, want_out(s));
}

static void
connect_ready(struct stream *s)
{
	int error = 0;
	socklen_t len = sizeof(error);

	if (getsockopt(s->write_fd, SOL_SOCKET, SO_ERROR, &error, &len) != 0)
		error = errno;
	s->connecting = false;
	if (error != 0)
		s->ended = s->broken = true;
	if (error != 0)
		s->write_error = error;
	else if (s->queue_count > 0 || s->finishing)
		stream_tell_later(s);
	stream_rewatch(s);
	if (s->hooks->connected != NULL)
		s->hooks->connected(s, error);
}

static void
socket_ready(struct stream *s, uint32_t ready)
{
	if (s->connecting)
		connect_ready(s);
	else if (want_out(s) != 0 && (ready & (LOOP_OUT | LOOP_HUP)) != 0 && stream_write_ready(s))
		return;
	else if ((ready & (LOOP_IN | LOOP_HUP)) != 0)
		stream_read_ready(s);
}

static void
in_ready(struct watch *w, uint32_t ready)
{
	struct stream *s = owner_of(w, struct stream, in);

	if (stream_is_socket(s))
		socket_ready(s, ready);
	else
		stream_read_ready(s);
}

static void
out_ready(struct watch *w, uint32_t ready)
{
	(void)ready; /* a hang-up is found by writing */
	(void)stream_write_ready(owner_of(w, struct stream, out));
}

static void
stream_init(struct stream *s, struct loop *l, int read_fd, int write_fd,
    const struct stream_hooks *hooks, const char *name)
{
	*s = (struct stream){ .loop = l,
		.hooks = hooks,
		.name = name,
		.read_fd = read_fd,
		.write_fd = write_fd,
		.input_limit = STREAM_INPUT,
		.high = HIGH_MARK,
		.low = LOW_MARK,
		.last_progress = loop_now(l) };
}

/* A descriptor that epoll refuses (a file) is told as ended. */
static void
watch_ends(struct stream *s)
{
	int error = 0;

	if (s->read_fd >= 0) {
		uint32_t want =
		    stream_is_socket(s) ? stream_wants_in(s) | want_out(s) : stream_wants_in(s);

		error = watch_start(&s->in, s->loop, s->read_fd, want, in_ready, s->name);
	}
	if (error == 0 && s->write_fd >= 0 && !stream_is_socket(s))
		error = watch_start(&s->out, s->loop, s->write_fd, 0, out_ready, s->name);
	if (error == 0)
		return;
	s->read_error = -error;
	stream_tell_later(s);
}

void
stream_start(struct stream *s, struct loop *l, int read_fd, int write_fd,
    const struct stream_hooks *hooks, const char *name)
{
	stream_init(s, l, read_fd, write_fd, hooks, name);
	watch_ends(s);
}

void
stream_start_connecting(
    struct stream *s, struct loop *l, int fd, const struct stream_hooks *hooks, const char *name)
{
	stream_init(s, l, fd, fd, hooks, name);
	s->connecting = true;
	watch_ends(s);
}

void
stream_close(struct stream *s)
{
	if (s->loop == NULL)
		return;
	watch_stop(&s->in);
	watch_stop(&s->out);
	again_stop(&s->leftovers);
	flush_stop(&s->flush);
	if (s->read_fd >= 0)
		close(s->read_fd);
	if (s->write_fd >= 0 && !stream_is_socket(s))
		close(s->write_fd);
	s->read_fd = s->write_fd = -1;
	stream_queue_drop(s);
	stream_input_drop(s);
	s->loop = NULL;
	if (s->gone != NULL)
		*s->gone = true;
	s->gone = NULL;
}
