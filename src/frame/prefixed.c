/* A 4-byte big-endian length, then that many bytes; zero is an empty message. */
#include "frame/frame.h"

#include "base/wire.h"
#include "extent.h"

#define PREFIX_LEN 4

struct extent
prefixed_extent(struct framer *f, struct slice in)
{
	struct reader r = reader_on(in);
	uint32_t n = read_u32(&r);
	struct extent e = { .header = PREFIX_LEN };

	if (!reader_ok(&r))
		return e;
	if (n > f->limit)
		e.fault = FRAME_TOO_LONG;
	e.known = true;
	e.body = n;
	e.whole = PREFIX_LEN + e.body;
	return e;
}

enum frame_status
prefixed_next(struct framer *f, struct slice in, struct frame *out)
{
	return frame_cut(f, in, out, prefixed_extent);
}

struct framer
frame_prefixed(size_t limit)
{
	return (struct framer){ .next = prefixed_next, .limit = limit };
}
