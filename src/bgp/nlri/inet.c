/*
 * IPv4 and IPv6 unicast and multicast: length in bits, then as many bytes as hold them. RFC 4271
 * 4.3, RFC 4760 5. Bits beyond the length are kept and shown as they came; the identity of a route
 * has none.
 */
#include "bgp/shape.h"
#include "draft.h"
#include "family_rows.h"

static void
pass(struct reader *r, const struct family *f)
{
	unsigned bits = read_u8(r);

	if (bits > (f->afi == 1 ? 32 : 128))
		reader_fail(r);
	read_skip(r, (bits + 7) / 8);
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
	.next_hop_lens = NEXT_HOP_LEN(4),
	.pass = pass,
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
	.next_hop_lens = NEXT_HOP_LEN(4),
	.pass = pass,
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
	.next_hop_lens = NEXT_HOP_LEN(16) | NEXT_HOP_LEN(32),
	.pass = pass,
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
	.next_hop_lens = NEXT_HOP_LEN(16) | NEXT_HOP_LEN(32),
	.pass = pass,
	.key = key,
	.emit = emit,
	.parse = draft_prefix_v6,
};
