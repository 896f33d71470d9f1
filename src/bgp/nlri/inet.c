/*
 * IPv4 and IPv6 unicast and multicast: length in bits, then as many bytes as hold them. RFC 4271
 * 4.3, RFC 4760 5. Bits beyond the length are kept and shown as they came; the identity of a route
 * has none.
 */
#include "bgp/shape.h"
#include "draft.h"
#include "family_rows.h"

static inline struct slice
take(struct reader *r, unsigned max)
{
	const uint8_t *start = r->at;
	unsigned bits = read_u8(r);

	if (bits > max)
		reader_fail(r);
	read_skip(r, (bits + 7) / 8);
	if (!reader_ok(r))
		return (struct slice){ NULL, 0 };
	return slice_of(start, (size_t)(r->at - start));
}

static struct slice
take_v4(struct reader *r)
{
	return take(r, 32);
}

static struct slice
take_v6(struct reader *r)
{
	return take(r, 128);
}

static size_t
key(struct slice nlri, uint8_t *room)
{
	uint8_t spare;

	memcpy(room, nlri.at, nlri.len);
	spare = room[0] % 8;
	if (spare != 0)
		room[nlri.len - 1] &= (uint8_t)(0xff00 >> spare);
	return nlri.len;
}

/* Longest of all: { "nlri": "v6/128", "path-information": "255.255.255.255" } */
#define EMIT_MOST (ADDR_CHARS_MAX + 96)

static inline char *
put(char *at, const char *from, size_t n)
{
	memcpy(at, from, n);
	return at + n;
}

#define PUT(at, literal) put(at, literal, sizeof(literal) - 1)

static inline char *
put_prefix(char *at, const struct nlri *n)
{
	struct reader r = reader_on(n->bytes);
	unsigned bits = read_u8(&r);
	struct slice bytes = read_rest(&r);

	at = addr_write_bytes(at, n->family->afi == 1 ? ADDR_IPV4 : ADDR_IPV6, bytes.at, bytes.len);
	*at++ = '/';
	if (bits >= 100)
		*at++ = '1';
	if (bits >= 10)
		*at++ = (char)('0' + bits / 10 % 10);
	*at++ = (char)('0' + bits % 10);
	return at;
}

static char *
put_path_id(char *at, uint32_t id)
{
	uint8_t quad[4];

	store_u32(quad, id);
	return addr_write_bytes(at, ADDR_IPV4, quad, sizeof(quad));
}

static char *
put_json(char *at, const struct nlri *n)
{
	at = PUT(at, "{ \"nlri\": \"");
	at = put_prefix(at, n);
	if (n->has_path_id) {
		at = PUT(at, "\", \"path-information\": \"");
		at = put_path_id(at, n->path_id);
	}
	return PUT(at, "\" }");
}

/* The busiest walk of the program: spelt here, in one go, and not by the pen. */
static void
emit(struct emit *e, const struct nlri *n)
{
	struct text *t = emit_value(e, &BARE);
	char *start;
	char *at;

	if (t == NULL)
		return;
	start = text_room(t, EMIT_MOST);
	if (e->spelling != SPELL_JSON) {
		at = put_prefix(start, n);
		if (n->has_path_id) {
			at = PUT(at, " path-information ");
			at = put_path_id(at, n->path_id);
		}
	} else if ((e->shape & SHAPE_COMPACT) != 0 && !n->has_path_id) {
		at = PUT(start, "\"");
		at = put_prefix(at, n);
		at = PUT(at, "\"");
	} else {
		at = put_json(start, n);
	}
	text_took(t, (size_t)(at - start));
}

#define LEN(n) (UINT64_C(1) << (n))

/* The family that RFC 4271 knew: with an IPv4 next hop it needs no attribute of its own. */
const struct family family_ipv4_unicast = {
	.afi = 1,
	.safi = 1,
	.id = FAMILY_ID_ipv4_unicast,
	.afi_word = "ipv4",
	.safi_word = "unicast",
	.name = "ipv4 unicast",
	.traits = FAMILY_GROUPED | FAMILY_CLASSIC | FAMILY_BARE_WITHDRAW | FAMILY_PATH_ID |
	    FAMILY_NEXT_HOP_ATTR,
	.next_hop_lens = LEN(4),
	.take = take_v4,
	.key = key,
	.emit = emit,
	.parse = draft_prefix_v4,
};

const struct family family_ipv4_multicast = {
	.afi = 1,
	.safi = 2,
	.id = FAMILY_ID_ipv4_multicast,
	.afi_word = "ipv4",
	.safi_word = "multicast",
	.name = "ipv4 multicast",
	.traits = FAMILY_BARE_WITHDRAW | FAMILY_PATH_ID | FAMILY_NEXT_HOP_ATTR,
	.next_hop_lens = LEN(4),
	.take = take_v4,
	.key = key,
	.emit = emit,
	.parse = draft_prefix_v4,
};

const struct family family_ipv6_unicast = {
	.afi = 2,
	.safi = 1,
	.id = FAMILY_ID_ipv6_unicast,
	.afi_word = "ipv6",
	.safi_word = "unicast",
	.name = "ipv6 unicast",
	.traits = FAMILY_BARE_WITHDRAW | FAMILY_PATH_ID | FAMILY_NEXT_HOP_ATTR,
	.next_hop_lens = LEN(16) | LEN(32),
	.take = take_v6,
	.key = key,
	.emit = emit,
	.parse = draft_prefix_v6,
};

const struct family family_ipv6_multicast = {
	.afi = 2,
	.safi = 2,
	.id = FAMILY_ID_ipv6_multicast,
	.afi_word = "ipv6",
	.safi_word = "multicast",
	.name = "ipv6 multicast",
	.traits = FAMILY_BARE_WITHDRAW | FAMILY_PATH_ID | FAMILY_NEXT_HOP_ATTR,
	.next_hop_lens = LEN(16) | LEN(32),
	.take = take_v6,
	.key = key,
	.emit = emit,
	.parse = draft_prefix_v6,
};
