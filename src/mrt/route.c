/* A route of a table as the body of an UPDATE. */
#include "mrt/mrt.h"

#define MP_REACH      14
#define FLAG_OPTIONAL 0x80
#define FLAG_LONG     0x10

/* An attribute with the head that its length asks for. */
static struct gap
begin_reach(struct writer *w, const struct nlri *n, struct slice next_hop)
{
	static const uint8_t head[] = { FLAG_OPTIONAL | FLAG_LONG, MP_REACH };
	struct gap g;
	struct gap hop;

	write_bytes(w, head, sizeof(head));
	g = open_u16(w);
	write_u16(w, n->family->afi);
	write_u8(w, n->family->safi);
	hop = open_u8(w);
	write_slice(w, next_hop);
	close_u8(w, hop);
	write_u8(w, 0);
	return g;
}

static void
write_nlri(struct writer *w, const struct nlri *n)
{
	if (n->has_path_id)
		write_u32(w, n->path_id);
	write_slice(w, n->bytes);
}

/* The next hop of a MP_REACH: its length and its bytes, or what stands in a whole value, which
 * begins with a zero byte (older files, against the RFC). */
static struct slice
reach_next_hop(struct slice value)
{
	struct reader r = reader_on(value);

	if (value.len != 0 && value.at[0] == 0)
		read_skip(&r, 3);
	return read_slice(&r, read_u8(&r));
}

/* One attribute off r: its bytes, its code and its value. */
static struct slice
take_attribute(struct reader *r, uint8_t *code, struct slice *value)
{
	struct slice whole = slice_of(r->at, 0);
	uint8_t flags = read_u8(r);

	*code = read_u8(r);
	*value = read_slice(r, (flags & FLAG_LONG) != 0 ? read_u16(r) : read_u8(r));
	whole.len = (size_t)(r->at - whole.at);
	return whole;
}

void
mrt_route_update(const struct mrt_route *route, struct writer *w)
{
	const struct nlri *n = &route->nlri;
	bool classic = (n->family->traits & FAMILY_CLASSIC) != 0;
	struct reader r = reader_on(route->attributes);
	struct gap attributes;

	write_u16(w, 0);
	attributes = open_u16(w);
	while (reader_more(&r)) {
		struct slice value;
		uint8_t code;
		struct slice whole = take_attribute(&r, &code, &value);
		struct gap reach;

		if (code != MP_REACH || !reader_ok(&r)) {
			write_slice(w, whole); /* cut short: the decoder tells what it means */
			continue;
		}
		classic = false;
		reach = begin_reach(w, n, reach_next_hop(value));
		write_nlri(w, n);
		close_u16(w, reach);
	}
	close_u16(w, attributes);
	if (classic)
		write_nlri(w, n);
}
