/* A descriptor with input bytes and a queue of blobs. */
#include "loop/stream.h"

#include "inside.h"

#include "base/mem.h"
#include "base/must.h"

#include <errno.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#define HIGH_MARK ((size_t)256 * 1024)
#define LOW_MARK  ((size_t)64 * 1024)
#define MOMENT    (5 * USEC_MSEC)

static void stream_flush(struct flush *f);

static bool
is_socket(const struct stream *s)
{
	return s->read_fd == s->write_fd;
}

static size_t
left_over(const struct stream *s)
{
	return s->input_len - s->input_at;
}

/* What goes wrong outside of the loop's calls is told by the loop. */
static void
tell_later(struct stream *s)
{
	loop_flush(&s->flush, s->loop, stream_flush, s->name);
}

/* --- what epoll is asked for --- */

static uint32_t
want_in(const struct stream *s)
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

static void
rewatch(struct stream *s)
{
	if (is_socket(s)) {
		if (s->in.loop != NULL)
			watch_want(&s->in, want_in(s) | want_out(s));
		return;
	}
	if (s->in.loop != NULL)
		watch_want(&s->in, want_in(s));
	if (s->out.loop != NULL)
		watch_want(&s->out, want_out(s));
}

/* --- the queue --- */

static void
queue_drop(struct stream *s)
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
		queue_drop(s); /* an idle stream owns no queue */
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
		queue_drop(s);
	}
}

static bool
can_write(const struct stream *s)
{
	return s->write_fd >= 0 && s->write_error == 0 && !s->connecting && s->queue_count > 0;
}

static void
finish(struct stream *s)
{
	if (!s->finishing || s->queue_count > 0 || s->write_fd < 0 || s->connecting)
		return;
	s->finishing = false;
	if (is_socket(s)) {
		(void)shutdown(s->write_fd, SHUT_WR); /* fails when the other side was faster */
		return;
	}
	watch_stop(&s->out);
	close(s->write_fd);
	s->write_fd = -1;
}

/* --- telling; each of these may close the stream and says so --- */

static bool
tell_ended(struct stream *s, int error, struct slice rest)
{
	bool gone = false;

	s->ended = true;
	s->read_error = 0;
	again_stop(&s->leftovers);
	rewatch(s);
	s->gone = &gone;
	s->hooks->ended(s, error, rest);
	if (gone)
		return true;
	s->gone = NULL;
	mem_free(s->input);
	s->input = NULL;
	s->input_at = s->input_len = s->input_size = 0;
	return false;
}

struct slice
stream_input(const struct stream *s)
{
	if (s->input == NULL) /* also in front of nothing there is no byte to point at */
		return slice_of(NULL, 0);
	return slice_of(s->input + s->input_at, left_over(s));
}

static bool
tell_broken(struct stream *s)
{
	int error = s->write_error;
	bool gone = false;

	s->broken = true;
	if (s->hooks->broken == NULL)
		return s->ended ? false : tell_ended(s, error, stream_input(s));
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
	rewatch(s);
	if (s->write_error != 0 && !s->broken && tell_broken(s))
		return true;
	if (s->full && s->queue_bytes < s->low && s->write_error == 0 && tell_drained(s))
		return true;
	if (stream_idle(s) && s->write_error == 0 && tell(s, s->hooks->emptied))
		return true;
	return s->read_error != 0 && tell_ended(s, s->read_error, stream_input(s));
}

static void
stream_flush(struct flush *f)
{
	struct stream *s = owner_of(f, struct stream, flush);

	if (can_write(s) && !s->full_pipe)
		write_once(s, STREAM_BLOBS);
	if (can_write(s) && !s->full_pipe)
		tell_later(s); /* more blobs than one call takes: the others first */
	(void)settle(s);
}

/* --- reading --- */

/* Lets the hook use what it can; what it leaves is in *have. True: the stream is gone. */
static bool
chew(struct stream *s, struct slice *have, bool *budget)
{
	bool gone = false;
	int calls = 0;

	*budget = true;
	s->yields = false;
	while (have->len > 0 && s->holds == 0) {
		size_t used;

		if (calls++ == STREAM_CALLS || s->yields) {
			*budget = false;
			break;
		}
		s->gone = &gone;
		used = s->hooks->bytes(s, *have);
		if (gone)
			return true;
		s->gone = NULL;
		MUST(used <= have->len);
		*have = slice_after(*have, used);
		if (used == 0)
			break;
	}
	return false;
}

static void stream_leftovers(struct again *a);

/* After chew(): what is left waits for more bytes, for its turn, or for a release. */
static void
after_chewing(struct stream *s, bool budget)
{
	if (left_over(s) == 0) {
		mem_free(s->input);
		s->input = NULL;
		s->input_at = s->input_len = s->input_size = 0;
	} else if (!budget) {
		loop_again(&s->leftovers, s->loop, stream_leftovers, s->name);
	} else if (s->holds == 0 && left_over(s) >= s->input_limit) {
		s->read_error = EMSGSIZE;
		tell_later(s);
	}
	rewatch(s);
}

static void
stream_leftovers(struct again *a)
{
	struct stream *s = owner_of(a, struct stream, leftovers);
	struct slice have = stream_input(s);
	bool budget;

	if (s->ended || chew(s, &have, &budget))
		return;
	s->input_at = s->input_len - have.len;
	after_chewing(s, budget);
}

/* Room for that many bytes behind what is left. */
static void
input_room(struct stream *s, size_t more)
{
	size_t left = left_over(s);

	if (s->input_at > 0 && left > 0)
		memmove(s->input, s->input + s->input_at, left);
	s->input_at = 0;
	s->input_len = left;
	if (s->input_size - left >= more)
		return;
	s->input_size = 2 * s->input_size > left + more ? 2 * s->input_size : left + more;
	s->input = mem_grow(s->input, s->input_size);
}

static void
input_store(struct stream *s, struct slice rest)
{
	if (rest.len == 0)
		return;
	input_room(s, rest.len);
	memcpy(s->input + s->input_len, rest.at, rest.len);
	s->input_len += rest.len;
}

/* One that had more to say than it could last time gives way to others: those that are ready, and
 * those that soon will be, as they were a moment ago. */
static size_t
share(const struct stream *s)
{
	bool gives_way = s->share != 0 && s->more && loop_now(s->loop) - s->loop->crowd < MOMENT;

	return gives_way ? s->share : LOOP_SCRATCH;
}

static ssize_t
read_some(struct stream *s, uint8_t *to)
{
	size_t room = share(s);
	ssize_t n;

	if (room > s->input_limit - left_over(s))
		room = s->input_limit - left_over(s);
	do
		n = read(s->read_fd, to, room);
	while (n < 0 && errno == EINTR);
	s->more = n > 0 && (size_t)n == room;
	if (n > 0)
		s->bytes_in += (size_t)n;
	else if (n == 0 || errno != EAGAIN)
		(void)tell_ended(s, n == 0 ? 0 : errno, stream_input(s));
	return n;
}

/* What was left lies right before what is read now, in room that all streams share. */
static void
read_shared(struct stream *s)
{
	size_t left = left_over(s);
	uint8_t *to = loop_scratch(s->loop) + LOOP_SCRATCH;
	ssize_t n = read_some(s, to);
	struct slice have;
	bool budget;

	if (n <= 0)
		return;
	if (left > 0)
		memcpy(to - left, s->input + s->input_at, left);
	s->input_at = s->input_len = 0;
	have = slice_of(to - left, left + (size_t)n);
	if (chew(s, &have, &budget))
		return;
	input_store(s, have);
	after_chewing(s, budget);
}

/* So much is left that it is not copied to and fro. */
static void
read_own(struct stream *s)
{
	struct slice have;
	bool budget;
	ssize_t n;

	input_room(s, LOOP_SCRATCH);
	n = read_some(s, s->input + s->input_len);
	if (n <= 0)
		return;
	s->input_len += (size_t)n;
	have = stream_input(s);
	if (chew(s, &have, &budget))
		return;
	s->input_at = s->input_len - have.len;
	after_chewing(s, budget);
}

static void
read_ready(struct stream *s)
{
	if (want_in(s) == 0 || s->leftovers.loop != NULL)
		return;
	if (left_over(s) <= LOOP_SCRATCH)
		read_shared(s);
	else
		read_own(s);
}

/* --- ready --- */

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
		tell_later(s);
	rewatch(s);
	if (s->hooks->connected != NULL)
		s->hooks->connected(s, error);
}

static bool
write_ready(struct stream *s)
{
	s->full_pipe = false;
	if (can_write(s))
		write_once(s, STREAM_BLOBS);
	if (can_write(s) && !s->full_pipe)
		tell_later(s);
	return settle(s);
}

static void
socket_ready(struct stream *s, uint32_t ready)
{
	if (s->connecting)
		connect_ready(s);
	else if (want_out(s) != 0 && (ready & (LOOP_OUT | LOOP_HUP)) != 0 && write_ready(s))
		return;
	else if ((ready & (LOOP_IN | LOOP_HUP)) != 0)
		read_ready(s);
}

static void
in_ready(struct watch *w, uint32_t ready)
{
	struct stream *s = owner_of(w, struct stream, in);

	if (is_socket(s))
		socket_ready(s, ready);
	else
		read_ready(s);
}

static void
out_ready(struct watch *w, uint32_t ready)
{
	(void)ready; /* a hang-up is found by writing */
	(void)write_ready(owner_of(w, struct stream, out));
}

/* --- life --- */

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
		uint32_t want = is_socket(s) ? want_in(s) | want_out(s) : want_in(s);

		error = watch_start(&s->in, s->loop, s->read_fd, want, in_ready, s->name);
	}
	if (error == 0 && s->write_fd >= 0 && !is_socket(s))
		error = watch_start(&s->out, s->loop, s->write_fd, 0, out_ready, s->name);
	if (error == 0)
		return;
	s->read_error = -error;
	tell_later(s);
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
	if (s->write_fd >= 0 && !is_socket(s))
		close(s->write_fd);
	s->read_fd = s->write_fd = -1;
	queue_drop(s);
	mem_free(s->input);
	s->input = NULL;
	s->input_at = s->input_len = s->input_size = 0;
	s->loop = NULL;
	if (s->gone != NULL)
		*s->gone = true;
	s->gone = NULL;
}

/* --- holding --- */

void
stream_hold(struct stream *s)
{
	s->holds++;
	if (s->loop == NULL)
		return;
	again_stop(&s->leftovers);
	rewatch(s);
}

void
stream_release(struct stream *s)
{
	MUST(s->holds > 0);
	if (--s->holds > 0 || s->loop == NULL)
		return;
	if (left_over(s) > 0 && !s->ended)
		loop_again(&s->leftovers, s->loop, stream_leftovers, s->name);
	rewatch(s);
}

bool
stream_held(const struct stream *s)
{
	return s->holds > 0;
}

void
stream_yield(struct stream *s)
{
	s->yields = true;
}

bool
stream_waiting(const struct stream *s)
{
	int n = 0;

	if (left_over(s) > 0)
		return true;
	return s->read_fd >= 0 && ioctl(s->read_fd, FIONREAD, &n) == 0 && n > 0;
}

/* --- sending --- */

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
		tell_later(s);
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
	while (can_write(s) && !s->full_pipe)
		write_once(s, apart ? 1 : STREAM_BLOBS);
	rewatch(s);
	if (s->write_error != 0 || (s->full && s->queue_bytes < s->low))
		tell_later(s);
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
