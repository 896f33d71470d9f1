/* The writing half of a stream. */
#include "stream_inside.h"

#include "base/mem.h"

#include <errno.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

static void stream_flush(struct flush *f);

void
stream_queue_drop(struct stream *s)
{
	for (; s->queue_count > 0; s->queue_count--) {
		blob_drop(s->queue[s->queue_at]);
		s->queue_at = (s->queue_at + 1) & (s->queue_size - 1);
	}
	mem_free(s->queue);
	s->queue = NULL;
	s->queue_size = s->queue_at = s->queue_offset = s->queue_bytes = 0;
}

static void
queue_grow(struct stream *s)
{
	size_t size = s->queue_size == 0 ? 8 : 2 * s->queue_size;
	struct blob **queue = mem_get(size * sizeof(struct blob *));

	for (size_t i = 0; i < s->queue_count; i++)
		queue[i] = s->queue[(s->queue_at + i) & (s->queue_size - 1)];
	mem_free(s->queue);
	s->queue = queue;
	s->queue_size = size;
	s->queue_at = 0;
}

/* n bytes were written. */
static void
queue_wrote(struct stream *s, size_t n)
{
	s->bytes_out += n;
	s->queue_bytes -= n;
	s->queue_offset += n;
	while (s->queue_count > 0 && s->queue_offset >= s->queue[s->queue_at]->len) {
		s->queue_offset -= s->queue[s->queue_at]->len;
		blob_drop(s->queue[s->queue_at]);
		s->queue_at = (s->queue_at + 1) & (s->queue_size - 1);
		s->queue_count--;
	}
	if (n > 0)
		s->last_progress = loop_now(s->loop);
	if (s->queue_count == 0)
		stream_queue_drop(s); /* an idle stream owns no queue */
}

/* Fewer than asked for means that there is no more room. */
static void
write_once(struct stream *s, size_t blobs)
{
	struct iovec v[STREAM_BLOBS];
	size_t asked = 0;
	ssize_t n;

	if (blobs > s->queue_count)
		blobs = s->queue_count;
	for (size_t i = 0; i < blobs; i++) {
		struct blob *b = s->queue[(s->queue_at + i) & (s->queue_size - 1)];
		size_t done = i == 0 ? s->queue_offset : 0;

		v[i] = (struct iovec){ b->bytes + done, b->len - done };
		asked += b->len - done;
	}
	do
		n = writev(s->write_fd, v, (int)blobs);
	while (n < 0 && errno == EINTR);
	if (n >= 0) {
		queue_wrote(s, (size_t)n);
		s->full_pipe = (size_t)n < asked;
	} else if (errno == EAGAIN) {
		s->full_pipe = true;
	} else {
		s->write_error = errno;
		s->lost = s->queue_count;
		stream_queue_drop(s);
	}
}

static void
finish(struct stream *s)
{
	if (!s->finishing || s->queue_count > 0 || s->write_fd < 0 || s->connecting)
		return;
	s->finishing = false;
	if (stream_is_socket(s)) {
		(void)shutdown(s->write_fd, SHUT_WR); /* fails when the other side was faster */
		return;
	}
	watch_stop(&s->out);
	close(s->write_fd);
	s->write_fd = -1;
}

static bool
tell_broken(struct stream *s)
{
	int error = s->write_error;
	bool gone = false;

	s->broken = true;
	if (s->hooks->broken == NULL)
		return s->ended ? false : stream_tell_ended(s, error, stream_input(s));
	s->gone = &gone;
	s->hooks->broken(s, error);
	if (!gone)
		s->gone = NULL;
	return gone;
}

static bool
tell(struct stream *s, void (*hook)(struct stream *s))
{
	bool gone = false;

	if (hook == NULL)
		return false;
	s->gone = &gone;
	hook(s);
	if (!gone)
		s->gone = NULL;
	return gone;
}

static bool
tell_drained(struct stream *s)
{
	s->full = false;
	return tell(s, s->hooks->drained);
}

/* What writing led to. */
static bool
settle(struct stream *s)
{
	finish(s);
	stream_rewatch(s);
	if (s->write_error != 0 && !s->broken && tell_broken(s))
		return true;
	if (s->full && s->queue_bytes < s->low && s->write_error == 0 && tell_drained(s))
		return true;
	if (stream_idle(s) && s->write_error == 0 && tell(s, s->hooks->emptied))
		return true;
	return s->read_error != 0 && stream_tell_ended(s, s->read_error, stream_input(s));
}

static void
stream_flush(struct flush *f)
{
	struct stream *s = owner_of(f, struct stream, flush);

	if (stream_can_write(s) && !s->full_pipe)
		write_once(s, STREAM_BLOBS);
	if (stream_can_write(s) && !s->full_pipe)
		stream_tell_later(s); /* more blobs than one call takes: the others first */
	(void)settle(s);
}

void
stream_tell_later(struct stream *s)
{
	loop_flush(&s->flush, s->loop, stream_flush, s->name);
}

bool
stream_write_ready(struct stream *s)
{
	s->full_pipe = false;
	if (stream_can_write(s))
		write_once(s, STREAM_BLOBS);
	if (stream_can_write(s) && !s->full_pipe)
		stream_tell_later(s);
	return settle(s);
}

void
stream_take(struct stream *s, struct blob *b)
{
	if (b->len == 0 || s->loop == NULL || s->write_fd < 0 || s->write_error != 0 ||
	    s->finishing) {
		blob_drop(b);
		return;
	}
	if (s->queue_count == s->queue_size)
		queue_grow(s);
	if (s->queue_count == 0)
		s->last_progress = loop_now(s->loop);
	s->queue[(s->queue_at + s->queue_count++) & (s->queue_size - 1)] = b;
	s->queue_bytes += b->len;
	s->full |= s->queue_bytes >= s->high;
	if (!s->full_pipe)
		stream_tell_later(s);
}

void
stream_send(struct stream *s, struct slice bytes)
{
	stream_take(s, blob_new(bytes));
}

void
stream_push(struct stream *s, bool apart)
{
	if (s->loop == NULL)
		return;
	while (stream_can_write(s) && !s->full_pipe)
		write_once(s, apart ? 1 : STREAM_BLOBS);
	stream_rewatch(s);
	if (s->write_error != 0 || (s->full && s->queue_bytes < s->low))
		stream_tell_later(s);
	else if (s->queue_count == 0 && s->read_error == 0)
		flush_stop(&s->flush); /* nothing is left to be told */
}

void
stream_await(struct stream *s)
{
	s->full = s->queue_count > 0;
}

void
stream_finish(struct stream *s)
{
	if (s->loop == NULL || s->write_fd < 0)
		return;
	s->finishing = true;
	finish(s);
}
