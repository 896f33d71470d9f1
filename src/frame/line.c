/* Lines: up to a newline. */
#include "frame/frame.h"

#include "extent.h"

struct extent
line_extent(struct framer *f, struct slice in)
{
	struct extent e = { 0 };
	/* one byte over the limit: where its newline stands at the latest */
	size_t reach = in.len <= f->limit ? in.len : f->limit + 1;
	size_t from = f->seen <= reach ? f->seen : 0;
	const uint8_t *end = from == reach ? NULL : memchr(in.at + from, '\n', reach - from);

	if (end == NULL) {
		if (in.len > f->limit)
			e.fault = FRAME_TOO_LONG;
		f->seen = in.len;
		return e;
	}
	f->seen = 0;
	e.known = true;
	e.body = (size_t)(end - in.at);
	e.whole = e.body + 1;
	return e;
}

enum frame_status
line_next(struct framer *f, struct slice in, struct frame *out)
{
	return frame_cut(f, in, out, line_extent);
}

struct framer
frame_lines(size_t limit)
{
	return (struct framer){ .next = line_next, .limit = limit };
}
