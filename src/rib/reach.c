/* Next hops, and MP_REACH_NLRI around them. */
#include "reach.h"

#include "base/must.h"

#include <string.h>

#define MP_REACH_CODE 14
#define FLAG_OPTIONAL 0x80
#define FLAG_LONG     0x10

#define RD_LEN 8

static void
hop_set(struct hop *hop, struct slice bytes)
{
	MUST(bytes.len <= sizeof(hop->bytes));
	if (bytes.len != 0)
		memcpy(hop->bytes, bytes.at, bytes.len);
	hop->len = bytes.len;
}

/* "self": the local address of the session, as far as the family can say it. */
static bool
hop_self(struct hop *hop, const struct family *f, const struct session *s)
{
	struct addr id = addr_v4_of(s->local_id);

	if (f->afi == AFI_IPV4 && s->local.family != ADDR_IPV4)
		hop_set(hop, addr_slice(&id));
	else if (f->afi == AFI_IPV6 && s->local.family != ADDR_IPV6)
		return false;
	else
		hop_set(hop, addr_slice(&s->local));
	return true;
}

bool
hop_of(struct hop *hop, const struct family *f, const struct attrs *a, const struct session *s)
{
	*hop = (struct hop){ .len = 0 };
	if (a->next_hop_self) {
		if (!hop_self(hop, f, s))
			return false;
	} else {
		hop_set(hop, attrs_next_hop(a));
	}
	if (hop->len == 16 && f->afi == AFI_IPV6 && s->link_local_nexthop &&
	    s->link_local.family == ADDR_IPV6) {
		struct addr own = addr_of_bytes(slice_of(hop->bytes, hop->len));

		if (!addr_is_link_local(&own)) {
			memcpy(hop->bytes + 16, s->link_local.bytes, 16);
			hop->len = 32;
		}
	}
	return hop->len != 0 || (f->traits & FAMILY_NO_NEXT_HOP) != 0;
}

/* RFC 4271 5.1.3. */
struct slice
hop_attribute(const struct hop *hop, const struct family *f)
{
	if ((f->traits & (FAMILY_NEXT_HOP_ATTR | FAMILY_CLASSIC)) == 0)
		return (struct slice){ 0 };
	return slice_of(hop->bytes, hop->len == 4 ? 4 : 0);
}

bool
hop_is_classic(const struct hop *hop, const struct family *f)
{
	return (f->traits & FAMILY_CLASSIC) != 0 && hop->len == 4;
}

void
write_mp_head(struct writer *w, uint8_t code, size_t len)
{
	write_u8(w, len > UINT8_MAX ? FLAG_OPTIONAL | FLAG_LONG : FLAG_OPTIONAL);
	write_u8(w, code);
	if (len > UINT8_MAX)
		write_u16(w, (uint16_t)len); /* the message is shorter than that */
	else
		write_u8(w, (uint8_t)len);
}

size_t
reach_len(const struct family *f, const struct hop *hop)
{
	size_t hops = hop->len == 32 ? 2 : 1;

	if ((f->traits & FAMILY_NEXT_HOP_RD) == 0 || hop->len == 0)
		hops = 0;
	return 2 + 1 + 1 + hops * RD_LEN + hop->len + 1;
}

/* RFC 4760 3, up to the NLRI; RFC 4364 4.3.2 and RFC 4659 3.2.1 for the zero route distinguishers.
 */
void
write_reach(struct writer *w, const struct family *f, const struct hop *hop, size_t nlri)
{
	bool rd = (f->traits & FAMILY_NEXT_HOP_RD) != 0;
	size_t step = hop->len == 32 ? 16 : hop->len;
	struct gap len;

	write_mp_head(w, MP_REACH_CODE, reach_len(f, hop) + nlri);
	write_u16(w, f->afi);
	write_u8(w, f->safi);
	len = open_u8(w);
	for (size_t at = 0; at < hop->len; at += step) {
		write_fill(w, 0, rd ? RD_LEN : 0);
		write_bytes(w, hop->bytes + at, step);
	}
	close_u8(w, len);
	write_u8(w, 0);
}
