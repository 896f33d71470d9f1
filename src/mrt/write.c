/* Writing of MRT records, and of a table's routes as UPDATEs. */
#include "mrt/mrt.h"

#define MP_REACH      14
#define FLAG_OPTIONAL 0x80
#define FLAG_LONG     0x10

#define PEER_IPV6 1 /* bits of a peer's type */
#define PEER_AS4  2

/* The header, up to its length: RFC 6396 2. */
static struct gap
begin(struct writer *w, const struct mrt_record *record, uint16_t type, uint16_t subtype)
{
	struct gap g;

	write_u32(w, record->seconds);
	write_u16(w, type);
	write_u16(w, subtype);
	g.at = writer_len(w);
	write_u32(w, 0);
	return g;
}

static void
finish(struct writer *w, struct gap g)
{
	if (writer_ok(w)) /* a writer's room is less than 4 GiB */
		store_u32(w->start + g.at, (uint32_t)(writer_len(w) - g.at - 4));
}

static void
write_asn(struct writer *w, uint32_t asn, bool four)
{
	if (four)
		write_u32(w, asn);
	else
		write_u16(w, asn > UINT16_MAX ? 23456 : (uint16_t)asn); /* RFC 6793 4.2.2 */
}

/* Of both sides, which are of one family; no address is 0.0.0.0. */
static void
write_session(struct writer *w, const struct mrt_record *record)
{
	bool v6 = record->peer.addr.family == ADDR_IPV6;

	write_asn(w, record->peer.asn, record->asn4);
	write_asn(w, record->local.asn, record->asn4);
	write_u16(w, record->interface);
	write_u16(w, v6 ? AFI_IPV6 : AFI_IPV4);
	write_bytes(w, record->peer.addr.bytes, v6 ? 16 : 4);
	write_bytes(w, record->local.addr.bytes, v6 ? 16 : 4);
}

static struct gap
begin_session(struct writer *w, const struct mrt_record *record, uint16_t subtype)
{
	bool micros = record->micros != 0;
	struct gap g = begin(w, record, micros ? MRT_BGP4MP_ET : MRT_BGP4MP, subtype);

	if (micros)
		write_u32(w, record->micros);
	write_session(w, record);
	return g;
}

void
mrt_write_message(struct writer *w, const struct mrt_record *record)
{
	/* RFC 6396 4.4.2..4.4.4, RFC 8050 3: AS4, sent by us, path identifiers */
	static const uint16_t subtypes[2][2][2] = {
		{ { 1, 8 }, { 6, 10 } },
		{ { 4, 9 }, { 7, 11 } },
	};
	struct gap g =
	    begin_session(w, record, subtypes[record->asn4][record->ours][record->path_ids]);

	write_slice(w, record->message);
	finish(w, g);
}

void
mrt_write_state(struct writer *w, const struct mrt_record *record)
{
	struct gap g = begin_session(w, record, record->asn4 ? 5 : 0);

	write_u16(w, record->old_state);
	write_u16(w, record->new_state);
	finish(w, g);
}

void
mrt_write_peers(
    struct writer *w, const struct mrt_record *record, const struct mrt_peer *peers, uint16_t count)
{
	struct gap g = begin(w, record, MRT_TABLE_DUMP_V2, 1);
	struct gap view;

	write_u32(w, record->collector);
	view = open_u16(w);
	write_slice(w, record->view);
	close_u16(w, view);
	write_u16(w, count);
	for (uint16_t i = 0; i < count; i++) {
		bool v6 = peers[i].addr.family == ADDR_IPV6;

		write_u8(w, v6 ? PEER_IPV6 | PEER_AS4 : PEER_AS4);
		write_u32(w, peers[i].id);
		write_bytes(w, peers[i].addr.bytes, v6 ? 16 : 4);
		write_u32(w, peers[i].asn);
	}
	finish(w, g);
}

void
mrt_write_routes(struct writer *w, const struct mrt_record *record)
{
	const struct family *f = record->nlri.family;
	bool plain = (f->afi == AFI_IPV4 || f->afi == AFI_IPV6) && (f->safi == 1 || f->safi == 2);
	uint16_t subtype = 6;
	struct gap g;

	if (plain)
		subtype = (uint16_t)(2 + (f->afi - AFI_IPV4) * 2 + f->safi - 1); /* 2..5 */
	if (record->path_ids)
		subtype = (uint16_t)(subtype + 6); /* RFC 8050 4 */
	g = begin(w, record, MRT_TABLE_DUMP_V2, subtype);
	write_u32(w, record->sequence);
	if (!plain) {
		write_u16(w, f->afi);
		write_u8(w, f->safi);
	}
	write_slice(w, record->nlri.bytes);
	write_u16(w, record->routes);
	write_slice(w, record->entries);
	finish(w, g);
}

void
mrt_write_entry(struct writer *w, uint16_t peer, const struct mrt_route *route, bool path_ids)
{
	struct gap g;

	write_u16(w, peer);
	write_u32(w, route->originated);
	if (path_ids)
		write_u32(w, route->nlri.path_id);
	g = open_u16(w);
	write_slice(w, route->attributes);
	close_u16(w, g);
}

/* An attribute with the head that its length asks for. */
static struct gap
begin_reach(struct writer *w, const struct nlri *n, struct slice next_hop)
{
	struct gap g;
	struct gap hop;

	write_u8(w, FLAG_OPTIONAL | FLAG_LONG);
	write_u8(w, MP_REACH);
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
