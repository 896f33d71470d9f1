/* MRT: what is written is read; what is cut or bent is told. */
#include "base/arena.h"
#include "base/hex.h"
#include "base/mem.h"
#include "bgp/message.h"
#include "bgp/update.h"
#include "case.h"
#include "write.h"

static uint8_t room[65536];

static const uint8_t own6[16] = { 0x20, 1, 0xd, 0xb8, [15] = 1 };
static const uint8_t far6[16] = { 0x20, 1, 0xd, 0xb8, [15] = 2 };

static struct mrt_record
session_record(bool v6)
{
	return (struct mrt_record){ .seconds = 1470931406,
		.peer = { .addr = v6 ? addr_v6(far6) : addr_v4_of(0x0a000002), .asn = 65002 },
		.local = { .addr = v6 ? addr_v6(own6) : addr_v4_of(0x0a000001), .asn = 65001 },
		.interface = 3 };
}

/* One record that reads back to its end. */
static enum mrt_did
read_one(struct mrt_reader *m, const struct writer *w, struct mrt_record *to)
{
	struct slice data = writer_slice(w);
	enum mrt_did did = mrt_read(m, &data, to);

	cr_assert_eq(data.len, 0);
	return did;
}

static void
check_message(unsigned bits)
{
	struct mrt_record record = session_record((bits & 1) != 0);
	struct writer w = writer_on(room, sizeof(room));
	uint8_t bytes[64];
	struct writer message = writer_on(bytes, sizeof(bytes));
	struct mrt_reader m = { 0 };
	struct mrt_record got;

	message_keepalive(&message);
	record.message = writer_slice(&message);
	record.asn4 = (bits & 2) != 0;
	record.ours = (bits & 4) != 0;
	record.path_ids = (bits & 8) != 0;
	record.micros = (bits & 16) != 0 ? 123456 : 0;
	if (record.asn4)
		record.peer.asn = 4200000000;
	mrt_write_message(&w, &record);
	cr_assert(writer_ok(&w));
	cr_assert_eq(read_one(&m, &w, &got), MRT_RECORD);
	cr_expect_eq(got.kind, MRT_MESSAGE);
	cr_expect_eq(got.seconds, record.seconds);
	cr_expect_eq(got.micros, record.micros);
	cr_expect_eq(got.asn4, record.asn4, "%u", bits);
	cr_expect_eq(got.ours, record.ours, "%u", bits);
	cr_expect_eq(got.path_ids, record.path_ids, "%u", bits);
	cr_expect_eq(got.peer.asn, record.peer.asn);
	cr_expect_eq(got.local.asn, record.local.asn);
	cr_expect_eq(got.interface, 3);
	cr_expect(addr_same(&got.peer.addr, &record.peer.addr));
	cr_expect(addr_same(&got.local.addr, &record.local.addr));
	cr_expect(slice_same(got.message, record.message));
	mrt_reader_done(&m);
}

Case(mrt, message_of_any_kind_is_read_as_written)
{
	for (unsigned bits = 0; bits < 32; bits++)
		check_message(bits);
}

Case(mrt, state_change_is_read_as_written)
{
	for (unsigned bits = 0; bits < 4; bits++) {
		struct mrt_record record = session_record((bits & 1) != 0);
		struct writer w = writer_on(room, sizeof(room));
		struct mrt_reader m = { 0 };
		struct mrt_record got;

		record.asn4 = (bits & 2) != 0;
		record.old_state = 5;
		record.new_state = 6;
		mrt_write_state(&w, &record);
		cr_assert_eq(read_one(&m, &w, &got), MRT_RECORD);
		cr_expect_eq(got.kind, MRT_STATE);
		cr_expect_eq(got.old_state, 5);
		cr_expect_eq(got.new_state, 6);
		cr_expect_eq(got.peer.asn, 65002);
	}
}

static const char attributes4[] = "\x40\1\1\0\x40\2\0\x40\3\4\x0a\0\0\2";
/* RFC 6396 4.3.4: of MP_REACH only the next hop */
static const char attributes6[] =
    "\x40\1\1\0\x40\2\0\x80\x0e\x11\x10\x20\1\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\2";
/* and as older files have it */
static const char attributes6_whole[] =
    "\x40\1\1\0\x40\2\0\x80\x0e\x15\0\2\1\x10\x20\1\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\2\0";

struct table_row {
	const char *what;
	uint16_t afi;
	uint8_t safi;
	bool path_ids;
	struct slice nlri;
	struct slice attributes;
};

#define BYTES(literal)                                                                             \
	{                                                                                          \
		(const uint8_t *)(literal), sizeof(literal) - 1                                    \
	}

static const struct table_row tables[] = {
	{ "IPv4", 1, 1, false, BYTES("\x18\x0a\1\2"), BYTES(attributes4) },
	{ "IPv4, paths", 1, 1, true, BYTES("\x18\x0a\1\2"), BYTES(attributes4) },
	{ "IPv6", 2, 1, false, BYTES("\x20\x20\1\x0d\xb8"), BYTES(attributes6) },
	{ "IPv6, paths", 2, 1, true, BYTES("\x20\x20\1\x0d\xb8"), BYTES(attributes6) },
	{ "IPv6, old", 2, 1, false, BYTES("\x20\x20\1\x0d\xb8"), BYTES(attributes6_whole) },
	{ "IPv6 multicast", 2, 2, false, BYTES("\x20\x20\1\x0d\xb8"), BYTES(attributes6) },
};

#define TABLES (sizeof(tables) / sizeof(*tables))

/* A peer index and a prefix with two routes. */
static void
write_table(struct writer *w, const struct table_row *row)
{
	const struct mrt_peer peers[2] = {
		{ .addr = addr_v4_of(0x0a000002), .asn = 4200000000, .id = 7 },
		{ .addr = addr_v6(far6), .asn = 65003, .id = 8 },
	};
	uint8_t bytes[512];
	struct writer entries = writer_on(bytes, sizeof(bytes));
	struct mrt_record record = { .seconds = 1,
		.collector = 9,
		.view = SLICE("main"),
		.sequence = 5,
		.path_ids = row->path_ids,
		.routes = 2,
		.nlri = { .family = family_of(row->afi, row->safi), .bytes = row->nlri } };

	mrt_write_peers(w, &record, peers, 2);
	for (uint16_t i = 0; i < 2; i++) {
		struct mrt_route route = { .nlri = { .path_id = 70U + i },
			.originated = 100U + i,
			.attributes = row->attributes };

		mrt_write_entry(&entries, i, &route, row->path_ids);
	}
	record.entries = writer_slice(&entries);
	mrt_write_routes(w, &record);
	cr_assert(writer_ok(w));
}

/* Does the route, as an UPDATE, decode to what the row says? */
static void
check_update(const struct mrt_route *route, const struct table_row *row)
{
	struct session s = session_assumed();
	struct arena arena = { 0 };
	uint8_t bytes[512];
	struct writer w = writer_on(bytes, sizeof(bytes));
	bool found = false;
	struct update u;

	if (row->path_ids)
		s.path_ids_in = family_all();
	mrt_route_update(route, &w);
	update_decode(writer_slice(&w), &s, &arena, NULL, &u);
	cr_expect_eq(u.verdict, VERDICT_FINE, "%s", row->what);
	for (unsigned i = 0; i < UPDATE_PARTS; i++) {
		struct nlri_walk walk;
		struct nlri n;

		if (u.announce[i].family == NULL)
			continue;
		walk = nlri_walk_on(&u.announce[i]);
		while (nlri_next(&walk, &n)) {
			found = true;
			cr_expect(slice_same(n.bytes, row->nlri), "%s", row->what);
			cr_expect_eq(n.path_id, route->nlri.path_id, "%s", row->what);
			cr_expect_eq(u.announce[i].attrs->next_hop_len, row->afi == 1 ? 4 : 16);
		}
	}
	cr_expect(found, "%s", row->what);
	update_done(&u);
	arena_free(&arena);
}

Case(mrt, table_is_read_as_written_and_is_updates)
{
	for (size_t t = 0; t < TABLES; t++) {
		struct writer w = writer_on(room, sizeof(room));
		struct mrt_reader m = { 0 };
		struct mrt_record got;
		struct mrt_route route;
		struct reader r;
		struct slice data;
		unsigned i;

		write_table(&w, &tables[t]);
		data = writer_slice(&w);
		cr_assert_eq(mrt_read(&m, &data, &got), MRT_RECORD);
		cr_expect_eq(got.kind, MRT_PEERS);
		cr_expect_eq(got.collector, 9);
		cr_expect(slice_is(got.view, "main"));
		cr_assert_eq(
		    mrt_read(&m, &data, &got), MRT_RECORD, "%s: %s", tables[t].what, m.expected);
		cr_expect_eq(got.kind, MRT_ROUTES);
		cr_expect_eq(got.sequence, 5);
		cr_expect(slice_same(got.nlri.bytes, tables[t].nlri));
		r = reader_on(got.entries);
		for (i = 0; mrt_route_next(&m, &got, &r, &route); i++) {
			cr_expect_eq(route.originated, 100 + i);
			cr_expect_eq(route.peer->id, 7 + i);
			cr_expect_eq(route.nlri.path_id, tables[t].path_ids ? 70 + i : 0);
			check_update(&route, &tables[t]);
		}
		cr_expect_eq(i, 2);
		cr_expect_eq(mrt_read(&m, &data, &got), MRT_MORE);
		cr_expect_eq(m.offset, writer_len(&w));
		mrt_reader_done(&m);
	}
}

/* RFC 6396 4.2. */
Case(mrt, old_table_is_read)
{
	static const char hex[] = "3d3c6c80"
				  "000c"
				  "0001"
				  "00000024"
				  "0000"
				  "0005"
				  "18000000"
				  "08"
				  "01"
				  "3d3c0000"
				  "c1cb0001"
				  "073d"
				  "000e"
				  "40010100"
				  "400200"
				  "400304c1cb0001";
	struct mrt_reader m = { 0 };
	struct mrt_record got;
	struct mrt_route route;
	struct slice data;
	struct reader r;
	size_t len;

	cr_assert(hex_decode(SLICE(hex), room, sizeof(room), &len));
	data = slice_of(room, len);
	cr_assert_eq(mrt_read(&m, &data, &got), MRT_RECORD, "%s", m.expected);
	cr_assert_eq(got.kind, MRT_ROUTES);
	cr_expect(slice_same(got.nlri.bytes, SLICE("\x08\x18")));
	r = reader_on(got.entries);
	cr_assert(mrt_route_next(&m, &got, &r, &route));
	cr_expect_eq(route.peer->asn, 1853);
	cr_expect_eq(addr_u32(&route.peer->addr), 0xc1cb0001);
	cr_expect_not(route.asn4);
	cr_expect_not(mrt_route_next(&m, &got, &r, &route));
}

/* All of a file at once, as far as it goes; gives the number of bad records. */
static unsigned
read_all(struct slice data)
{
	struct mrt_reader m = { 0 };
	struct mrt_record got;
	struct mrt_route route;
	enum mrt_did did;
	unsigned bad = 0;

	while ((did = mrt_read(&m, &data, &got)) == MRT_RECORD || did == MRT_BAD) {
		struct reader r = reader_on(got.entries);

		bad += did == MRT_BAD;
		cr_assert(did == MRT_RECORD || m.expected != NULL);
		while (did == MRT_RECORD && got.kind == MRT_ROUTES &&
		    mrt_route_next(&m, &got, &r, &route)) {
			uint8_t bytes[512];
			struct writer w = writer_on(bytes, sizeof(bytes));

			mrt_route_update(&route, &w);
		}
	}
	mrt_reader_done(&m);
	return bad;
}

Case(mrt, cut_anywhere_more_is_wanted)
{
	struct writer w = writer_on(room, sizeof(room));

	write_table(&w, &tables[1]);
	for (size_t len = 0; len < writer_len(&w); len++)
		cr_expect_eq(read_all(slice_of(room, len)), 0, "cut at %zu", len);
}

/* A record whose length was made shorter is bad, and what is behind it is still read. */
Case(mrt, short_record_is_bad_alone)
{
	struct mrt_record record = session_record(false);
	struct writer w = writer_on(room, sizeof(room));
	struct mrt_reader m = { 0 };
	struct mrt_record got;
	size_t whole;

	mrt_write_state(&w, &record);
	whole = writer_len(&w);
	for (size_t len = MRT_HEADER; len < whole; len++) {
		struct slice data;

		writer_back(&w, len);
		store_u32(room + 8, (uint32_t)(len - MRT_HEADER));
		mrt_write_state(&w, &record);
		data = writer_slice(&w);
		m = (struct mrt_reader){ 0 };
		cr_expect_eq(mrt_read(&m, &data, &got), MRT_BAD, "%zu", len);
		cr_expect_eq(m.fault_at, 0);
		cr_expect_not_null(m.expected);
		cr_expect_eq(mrt_read(&m, &data, &got), MRT_RECORD);
		writer_back(&w, 0);
		mrt_write_state(&w, &record);
	}
}

Case(mrt, any_bit_may_be_wrong)
{
	static uint8_t bent[1024];

	for (size_t t = 0; t < TABLES; t++) {
		struct writer w = writer_on(room, sizeof(room));
		size_t len;

		write_table(&w, &tables[t]);
		len = writer_len(&w);
		for (size_t bit = 0; bit < len * 8; bit++) {
			memcpy(bent, room, len);
			bent[bit / 8] ^= (uint8_t)(1U << bit % 8);
			(void)read_all(slice_of(bent, len)); /* sanitizers watch */
		}
	}
}

Case(mrt, record_too_long_to_believe_ends_the_file)
{
	static const uint8_t bytes[12] = { [5] = 16, [8] = 0x7f };
	struct slice data = slice_of(bytes, sizeof(bytes));
	struct mrt_reader m = { 0 };
	struct mrt_record got;

	cr_assert_eq(mrt_read(&m, &data, &got), MRT_LOST);
	cr_assert_not_null(m.expected);
}
