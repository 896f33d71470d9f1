/* What all framers share: cutting by what was measured, and where the end of an input falls. */
#include "frame/frame.h"

#include "base/must.h"
#include "extent.h"

static const struct {
	frame_fn *next;
	extent_fn *measure;
} framers[] = {
	{ line_next, line_extent },
	{ prefixed_next, prefixed_extent },
	{ tlv_next, tlv_extent },
	{ chunked_next, chunked_extent },
	{ bgp_next, bgp_extent },
};

static struct extent
extent_of(const struct framer *f, struct slice in)
{
	struct framer asked = *f;
	size_t i = 0;

	while (framers[i].next != f->next) {
		i++;
		MUST(i < sizeof(framers) / sizeof(framers[0]));
	}
	return framers[i].measure(&asked, in);
}

enum frame_status
frame_cut(struct framer *f, struct slice in, struct frame *out, extent_fn *measure)
{
	struct extent e;

	if (f->fault != FRAME_FINE)
		return FRAME_BAD;
	e = measure(f, in);
	f->fault = e.fault;
	if (e.fault != FRAME_FINE)
		return FRAME_BAD;
	if (!e.known || in.len < e.whole)
		return FRAME_MORE;
	*out = (struct frame){
		.body = slice_of(in.at + e.header, e.body),
		.used = e.whole,
		.type = e.type,
	};
	return FRAME_READY;
}

enum frame_place
frame_place_of(const struct framer *f, struct slice in)
{
	if (in.len == 0)
		return FRAME_BETWEEN;
	return in.len < extent_of(f, in).header ? FRAME_IN_HEADER : FRAME_IN_BODY;
}

size_t
frame_need(const struct framer *f, struct slice in)
{
	struct extent e = extent_of(f, in);
	size_t goal = e.known ? e.whole : e.header;

	return goal > in.len ? goal - in.len : 1;
}
