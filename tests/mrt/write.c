/* Writing of MRT records. */
#include "write.h"

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
