/*
 * A descriptor with input bytes and a queue of blobs: sockets, pipes. Owns its fd. Input buffers
 * are given back when empty, so an idle stream costs a few words.
 *
 * Reading: one read of at most 64 KiB a round; hook bytes() is told what is there and says how much
 * it used; what is left stays for the next time. While there are leftovers that nobody asked for
 * yet nothing more is read. Writing: what was sent is written at the end of the round with one
 * writev of at most STREAM_BLOBS; EAGAIN waits for room. Holds are counted: two reasons to pause
 * reading don't undo each other. A held stream with an empty queue leaves epoll.
 *
 * Hooks are only called by the loop, never out of a stream_*() call.
 */
#pragma once

#include "base/blob.h"
#include "base/slice.h"
#include "loop/loop.h"

#include <stdbool.h>

#define STREAM_CALLS 8                         /* of bytes() in a round */
#define STREAM_BLOBS 256                       /* in a writev */
#define STREAM_INPUT ((size_t)2 * 1024 * 1024) /* default of input_limit */

struct stream;

struct stream_hooks {
	/* Input so far, oldest first: returns the bytes that were used up (0: not enough yet). It
	 * is called again while it uses some, STREAM_CALLS times a round; leftovers go on in the
	 * next round. May close or bury the stream: then return 0 and touch nothing. */
	size_t (*bytes)(struct stream *s, struct slice in);
	/* The other side ended (error 0) or the descriptor failed (errno; EMSGSIZE: the input is at
	 * its limit and none of it is used). What was not used of the input is in rest. Told once;
	 * the stream does not read any more. */
	void (*ended)(struct stream *s, int error, struct slice rest);
	/* The queue drained to below low after having been at or above high. May be NULL. */
	void (*drained)(struct stream *s);
	/* The loop wrote, or wanted to, and nothing is left to be written. May be NULL. */
	void (*emptied)(struct stream *s);
	/* Writing failed (errno, also EPIPE). Told once; the queue is dropped. NULL: as ended(). */
	void (*broken)(struct stream *s, int error);
	/* A non-blocking connect() came to its end: 0 or errno. May be NULL. */
	void (*connected)(struct stream *s, int error);
};

struct stream {
	struct loop *loop; /* NULL: closed */
	const struct stream_hooks *hooks;
	const char *name;
	int read_fd;  /* -1: none; the same as write_fd for a socket */
	int write_fd; /* -1: none */
	struct watch in;
	struct watch out;
	struct again leftovers;
	struct flush flush;
	unsigned holds;
	bool connecting;
	bool ended;
	bool full;      /* the queue is at or above high and has not drained */
	bool full_pipe; /* the kernel had no room; the loop tells when it has */
	bool broken;    /* told */
	bool finishing; /* no more writing after the queue is out */
	int read_error; /* to be told: what ended() and broken() get */
	int write_error;
	bool yields; /* said by bytes(): enough for this round */
	bool *gone;  /* told when the stream is closed inside its own hook */
	uint8_t *input;
	size_t input_at;  /* first byte not used */
	size_t input_len; /* end of what was read */
	size_t input_size;
	size_t share; /* read at most so much at once while others have something too; 0: 64 KiB */
	bool more;    /* the last read left some */
	size_t input_limit;  /* never buffers more; the framer's limit says what is too long */
	struct blob **queue; /* ring */
	size_t queue_size;
	size_t queue_at;
	size_t queue_count;
	size_t queue_offset; /* written of the first */
	size_t queue_bytes;  /* not written, all together */
	size_t lost;         /* blobs that were queued, or begun, when writing failed */
	size_t high;         /* marks for drained(), in bytes; default 256 KiB and 64 KiB */
	size_t low;
	uint64_t bytes_in;
	uint64_t bytes_out;
	usec last_progress; /* when something was last written, or the queue last was empty */
};

/* fd is taken: non-blocking and close-on-exec. Either may be -1; both the same for a socket. */
void stream_start(struct stream *s, struct loop *l, int read_fd, int write_fd,
    const struct stream_hooks *hooks, const char *name);
/* A socket on which connect() gave EINPROGRESS: connected() tells; reading starts after it. */
void stream_start_connecting(
    struct stream *s, struct loop *l, int fd, const struct stream_hooks *hooks, const char *name);
void stream_close(struct stream *s); /* at once; the queue is dropped; idempotent */

void stream_hold(struct stream *s);    /* stop reading, counted */
void stream_release(struct stream *s); /* MUST be held */
bool stream_held(const struct stream *s);
/* Out of bytes(): it has had its share, the rest has its turn in the next round. */
void stream_yield(struct stream *s);
struct slice stream_input(const struct stream *s); /* read and not used yet */
bool stream_waiting(const struct stream *s); /* unread bytes: buffered here or in the kernel */

void stream_take(struct stream *s, struct blob *b);     /* queue it; b is taken */
void stream_send(struct stream *s, struct slice bytes); /* queue a copy as one blob */
/* Write what is queued now instead of at the end of the round; each blob by itself if apart. */
void stream_push(struct stream *s, bool apart);
/* drained() shall tell of what is queued, however little it is. */
void stream_await(struct stream *s);
/* No more writing after the queue is out: shutdown(SHUT_WR), or close of a pipe's end. */
void stream_finish(struct stream *s);
static inline bool
stream_idle(const struct stream *s)
{
	return s->queue_count == 0;
}
