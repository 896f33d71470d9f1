/* Attribute sets: built, frozen, and read. */
#include "bgp/attrs.h"

#include "attr.h"
#include "attrs_sets.h"

#include "base/must.h"

#define RECORD_HEAD 5

static bool
record_read(struct reader *r, struct record *to)
{
	if (!reader_more(r))
		return false;
	to->code = read_u8(r);
	to->flags = read_u8(r);
	to->kind = read_u8(r);
	to->value = read_slice(r, read_u16(r));
	MUST(reader_ok(r));
	return true;
}

bool
attrs_next(const struct attrs *a, size_t *at, struct record *r)
{
	struct slice records = slice_after(slice_of(a->bytes, a->len), a->next_hop_len);
	struct reader in = reader_on(slice_after(records, *at));

	if (!record_read(&in, r))
		return false;
	*at = (size_t)(in.at - records.at);
	return true;
}

bool
attrs_find(const struct attrs *a, uint8_t code, struct record *r)
{
	size_t at = 0;

	while (attrs_next(a, &at, r) && r->code <= code)
		if (r->code == code)
			return true;
	return false;
}

bool
build_find(const struct attrs_build *b, uint8_t code, struct record *to)
{
	struct reader in = reader_on(writer_slice(b->room));

	while (record_read(&in, to))
		if (to->code == code)
			return true;
	return false;
}

bool
build_has(const struct attrs_build *b, uint8_t code)
{
	struct record r;

	return build_find(b, code, &r);
}

bool
record_open(struct attrs_build *b, uint8_t code, uint8_t flags, struct gap *g)
{
	if (build_has(b, code))
		return false;
	write_u8(b->room, code);
	write_u8(b->room, flags);
	write_u8(b->room, RECORD_VALUE);
	*g = open_u16(b->room);
	return true;
}

bool
record_close(struct attrs_build *b, struct gap g)
{
	close_u16(b->room, g);
	if (writer_ok(b->room))
		return true;
	b->room->at = b->room->start + g.at - (RECORD_HEAD - 2);
	return false;
}

bool
build_add(
    struct attrs_build *b, uint8_t code, uint8_t flags, enum record_kind kind, struct slice value)
{
	uint8_t *at;

	MUST(value.len <= UINT16_MAX);
	if (build_has(b, code))
		return false;
	at = write_room(b->room, RECORD_HEAD + value.len);
	if (at == NULL)
		return false;
	at[0] = code;
	at[1] = flags;
	at[2] = (uint8_t)kind;
	store_u16(at + 3, (uint16_t)value.len);
	if (value.len != 0)
		memcpy(at + RECORD_HEAD, value.at, value.len);
	return true;
}

void
build_cut(struct attrs_build *b, uint8_t code)
{
	struct record r;
	uint8_t *end;
	uint8_t *start;

	if (!build_find(b, code, &r))
		return;
	end = b->room->start + (r.value.at - b->room->start) + r.value.len;
	start = end - r.value.len - RECORD_HEAD;
	memmove(start, end, (size_t)(b->room->at - end));
	b->room->at -= end - start;
}

bool
build_set(struct attrs_build *b, uint8_t code, uint8_t flags, struct slice value)
{
	build_cut(b, code);
	return build_add(b, code, flags, RECORD_VALUE, value);
}

struct attrs *
attrs_freeze(const struct attrs_build *b)
{
	uint8_t bytes[ATTRS_MAX + 32];
	struct slice by_code_[256];
	uint8_t there[256] = { 0 };
	struct writer w = writer_on(bytes, sizeof(bytes));
	struct slice records = writer_slice(b->room);
	struct reader in = reader_on(records);
	struct record r = { 0 };
	bool sorted = true;
	int last = -1;

	write_slice(&w, b->next_hop);
	while (reader_more(&in)) {
		const uint8_t *start = in.at;

		(void)record_read(&in, &r);
		sorted = sorted && r.code > last;
		last = r.code;
		there[r.code] = 1;
		by_code_[r.code] = slice_of(start, (size_t)(in.at - start));
	}
	if (sorted)
		write_slice(&w, records);
	else
		for (size_t code = 0; code < 256; code++)
			if (there[code])
				write_slice(&w, by_code_[code]);
	MUST(writer_ok(&w));
	return sets_intern(writer_slice(&w), b->next_hop.len, b->next_hop_self);
}
