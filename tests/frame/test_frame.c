/* Framers: any cutting into pieces gives the same frames and the same fault. */
#include "case.h"

#include "base/text.h"
#include "base/wire.h"
#include "frame/frame.h"
#include "guard.h"
#include "pieces.h"

/* What a framer makes of the input when it comes in pieces; piece == 0: of random lengths. */
static void
play(struct framer f, struct slice all, size_t piece, bool forget, uint64_t seed, struct guard *g,
    struct text *to)
{
	size_t start = 0;
	size_t have = 0;

	for (;;) {
		struct slice in = guard_lay(g, slice_of(all.at + start, have - start));
		struct frame out;
		enum frame_status did;

		if (forget)
			f.seen = 0;
		did = frame_next(&f, in, &out);
		if (did == FRAME_READY) {
			text_format(to, "%u:", out.type);
			text_hex(to, out.body);
			text_format(to, "+%zu ", out.used);
			start += out.used;
			continue;
		}
		if (did == FRAME_BAD) {
			text_format(to, "bad %d", f.fault);
			cr_expect(frame_next(&f, in, &out) == FRAME_BAD, "bad stays bad");
			return;
		}
		if (have == all.len) {
			text_format(to, "end %d", frame_place_of(&f, in));
			return;
		}
		cr_expect(frame_need(&f, in) >= 1);
		have += piece != 0 ? piece : 1 + dice(&seed) % 7;
		if (have > all.len)
			have = all.len;
	}
}

static void
same_in_all_pieces(struct framer f, struct slice all, const char *label)
{
	struct guard g = guard_of(all.len + 1);
	struct text whole = { 0 };
	struct text other = { 0 };

	play(f, all, all.len + 1, false, 0, &g, &whole);
	for (size_t piece = 0; piece < 24; piece++)
		for (uint32_t round = 0; round < (piece == 0 ? 40u : 2u); round++) {
			text_clear(&other);
			play(f, all, piece, round % 2 == 1, round + 1, &g, &other);
			cr_expect(slice_same(text_view(&whole), text_view(&other)),
			    "%s by %zu: %s, not %s", label, piece, text_chars(&other),
			    text_chars(&whole));
		}
	text_free(&whole);
	text_free(&other);
	guard_done(&g);
}

static void
expect_play(struct framer f, struct slice in, const char *want)
{
	struct guard g = guard_of(in.len + 1);
	struct text got = { 0 };

	play(f, in, in.len + 1, false, 0, &g, &got);
	cr_expect_str_eq(text_chars(&got), want);
	text_free(&got);
	guard_done(&g);
	same_in_all_pieces(f, in, want);
}

#define MARKER "\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff"

Case(frame, lines_end_at_newlines_which_are_dropped)
{
	expect_play(frame_lines(4), SLICE("ab\n\ncd\r\n"), "0:6162+3 0:+1 0:63640d+4 end 0");
	expect_play(frame_lines(4), SLICE("abcd\nab"), "0:61626364+5 end 2");
	expect_play(frame_lines(0), SLICE("\n\n"), "0:+1 0:+1 end 0");
}

Case(frame, long_line_is_bad_in_any_pieces)
{
	expect_play(frame_lines(4), SLICE("abcd\nabcde\n"), "0:61626364+5 bad 1");
	expect_play(frame_lines(4), SLICE("abcde"), "bad 1");
	expect_play(frame_lines(0), SLICE("a"), "bad 1");
}

Case(frame, prefixed_messages_may_be_empty)
{
	expect_play(frame_prefixed(3), SLICE("\0\0\0\3abc\0\0\0\0\0\0\0\1x"),
	    "0:616263+7 0:+4 0:78+5 end 0");
	expect_play(frame_prefixed(3), SLICE("\0\0\0"), "end 1");
	expect_play(frame_prefixed(3), SLICE("\0\0\0\3"), "end 2");
	expect_play(frame_prefixed(3), SLICE("\0\0\0\3ab"), "end 2");
}

Case(frame, prefixed_length_over_the_limit_is_bad_before_its_bytes)
{
	expect_play(frame_prefixed(3), SLICE("\0\0\0\4"), "bad 1");
	expect_play(frame_prefixed(65536), SLICE("\3\0\0\0abc"), "bad 1"); /* little endian */
	expect_play(frame_prefixed(UINT32_MAX), SLICE("\xff\xff\xff\xff"), "end 2");
}

Case(frame, tlv_carries_type_and_any_length)
{
	expect_play(frame_tlv(65535), SLICE("\7\0\0\x09\0\2hi"), "7:+3 9:6869+5 end 0");
	expect_play(frame_tlv(65535), SLICE("\7\xff\xff"), "end 2");
	expect_play(frame_tlv(65535), SLICE("\7\0"), "end 1");
	expect_play(frame_tlv(2), SLICE("\7\0\3"), "bad 1");
}

Case(frame, chunks_end_with_a_size_of_zero)
{
	expect_play(frame_chunked(16), SLICE("3\nabc\n0a\n0123456789\n0\n1\nx\n"),
	    "0:616263+6 0:30313233343536373839+14 1:+2 0:78+4 end 0");
	expect_play(frame_chunked(16), SLICE("0\n"), "1:+2 end 0");
	expect_play(frame_chunked(16), SLICE("3\nab"), "end 2");
	expect_play(frame_chunked(16), SLICE("1\na"), "end 2");
	expect_play(frame_chunked(16), SLICE("0"), "end 1");
}

Case(frame, chunks_have_good_sizes_and_ends)
{
	expect_play(frame_chunked(16), SLICE("\n"), "bad 4");
	expect_play(frame_chunked(16), SLICE("g\n"), "bad 4");
	expect_play(frame_chunked(16), SLICE("-1\n"), "bad 4");
	expect_play(frame_chunked(16), SLICE("00000000000000001\n"), "bad 4");
	expect_play(frame_chunked(16), SLICE("11"), "bad 1");
	expect_play(frame_chunked(SIZE_MAX - 32), SLICE("ffffffffffffffff\n"), "bad 1");
	expect_play(frame_chunked(16), SLICE("1\nab\n"), "bad 5");
}

Case(frame, bgp_frames_are_messages_with_their_headers)
{
	expect_play(frame_bgp(4096), SLICE(MARKER "\0\x13\4" MARKER "\0\x15\3\6\2"),
	    "4:ffffffffffffffffffffffffffffffff001304+19 "
	    "3:ffffffffffffffffffffffffffffffff0015030602+21 end 0");
	expect_play(frame_bgp(4096), SLICE(MARKER "\0\x13"), "end 1");
	expect_play(frame_bgp(4096), SLICE(MARKER "\0\x14\4"), "end 2");
}

Case(frame, bgp_faults_come_from_the_header_alone)
{
	struct framer f = frame_bgp(4096);
	struct frame out;

	expect_play(frame_bgp(4096), SLICE(MARKER "\0\x12"), "bad 2");
	expect_play(frame_bgp(4096), SLICE(MARKER "\x10\x01"), "bad 1");
	expect_play(frame_bgp(4096), SLICE(MARKER "\x10\x00"), "end 1");
	expect_play(frame_bgp(65535), SLICE(MARKER "\xff\xff\2"), "end 2");
	expect_play(frame_bgp(4096), SLICE("\xff\xff\xfe"), "bad 3");
	cr_expect(frame_next(&f, SLICE("\xff\xff\xff"), &out) == FRAME_MORE);
	cr_expect(frame_next(&f, SLICE("\xff\xff\xff\x7f"), &out) == FRAME_BAD);
}

Case(frame, bgp_marker_is_wrong_at_any_of_its_bytes)
{
	for (size_t i = 0; i < 16; i++) {
		uint8_t bytes[19] = MARKER "\0\x13\4";
		struct framer f = frame_bgp(4096);
		struct frame out;

		bytes[i] = 0;
		cr_expect(frame_next(&f, slice_of(bytes, i), &out) == FRAME_MORE, "%zu", i);
		cr_expect(frame_next(&f, slice_of(bytes, i + 1), &out) == FRAME_BAD, "%zu", i);
		cr_expect(f.fault == FRAME_BAD_MARKER);
	}
}

Case(frame, need_is_what_a_frame_lacks_at_least)
{
	struct {
		struct framer f;
		struct slice whole;
	} rows[] = {
		{ frame_lines(100), SLICE("abcdef\n") },
		{ frame_prefixed(100), SLICE("\0\0\0\5hello") },
		{ frame_tlv(100), SLICE("\1\0\5hello") },
		{ frame_chunked(100), SLICE("5\nhello\n") },
		{ frame_bgp(4096), SLICE(MARKER "\0\x17\2\0\0\0\0") },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		for (size_t n = 0; n < rows[i].whole.len; n++) {
			struct framer f = rows[i].f;
			size_t need = frame_need(&f, slice_of(rows[i].whole.at, n));
			struct frame out;

			cr_expect(need >= 1 && n + need <= rows[i].whole.len, "%zu at %zu", i, n);
			cr_expect(frame_next(&f, slice_of(rows[i].whole.at, n + need - 1), &out) ==
			    FRAME_MORE);
		}
}

Case(frame, inputs_without_sense_are_cut_the_same_in_any_pieces)
{
	static const char letters[] = "0123\n\r\xff\0\1\2gaf";
	uint64_t seed = 5;

	for (int round = 0; round < 120; round++) {
		uint8_t bytes[64];
		struct slice in = { bytes, dice(&seed) % sizeof(bytes) };
		size_t limit = dice(&seed) % 12;

		for (size_t i = 0; i < in.len; i++)
			bytes[i] = (uint8_t)letters[dice(&seed) % (sizeof(letters) - 1)];
		same_in_all_pieces(frame_lines(limit), in, "lines");
		same_in_all_pieces(frame_prefixed(limit), in, "prefixed");
		same_in_all_pieces(frame_tlv(limit), in, "tlv");
		same_in_all_pieces(frame_chunked(limit), in, "chunked");
		same_in_all_pieces(frame_bgp(4096), in, "bgp");
	}
}

Case(frame, four_thousand_bytes_may_be_split_at_every_offset)
{
	static uint8_t bytes[4096];
	struct writer w = writer_on(bytes, sizeof(bytes));

	write_fill(&w, 0xff, 16);
	write_u16(&w, 4096);
	write_u8(&w, 2);
	for (size_t n = 0; n <= sizeof(bytes); n++) {
		struct framer f = frame_bgp(4096);
		struct frame out = { 0 };
		enum frame_status want = n == sizeof(bytes) ? FRAME_READY : FRAME_MORE;
		enum frame_place place = n == 0 ? FRAME_BETWEEN
		    : n < 19                    ? FRAME_IN_HEADER
						: FRAME_IN_BODY;

		cr_assert(frame_next(&f, slice_of(bytes, n), &out) == want, "%zu", n);
		cr_assert(frame_place_of(&f, slice_of(bytes, n)) == place, "%zu", n);
	}
}

Case(frame, framers_stack)
{
	/* a BGP message in a prefixed one in two chunks */
	struct slice in = SLICE("a\n\0\0\0\x13\xff\xff\xff\xff\xff\xff\nd\n"
				"\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\0\x13\4\n0\n");
	struct framer chunks = frame_chunked(64);
	struct framer prefixed = frame_prefixed(64);
	struct framer bgp = frame_bgp(4096);
	struct text inner = { 0 };
	struct frame out;

	while (frame_next(&chunks, in, &out) == FRAME_READY) {
		text_slice(&inner, out.body);
		in = slice_after(in, out.used);
	}
	cr_assert(frame_next(&prefixed, text_view(&inner), &out) == FRAME_READY);
	cr_assert(frame_next(&bgp, out.body, &out) == FRAME_READY);
	cr_expect(out.type == 4 && in.len == 0);
	text_free(&inner);
}
