#include "routes.h"

#include "base/wire.h"

uint32_t
chance_next(struct chance *c)
{
	c->state = c->state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (uint32_t)(c->state >> 33);
}

uint32_t
chance_below(struct chance *c, uint32_t n)
{
	return chance_next(c) % n;
}

void
made_route(struct made *to, uint32_t key, uint8_t spelling)
{
	bool v6 = key % 3 == 0;
	size_t len = v6 ? 9 : 4;

	to->bytes[0] = v6 ? 60 : 23;
	memset(to->bytes + 1, 0x20, len);
	to->bytes[len - 1] = (uint8_t)(v6 ? (key & 15) << 4 : (key << 1 & 0xfe));
	to->bytes[len - 2] = (uint8_t)(v6 ? key >> 4 : key >> 7);
	to->bytes[len - 3] = (uint8_t)(v6 ? key >> 12 : key >> 15);
	to->bytes[len - 1] |= spelling & 1;
	to->nlri = (struct nlri){ .family = family_of(v6 ? 2 : 1, 1),
		.bytes = slice_of(to->bytes, len),
		.has_path_id = key % 5 == 0,
		.path_id = key % 5 == 0 ? 7 : 0 };
}

struct attrs *
made_set_behind(uint32_t number, struct slice next_hop)
{
	static uint8_t room[ATTRS_MAX];
	struct writer w = writer_on(room, sizeof(room));
	struct attrs_build b = { .room = &w, .next_hop = next_hop };
	uint8_t med[4];

	store_u32(med, number);
	build_add(&b, 4, 0x80, RECORD_VALUE, slice_of(med, sizeof(med)));
	return attrs_freeze(&b);
}

struct attrs *
made_set(uint32_t number)
{
	return made_set_behind(number, SLICE("\x0a\0\0\1"));
}
