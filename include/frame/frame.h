/*
 * Where messages end. A framer is a pure function of the bytes: no I/O, no buffer of its own, no
 * allocation. Any cutting of the input into pieces gives the same frames and the same fault.
 *
 * The caller keeps unread bytes, calls frame_next() with all of them, and drops out->used bytes
 * after a READY. Limits are part of the framer: a line or a length over its limit is BAD before its
 * bytes arrive. A BAD framer stays bad: length-prefixed streams can't find their way again.
 */
#pragma once

#include "base/slice.h"

#include <stdint.h>

enum frame_status { FRAME_MORE, FRAME_READY, FRAME_BAD };

enum frame_fault {
	FRAME_FINE,
	FRAME_TOO_LONG,   /* over the limit */
	FRAME_TOO_SHORT,  /* a length that can't hold its own header */
	FRAME_BAD_MARKER, /* BGP: not 16 bytes of 0xff */
	FRAME_BAD_SIZE,   /* chunked: not a size line */
	FRAME_BAD_END,    /* chunked: no end of line behind a chunk */
};

enum frame_place { /* where an end of input would fall */
	FRAME_BETWEEN,
	FRAME_IN_HEADER,
	FRAME_IN_BODY,
};

struct frame {
	struct slice body; /* points into the input: a line without its newline, a message whole */
	size_t used;       /* what to drop from the input afterwards */
	uint32_t type;     /* BGP: message type. TLV: type. Others: 0 */
};

struct framer;
typedef enum frame_status frame_fn(struct framer *f, struct slice in, struct frame *out);

struct framer {
	frame_fn *next;
	size_t limit;           /* longest body (BGP: message with header) */
	size_t seen;            /* a hint against scanning twice; forgetting it changes nothing */
	enum frame_fault fault; /* why BAD */
};

struct framer frame_lines(size_t limit);    /* body: up to '\n', which is dropped; a '\r' stays */
struct framer frame_prefixed(size_t limit); /* 4-byte big-endian length, 0..limit bytes */
struct framer frame_tlv(size_t limit);      /* type 1, length 2, value */
struct framer frame_chunked(size_t limit);  /* one chunk a frame: hex size line, bytes, newline;
					       type 1 with an empty body at the size of zero */
struct framer frame_bgp(size_t limit);      /* limit 4096 or 65535; body: the message with header */

static inline enum frame_status
frame_next(struct framer *f, struct slice in, struct frame *out)
{
	return f->next(f, in, out);
}

/* Where the rest that is left of the input stands: in != empty only after FRAME_MORE. */
enum frame_place frame_place_of(const struct framer *f, struct slice in);
/* How many more bytes a frame needs at least (while its header is not whole: the header); at least
 * 1. A fault may be told earlier. */
size_t frame_need(const struct framer *f, struct slice in);
