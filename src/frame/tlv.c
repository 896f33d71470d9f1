/* Type 1, length 2 (of the value alone, zero is fine), value. */
#include "frame/frame.h"

#include "base/wire.h"
#include "extent.h"

#define TLV_HEADER 3

struct extent
tlv_extent(struct framer *f, struct slice in)
{
	struct reader r = reader_on(in);
	struct extent e = { .header = TLV_HEADER };

	e.type = read_u8(&r);
	e.body = read_u16(&r);
	if (!reader_ok(&r))
		return e;
	if (e.body > f->limit)
		e.fault = FRAME_TOO_LONG;
	e.known = true;
	e.whole = TLV_HEADER + e.body;
	return e;
}

enum frame_status
tlv_next(struct framer *f, struct slice in, struct frame *out)
{
	return frame_cut(f, in, out, tlv_extent);
}

struct framer
frame_tlv(size_t limit)
{
	return (struct framer){ .next = tlv_next, .limit = limit };
}
