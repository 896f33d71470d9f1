/* OPEN: bytes to values and back, faults, shapes. */
#include "case.h"

#include "bgp/message.h"
#include "bgp/open.h"

static uint32_t
next_random(uint32_t *seed)
{
	*seed = *seed * 1664525 + 1013904223;
	return *seed >> 8;
}

static bool
flip(uint32_t *seed)
{
	return (next_random(seed) & 1) != 0;
}

static struct family_set
random_set(uint32_t *seed)
{
	struct family_set s = { next_random(seed) & family_all().bits };

	return s;
}

static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._";

static struct open
random_open(uint32_t *seed)
{
	struct open o = {
		.asn = flip(seed) ? next_random(seed) % 65535 + 1 : 65536 + next_random(seed),
		.hold_time = (uint16_t)next_random(seed),
		.router_id = next_random(seed),
	};
	struct caps *c = &o.caps;

	for (unsigned i = 0; i < family_count(); i++) {
		if (flip(seed))
			family_list_add(&c->families, family_at(family_count() - 1 - i));
		if (flip(seed))
			c->addpath[i] = (uint8_t)(next_random(seed) % 4);
		if (flip(seed))
			c->paths_limit[i] = (uint16_t)next_random(seed);
	}
	c->multiprotocol = c->families.count != 0;
	c->asn4 = flip(seed) || o.asn > UINT16_MAX;
	c->asn = c->asn4 ? o.asn : 0;
	c->route_refresh = flip(seed);
	c->route_refresh_cisco = flip(seed);
	c->enhanced_refresh = flip(seed);
	c->extended_message = flip(seed);
	c->operational = flip(seed);
	c->link_local_nexthop = flip(seed);
	c->multisession = flip(seed);
	c->graceful = flip(seed);
	if (c->graceful) {
		c->graceful_restarting = flip(seed);
		c->graceful_notify = flip(seed);
		c->graceful_time = (uint16_t)(next_random(seed) % 4096);
		c->graceful_families = random_set(seed);
		c->graceful_forwarding.bits = random_set(seed).bits & c->graceful_families.bits;
	}
	c->has_addpath = flip(seed);
	if (!c->has_addpath)
		memset(c->addpath, 0, sizeof(c->addpath));
	c->has_paths_limit = flip(seed);
	if (!c->has_paths_limit)
		memset(c->paths_limit, 0, sizeof(c->paths_limit));
	c->next_hop = flip(seed);
	if (c->next_hop)
		for (unsigned i = 0; i < family_count(); i++)
			if (family_at(i)->afi == 1 && flip(seed))
				family_add(&c->next_hop_v6, family_at(i));
	if (flip(seed)) {
		c->host_name = slice_of(letters, next_random(seed) % 65);
		c->domain_name = slice_of(letters, next_random(seed) % 65);
	}
	if (flip(seed))
		c->software = slice_of(letters, next_random(seed) % 65);
	return o;
}

static bool
same_caps(const struct caps *a, const struct caps *b)
{
	struct caps x = *a;
	struct caps y = *b;
	bool same = slice_same(x.host_name, y.host_name) &&
	    slice_same(x.domain_name, y.domain_name) && slice_same(x.software, y.software) &&
	    x.families.count == y.families.count &&
	    memcmp(x.families.ids, y.families.ids, x.families.count) == 0 &&
	    memcmp(x.addpath, y.addpath, sizeof(x.addpath)) == 0 &&
	    memcmp(x.paths_limit, y.paths_limit, sizeof(x.paths_limit)) == 0;

	return same && x.multiprotocol == y.multiprotocol && x.asn4 == y.asn4 && x.asn == y.asn &&
	    x.route_refresh == y.route_refresh && x.route_refresh_cisco == y.route_refresh_cisco &&
	    x.enhanced_refresh == y.enhanced_refresh && x.extended_message == y.extended_message &&
	    x.operational == y.operational && x.link_local_nexthop == y.link_local_nexthop &&
	    x.multisession == y.multisession && x.graceful == y.graceful &&
	    x.graceful_restarting == y.graceful_restarting &&
	    x.graceful_notify == y.graceful_notify && x.graceful_time == y.graceful_time &&
	    x.graceful_families.bits == y.graceful_families.bits &&
	    x.graceful_forwarding.bits == y.graceful_forwarding.bits &&
	    x.has_addpath == y.has_addpath && x.has_paths_limit == y.has_paths_limit &&
	    x.next_hop == y.next_hop && x.next_hop_v6.bits == y.next_hop_v6.bits &&
	    (x.host_name.at == NULL) == (y.host_name.at == NULL) &&
	    (x.software.at == NULL) == (y.software.at == NULL);
}

Case(open, decode_gives_what_encode_took)
{
	struct arena arena = { 0 };
	uint32_t seed = 1;
	unsigned long_ones = 0;

	for (int i = 0; i < 20000; i++) {
		struct open in = random_open(&seed);
		struct open out = { 0 };
		struct notification why = { 0 };
		uint8_t room[BGP_MESSAGE_MAX];
		struct writer w = writer_on(room, sizeof(room));
		struct slice body;

		open_encode(&in, &w);
		cr_assert(writer_ok(&w) && message_check(writer_slice(&w), &why));
		body = message_body(writer_slice(&w));
		cr_assert(open_decode(body, &arena, &out, &why), "%u/%u", why.code, why.subcode);
		cr_assert(out.version == 4 && out.asn == (in.caps.asn4 ? in.asn : out.as_field));
		cr_assert(out.as_field == (in.asn > UINT16_MAX ? 23456 : in.asn));
		cr_assert(out.hold_time == in.hold_time && out.router_id == in.router_id);
		cr_assert(same_caps(&in.caps, &out.caps));
		/* RFC 9072 2: the long form from 255 bytes up, and only then */
		if (room[BGP_HEADER + 10] == 255 && body.len > 10)
			long_ones++;
		cr_assert((body.len >= 10 + 255) == (room[BGP_HEADER + 9] == 255));
		arena_reset(&arena);
	}
	cr_expect(long_ones > 0 && long_ones < 20000, "%u", long_ones);
	arena_free(&arena);
}

Case(open, room_too_small_is_seen)
{
	uint32_t seed = 3;

	for (int i = 0; i < 50; i++) {
		struct open in = random_open(&seed);
		uint8_t room[BGP_MESSAGE_MAX];
		struct writer whole = writer_on(room, sizeof(room));
		size_t len;

		open_encode(&in, &whole);
		len = writer_len(&whole);
		for (size_t size = 0; size < len; size++) {
			struct writer w = writer_on(room, size);

			open_encode(&in, &w);
			cr_assert(!writer_ok(&w));
		}
	}
}

static bool
is_open_code(const struct notification *why)
{
	return (why->code == 2 && why->subcode <= 6) || (why->code == 1 && why->subcode == 2);
}

Case(open, every_truncation_is_refused)
{
	struct arena arena = { 0 };
	uint32_t seed = 5;

	for (int i = 0; i < 200; i++) {
		struct open in = random_open(&seed);
		uint8_t room[BGP_MESSAGE_MAX];
		struct writer w = writer_on(room, sizeof(room));
		struct slice body;

		open_encode(&in, &w);
		body = message_body(writer_slice(&w));
		for (size_t n = 0; n < body.len; n++) {
			uint8_t *exact = malloc(n + 1);
			struct open out = { .hold_time = 7 };
			struct notification why = { 0 };

			memcpy(exact, body.at, n);
			cr_assert(!open_decode(slice_of(exact, n), &arena, &out, &why));
			cr_assert(is_open_code(&why) && out.hold_time == 7);
			free(exact);
		}
		arena_reset(&arena);
	}
	arena_free(&arena);
}

Case(open, every_flipped_bit_has_a_verdict)
{
	struct arena arena = { 0 };
	uint32_t seed = 9;

	for (int i = 0; i < 40; i++) {
		struct open in = random_open(&seed);
		uint8_t room[BGP_MESSAGE_MAX];
		struct writer w = writer_on(room, sizeof(room));
		struct slice body;
		uint8_t *copy;

		open_encode(&in, &w);
		body = message_body(writer_slice(&w));
		copy = malloc(body.len);
		for (size_t bit = 0; bit < body.len * 8; bit++) {
			struct open out = { .hold_time = 7 };
			struct notification why = { 0 };

			memcpy(copy, body.at, body.len);
			copy[bit / 8] ^= (uint8_t)(1 << bit % 8);
			if (open_decode(slice_of(copy, body.len), &arena, &out, &why))
				cr_assert(out.version == 4 && why.code == 0);
			else
				cr_assert(is_open_code(&why) && out.hold_time == 7);
		}
		free(copy);
		arena_reset(&arena);
	}
	arena_free(&arena);
}

static const struct {
	const char *label;
	uint8_t len;
	uint8_t bytes[40];
	uint8_t code; /* 0: fine */
	uint8_t subcode;
} bodies[] = {
	/* clang-format off */
	{ "nothing", 0, { 0 }, 1, 2 },
	{ "no parameters", 10, { 4, 0, 1, 0, 90, 1, 2, 3, 4, 0 }, 0, 0 },
	{ "version 3", 10, { 3, 0, 1, 0, 90, 1, 2, 3, 4, 0 }, 2, 1 },
	{ "version 5", 10, { 5, 0, 1, 0, 90, 1, 2, 3, 4, 0 }, 2, 1 },
	{ "left over", 11, { 4, 0, 1, 0, 90, 1, 2, 3, 4, 0, 0 }, 2, 0 },
	{ "too short", 11, { 4, 0, 1, 0, 90, 1, 2, 3, 4, 2, 2 }, 2, 0 },
	{ "authentication", 13, { 4, 0, 1, 0, 90, 1, 2, 3, 4, 3, 1, 1, 0 }, 2, 5 },
	{ "parameter 3", 12, { 4, 0, 1, 0, 90, 1, 2, 3, 4, 2, 3, 0 }, 2, 4 },
	{ "parameter 0", 12, { 4, 0, 1, 0, 90, 1, 2, 3, 4, 2, 0, 0 }, 2, 4 },
	{ "parameter past the end", 12, { 4, 0, 1, 0, 90, 1, 2, 3, 4, 2, 2, 1 }, 2, 0 },
	{ "no capabilities", 12, { 4, 0, 1, 0, 90, 1, 2, 3, 4, 2, 2, 0 }, 0, 0 },
	{ "half a capability", 13, { 4, 0, 1, 0, 90, 1, 2, 3, 4, 3, 2, 1, 65 }, 2, 0 },
	{ "capability past the end", 14, { 4, 0, 1, 0, 90, 1, 2, 3, 4, 4, 2, 2, 9, 1 }, 2, 0 },
	{ "two in one", 16, { 4, 0, 1, 0, 90, 1, 2, 3, 4, 6, 2, 4, 2, 0, 70, 0 }, 0, 0 },
	{ "asn4 of 3", 17, { 4, 0, 1, 0, 90, 1, 2, 3, 4, 7, 2, 5, 65, 3, 0, 0, 1 }, 2, 0 },
	{ "asn4 of 5", 19, { 4, 0, 1, 0, 90, 1, 2, 3, 4, 9, 2, 7, 65, 5, 0, 0, 0, 1, 0 }, 2, 0 },
	{ "mp of 3", 17, { 4, 0, 1, 0, 90, 1, 2, 3, 4, 7, 2, 5, 1, 3, 0, 1, 1 }, 2, 0 },
	{ "refresh of 1", 15, { 4, 0, 1, 0, 90, 1, 2, 3, 4, 5, 2, 3, 2, 1, 0 }, 2, 0 },
	{ "graceful of 1", 15, { 4, 0, 1, 0, 90, 1, 2, 3, 4, 5, 2, 3, 64, 1, 0 }, 2, 0 },
	{ "graceful of 5", 19, { 4, 0, 1, 0, 90, 1, 2, 3, 4, 9, 2, 7, 64, 5, 0, 9, 0, 1, 1 }, 2, 0 },
	{ "add-path of 3", 17, { 4, 0, 1, 0, 90, 1, 2, 3, 4, 7, 2, 5, 69, 3, 0, 1, 1 }, 2, 0 },
	{ "next hop of 5", 19, { 4, 0, 1, 0, 90, 1, 2, 3, 4, 9, 2, 7, 5, 5, 0, 1, 0, 1, 0 }, 2, 0 },
	{ "host past the end", 16, { 4, 0, 1, 0, 90, 1, 2, 3, 4, 6, 2, 4, 73, 2, 9, 'a' }, 0, 0 },
	{ "host without domain", 16, { 4, 0, 1, 0, 90, 1, 2, 3, 4, 6, 2, 4, 73, 2, 1, 'a' }, 0, 0 },
	{ "software past the end", 16, { 4, 0, 1, 0, 90, 1, 2, 3, 4, 6, 2, 4, 75, 2, 9, 'a' }, 0, 0 },
	{ "software of 0", 14, { 4, 0, 1, 0, 90, 1, 2, 3, 4, 4, 2, 2, 75, 0 }, 0, 0 },
	{ "unknown capability", 15, { 4, 0, 1, 0, 90, 1, 2, 3, 4, 5, 2, 3, 9, 1, 3 }, 0, 0 },
	/* RFC 9072 2 */
	{ "long form", 18, { 4, 0, 1, 0, 90, 1, 2, 3, 4, 255, 255, 0, 5, 2, 0, 2, 70, 0 }, 0, 0 },
	{ "long form, any length", 18, { 4, 0, 1, 0, 90, 1, 2, 3, 4, 1, 255, 0, 5, 2, 0, 2, 70, 0 }, 0, 0 },
	{ "long form, empty", 13, { 4, 0, 1, 0, 90, 1, 2, 3, 4, 255, 255, 0, 0 }, 0, 0 },
	{ "long form behind zero", 13, { 4, 0, 1, 0, 90, 1, 2, 3, 4, 0, 255, 0, 0 }, 2, 0 },
	{ "long form cut", 12, { 4, 0, 1, 0, 90, 1, 2, 3, 4, 255, 255, 0 }, 2, 0 },
	{ "long form, left over", 14, { 4, 0, 1, 0, 90, 1, 2, 3, 4, 255, 255, 0, 0, 0 }, 2, 0 },
	{ "long form in long form", 16, { 4, 0, 1, 0, 90, 1, 2, 3, 4, 255, 255, 0, 3, 255, 0, 0 }, 2, 4 },
	/* clang-format on */
};

Case(open, faults_have_their_codes)
{
	struct arena arena = { 0 };

	for (size_t i = 0; i < sizeof(bodies) / sizeof(bodies[0]); i++) {
		struct open out = { 0 };
		struct notification why = { 0 };
		uint8_t *exact = malloc(bodies[i].len + 1U);
		bool fine;

		memcpy(exact, bodies[i].bytes, bodies[i].len);
		fine = open_decode(slice_of(exact, bodies[i].len), &arena, &out, &why);
		cr_expect(fine == (bodies[i].code == 0), "%s", bodies[i].label);
		cr_expect(why.code == bodies[i].code && why.subcode == bodies[i].subcode,
		    "%s: %u/%u", bodies[i].label, why.code, why.subcode);
		if (why.subcode == 1)
			cr_expect(slice_same(why.data, SLICE("\0\4")), "%s", bodies[i].label);
		free(exact);
	}
	arena_free(&arena);
}

/* Names are for people: what is wrong with them is no reason to do without a session. */
Case(open, names_that_are_malformed_are_left_out)
{
	static const uint8_t body[] = { 4, 0, 1, 0, 90, 1, 2, 3, 4, 18, 2, 16, /* */
		73, 4, 1, 'a', 1, 'b', 73, 2, 9, 'c', 75, 2, 9, 'd', 70, 0 };
	struct arena arena = { 0 };
	struct open out = { 0 };
	struct notification why = { 0 };

	cr_assert(open_decode(slice_of(body, sizeof(body)), &arena, &out, &why));
	cr_expect(slice_is(out.caps.host_name, "a") && slice_is(out.caps.domain_name, "b"));
	cr_expect(out.caps.software.at == NULL && out.caps.enhanced_refresh);
	cr_expect(out.seen_count == 4 && out.left_out == cap_of(75));
	arena_free(&arena);
}

Case(open, unknown_capabilities_are_kept_in_place)
{
	static const uint8_t body[] = { 4, 0, 1, 0, 90, 1, 2, 3, 4, 15, 2, 5, 9, 1, 3, 70, 0, 2, 6,
		200, 1, 1, 9, 1, 4 };
	struct arena arena = { 0 };
	struct open out;
	struct notification why;

	cr_assert(open_decode(slice_of(body, sizeof(body)), &arena, &out, &why));
	cr_assert(out.seen_count == 4);
	cr_expect(out.seen[0].code == 9 && slice_same(out.seen[0].value, SLICE("\3")));
	cr_expect(out.seen[1].code == 70 && out.seen[1].value.len == 0);
	cr_expect(out.seen[2].code == 200 && slice_same(out.seen[2].value, SLICE("\1")));
	cr_expect(out.seen[3].code == 9 && slice_same(out.seen[3].value, SLICE("\4")));
	arena_free(&arena);
}

/* local-as 65001, two families, as a default configuration says it */
Case(open, default_one_is_byte_for_byte)
{
	/* clang-format off */
	static const uint8_t want[] = {
		4, 0xfd, 0xe9, 0, 0xb4, 10, 0, 0, 2, 0x1c,
		2, 6, 1, 4, 0, 1, 0, 1,
		2, 6, 1, 4, 0, 2, 0, 1,
		2, 6, 65, 4, 0, 0, 0xfd, 0xe9,
		2, 2, 6, 0,
	};
	/* clang-format on */
	struct open o = { .asn = 65001, .hold_time = 180, .router_id = 0x0a000002 };
	uint8_t room[256];
	struct writer w = writer_on(room, sizeof(room));

	family_list_add(&o.caps.families, family_of(1, 1));
	family_list_add(&o.caps.families, family_of(2, 1));
	o.caps.asn4 = true;
	o.caps.extended_message = true;
	open_encode(&o, &w);
	cr_expect(slice_same(message_body(writer_slice(&w)), slice_of(want, sizeof(want))));
}

Case(open, long_names_are_cut)
{
	static const char name[] =
	    "0123456789012345678901234567890123456789012345678901234567890123456789";
	struct open in = { .asn = 1, .hold_time = 90, .router_id = 1 };
	struct open out;
	struct notification why;
	struct arena arena = { 0 };
	uint8_t room[BGP_MESSAGE_MAX];
	struct writer w = writer_on(room, sizeof(room));

	in.caps.host_name = slice_on(name);
	in.caps.domain_name = slice_on(name);
	in.caps.software = slice_on(name);
	open_encode(&in, &w);
	cr_assert(open_decode(message_body(writer_slice(&w)), &arena, &out, &why));
	cr_expect(slice_same(out.caps.host_name, slice_of(name, 64)));
	cr_expect(slice_same(out.caps.domain_name, slice_of(name, 64)));
	cr_expect(out.caps.software.len == 64);
	cr_expect(slice_same(slice_after(out.caps.software, 61), SLICE("...")));
	cr_expect(memcmp(out.caps.software.at, name, 61) == 0);
	arena_free(&arena);
}
