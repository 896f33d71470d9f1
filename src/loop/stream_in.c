/* The reading half of a stream. */
#include "stream_inside.h"

#include "base/mem.h"
#include "base/must.h"

#include <errno.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define MOMENT (5 * USEC_MSEC)

static void stream_leftovers(struct again *a);

void
stream_input_drop(struct stream *s)
{
	mem_free(s->input);
	s->input = NULL;
	s->input_at = s->input_len = s->input_size = 0;
}

bool
stream_tell_ended(struct stream *s, int error, struct slice rest)
{
	bool gone = false;

	s->ended = true;
	s->read_error = 0;
	again_stop(&s->leftovers);
	stream_rewatch(s);
	s->gone = &gone;
	s->hooks->ended(s, error, rest);
	if (gone)
		return true;
	s->gone = NULL;
	stream_input_drop(s);
	return false;
}

struct slice
stream_input(const struct stream *s)
{
	if (s->input == NULL) /* also in front of nothing there is no byte to point at */
		return slice_of(NULL, 0);
	return slice_of(s->input + s->input_at, stream_left(s));
}

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

/* After chew(): what is left waits for more bytes, for its turn, or for a release. */
static void
after_chewing(struct stream *s, bool budget)
{
	if (stream_left(s) == 0) {
		stream_input_drop(s);
	} else if (!budget) {
		loop_again(&s->leftovers, s->loop, stream_leftovers, s->name);
	} else if (s->holds == 0 && stream_left(s) >= s->input_limit) {
		s->read_error = EMSGSIZE;
		stream_tell_later(s);
	}
	stream_rewatch(s);
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
	size_t left = stream_left(s);

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

	if (room > s->input_limit - stream_left(s))
		room = s->input_limit - stream_left(s);
	do
		n = read(s->read_fd, to, room);
	while (n < 0 && errno == EINTR);
	s->more = n > 0 && (size_t)n == room;
	if (n > 0)
		s->bytes_in += (size_t)n;
	else if (n == 0 || errno != EAGAIN)
		(void)stream_tell_ended(s, n == 0 ? 0 : errno, stream_input(s));
	return n;
}

/* What was left lies right before what is read now, in room that all streams share. */
static void
read_shared(struct stream *s)
{
	size_t left = stream_left(s);
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

void
stream_read_ready(struct stream *s)
{
	if (stream_wants_in(s) == 0 || s->leftovers.loop != NULL)
		return;
	if (stream_left(s) <= LOOP_SCRATCH)
		read_shared(s);
	else
		read_own(s);
}

void
stream_hold(struct stream *s)
{
	s->holds++;
	if (s->loop == NULL)
		return;
	again_stop(&s->leftovers);
	stream_rewatch(s);
}

void
stream_release(struct stream *s)
{
	MUST(s->holds > 0);
	if (--s->holds > 0 || s->loop == NULL)
		return;
	if (stream_left(s) > 0 && !s->ended)
		loop_again(&s->leftovers, s->loop, stream_leftovers, s->name);
	stream_rewatch(s);
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

	if (stream_left(s) > 0)
		return true;
	return s->read_fd >= 0 && ioctl(s->read_fd, FIONREAD, &n) == 0 && n > 0;
}
