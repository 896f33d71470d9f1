/* BGP messages: marker, length of all, type; RFC 4271 4.1, RFC 8654. */
#include "frame/frame.h"

#include "base/wire.h"
#include "extent.h"

#define MARKER_LEN 16
#define HEADER_LEN 19

static bool
marker_fits(struct slice in)
{
	size_t n = in.len < MARKER_LEN ? in.len : MARKER_LEN;
	struct reader r = reader_on(slice_of(in.at, n));

	while (reader_more(&r))
		if (read_u8(&r) != 0xff)
			return false;
	return true;
}

struct extent
bgp_extent(struct framer *f, struct slice in)
{
	struct reader r = reader_on(in);
	struct extent e = { .header = HEADER_LEN };

	if (!marker_fits(in)) { /* RFC 4271 6.1: Connection Not Synchronized */
		e.fault = FRAME_BAD_MARKER;
		return e;
	}
	read_skip(&r, MARKER_LEN);
	e.whole = read_u16(&r);
	if (!reader_ok(&r))
		return e;
	if (e.whole < HEADER_LEN) { /* RFC 4271 6.1: Bad Message Length */
		e.fault = FRAME_TOO_SHORT;
		return e;
	}
	if (e.whole > f->limit)
		e.fault = FRAME_TOO_LONG;
	e.known = true;
	e.body = e.whole - HEADER_LEN;
	e.type = read_u8(&r);
	return e;
}

/* The frame is the message whole: whoever answers a bad one quotes its header. */
enum frame_status
bgp_next(struct framer *f, struct slice in, struct frame *out)
{
	enum frame_status did = frame_cut(f, in, out, bgp_extent);

	if (did == FRAME_READY)
		out->body = slice_of(in.at, out->used);
	return did;
}

struct framer
frame_bgp(size_t limit)
{
	return (struct framer){ .next = bgp_next, .limit = limit };
}
