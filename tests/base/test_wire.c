/* Cursors: what is written is read, a short read sticks, nothing is touched past an end. */
#include "case.h"

#include "base/wire.h"
#include "guard.h"
#include "pieces.h"

enum kind { U8, U16, U24, U32, U64, BYTES, KINDS };

static const size_t size_of[KINDS] = { 1, 2, 3, 4, 8, 5 };

static uint64_t
limit(enum kind k, uint64_t v)
{
	return k == U64 || k == BYTES ? v : v & ((UINT64_C(1) << (8 * size_of[k])) - 1);
}

static void
put(struct writer *w, enum kind k, uint64_t v)
{
	switch (k) {
	case U8: write_u8(w, (uint8_t)v); break;
	case U16: write_u16(w, (uint16_t)v); break;
	case U24: write_u24(w, (uint32_t)v); break;
	case U32: write_u32(w, (uint32_t)v); break;
	case U64: write_u64(w, v); break;
	case BYTES: write_bytes(w, &v, 5); break;
	case KINDS: break;
	}
}

static uint64_t
get(struct reader *r, enum kind k)
{
	uint64_t v = 0;

	switch (k) {
	case U8: return read_u8(r);
	case U16: return read_u16(r);
	case U24: return read_u24(r);
	case U32: return read_u32(r);
	case U64: return read_u64(r);
	case BYTES: read_copy(r, &v, 5); return v;
	case KINDS: break;
	}
	return 0;
}

#define FIELDS 12

struct record {
	enum kind kind[FIELDS];
	uint64_t value[FIELDS];
	size_t len;
};

static struct record
roll_record(uint64_t *seed)
{
	struct record rec = { .len = 0 };

	for (int i = 0; i < FIELDS; i++) {
		uint64_t high = dice(seed);

		rec.kind[i] = (enum kind)(dice(seed) % KINDS);
		rec.value[i] = limit(rec.kind[i], high << 32 | dice(seed));
		if (rec.kind[i] == BYTES)
			rec.value[i] &= (UINT64_C(1) << 40) - 1;
		rec.len += size_of[rec.kind[i]];
	}
	return rec;
}

static void
expect_cut(const struct record *rec, struct slice bytes)
{
	struct reader r = reader_on(bytes);
	size_t end = 0;

	for (int i = 0; i < FIELDS; i++) {
		uint64_t got = get(&r, rec->kind[i]);

		end += size_of[rec->kind[i]];
		cr_assert(got == (end <= bytes.len ? rec->value[i] : 0));
	}
	cr_assert(reader_ok(&r) == (bytes.len == rec->len));
	cr_assert(reader_done(&r) == (bytes.len == rec->len));
	cr_assert(!reader_more(&r));
}

Case(wire, what_is_written_is_read_and_every_truncation_sticks)
{
	struct guard g = guard_of(128);
	uint64_t seed = 2;

	for (int round = 0; round < 300; round++) {
		struct record rec = roll_record(&seed);
		uint8_t room[128];
		struct writer w = writer_on(room, sizeof(room));

		for (int i = 0; i < FIELDS; i++)
			put(&w, rec.kind[i], rec.value[i]);
		cr_assert(writer_ok(&w) && writer_len(&w) == rec.len);
		for (size_t len = 0; len <= rec.len; len++)
			expect_cut(&rec, guard_lay(&g, slice_of(room, len)));
	}
	guard_done(&g);
}

Case(wire, a_writer_stops_at_its_end_and_stays_full)
{
	struct guard g = guard_of(64);
	uint64_t seed = 9;

	for (size_t size = 0; size < 40; size++) {
		uint8_t blank[64] = { 0 };
		struct slice room = guard_lay(&g, slice_of(blank, size));
		struct writer w = writer_on((void *)(uintptr_t)room.at, size);
		struct record rec = roll_record(&seed);
		size_t fitted = 0;
		bool full = false;

		for (int i = 0; i < FIELDS; i++) {
			/* 64 bits are two writes of 32: the first may fit alone */
			if (rec.kind[i] == U64)
				rec.kind[i] = U32;
			put(&w, rec.kind[i], rec.value[i]);
			full = full || fitted + size_of[rec.kind[i]] > size;
			if (!full)
				fitted += size_of[rec.kind[i]];
			cr_assert(writer_ok(&w) == !full && writer_len(&w) == fitted);
		}
		writer_back(&w, 0);
		cr_assert(writer_ok(&w) && writer_room(&w) == size);
	}
	guard_done(&g);
}

Case(wire, lengths_that_were_opened_are_closed)
{
	uint8_t room[400];
	struct writer w = writer_on(room, sizeof(room));
	struct gap outer = open_u16(&w);
	struct gap inner = open_u8(&w);
	struct reader r;
	struct reader in;

	write_fill(&w, 7, 255);
	close_u8(&w, inner);
	write_slice(&w, SLICE("ab"));
	close_u16(&w, outer);
	r = reader_on(writer_slice(&w));
	in = read_inner(&r, read_u16(&r));
	cr_expect(reader_done(&r) && reader_left(&in) == 258);
	cr_expect(read_u8(&in) == 255);
	read_skip(&in, 255);
	cr_expect(slice_is(read_rest(&in), "ab") && reader_done(&in));
	inner = open_u8(&w);
	write_fill(&w, 0, 0);
	close_u8(&w, inner);
	cr_expect(writer_ok(&w));
	writer_back(&w, 0);
	inner = open_u8(&w);
	write_fill(&w, 7, 256);
	close_u8(&w, inner);
	cr_expect(!writer_ok(&w), "256 is no length of 8 bits");
}

Case(wire, an_inner_reader_ends_where_it_was_told)
{
	struct reader r = reader_on(SLICE("abcdef"));
	struct reader in = read_inner(&r, 2);

	cr_expect(read_u32(&in) == 0 && !reader_ok(&in) && reader_ok(&r));
	cr_expect(read_u8(&r) == 'c');
	in = read_inner(&r, 4);
	cr_expect(!reader_ok(&in) && !reader_ok(&r) && read_u8(&in) == 0 && read_rest(&r).len == 0);
	r = reader_on((struct slice){ 0 });
	cr_expect(reader_done(&r) && read_slice(&r, 0).len == 0 && reader_ok(&r));
	reader_fail(&r);
	cr_expect(!reader_done(&r));
}
