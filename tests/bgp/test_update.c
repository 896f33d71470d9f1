/* UPDATEs: what is taken, what a defect means, and what survives every small wrong. */
#include "bytes.h"
#include "mutate.h"
#include "parts.h"

#include "base/arena.h"
#include "bgp/update.h"

#include <stdio.h>

static const char W[] = "treat-as-withdraw";
static const char D[] = "discard";
#define DUE(word) "treat-as-withdraw due to " word

/* clang-format off */
static const struct defect {
	const char *what;
	enum peer_kind from;
	const char *withdrawn;
	const char *attributes;
	const char *nlri;
	enum verdict verdict;
	const char *note;
	uint8_t code; /* of VERDICT_RESET */
	uint8_t subcode;
} defects[] = {
	{ "nothing wrong", INTERNAL, "", BASE, PREFIX, VERDICT_FINE, NULL, 0, 0 },
	{ "ORIGIN value 9", INTERNAL, "", "40010109" AS_PATH NEXT_HOP, PREFIX, VERDICT_WITHDRAW, W, 0, 0 },
	{ "ORIGIN of 2 bytes", INTERNAL, "", "4001020000" AS_PATH NEXT_HOP, PREFIX, VERDICT_WITHDRAW, W, 0, 0 },
	{ "ORIGIN of 0 bytes", INTERNAL, "", "400100" AS_PATH NEXT_HOP, PREFIX, VERDICT_WITHDRAW, DUE("origin"), 0, 0 },
	{ "ORIGIN optional", INTERNAL, "", "c0010100" AS_PATH NEXT_HOP, PREFIX, VERDICT_WITHDRAW, W, 0, 0 },
	{ "ORIGIN with the partial bit", INTERNAL, "", "60010100" AS_PATH NEXT_HOP, PREFIX, VERDICT_FINE, NULL, 0, 0 },
	{ "ORIGIN with unused flags", INTERNAL, "", "4f010100" AS_PATH NEXT_HOP, PREFIX, VERDICT_FINE, NULL, 0, 0 },
	{ "ORIGIN with a length of two bytes", INTERNAL, "", "5001000100" AS_PATH NEXT_HOP, PREFIX, VERDICT_FINE, NULL, 0, 0 },
	{ "ORIGIN missing", INTERNAL, "", AS_PATH NEXT_HOP, PREFIX, VERDICT_WITHDRAW, W, 0, 0 },
	{ "AS_PATH missing", INTERNAL, "", ORIGIN NEXT_HOP, PREFIX, VERDICT_WITHDRAW, W, 0, 0 },
	{ "NEXT_HOP missing", INTERNAL, "", ORIGIN AS_PATH, PREFIX, VERDICT_WITHDRAW, W, 0, 0 },
	{ "NEXT_HOP missing beside MP_REACH", INTERNAL, "", MP REACH6, "", VERDICT_FINE, NULL, 0, 0 },
	{ "ORIGIN missing beside MP_REACH", INTERNAL, "", AS_PATH REACH6, "", VERDICT_WITHDRAW, W, 0, 0 },
	{ "no attributes and NLRI", INTERNAL, "", "", PREFIX, VERDICT_WITHDRAW, W, 0, 0 },
	{ "AS_PATH empty", INTERNAL, "", ORIGIN "400200" NEXT_HOP, PREFIX, VERDICT_FINE, NULL, 0, 0 },
	{ "AS_PATH overrun", INTERNAL, "", ORIGIN "40020602020000fdea" NEXT_HOP, PREFIX, VERDICT_WITHDRAW, W, 0, 0 },
	{ "AS_PATH underrun", INTERNAL, "", ORIGIN "40020702010000fdea02" NEXT_HOP, PREFIX, VERDICT_WITHDRAW, W, 0, 0 },
	{ "AS_PATH with an empty segment", INTERNAL, "", ORIGIN "4002020200" NEXT_HOP, PREFIX, VERDICT_WITHDRAW, W, 0, 0 },
	{ "AS_PATH with segment type 5", INTERNAL, "", ORIGIN "40020605010000fdea" NEXT_HOP, PREFIX, VERDICT_WITHDRAW, W, 0, 0 },
	{ "AS_PATH with AS 0", INTERNAL, "", ORIGIN "400206020100000000" NEXT_HOP, PREFIX, VERDICT_WITHDRAW, W, 0, 0 },
	{ "AS_PATH optional", INTERNAL, "", ORIGIN "c0020602010000fdea" NEXT_HOP, PREFIX, VERDICT_WITHDRAW, W, 0, 0 },
	{ "NEXT_HOP of 3 bytes", INTERNAL, "", ORIGIN AS_PATH "400303c00002", PREFIX, VERDICT_WITHDRAW, W, 0, 0 },
	{ "NEXT_HOP of 0 bytes", INTERNAL, "", ORIGIN AS_PATH "400300", PREFIX, VERDICT_WITHDRAW, DUE("next-hop"), 0, 0 },
	{ "MED of 3 bytes", INTERNAL, "", BASE "800403000001", PREFIX, VERDICT_WITHDRAW, W, 0, 0 },
	{ "MED transitive", INTERNAL, "", BASE "c0040400000001", PREFIX, VERDICT_WITHDRAW, W, 0, 0 },
	{ "MED twice, the second cut off", INTERNAL, "", BASE "8004040000000180040300", PREFIX, VERDICT_WITHDRAW, W, 0, 0 },
	{ "MED twice, the second too short", INTERNAL, "", BASE "80040400000001800403000001", PREFIX, VERDICT_FINE, NULL, 0, 0 },
	{ "LOCAL_PREF of 2 bytes", INTERNAL, "", BASE "4005020064", PREFIX, VERDICT_WITHDRAW, W, 0, 0 },
	{ "LOCAL_PREF of 2 bytes from outside", EXTERNAL, "", BASE "4005020064", PREFIX, VERDICT_DISCARD, D, 0, 0 },
	{ "LOCAL_PREF from outside", EXTERNAL, "", BASE "40050400000064", PREFIX, VERDICT_FINE, NULL, 0, 0 },
	{ "ATOMIC_AGGREGATE of 1 byte", INTERNAL, "", BASE "40060100", PREFIX, VERDICT_DISCARD, D, 0, 0 },
	{ "AGGREGATOR of 6 bytes", INTERNAL, "", BASE "c00706fdea0a090909", PREFIX, VERDICT_DISCARD, D, 0, 0 },
	{ "AGGREGATOR of 8 bytes, old", OLD, "", ORIGIN "40020402010001" NEXT_HOP "c007080000fdea0a090909", PREFIX, VERDICT_DISCARD, D, 0, 0 },
	{ "AGGREGATOR with AS 0", INTERNAL, "", BASE "c00708000000000a090909", PREFIX, VERDICT_DISCARD, D, 0, 0 },
	{ "AGGREGATOR of 0 bytes", INTERNAL, "", BASE "c00700", PREFIX, VERDICT_DISCARD, D, 0, 0 },
	{ "COMMUNITY of 3 bytes", INTERNAL, "", BASE "c00803000001", PREFIX, VERDICT_WITHDRAW, W, 0, 0 },
	{ "COMMUNITY of 0 bytes", INTERNAL, "", BASE "c00800", PREFIX, VERDICT_WITHDRAW, DUE("community"), 0, 0 },
	{ "COMMUNITY well-known", INTERNAL, "", BASE "40080400010002", PREFIX, VERDICT_WITHDRAW, W, 0, 0 },
	{ "COMMUNITY partial", INTERNAL, "", BASE "e0080400010002", PREFIX, VERDICT_FINE, NULL, 0, 0 },
	{ "ORIGINATOR_ID of 3 bytes", INTERNAL, "", BASE "800903010101", PREFIX, VERDICT_WITHDRAW, W, 0, 0 },
	{ "ORIGINATOR_ID of 3 bytes from outside", EXTERNAL, "", BASE "800903010101", PREFIX, VERDICT_DISCARD, D, 0, 0 },
	{ "CLUSTER_LIST of 3 bytes", INTERNAL, "", BASE "800a03010101", PREFIX, VERDICT_WITHDRAW, W, 0, 0 },
	{ "CLUSTER_LIST of 0 bytes", INTERNAL, "", BASE "800a00", PREFIX, VERDICT_WITHDRAW, DUE("cluster-list"), 0, 0 },
	{ "EXTENDED COMMUNITIES of 7 bytes", INTERNAL, "", BASE "c0100700020001000000", PREFIX, VERDICT_WITHDRAW, W, 0, 0 },
	{ "EXTENDED COMMUNITIES of 0 bytes", INTERNAL, "", BASE "c01000", PREFIX, VERDICT_WITHDRAW, DUE("extended-community"), 0, 0 },
	{ "IPv6 EXTENDED COMMUNITIES of 8 bytes", INTERNAL, "", BASE "c019080002000100000001", PREFIX, VERDICT_WITHDRAW, W, 0, 0 },
	{ "AS4_PATH overrun", OLD, "", ORIGIN "40020402010001" NEXT_HOP "c011040202000a", PREFIX, VERDICT_DISCARD, D, 0, 0 },
	{ "AS4_AGGREGATOR of 6 bytes", INTERNAL, "", BASE "c0120600010a090909", PREFIX, VERDICT_DISCARD, D, 0, 0 },
	{ "AIGP whose TLV is too long", INTERNAL, "", BASE "801a0b01000c0000000000000001", PREFIX, VERDICT_DISCARD, D, 0, 0 },
	{ "AIGP whose TLV has a length of 2", INTERNAL, "", BASE "801a03010002", PREFIX, VERDICT_DISCARD, D, 0, 0 },
	{ "AIGP transitive", INTERNAL, "", BASE "c01a0b01000b0000000000000001", PREFIX, VERDICT_DISCARD, D, 0, 0 },
	{ "PREFIX_SID of 0 bytes", INTERNAL, "", BASE "c02800", PREFIX, VERDICT_DISCARD, D, 0, 0 },
	{ "PREFIX_SID, index of 6 bytes", INTERNAL, "", BASE "c02809010006000000000000", PREFIX, VERDICT_DISCARD, D, 0, 0 },
	{ "PREFIX_SID, service that is cut", INTERNAL, "", BASE "c0280705000400010015", PREFIX, VERDICT_WITHDRAW, W, 0, 0 },
	{ "AIGP from outside, not agreed", EXTERNAL, "", BASE "801a03010002", PREFIX, VERDICT_FINE, NULL, 0, 0 },
	{ "LARGE_COMMUNITY of 11 bytes", INTERNAL, "", BASE "c0200b0000000100000002000000", PREFIX, VERDICT_WITHDRAW, W, 0, 0 },
	{ "LARGE_COMMUNITY of 0 bytes", INTERNAL, "", BASE "c02000", PREFIX, VERDICT_WITHDRAW, DUE("large-community"), 0, 0 },
	{ "unknown well-known attribute", INTERNAL, "", BASE "40630100", PREFIX, VERDICT_FINE, NULL, 0, 0 },
	{ "unknown attribute that doesn't pass", INTERNAL, "", BASE "80630100", PREFIX, VERDICT_FINE, NULL, 0, 0 },
	{ "attribute code 0", INTERNAL, "", BASE "c0000100", PREFIX, VERDICT_FINE, NULL, 0, 0 },
	{ "value overruns", INTERNAL, "", BASE "c0081000010002", PREFIX, VERDICT_WITHDRAW, W, 0, 0 },
	{ "one byte left over", INTERNAL, "", BASE "c0", PREFIX, VERDICT_WITHDRAW, W, 0, 0 },
	{ "two bytes of an extended length", INTERNAL, "", BASE "d00800", PREFIX, VERDICT_WITHDRAW, W, 0, 0 },
	{ "discard and withdraw", INTERNAL, "", BASE "40060100" "c00803000001", PREFIX, VERDICT_WITHDRAW, W, 0, 0 },
	{ "withdraw and discard", INTERNAL, "", "40010109" AS_PATH NEXT_HOP "40060100", PREFIX, VERDICT_WITHDRAW, W, 0, 0 },
	{ "NLRI of 33 bits", INTERNAL, "", BASE, "210a00000000", VERDICT_RESET, NULL, 3, 10 },
	{ "NLRI cut off", INTERNAL, "", BASE, "180a01", VERDICT_RESET, NULL, 3, 10 },
	{ "withdrawn of 33 bits", INTERNAL, "210a00000000", "", "", VERDICT_RESET, NULL, 3, 10 },
	{ "withdrawn cut off", INTERNAL, "180a01", "", "", VERDICT_RESET, NULL, 3, 10 },
	{ "MP_REACH twice", INTERNAL, "", MP REACH6 REACH6, "", VERDICT_RESET, NULL, 3, 1 },
	{ "MP_UNREACH twice", INTERNAL, "", UNREACH6 UNREACH6, "", VERDICT_RESET, NULL, 3, 1 },
	{ "MP_REACH of an unknown family", INTERNAL, "", MP "800e0d4004fe04c000020100180a0101", "", VERDICT_RESET, NULL, 3, 0 },
	{ "MP_UNREACH of an unknown family", INTERNAL, "", "800f074004fe180a0101", "", VERDICT_RESET, NULL, 3, 0 },
	{ "MP_REACH with a next hop of 5 bytes", INTERNAL, "", MP "800e0d00020105c0000201000020010d", "", VERDICT_RESET, NULL, 3, 0 },
	{ "MP_REACH with a next hop past its end", INTERNAL, "", MP "800e0700020110200100", "", VERDICT_RESET, NULL, 3, 0 },
	{ "MP_REACH of 4 bytes", INTERNAL, "", MP "800e0400020110", "", VERDICT_RESET, NULL, 3, 9 },
	{ "MP_REACH of 3 bytes", INTERNAL, "", MP "800e03000201", "", VERDICT_RESET, NULL, 3, 9 },
	{ "MP_REACH without NLRI", INTERNAL, "", MP "800e1500020110" GLOBAL "00", "", VERDICT_RESET, NULL, 3, 0 },
	{ "MP_REACH with a reserved byte", INTERNAL, "", MP "800e1a00020110" GLOBAL "012020010db8", "", VERDICT_FINE, NULL, 0, 0 },
	{ "MP_REACH transitive", INTERNAL, "", MP "c00e1a00020110" GLOBAL "002020010db8", "", VERDICT_RESET, NULL, 3, 4 },
	{ "MP_REACH with NLRI of 129 bits", INTERNAL, "", MP "800e2700020110" GLOBAL "0081" GLOBAL "ff", "", VERDICT_RESET, NULL, 3, 10 },
	{ "MP_UNREACH of 2 bytes", INTERNAL, "", "800f020002", "", VERDICT_RESET, NULL, 3, 9 },
	{ "MP_UNREACH with NLRI cut off", INTERNAL, "", "800f070002012020010d", "", VERDICT_RESET, NULL, 3, 10 },
	{ "attributes alone", INTERNAL, "", BASE, "", VERDICT_FINE, NULL, 0, 0 },
	{ "attributes alone, one malformed", INTERNAL, "", "40010109" AS_PATH, "", VERDICT_RESET, NULL, 3, 1 },
	{ "attributes alone, one discarded", INTERNAL, "", ORIGIN AS_PATH "40060100", "", VERDICT_DISCARD, D, 0, 0 },
	{ "withdraws and a malformed attribute", INTERNAL, PREFIX, "40010109", "", VERDICT_RESET, NULL, 3, 1 },
};
/* clang-format on */

static void
decode(const struct defect *d, struct attr_cache *cache, struct arena *a, struct update *u)
{
	struct bytes b;
	struct session s = session_to(d->from);

	update_decode(update_of(&b, d->withdrawn, d->attributes, d->nlri), &s, a, cache, u);
}

static void
expect(const struct defect *d, const struct update *u)
{
	const char *note = u->note == NULL ? "none" : u->note;

	cr_expect(u->verdict == d->verdict, "%s: verdict %d", d->what, u->verdict);
	cr_expect_str_eq(note, d->note == NULL ? "none" : d->note, "%s: note %s", d->what, note);
	cr_expect(u->why.code == d->code && u->why.subcode == d->subcode, "%s: %u/%u", d->what,
	    u->why.code, u->why.subcode);
	for (size_t i = 0; i < UPDATE_PARTS; i++) {
		if (u->verdict >= VERDICT_WITHDRAW)
			cr_expect(u->announce[i].family == NULL, "%s: announced", d->what);
		else
			cr_expect(u->twisted[i].family == NULL, "%s: twisted", d->what);
		cr_expect((u->announce[i].family == NULL) == (u->announce[i].attrs == NULL),
		    "%s: announced without a set", d->what);
		if (u->verdict == VERDICT_RESET)
			cr_expect(u->withdraw[i].family == NULL && u->twisted[i].family == NULL &&
				u->attrs == NULL,
			    "%s: believed in part", d->what);
	}
}

Case(update, a_defect_has_its_verdict)
{
	struct attr_cache *cache = attr_cache_new(0);
	struct arena a = { 0 };
	struct update u;

	/* without a cache, into it, out of it */
	for (size_t round = 0; round < 3; round++)
		for (size_t i = 0; i < sizeof(defects) / sizeof(defects[0]); i++) {
			decode(&defects[i], round == 0 ? NULL : cache, &a, &u);
			expect(&defects[i], &u);
			update_done(&u);
		}
	attr_cache_free(cache);
	arena_free(&a);
	cr_expect(attrs_alive() == 0, "%zu sets left", attrs_alive());
}

/* A session that was asked to gives up the family alone: RFC 7606 2, RFC 4760 7. */
Case(update, a_defect_of_a_family_may_end_it_alone)
{
	static const char note[] = "disable-family due to ipv6 unicast";
	size_t ended = 0;
	struct arena a = { 0 };

	for (size_t i = 0; i < sizeof(defects) / sizeof(defects[0]); i++) {
		const struct defect *d = &defects[i];
		struct session s = session_to(d->from);
		struct bytes b;
		struct update u;

		s.disable_family = true;
		update_decode(
		    update_of(&b, d->withdrawn, d->attributes, d->nlri), &s, &a, NULL, &u);
		if (u.verdict == VERDICT_DISABLE_FAMILY) {
			ended++;
			cr_expect(
			    d->verdict == VERDICT_RESET && u.disable.bits != 0, "%s", d->what);
			cr_expect_str_eq(u.note, note, "%s: %s", d->what, u.note);
		} else {
			expect(d, &u);
			cr_expect(u.disable.bits == 0, "%s: disabled", d->what);
		}
		update_done(&u);
	}
	cr_expect(ended == 5, "%zu defects", ended);
	arena_free(&a);
}

Case(update, what_is_beside_a_family_that_ends_has_its_own_verdict)
{
	static const char bad6[] = "800f070002012020010d";
	struct session s = session_to(INTERNAL);
	struct arena a = { 0 };
	struct bytes b;
	char attributes[256];
	struct update u;

	s.disable_family = true;
	(void)snprintf(attributes, sizeof(attributes), BASE "%s", bad6);
	update_decode(update_of(&b, "", attributes, PREFIX), &s, &a, NULL, &u);
	cr_expect(u.verdict == VERDICT_DISABLE_FAMILY && u.announce[UPDATE_CLASSIC].family != NULL);
	update_done(&u);
	(void)snprintf(attributes, sizeof(attributes), "40010109" AS_PATH NEXT_HOP "%s", bad6);
	update_decode(update_of(&b, "", attributes, PREFIX), &s, &a, NULL, &u);
	cr_expect(u.verdict == VERDICT_DISABLE_FAMILY &&
	    u.announce[UPDATE_CLASSIC].family == NULL && u.twisted[UPDATE_CLASSIC].family != NULL);
	update_done(&u);
	(void)snprintf(attributes, sizeof(attributes), BASE "%s", bad6);
	update_decode(update_of(&b, "", attributes, "180a01"), &s, &a, NULL, &u);
	cr_expect(u.verdict == VERDICT_RESET && u.disable.bits == 0);
	update_done(&u);
	arena_free(&a);
	cr_expect(attrs_alive() == 0, "%zu sets left", attrs_alive());
}

/* Whatever it is: it has a verdict, its parts can be walked, and the cache makes no difference. */
struct trial {
	struct session s;
	struct attr_cache *cache;
	size_t seen[VERDICT_RESET + 1];
};

static void
try_one(struct slice body, const char *what, void *with)
{
	struct trial *t = with;
	struct arena a = { 0 };
	struct update u;
	struct update again;

	if (body.len < 4)
		return; /* the framer's */
	update_decode(body, &t->s, &a, NULL, &u);
	t->seen[u.verdict]++;
	for (size_t i = 0; i < UPDATE_PARTS; i++)
		(void)(nlri_count(&u.announce[i]) + nlri_count(&u.withdraw[i]) +
		    nlri_count(&u.twisted[i]));
	if (u.verdict == VERDICT_RESET)
		cr_assert(u.why.code == 3, "%s: %u", what, u.why.code);
	for (size_t round = 0; round < 2; round++) {
		update_decode(body, &t->s, &a, t->cache, &again);
		cr_assert(again.verdict == u.verdict && again.attrs == u.attrs &&
			again.note == u.note && again.eor == u.eor,
		    "%s: the cache says something else", what);
		for (size_t i = 0; i < UPDATE_PARTS; i++)
			cr_assert(again.announce[i].attrs == u.announce[i].attrs, "%s", what);
		update_done(&again);
	}
	update_done(&u);
	arena_free(&a);
}

/* More blocks than it may keep: what it says stays true, and what it holds stays bounded. */
Case(update, cache_keeps_to_its_limit)
{
	enum { BLOCKS = 20000, MOST = 16384 };
	struct session s = session_to(INTERNAL);
	struct attr_cache *cache = attr_cache_new(MOST);
	struct arena a = { 0 };

	for (uint32_t i = 0; i < BLOCKS; i++) {
		char attributes[128];
		struct bytes b;
		struct update u;
		struct record r;

		(void)snprintf(attributes, sizeof(attributes), BASE "800404%08x", i % 7000);
		update_decode(update_of(&b, "", attributes, PREFIX), &s, &a, cache, &u);
		cr_assert(attrs_find(u.attrs, 4, &r) && load_u32(r.value.at) == i % 7000, "%u", i);
		update_done(&u);
		cr_assert(attrs_alive() <= MOST / 24, "%zu sets are held", attrs_alive());
	}
	attr_cache_free(cache);
	arena_free(&a);
}

#define EVERYTHING                                                                                 \
	BASE "80040400000001"                                                                      \
	     "40050400000064"                                                                      \
	     "400600"                                                                              \
	     "c007080000fdea0a090909"                                                              \
	     "c0080800010002ffffff01"                                                              \
	     "8009040a010101"                                                                      \
	     "800a080a0202020a030303"                                                              \
	     "c010080002fdea00000001"                                                              \
	     "c01208000f42400a090909"                                                              \
	     "801a0b01000b000000000000000a"                                                        \
	     "c0200c0000fdea0000000100000002"                                                      \
	     "c06303010203"

static const struct {
	const char *withdrawn;
	const char *attributes;
	const char *nlri;
} seeds[] = {
	{ "", BASE, PREFIX "180a0102" },
	{ "180a0101", EVERYTHING,
	    "200a010101"
	    "00" },
	{ "", MP REACH6, "" },
	{ "", UNREACH6 MP REACH6 "80040400000001", PREFIX },
	{ "", UNREACH6, "" },
	{ "", "900f0003000201", "" },
	{ "",
	    ORIGIN
	    "40022402020000fdea0000fdeb0102000000010000000203010000000304020000000400000005" NEXT_HOP
	    "c01114020300000001000f4240000f4241010100000009",
	    PREFIX },
};

Case(update, every_small_wrong_has_a_verdict)
{
	for (enum peer_kind kind = INTERNAL; kind <= OLD; kind++) {
		struct trial t = { .s = session_to(kind), .cache = attr_cache_new(65536) };

		for (size_t i = 0; i < sizeof(seeds) / sizeof(seeds[0]); i++) {
			struct bytes b;

			mutate_each(
			    update_of(&b, seeds[i].withdrawn, seeds[i].attributes, seeds[i].nlri),
			    try_one, &t);
		}
		cr_expect(t.seen[VERDICT_FINE] != 0 && t.seen[VERDICT_DISCARD] != 0 &&
			t.seen[VERDICT_WITHDRAW] != 0 && t.seen[VERDICT_RESET] != 0,
		    "all kinds of verdicts were met");
		attr_cache_free(t.cache);
	}
	cr_expect(attrs_alive() == 0, "%zu sets left", attrs_alive());
}

Case(update, end_of_rib_is_that_and_nothing_else)
{
	static const struct {
		const char *withdrawn;
		const char *attributes;
		const char *nlri;
		const char *family; /* NULL: none */
	} rows[] = {
		{ "", "", "", "ipv4 unicast" },
		{ "", "800f03000201", "", "ipv6 unicast" },
		{ "", "900f0003000102", "", "ipv4 multicast" },
		{ "", "800f03000201" ORIGIN, "", NULL },
		{ PREFIX, "800f03000201", "", NULL },
		{ "", BASE "800f03000201", PREFIX, NULL },
		{ PREFIX, "", "", NULL },
	};
	struct session s = session_to(INTERNAL);
	struct arena a = { 0 };

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct bytes b;
		struct update u;

		update_decode(update_of(&b, rows[i].withdrawn, rows[i].attributes, rows[i].nlri),
		    &s, &a, NULL, &u);
		cr_expect(u.verdict == VERDICT_FINE, "row %zu: verdict %d", i, u.verdict);
		cr_expect_str_eq(u.eor == NULL ? "none" : u.eor->name,
		    rows[i].family == NULL ? "none" : rows[i].family, "row %zu", i);
		update_done(&u);
	}
	arena_free(&a);
}

Case(update, end_of_rib_is_written_as_it_is_read)
{
	struct session s = session_to(INTERNAL);
	struct arena a = { 0 };

	for (unsigned id = 0; id < family_count(); id++) {
		uint8_t room[64];
		struct writer w = writer_on(room, sizeof(room));
		struct update u;

		eor_encode(family_at(id), &w);
		update_decode(slice_after(writer_slice(&w), 19), &s, &a, NULL, &u);
		cr_expect(u.eor == family_at(id), "%s", family_at(id)->name);
		update_done(&u);
	}
	arena_free(&a);
}

Case(update, parts_are_what_the_message_says)
{
	struct session s = session_to(INTERNAL);
	struct arena a = { 0 };
	struct bytes b;
	struct update u;
	struct nlri_walk w;
	struct nlri n;

	update_decode(update_of(&b, "100a02", BASE UNREACH6 "800e1a00020210" GLOBAL "002020010db9",
			  PREFIX "180a0102"),
	    &s, &a, NULL, &u);
	cr_assert(u.verdict == VERDICT_FINE, "verdict %d", u.verdict);
	cr_expect(nlri_count(&u.announce[UPDATE_CLASSIC]) == 2, "classic");
	cr_expect(nlri_count(&u.announce[UPDATE_MP]) == 1, "MP_REACH");
	cr_expect(nlri_count(&u.withdraw[UPDATE_CLASSIC]) == 1, "withdrawn");
	cr_expect_str_eq(u.withdraw[UPDATE_MP].family->name, "ipv6 unicast", "MP_UNREACH");
	cr_expect_str_eq(u.announce[UPDATE_MP].family->name, "ipv6 multicast", "MP_REACH");
	cr_expect(u.attrs == u.announce[UPDATE_CLASSIC].attrs, "the set of the first announce");
	cr_expect(attrs_next_hop(u.announce[UPDATE_MP].attrs).len == 16, "its own next hop");
	cr_expect(attrs_next_hop(u.attrs).len == 4, "its own next hop");
	w = nlri_walk_on(&u.announce[UPDATE_CLASSIC]);
	cr_expect(nlri_next(&w, &n) && slice_is(n.bytes, "\x18\x0a\1\1"), "first");
	cr_expect(nlri_next(&w, &n) && slice_is(n.bytes, "\x18\x0a\1\2"), "second");
	cr_expect(!nlri_next(&w, &n), "end");
	update_done(&u);
	arena_free(&a);
}

Case(update, path_identifiers_are_read_where_they_were_agreed)
{
	struct session s = session_to(INTERNAL);
	struct arena a = { 0 };
	struct bytes b;
	struct update u;
	struct nlri_walk w;
	struct nlri n;

	family_add(&s.path_ids_in, family_of(1, 1));
	update_decode(update_of(&b, "", BASE, "00000007180a0101"), &s, &a, NULL, &u);
	cr_assert(u.verdict == VERDICT_FINE, "verdict %d", u.verdict);
	w = nlri_walk_on(&u.announce[UPDATE_CLASSIC]);
	cr_expect(nlri_next(&w, &n) && n.has_path_id && n.path_id == 7, "identifier");
	update_done(&u);
	update_decode(update_of(&b, "", BASE, PREFIX), &s, &a, NULL, &u);
	cr_expect(u.verdict == VERDICT_RESET, "without the identifier it is cut off");
	update_done(&u);
	arena_free(&a);
}
