/*
 * Cursors over big-endian bytes, by value on the stack.
 *
 * reader: the first short read sticks; every later read gives zero and moves nothing. A decoder
 * reads a whole record and asks once: reader_done() (all was there and nothing is left over) or
 * reader_ok() (all was there).
 *
 * writer: writes into a fixed room; the first write that doesn't fit sticks and nothing more is
 * written. Lengths are opened and closed (open_u8, open_u16), never counted by hand.
 */
#pragma once

#include "base/slice.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct reader {
	const uint8_t *at;
	const uint8_t *end;
	bool bad;
};

static inline struct reader
reader_on(struct slice s)
{
	return (struct reader){ .at = s.at, .end = s.len == 0 ? s.at : s.at + s.len };
}

static inline size_t
reader_left(const struct reader *r)
{
	return (size_t)(r->end - r->at);
}

static inline bool
reader_ok(const struct reader *r)
{
	return !r->bad;
}

/* Was everything there, and is nothing left over? */
static inline bool
reader_done(const struct reader *r)
{
	return !r->bad && r->at == r->end;
}

/* Is there more to read? False after a failure. */
static inline bool
reader_more(const struct reader *r)
{
	return !r->bad && r->at != r->end;
}

/* Mark what was read as bad: a value was there, but is not allowed. */
static inline void
reader_fail(struct reader *r)
{
	r->bad = true;
	r->at = r->end;
}

/* n bytes in place; on failure the slice is empty. */
static inline struct slice
read_slice(struct reader *r, size_t n)
{
	struct slice s = { NULL, 0 };

	if (reader_left(r) < n) {
		reader_fail(r);
		return s;
	}
	s = slice_of(r->at, n);
	if (n != 0)
		r->at += n;
	return s;
}

/* All that is left. */
static inline struct slice
read_rest(struct reader *r)
{
	return read_slice(r, reader_left(r));
}

/* A bounded inner reader over the next n bytes: nothing past it can be reached. */
static inline struct reader
read_inner(struct reader *r, size_t n)
{
	struct slice s = read_slice(r, n);
	struct reader inner = reader_on(s);

	inner.bad = r->bad;
	return inner;
}

static inline void
read_skip(struct reader *r, size_t n)
{
	(void)read_slice(r, n);
}

/* Copy n bytes to a place of n bytes; zeroes it on failure. */
static inline void
read_copy(struct reader *r, void *to, size_t n)
{
	struct slice s = read_slice(r, n);

	if (s.len == n && n != 0)
		memcpy(to, s.at, n);
	else
		memset(to, 0, n);
}

static inline uint8_t
read_u8(struct reader *r)
{
	struct slice s = read_slice(r, 1);

	return s.len == 0 ? 0 : s.at[0];
}

static inline uint16_t
load_u16(const uint8_t *b)
{
	uint32_t v = ((uint32_t)b[0] << 8) | b[1];

	return (uint16_t)v;
}

static inline uint32_t
load_u24(const uint8_t *b)
{
	return ((uint32_t)b[0] << 16) | ((uint32_t)b[1] << 8) | b[2];
}

static inline uint32_t
load_u32(const uint8_t *b)
{
	return ((uint32_t)b[0] << 24) | ((uint32_t)b[1] << 16) | ((uint32_t)b[2] << 8) | b[3];
}

static inline uint64_t
load_u64(const uint8_t *b)
{
	return ((uint64_t)load_u32(b) << 32) | load_u32(b + 4);
}

static inline uint16_t
read_u16(struct reader *r)
{
	struct slice s = read_slice(r, 2);

	if (s.len == 0)
		return 0;
	return load_u16(s.at);
}

static inline uint32_t
read_u24(struct reader *r)
{
	struct slice s = read_slice(r, 3);

	return s.len == 0 ? 0 : load_u24(s.at);
}

static inline uint32_t
read_u32(struct reader *r)
{
	struct slice s = read_slice(r, 4);

	return s.len == 0 ? 0 : load_u32(s.at);
}

static inline uint64_t
read_u64(struct reader *r)
{
	struct slice s = read_slice(r, 8);

	return s.len == 0 ? 0 : load_u64(s.at);
}

struct writer {
	uint8_t *start;
	uint8_t *at;
	uint8_t *end;
	bool full; /* something did not fit */
};

static inline struct writer
writer_on(void *room, size_t size)
{
	uint8_t *b = room;

	return (struct writer){ .start = b, .at = b, .end = b + size };
}

static inline size_t
writer_len(const struct writer *w)
{
	return (size_t)(w->at - w->start);
}

static inline size_t
writer_room(const struct writer *w)
{
	return (size_t)(w->end - w->at);
}

static inline bool
writer_ok(const struct writer *w)
{
	return !w->full;
}

static inline struct slice
writer_slice(const struct writer *w)
{
	return slice_of(w->start, writer_len(w));
}

/* Back to an earlier length (from writer_len); what did not fit is forgotten. */
static inline void
writer_back(struct writer *w, size_t len)
{
	w->at = w->start + len;
	w->full = false;
}

/* Room for n bytes that the caller fills at once, or NULL. */
static inline uint8_t *
write_room(struct writer *w, size_t n)
{
	uint8_t *at = w->at;

	if (w->full || writer_room(w) < n) {
		w->full = true;
		return NULL;
	}
	w->at += n;
	return at;
}

static inline void
write_bytes(struct writer *w, const void *from, size_t n)
{
	uint8_t *b = write_room(w, n);

	if (b != NULL && n != 0)
		memcpy(b, from, n);
}

static inline void
write_slice(struct writer *w, struct slice s)
{
	write_bytes(w, s.at, s.len);
}

static inline void
write_fill(struct writer *w, uint8_t byte, size_t n)
{
	uint8_t *b = write_room(w, n);

	if (b != NULL)
		memset(b, byte, n);
}

static inline void
store_u16(uint8_t *b, uint16_t v)
{
	b[0] = (uint8_t)(v >> 8);
	b[1] = (uint8_t)v;
}

static inline void
store_u32(uint8_t *b, uint32_t v)
{
	b[0] = (uint8_t)(v >> 24);
	b[1] = (uint8_t)(v >> 16);
	b[2] = (uint8_t)(v >> 8);
	b[3] = (uint8_t)v;
}

static inline void
write_u8(struct writer *w, uint8_t v)
{
	uint8_t *b = write_room(w, 1);

	if (b != NULL)
		b[0] = v;
}

static inline void
write_u16(struct writer *w, uint16_t v)
{
	uint8_t *b = write_room(w, 2);

	if (b != NULL)
		store_u16(b, v);
}

static inline void
write_u24(struct writer *w, uint32_t v)
{
	uint8_t *b = write_room(w, 3);

	if (b != NULL) {
		b[0] = (uint8_t)(v >> 16);
		store_u16(b + 1, (uint16_t)v);
	}
}

static inline void
write_u32(struct writer *w, uint32_t v)
{
	uint8_t *b = write_room(w, 4);

	if (b != NULL)
		store_u32(b, v);
}

static inline void
write_u64(struct writer *w, uint64_t v)
{
	write_u32(w, (uint32_t)(v >> 32));
	write_u32(w, (uint32_t)v);
}

/* The place of a length that is not known yet. */
struct gap {
	size_t at;
};

static inline struct gap
open_u8(struct writer *w)
{
	struct gap g = { writer_len(w) };

	write_u8(w, 0);
	return g;
}

static inline struct gap
open_u16(struct writer *w)
{
	struct gap g = { writer_len(w) };

	write_u16(w, 0);
	return g;
}

/* The length is what was written since; a length that doesn't fit its field makes w full. */
static inline void
close_u8(struct writer *w, struct gap g)
{
	size_t len = writer_len(w) - g.at - 1;

	if (w->full)
		return;
	if (len > UINT8_MAX)
		w->full = true;
	else
		w->start[g.at] = (uint8_t)len;
}

static inline void
close_u16(struct writer *w, struct gap g)
{
	size_t len = writer_len(w) - g.at - 2;

	if (w->full)
		return;
	if (len > UINT16_MAX)
		w->full = true;
	else
		store_u16(w->start + g.at, (uint16_t)len);
}
