/*
 * Chunks: hex digits and a newline say how many bytes come, a newline ends them; a size of zero
 * ends the chunks and has no newline of its own.
 */
#include "frame/frame.h"

#include "base/hex.h"
#include "base/wire.h"
#include "extent.h"

#define SIZE_DIGITS 16
#define CHUNKS_END  1 /* frame.type of the size of zero */

static struct extent
chunk_of(struct reader *r, size_t digits, size_t n)
{
	struct extent e = { .known = true, .header = digits + 1, .body = n };

	if (n == 0) {
		e.whole = e.header;
		e.type = CHUNKS_END;
		return e;
	}
	e.whole = e.header + n + 1;
	read_skip(r, n);
	if (reader_more(r) && read_u8(r) != '\n')
		e.fault = FRAME_BAD_END;
	return e;
}

/* Byte by byte, so that the first wrong one is the fault however the input is cut. */
struct extent
chunked_extent(struct framer *f, struct slice in)
{
	struct reader r = reader_on(in);
	uint64_t n = 0;

	for (size_t digits = 0; reader_more(&r); digits++) {
		uint8_t c = read_u8(&r);
		int d = hex_digit(c);

		if (c == '\n' && digits != 0)
			return chunk_of(&r, digits, (size_t)n);
		if (d < 0 || digits == SIZE_DIGITS)
			return (struct extent){ .fault = FRAME_BAD_SIZE };
		n = n << 4 | (uint64_t)d;
		if (n > f->limit)
			return (struct extent){ .fault = FRAME_TOO_LONG };
	}
	return (struct extent){ .header = in.len + 1 };
}

enum frame_status
chunked_next(struct framer *f, struct slice in, struct frame *out)
{
	return frame_cut(f, in, out, chunked_extent);
}

struct framer
frame_chunked(size_t limit)
{
	return (struct framer){ .next = chunked_next, .limit = limit };
}
