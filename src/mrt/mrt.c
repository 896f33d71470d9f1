/* Reading of MRT records: RFC 6396, RFC 8050. */
#include "mrt/mrt.h"

#include "base/mem.h"
#include "bgp/message.h"

enum bgp4mp_subtype { /* RFC 6396 4.4, RFC 8050 3 */
	STATE_CHANGE = 0,
	MESSAGE = 1,
	MESSAGE_AS4 = 4,
	STATE_CHANGE_AS4 = 5,
	MESSAGE_LOCAL = 6,
	MESSAGE_AS4_LOCAL = 7,
	MESSAGE_ADDPATH = 8,
	MESSAGE_AS4_ADDPATH = 9,
	MESSAGE_LOCAL_ADDPATH = 10,
	MESSAGE_AS4_LOCAL_ADDPATH = 11,
};

enum table_subtype { /* RFC 6396 4.3, RFC 8050 4 */
	PEER_INDEX_TABLE = 1,
	RIB_IPV4_UNICAST = 2,
	RIB_GENERIC = 6,
	RIB_IPV4_UNICAST_ADDPATH = 8,
	RIB_GENERIC_ADDPATH = 12,
};

#define PEER_IPV6 1 /* bits of a peer's type */
#define PEER_AS4  2

void
mrt_reader_done(struct mrt_reader *m)
{
	mem_free(m->peers);
	*m = (struct mrt_reader){ 0 };
}

static struct addr
take_addr(struct reader *r, uint16_t afi)
{
	return addr_of_bytes(read_slice(r, afi == AFI_IPV6 ? 16 : 4));
}

static uint32_t
take_asn(struct reader *r, bool four)
{
	return four ? read_u32(r) : read_u16(r);
}

/* RFC 6396 4.4: what BGP4MP records begin with. */
static const char *
read_session(struct reader *r, struct mrt_record *to)
{
	uint16_t afi;

	to->peer.asn = take_asn(r, to->asn4);
	to->local.asn = take_asn(r, to->asn4);
	to->interface = read_u16(r);
	afi = read_u16(r);
	if (!reader_ok(r) || (afi != AFI_IPV4 && afi != AFI_IPV6))
		return "expected two AS numbers, an interface and an address family of 1 or 2";
	to->peer.addr = take_addr(r, afi);
	to->local.addr = take_addr(r, afi);
	return reader_ok(r) ? NULL : "expected the addresses of both sides";
}

static const char *
read_message(struct reader *r, struct mrt_record *to)
{
	const char *wrong = read_session(r, to);
	struct reader header;

	if (wrong != NULL)
		return wrong;
	to->message = read_rest(r);
	header = reader_on(to->message);
	read_skip(&header, BGP_MARKER_LEN);
	if (read_u16(&header) != to->message.len || to->message.len < BGP_HEADER)
		return "expected one BGP message, as long as it says";
	to->kind = MRT_MESSAGE;
	return NULL;
}

static const char *
read_state(struct reader *r, struct mrt_record *to)
{
	const char *wrong = read_session(r, to);

	if (wrong != NULL)
		return wrong;
	to->old_state = read_u16(r);
	to->new_state = read_u16(r);
	if (!reader_done(r))
		return "expected two states and nothing behind them";
	to->kind = MRT_STATE;
	return NULL;
}

static const char *
read_bgp4mp(struct reader *r, struct mrt_record *to)
{
	switch (to->subtype) {
	case STATE_CHANGE: return read_state(r, to);
	case STATE_CHANGE_AS4: to->asn4 = true; return read_state(r, to);
	case MESSAGE:
	case MESSAGE_AS4:
	case MESSAGE_LOCAL:
	case MESSAGE_AS4_LOCAL:
	case MESSAGE_ADDPATH:
	case MESSAGE_AS4_ADDPATH:
	case MESSAGE_LOCAL_ADDPATH:
	case MESSAGE_AS4_LOCAL_ADDPATH: break;
	default: return NULL; /* another kind */
	}
	to->path_ids = to->subtype >= MESSAGE_ADDPATH;
	to->ours = to->subtype == MESSAGE_LOCAL || to->subtype == MESSAGE_AS4_LOCAL ||
	    to->subtype >= MESSAGE_LOCAL_ADDPATH;
	to->asn4 = to->subtype == MESSAGE_AS4 || to->subtype == MESSAGE_AS4_LOCAL ||
	    to->subtype == MESSAGE_AS4_ADDPATH || to->subtype == MESSAGE_AS4_LOCAL_ADDPATH;
	return read_message(r, to);
}

/* RFC 6396 4.3.1. */
static const char *
read_peers(struct mrt_reader *m, struct reader *r, struct mrt_record *to)
{
	struct mrt_peer *peers;
	uint16_t count;

	to->collector = read_u32(r);
	to->view = read_slice(r, read_u16(r));
	count = read_u16(r);
	if (!reader_ok(r))
		return "expected a collector, a view and a number of peers";
	peers = mem_get(count * sizeof(*peers));
	for (uint16_t i = 0; i < count; i++) {
		uint8_t type = read_u8(r);

		peers[i].id = read_u32(r);
		peers[i].addr = take_addr(r, (type & PEER_IPV6) != 0 ? AFI_IPV6 : AFI_IPV4);
		peers[i].asn = take_asn(r, (type & PEER_AS4) != 0);
	}
	if (!reader_done(r)) {
		mem_free(peers);
		return "expected as many peers as it says, and nothing behind them";
	}
	mem_free(m->peers);
	m->peers = peers;
	m->peer_count = count;
	to->kind = MRT_PEERS;
	return NULL;
}

/* RFC 6396 4.3.4. */
static bool
take_route(const struct mrt_reader *m, const struct mrt_record *record, struct reader *r,
    struct mrt_route *to)
{
	uint16_t peer;

	*to = (struct mrt_route){ .nlri = record->nlri, .asn4 = true };
	peer = read_u16(r);
	to->originated = read_u32(r);
	if (record->path_ids) {
		to->nlri.has_path_id = true;
		to->nlri.path_id = read_u32(r);
	}
	to->attributes = read_slice(r, read_u16(r));
	if (!reader_ok(r) || peer >= m->peer_count)
		return false;
	to->peer = &m->peers[peer];
	return true;
}

/* RFC 6396 4.3.2, 4.3.3: the family of the record, or that which it names. */
static const struct family *
table_family(struct reader *r, uint16_t subtype)
{
	uint16_t afi;

	if (subtype == RIB_GENERIC || subtype == RIB_GENERIC_ADDPATH) {
		afi = read_u16(r);
		return family_of(afi, read_u8(r));
	}
	subtype = subtype >= RIB_IPV4_UNICAST_ADDPATH ? subtype - RIB_IPV4_UNICAST_ADDPATH
						      : subtype - RIB_IPV4_UNICAST;
	return family_of(subtype / 2 + AFI_IPV4, subtype % 2 + 1);
}

static const char *
read_table(struct mrt_reader *m, struct reader *r, struct mrt_record *to)
{
	const struct family *f;
	struct mrt_route route;
	struct reader entries;

	if (to->subtype == PEER_INDEX_TABLE)
		return read_peers(m, r, to);
	if (to->subtype < RIB_IPV4_UNICAST || to->subtype > RIB_GENERIC_ADDPATH ||
	    to->subtype == RIB_GENERIC + 1)
		return NULL; /* another kind */
	to->sequence = read_u32(r);
	f = table_family(r, to->subtype);
	if (f == NULL)
		return "expected an address family that is known";
	to->nlri = nlri_take(f, r, false);
	to->routes = read_u16(r);
	to->path_ids = to->subtype >= RIB_IPV4_UNICAST_ADDPATH;
	to->asn4 = true;
	if (!reader_ok(r))
		return "expected a prefix and a number of routes";
	to->entries = read_rest(r);
	entries = reader_on(to->entries);
	for (uint16_t i = 0; i < to->routes; i++) {
		if (!take_route(m, to, &entries, &route))
			return "expected routes of peers of the table, as many as it says";
	}
	if (!reader_done(&entries))
		return "expected nothing behind the last route";
	to->kind = MRT_ROUTES;
	return NULL;
}

/* RFC 6396 4.2: one route, whose peer has an AS number of two bytes. */
static bool
take_old_route(const struct mrt_record *record, struct reader *r, struct mrt_route *to)
{
	*to = (struct mrt_route){ .nlri = record->nlri };
	(void)read_u8(r); /* status: always 1 */
	to->originated = read_u32(r);
	to->own.addr = take_addr(r, record->subtype);
	to->own.asn = read_u16(r);
	to->attributes = read_slice(r, read_u16(r));
	to->peer = &to->own;
	return reader_done(r);
}

static const char *
read_old_table(struct reader *r, struct mrt_record *to)
{
	size_t len = to->subtype == AFI_IPV6 ? 16 : 4;
	struct mrt_route route;
	struct reader made;
	struct slice addr;
	uint8_t bits;

	if (to->subtype != AFI_IPV4 && to->subtype != AFI_IPV6)
		return NULL; /* another kind */
	to->view_number = read_u16(r);
	to->sequence = read_u16(r);
	addr = read_slice(r, len);
	bits = read_u8(r);
	if (!reader_ok(r) || bits > len * 8)
		return "expected a prefix and its length";
	to->made[0] = bits;
	memcpy(to->made + 1, addr.at, (bits + 7U) / 8U);
	made = reader_on(slice_of(to->made, 1 + (bits + 7U) / 8U));
	to->nlri = nlri_take(family_of(to->subtype, 1), &made, false);
	to->routes = 1;
	to->entries = read_rest(r);
	made = reader_on(to->entries);
	if (!take_old_route(to, &made, &route))
		return "expected a route and nothing behind it";
	to->kind = MRT_ROUTES;
	return NULL;
}

bool
mrt_route_next(const struct mrt_reader *m, const struct mrt_record *record, struct reader *r,
    struct mrt_route *to)
{
	if (!reader_more(r))
		return false;
	if (record->type == MRT_TABLE_DUMP)
		return take_old_route(record, r, to);
	return take_route(m, record, r, to);
}

enum mrt_did
mrt_read(struct mrt_reader *m, struct slice *data, struct mrt_record *to)
{
	struct reader r = reader_on(*data);
	const char *wrong = NULL;
	uint32_t len;

	*to = (struct mrt_record){ .kind = MRT_OTHER };
	to->seconds = read_u32(&r);
	to->type = read_u16(&r);
	to->subtype = read_u16(&r);
	len = read_u32(&r);
	if (reader_ok(&r) && len > MRT_RECORD_MAX) {
		m->fault_at = m->offset;
		m->expected = "expected a record of 16 MiB at most";
		return MRT_LOST;
	}
	r = read_inner(&r, len);
	if (!reader_ok(&r))
		return MRT_MORE;
	if (to->type == MRT_BGP4MP_ET) /* RFC 6396 3 */
		to->micros = read_u32(&r);
	if (to->type == MRT_BGP4MP || to->type == MRT_BGP4MP_ET)
		wrong = read_bgp4mp(&r, to);
	else if (to->type == MRT_TABLE_DUMP_V2)
		wrong = read_table(m, &r, to);
	else if (to->type == MRT_TABLE_DUMP)
		wrong = read_old_table(&r, to);
	*data = slice_after(*data, MRT_HEADER + (size_t)len);
	if (wrong != NULL) {
		m->fault_at = m->offset;
		m->expected = wrong;
	}
	m->offset += MRT_HEADER + (uint64_t)len;
	return wrong == NULL ? MRT_RECORD : MRT_BAD;
}
