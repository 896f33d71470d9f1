/* Packing: bytes of worked examples; properties of whatever is packed. */
#include "base/arena.h"
#include "base/hex.h"
#include "base/mem.h"
#include "bgp/message.h"
#include "bgp/update.h"
#include "case.h"
#include "pending.h"
#include "rib/pack.h"
#include "routes.h"

static const struct pack_rules grouped = { .group = true };
static const struct pack_rules single = { .group = false };

static uint8_t room[65535];

static struct session
session_small(void)
{
	struct session s = session_assumed();

	s.local_as = s.peer_as = 1;
	s.message_max = BGP_MESSAGE_MAX;
	return s;
}

static struct nlri
route_of(unsigned afi, const char *bytes, size_t len)
{
	return (
	    struct nlri){ .family = family_of((uint16_t)afi, 1), .bytes = slice_of(bytes, len) };
}

/* ORIGIN igp and nothing else. */
static struct attrs *
plain_set(struct slice next_hop, bool self)
{
	static uint8_t words[ATTRS_MAX];
	struct writer w = writer_on(words, sizeof(words));
	struct attrs_build b = { .room = &w, .next_hop = next_hop, .next_hop_self = self };

	return attrs_freeze(&b);
}

static void
expect_body(struct writer *w, const char *hex, const char *label)
{
	uint8_t want[512];
	size_t len;
	struct text got = { 0 };

	cr_assert(hex_decode(slice_on(hex), want, sizeof(want), &len));
	text_hex(&got, slice_after(writer_slice(w), BGP_HEADER));
	cr_expect(slice_same(slice_after(writer_slice(w), BGP_HEADER), slice_of(want, len)),
	    "%s: %s, not %s", label, text_chars(&got), hex);
	text_free(&got);
}

static void
expect_route(const struct session *s, const struct nlri *n, struct slice hop, const char *hex)
{
	struct attrs *a = plain_set(hop, false);
	struct writer w = writer_on(room, sizeof(room));

	cr_assert(pack_route(n, a, false, s, &w));
	expect_body(&w, hex, "announce");
	attrs_drop(a);
}

static const struct slice hop_v4 = { (const uint8_t *)"\1\1\1\1", 4 };
static const struct slice hop_v6 = { (const uint8_t *)"\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\1", 16 };

Case(pack, worked_examples_are_these_bytes)
{
	struct session s = session_small();
	struct nlri v4 = route_of(1, "\x18\x0a\0\0", 4);
	struct nlri v6 = route_of(2, "\x30\x20\x01\x0d\xb8\0\0", 7);
	struct writer w = writer_on(room, sizeof(room));
	struct attrs *a = plain_set(hop_v4, false);

	expect_route(&s, &v4, hop_v4, "00000015400101004002004003040101010140050400000064180a0000");
	expect_route(&s, &v4, hop_v6,
	    "0000002a4001010040020040050400000064"
	    "800e19000101100000000000000000000000000000000100180a0000");
	expect_route(&s, &v6, hop_v4,
	    "00000028400101004002004003040101010140050400000064"
	    "800e100002010401010101003020010db80000");
	cr_assert(pack_route(&v4, a, true, &s, &w));
	expect_body(&w, "0004180a00000000", "withdraw");
	w = writer_on(room, sizeof(room));
	cr_assert(pack_route(&v6, a, true, &s, &w));
	expect_body(&w, "0000000d800f0a0002013020010db80000", "withdraw IPv6");
	w = writer_on(room, sizeof(room));
	cr_assert(pack_attributes(a, &s, &w));
	expect_body(&w, "00000015400101004002004003040101010140050400000064", "attributes");
	attrs_drop(a);
}

Case(pack, path_identifiers_are_sent_when_agreed)
{
	struct session s = session_small();
	struct nlri v4 = route_of(1, "\x20\xc1\0\2\1", 5);
	struct attrs *a = plain_set(hop_v4, false);
	struct writer w = writer_on(room, sizeof(room));

	v4.has_path_id = true;
	v4.path_id = 0x01020304;
	family_add(&s.path_ids_out, v4.family);
	expect_route(&s, &v4, hop_v4,
	    "000000154001010040020040030401010101400504000000640102030420c1000201");
	v4.has_path_id = false;
	v4.path_id = 0;
	cr_assert(pack_route(&v4, a, true, &s, &w));
	expect_body(&w, "00090000000020c10002010000", "withdraw");
	attrs_drop(a);
}

struct self_row {
	const char *what;
	unsigned afi;
	bool session_v6;
	bool fine;
	size_t len;
	uint8_t first;
};

static const struct self_row selves[] = {
	{ "IPv4 over IPv4", 1, false, true, 4, 127 },
	{ "IPv4 over IPv6: the router id", 1, true, true, 4, 9 },
	{ "IPv6 over IPv6", 2, true, true, 16, 0x20 },
	{ "IPv6 over IPv4", 2, false, false, 0, 0 },
};

Case(pack, next_hop_self_is_the_local_address)
{
	static const uint8_t own[16] = { 0x20, 1 };
	struct attrs *a = plain_set((struct slice){ 0 }, true);

	for (size_t i = 0; i < sizeof(selves) / sizeof(*selves); i++) {
		const struct self_row *row = &selves[i];
		struct session s = session_small();
		struct nlri n =
		    row->afi == 1 ? route_of(1, "\x18\x0a\0\0", 4) : route_of(2, "\x10\x20\1", 3);
		struct writer w = writer_on(room, sizeof(room));
		struct arena arena = { 0 };
		struct update u;

		s.local_id = 0x09000001;
		if (row->session_v6)
			s.local = addr_v6(own);
		cr_expect_eq(pack_route(&n, a, false, &s, &w), row->fine, "%s", row->what);
		if (!row->fine)
			continue;
		update_decode(slice_after(writer_slice(&w), BGP_HEADER), &s, &arena, NULL, &u);
		cr_expect_eq(u.verdict, VERDICT_FINE, "%s", row->what);
		cr_expect_eq(u.attrs->next_hop_len, row->len, "%s", row->what);
		cr_expect_eq(attrs_next_hop(u.attrs).at[0], row->first, "%s", row->what);
		update_done(&u);
		arena_free(&arena);
	}
	attrs_drop(a);
}

Case(pack, link_local_follows_a_global_next_hop_when_agreed)
{
	static const uint8_t local[16] = { 0xfe, 0x80, [15] = 2 };
	struct session s = session_small();
	struct nlri v6 = route_of(2, "\x10\x20\1", 3);

	s.link_local_nexthop = true;
	s.link_local = addr_v6(local);
	expect_route(&s, &v6, hop_v6,
	    "000000394001010040020040050400000064800e2800020120"
	    "00000000000000000000000000000001fe80000000000000000000000000000200102001");
	expect_route(&s, &v6, slice_of(local, 16),
	    "000000294001010040020040050400000064800e1800020110"
	    "fe80000000000000000000000000000200102001");
}

/* What a message says, against what was pending. */
struct heard {
	uint32_t set[3000]; /* + 1 */
	unsigned withdrawn;
	unsigned announced;
	unsigned messages;
};

static uint32_t
key_of(const struct nlri *n)
{
	static struct made made[3000];

	for (uint32_t i = 0; i < 3000; i++) {
		if (made[i].nlri.family == NULL)
			made_route(&made[i], i, 0);
		if (made[i].nlri.family == n->family && slice_same(made[i].nlri.bytes, n->bytes))
			return i;
	}
	cr_assert_fail("an unknown route");
	return 0;
}

static void
hear(struct heard *h, struct slice message, const struct session *s, bool group, size_t routes)
{
	struct arena arena = { 0 };
	struct update u;
	size_t count = 0;

	cr_assert_leq(message.len, s->message_max);
	update_decode(slice_after(message, BGP_HEADER), s, &arena, NULL, &u);
	cr_assert_eq(u.verdict, VERDICT_FINE);
	h->messages++;
	for (unsigned i = 0; i < UPDATE_PARTS; i++) {
		struct slice before = { 0 };
		struct nlri_walk w;
		struct nlri n;

		if (u.withdraw[i].family != NULL) {
			w = nlri_walk_on(&u.withdraw[i]);
			for (; nlri_next(&w, &n); count++) {
				cr_assert_eq(h->announced, 0, "withdraws go first");
				h->set[key_of(&n)] = 0;
				h->withdrawn++;
			}
		}
		if (u.announce[i].family == NULL)
			continue;
		w = nlri_walk_on(&u.announce[i]);
		for (; nlri_next(&w, &n); count++) {
			struct record med;

			cr_assert(slice_compare(before, n.bytes) < 0, "not in order");
			before = n.bytes;
			cr_assert(attrs_find(u.announce[i].attrs, 4, &med));
			h->set[key_of(&n)] = load_u32(med.value.at) + 1;
			h->announced++;
		}
	}
	cr_assert_eq(count, routes);
	cr_assert(group || count == 1);
	update_done(&u);
	arena_free(&arena);
}

static void
pack_all(
    struct rib_out *r, struct heard *h, const struct session *s, const struct pack_rules *rules)
{
	enum pack_did did;
	struct nlri lost;
	size_t routes;

	h->announced = h->withdrawn = h->messages = 0;
	for (;;) {
		struct writer w = writer_on(room, sizeof(room));

		did = pack_next(r, s, rules, &w, &routes, &lost);
		if (did == PACK_NOTHING)
			break;
		cr_assert_eq(did, PACK_ONE);
		hear(h, writer_slice(&w), s, rules->group, routes);
	}
	cr_assert_eq(rib_out_pending(r), 0);
}

static void
pack_by_chance(uint64_t seed, const struct session *s, const struct pack_rules *rules)
{
	static struct heard heard;
	static uint32_t want[3000];
	struct rib_out *r = rib_out_new(true);
	struct attrs *sets[20];
	struct chance c = { seed };

	memset(want, 0, sizeof(want));
	memset(&heard, 0, sizeof(heard));
	for (uint32_t i = 0; i < 10; i++) {
		sets[i] = made_set(i);
		sets[i + 10] = made_set_behind(i, hop_v6);
	}
	for (unsigned round = 0; round < 6; round++) {
		for (unsigned i = 0; i < 2500; i++) {
			uint32_t key = chance_below(&c, 3000);
			uint32_t set = chance_below(&c, 10);
			struct made made;

			made_route(&made, key, 0);
			if (chance_below(&c, 6) <= round) {
				rib_out_withdraw(r, &made.nlri, NULL);
				want[key] = 0;
			} else {
				rib_out_announce(r, &made.nlri,
				    sets[made.nlri.family->afi == 1 ? set : set + 10]);
				want[key] = set + 1;
			}
		}
		if (round == 3) {
			rib_out_clear(r);
			memset(want, 0, sizeof(want));
		}
		pack_all(r, &heard, s, rules);
		for (uint32_t i = 0; i < 3000; i++)
			cr_assert_eq(heard.set[i], want[i], "round %u, route %u", round, i);
	}
	rib_out_free(r);
	for (uint32_t i = 0; i < 20; i++)
		attrs_drop(sets[i]);
}

Case(pack, receiver_knows_what_was_asked_for)
{
	struct session s = session_small();

	pack_by_chance(1, &s, &grouped);
	pack_by_chance(2, &s, &single);
	s.message_max = BGP_EXTENDED_MAX;
	pack_by_chance(3, &s, &grouped);
}

/* Does a route that can't be said go away with a word, and leave the others alone? */
Case(pack, what_cannot_be_said_is_lost_alone)
{
	struct session s = session_small();
	struct rib_out *r = rib_out_new(true);
	struct attrs *none = plain_set((struct slice){ 0 }, false);
	struct attrs *some = plain_set(hop_v4, false);
	struct nlri one = route_of(1, "\x18\x0a\0\0", 4);
	struct nlri two = route_of(2, "\x10\x20\1", 3);
	struct nlri three = route_of(1, "\x18\x0a\0\1", 4);
	struct writer w = writer_on(room, sizeof(room));
	struct nlri lost;
	size_t routes;

	family_cut(&s.family_bits, two.family);
	rib_out_announce(r, &one, none);
	rib_out_announce(r, &two, some);
	rib_out_announce(r, &three, some);
	cr_assert_eq(pack_next(r, &s, &grouped, &w, &routes, &lost), PACK_LOST);
	cr_assert(slice_same(lost.bytes, one.bytes));
	cr_assert_eq(writer_len(&w), 0);
	cr_assert_eq(pack_next(r, &s, &grouped, &w, &routes, &lost), PACK_LOST);
	cr_assert(slice_same(lost.bytes, two.bytes));
	cr_assert_eq(pack_next(r, &s, &grouped, &w, &routes, &lost), PACK_ONE);
	cr_assert_eq(routes, 1);
	cr_assert_eq(pack_next(r, &s, &grouped, &w, &routes, &lost), PACK_NOTHING);
	rib_out_free(r);
	attrs_drop(none);
	attrs_drop(some);
}

/* A set that no message of 4096 bytes has room for. */
static struct attrs *
long_set(void)
{
	static uint8_t words[ATTRS_MAX];
	static uint8_t value[4096];
	struct writer b_room = writer_on(words, sizeof(words));
	struct attrs_build b = { .room = &b_room, .next_hop = hop_v4 };

	cr_assert(build_add(&b, 8, 0xc0, RECORD_VALUE, slice_of(value, sizeof(value))));
	return attrs_freeze(&b);
}

Case(pack, set_too_long_for_the_session_is_lost)
{
	struct session s = session_small();
	struct nlri n = route_of(1, "\x18\x0a\0\0", 4);
	struct rib_out *r = rib_out_new(true);
	struct writer w = writer_on(room, sizeof(room));
	struct attrs *a = long_set();
	struct nlri lost;
	size_t routes;

	rib_out_announce(r, &n, a);
	cr_assert_eq(pack_next(r, &s, &grouped, &w, &routes, &lost), PACK_LOST);
	rib_out_again(r, family_all());
	s.message_max = BGP_EXTENDED_MAX;
	cr_assert_eq(pack_next(r, &s, &grouped, &w, &routes, &lost), PACK_ONE);
	rib_out_free(r);
	attrs_drop(a);
}

/* Is the peer left with nothing of a route whose new form it can't be told, and with the next one?
 */
Case(pack, what_the_peer_has_in_another_form_is_withdrawn)
{
	static const uint8_t withdraw[] = { 0, 27, 2, 0, 4, 24, 10, 0, 0, 0, 0 };
	struct session s = session_small();
	struct rib_out *r = rib_out_new(true);
	struct attrs *some = plain_set(hop_v4, false);
	struct attrs *more = long_set();
	struct nlri n = route_of(1, "\x18\x0a\0\0", 4);
	struct writer w = writer_on(room, sizeof(room));
	struct nlri lost;
	size_t routes;

	rib_out_announce(r, &n, some);
	cr_assert_eq(pack_next(r, &s, &grouped, &w, &routes, &lost), PACK_ONE);
	rib_out_announce(r, &n, more);
	w = writer_on(room, sizeof(room));
	cr_assert_eq(pack_next(r, &s, &grouped, &w, &routes, &lost), PACK_GONE);
	cr_expect(slice_same(lost.bytes, n.bytes));
	cr_expect(
	    slice_same(slice_after(writer_slice(&w), 16), slice_of(withdraw, sizeof(withdraw))));
	cr_assert_eq(pack_next(r, &s, &grouped, &w, &routes, &lost), PACK_NOTHING);
	rib_out_clear(r);
	cr_assert_eq(pack_next(r, &s, &grouped, &w, &routes, &lost), PACK_NOTHING, "it has none");
	rib_out_announce(r, &n, some);
	cr_assert_eq(pack_next(r, &s, &grouped, &w, &routes, &lost), PACK_ONE);
	rib_out_free(r);
	attrs_drop(some);
	attrs_drop(more);
}

/* Path identifiers that were announced and not withdrawn, of one prefix. */
static unsigned
paths_heard(struct rib_out *r, const struct session *s, bool *told)
{
	unsigned count = 0;

	for (;;) {
		struct writer w = writer_on(room, sizeof(room));
		struct nlri lost;
		struct reader body;
		uint16_t withdrawn;
		size_t routes;
		enum pack_did did = pack_next(r, s, &single, &w, &routes, &lost);

		if (did == PACK_NOTHING)
			break;
		if (did == PACK_LATER)
			continue;
		body = reader_on(slice_after(writer_slice(&w), BGP_HEADER));
		withdrawn = read_u16(&body);
		if (withdrawn == 0)
			read_skip(&body, read_u16(&body));
		told[read_u32(&body)] = withdrawn == 0;
	}
	for (unsigned i = 0; i < 16; i++)
		count += told[i];
	return count;
}

Case(pack, first_paths_of_a_prefix_are_sent_and_others_take_their_place)
{
	struct session s = session_small();
	struct rib_out *r = rib_out_new(true);
	struct nlri n = route_of(1, "\x18\x0a\0\0", 4);
	bool told[16] = { false };
	struct attrs *sets[3];

	family_add(&s.path_ids_out, n.family);
	s.paths_limit[n.family->id] = 2;
	n.has_path_id = true;
	for (uint32_t i = 0; i < 3; i++)
		sets[i] = made_set(i);
	for (n.path_id = 0; n.path_id < 6; n.path_id++)
		rib_out_announce(r, &n, sets[n.path_id % 3]);
	/* by set: 0 and 3 are the first */
	cr_expect_eq(paths_heard(r, &s, told), 2);
	cr_expect(told[0] && told[3]);
	cr_expect_eq(rib_out_pending(r), 0);
	n.path_id = 3;
	rib_out_withdraw(r, &n, NULL);
	cr_expect_eq(paths_heard(r, &s, told), 2);
	cr_expect(told[0] && !told[3]);
	/* another set for one that is known is no path more */
	n.path_id = 0;
	rib_out_announce(r, &n, sets[2]);
	cr_expect_eq(paths_heard(r, &s, told), 2);
	cr_expect(told[0]);
	rib_out_up(r);
	memset(told, 0, sizeof(told));
	cr_expect_eq(paths_heard(r, &s, told), 2);
	/* what was held is not withdrawn */
	rib_out_clear(r);
	cr_expect_eq(rib_out_pending(r), 2);
	cr_expect_eq(paths_heard(r, &s, told), 0);
	rib_out_free(r);
	for (uint32_t i = 0; i < 3; i++)
		attrs_drop(sets[i]);
}

/* The reference's 6.0 forgets the withdraw itself there, and its users' suites know what is left.
 */
Case(pack, first_withdraw_of_a_session_leaves_a_trace_if_asked)
{
	struct session s = session_small();
	struct nlri n = { .family = family_of(1, 133), .bytes = SLICE("\x04\x02\x08\x0a\x00") };
	struct attrs *a = plain_set((struct slice){ 0 }, false);

	family_add(&s.family_bits, n.family);
	for (int asked = 0; asked < 2; asked++) {
		struct pack_rules rules = { .trace = asked != 0 };
		struct rib_out *r = rib_out_new(true);
		struct nlri lost;
		size_t routes;

		for (int session = 0; session < 2; session++) {
			struct writer w = writer_on(room, sizeof(room));

			rib_out_up(r);
			cr_expect_eq(pack_next(r, &s, &rules, &w, &routes, &lost), PACK_NOTHING);
			(void)rib_out_withdraw(r, &n, a);
			if (asked != 0) {
				cr_expect_eq(
				    pack_next(r, &s, &rules, &w, &routes, &lost), PACK_ONE);
				cr_expect_eq(routes, 0);
				cr_expect_eq(writer_len(&w), 19 + 4 + 14);
			}
			cr_expect_eq(pack_next(r, &s, &rules, &w, &routes, &lost), PACK_ONE);
			cr_expect_eq(routes, 1);
			(void)rib_out_withdraw(r, &n, a); /* not the first any more */
			cr_expect_eq(pack_next(r, &s, &rules, &w, &routes, &lost), PACK_ONE);
			cr_expect_eq(routes, 1);
			cr_expect_eq(pack_next(r, &s, &rules, &w, &routes, &lost), PACK_NOTHING);
			rib_out_down(r);
		}
		rib_out_free(r);
	}
	attrs_drop(a);
}

/* Announce, clear, flush, as somebody's suite does: api-rib. */
Case(pack, clear_and_flush_give_these_messages)
{
	struct session s = session_small();
	struct rib_out *r = rib_out_new(true);
	uint8_t prefix[5] = { 32, 192, 168, 0, 0 };
	struct nlri n = { .family = family_of(1, 1), .bytes = slice_of(prefix, 5) };
	struct attrs *a = plain_set(SLICE("\x0a\0\0\2"), false);
	struct attrs *b = plain_set(SLICE("\x0a\0\0\3"), false);
	static const char *const want[] = {
		"00000015400101004002004003040a0000024005040000006420c0a80002",
		"00000015400101004002004003040a0000034005040000006420c0a80003",
		"000520c0a800020000",
		"000520c0a800030000",
	};
	struct nlri lost;
	size_t routes;

	rib_out_announce(r, &n, a);
	rib_out_clear(r);
	cr_assert_eq(rib_out_pending(r), 0);
	prefix[4] = 2;
	rib_out_announce(r, &n, a);
	prefix[4] = 3;
	rib_out_announce(r, &n, b);
	for (unsigned i = 0; i < 6; i++) {
		struct writer w = writer_on(room, sizeof(room));

		if (i == 2)
			rib_out_again(r, family_all());
		if (i == 4)
			rib_out_clear(r);
		cr_assert_eq(pack_next(r, &s, &grouped, &w, &routes, &lost), PACK_ONE);
		expect_body(&w, want[i < 4 ? i % 2 : i - 2], "message");
	}
	cr_assert_eq(rib_out_pending(r), 0);
	rib_out_free(r);
	attrs_drop(a);
	attrs_drop(b);
}
