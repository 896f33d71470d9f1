/* What the files of a stream share. */
#pragma once

#include "loop/stream.h"

#include "inside.h"

static inline bool
stream_is_socket(const struct stream *s)
{
	return s->read_fd == s->write_fd;
}

/* Input that was not used. */
static inline size_t
stream_left(const struct stream *s)
{
	return s->input_len - s->input_at;
}

static inline bool
stream_can_write(const struct stream *s)
{
	return s->write_fd >= 0 && s->write_error == 0 && !s->connecting && s->queue_count > 0;
}

uint32_t stream_wants_in(const struct stream *s); /* LOOP_IN, or 0: it does not read now */
void stream_rewatch(struct stream *s);            /* epoll follows the state */
/* What goes wrong outside of the loop's calls is told by the loop. */
void stream_tell_later(struct stream *s);

void stream_read_ready(struct stream *s);
void stream_input_drop(struct stream *s);
/* Each of these may close the stream: true. */
bool stream_write_ready(struct stream *s);
bool stream_tell_ended(struct stream *s, int error, struct slice rest);

void stream_queue_drop(struct stream *s);
