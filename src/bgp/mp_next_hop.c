/* The next hop of MP_REACH_NLRI, in the lengths that families have. */
#include "mp_next_hop.h"

#include "nlri/rd.h"

/* RFC 8950: an IPv6 next hop where IPv4 stands in the family. */
static bool
next_hop_allowed(const struct family *f, const struct session *s, size_t len)
{
	bool with_rd = (f->traits & FAMILY_NEXT_HOP_RD) != 0;
	uint64_t lens = f->next_hop_lens;

	if (s->mirrored)
		lens |= UINT64_C(1) << (with_rd ? 12 : 4);
	if (s->mirrored || family_in(s->next_hop_v6, f)) {
		if (with_rd)
			lens |= UINT64_C(1) << 24 | UINT64_C(1) << 40 | UINT64_C(1) << 48;
		else
			lens |= UINT64_C(1) << 16 | UINT64_C(1) << 32;
	}
	return len < 64 && (lens >> len & 1) != 0;
}

/* Of an allowed length that is one of addresses alone, there is no route distinguisher. */
static bool
is_bare(size_t len)
{
	return len == 4 || len == 16 || len == 32;
}

/* They are zero: RFC 4364 4.3.2, RFC 4659 3.2.1. The second of two addresses has one of its own, or
 * not. */
static bool
strip_distinguishers(struct slice value, uint8_t room[MP_NEXT_HOP_MOST], struct slice *to)
{
	static const uint8_t zero[RD_LEN];
	struct reader r = reader_on(value);
	size_t len = 0;

	while (reader_more(&r)) {
		size_t n = value.len < 16 ? 4 : 16;

		if (value.len != 40 || len == 0) {
			struct slice rd = read_slice(&r, RD_LEN);

			if (rd.len != RD_LEN || memcmp(rd.at, zero, RD_LEN) != 0)
				return false;
		}
		if (len + n > MP_NEXT_HOP_MOST)
			return false;
		read_copy(&r, room + len, n);
		len += n;
	}
	*to = slice_of(room, len);
	return reader_ok(&r);
}

bool
mp_next_hop_take(const struct family *f, const struct session *s, struct slice value,
    uint8_t room[MP_NEXT_HOP_MOST], struct slice *to)
{
	if (!next_hop_allowed(f, s, value.len))
		return false;
	if ((f->traits & FAMILY_NEXT_HOP_RD) != 0 && !is_bare(value.len))
		return strip_distinguishers(value, room, to);
	*to = value;
	return value.len <= MP_NEXT_HOP_MOST;
}
