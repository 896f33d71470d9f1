/* Framers: the whole input and any cutting of it give the same frames and the same fault. */
#include "frame/frame.h"

#include "base/mem.h"
#include "base/must.h"
#include "base/text.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

/* What has arrived, in a block that ends with it. */
static enum frame_status
next_of(struct framer *f, struct slice in, struct frame *out, struct text *to)
{
	uint8_t *copy = mem_copy(in.at, in.len);
	enum frame_status did = frame_next(f, slice_of(copy, in.len), out);

	if (did == FRAME_READY) {
		MUST(out->used <= in.len && out->body.len <= out->used);
		text_format(to, "%u:", out->type);
		text_hex(to, out->body);
		text_char(to, ' ');
	}
	mem_free(copy);
	return did;
}

static void
play(struct framer f, struct slice all, size_t piece, struct text *to)
{
	size_t have = 0;

	for (;;) {
		struct frame out;
		enum frame_status did = next_of(&f, slice_of(all.at, have), &out, to);

		if (did == FRAME_READY) {
			all = slice_after(all, out.used);
			have -= out.used;
			continue;
		}
		if (did == FRAME_BAD || have == all.len)
			break;
		MUST(frame_need(&f, slice_of(all.at, have)) >= 1);
		have = piece < all.len - have ? have + piece : all.len;
	}
	if (f.fault == FRAME_FINE)
		text_format(to, "end %d", frame_place_of(&f, slice_of(all.at, have)));
	else
		text_format(to, "bad %d", f.fault);
}

static void
check(struct framer f, struct slice in, size_t piece)
{
	struct text whole = { 0 };
	struct text cut = { 0 };

	play(f, in, in.len + 1, &whole);
	play(f, in, piece, &cut);
	MUST(slice_same(text_view(&whole), text_view(&cut)));
	text_free(&whole);
	text_free(&cut);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	struct slice in = { bytes, len };
	size_t piece;

	if (len < 2 || len > 4096)
		return 0;
	piece = 1 + bytes[0] % 32;
	in = slice_after(in, 1);
	check(frame_lines(64), in, piece);
	check(frame_prefixed(512), in, piece);
	check(frame_tlv(512), in, piece);
	check(frame_chunked(512), in, piece);
	check(frame_bgp(4096), in, piece);
	return 0;
}
