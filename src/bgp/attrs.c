/* Attribute sets: built, frozen, interned, counted. */
#include "bgp/attrs.h"

#include "attr.h"

#include "base/map.h"
#include "base/mem.h"
#include "base/must.h"

#define RECORD_HEAD 5

/*
 * All living sets, by hash and by number. Open addressing over numbers; a set that dies is taken
 * out by moving what probed past it, so there are no tombs. The last set takes the tables along.
 */
static struct {
	struct attrs **by_id; /* NULL: a free number */
	uint32_t *next_free;  /* by number, + 1; 0 ends the list */
	uint32_t free;        /* + 1 */
	uint32_t ids;         /* numbers given so far */
	uint32_t size;        /* of by_id */
	uint32_t *slots;      /* number + 1 */
	uint32_t slot_count;  /* a power of two */
	size_t alive;
	size_t bytes;
} sets;

static size_t
set_size(const struct attrs *a)
{
	return sizeof(*a) + a->len;
}

static void
slots_grow(void)
{
	uint32_t count = sets.slot_count == 0 ? 64 : sets.slot_count * 2;

	mem_free(sets.slots);
	sets.slots = mem_zero(count, sizeof(sets.slots[0]));
	sets.slot_count = count;
	for (uint32_t id = 0; id < sets.ids; id++) {
		size_t i;

		if (sets.by_id[id] == NULL)
			continue;
		i = sets.by_id[id]->hash & (count - 1);
		while (sets.slots[i] != 0)
			i = (i + 1) & (count - 1);
		sets.slots[i] = id + 1;
	}
}

static uint32_t
id_get(void)
{
	uint32_t id;

	if (sets.free != 0) {
		id = sets.free - 1;
		sets.free = sets.next_free[id];
		return id;
	}
	if (sets.ids == sets.size) {
		sets.size = sets.size == 0 ? 64 : sets.size * 2;
		sets.by_id = mem_grow(sets.by_id, sets.size * sizeof(sets.by_id[0]));
		sets.next_free = mem_grow(sets.next_free, sets.size * sizeof(sets.next_free[0]));
	}
	return sets.ids++;
}

static void
sets_free(void)
{
	mem_free(sets.by_id);
	mem_free(sets.next_free);
	mem_free(sets.slots);
	memset(&sets, 0, sizeof(sets));
}

static void
slot_cut(const struct attrs *a)
{
	size_t mask = sets.slot_count - 1;
	size_t hole = a->hash & mask;

	while (sets.slots[hole] != a->id + 1)
		hole = (hole + 1) & mask;
	for (size_t i = (hole + 1) & mask; sets.slots[i] != 0; i = (i + 1) & mask) {
		size_t home = sets.by_id[sets.slots[i] - 1]->hash & mask;

		/* it may move back unless its home lies behind the hole */
		if (((i - home) & mask) < ((i - hole) & mask))
			continue;
		sets.slots[hole] = sets.slots[i];
		hole = i;
	}
	sets.slots[hole] = 0;
}

struct attrs *
attrs_hold(struct attrs *a)
{
	a->holders++;
	return a;
}

void
attrs_drop(struct attrs *a)
{
	if (a == NULL || --a->holders != 0)
		return;
	slot_cut(a);
	sets.by_id[a->id] = NULL;
	sets.next_free[a->id] = sets.free;
	sets.free = a->id + 1;
	sets.alive--;
	sets.bytes -= set_size(a);
	mem_free(a);
	if (sets.alive == 0)
		sets_free();
}

struct attrs *
attrs_at(uint32_t id)
{
	MUST(id < sets.ids && sets.by_id[id] != NULL);
	return sets.by_id[id];
}

size_t
attrs_alive(void)
{
	return sets.alive;
}

size_t
attrs_memory(void)
{
	return sets.bytes + sets.slot_count * sizeof(sets.slots[0]) +
	    sets.size * (sizeof(sets.by_id[0]) + sizeof(sets.next_free[0]));
}

/* Held once for the caller: the one that is alive, or a new one. */
static struct attrs *
intern(struct slice bytes, size_t next_hop_len, bool self)
{
	uint64_t hash = hash_bytes(bytes.at, bytes.len) + next_hop_len * 2 + self;
	struct attrs *a;
	size_t i;

	if (sets.alive * 2 >= sets.slot_count)
		slots_grow();
	i = hash & (sets.slot_count - 1);
	for (; sets.slots[i] != 0; i = (i + 1) & (sets.slot_count - 1)) {
		a = sets.by_id[sets.slots[i] - 1];
		if (a->hash == hash && a->next_hop_len == next_hop_len &&
		    a->next_hop_self == self && slice_same(slice_of(a->bytes, a->len), bytes))
			return attrs_hold(a);
	}
	a = mem_get(sizeof(*a) + bytes.len);
	*a = (struct attrs){ .holders = 1,
		.id = id_get(),
		.hash = hash,
		.len = (uint32_t)bytes.len,            /* at most ATTRS_MAX */
		.next_hop_len = (uint8_t)next_hop_len, /* at most 32 */
		.next_hop_self = self };
	if (bytes.len != 0)
		memcpy(a->bytes, bytes.at, bytes.len);
	sets.by_id[a->id] = a;
	sets.slots[i] = a->id + 1;
	sets.alive++;
	sets.bytes += set_size(a);
	return a;
}

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
	return intern(writer_slice(&w), b->next_hop.len, b->next_hop_self);
}

struct attrs *
attrs_with_next_hop(const struct attrs *a, struct slice next_hop)
{
	uint8_t bytes[ATTRS_MAX + 32];
	struct writer w = writer_on(bytes, sizeof(bytes));

	write_slice(&w, next_hop);
	write_slice(&w, slice_after(slice_of(a->bytes, a->len), a->next_hop_len));
	MUST(writer_ok(&w));
	return intern(writer_slice(&w), next_hop.len, false);
}
