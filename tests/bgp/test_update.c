/* UPDATEs: what is taken, what a defect means, and what survives every small wrong. */
#include "bytes.h"
#include "mutate.h"

#include "attr.h"

#include "base/arena.h"
#include "bgp/update.h"

#include <stdio.h>

#define ORIGIN   "40010100"
#define AS_PATH  "40020602010000fdea"
#define NEXT_HOP "400304c0000201"
#define BASE     ORIGIN AS_PATH NEXT_HOP
#define MP       ORIGIN AS_PATH
#define PREFIX   "180a0101"
#define GLOBAL   "20010db8000000000000000000000001"
#define REACH6   "800e1a00020110" GLOBAL "002020010db8"
#define UNREACH6                                                                                   \
	"800f0800020120"                                                                           \
	"20010db8"

enum peer_kind { INTERNAL, EXTERNAL, OLD }; /* OLD: internal, ASNs of two bytes */

static struct session
session_to(enum peer_kind kind)
{
	struct session s = session_assumed();

	if (kind == EXTERNAL)
		s.peer_as = 65002;
	s.asn4 = kind != OLD;
	return s;
}

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

/* RFC 6793 4.2.3. Attributes on a session of two bytes, and the canonical path. */
/* clang-format off */
static const struct {
	const char *what;
	const char *attributes;
	const char *path;       /* canonical */
	const char *aggregator; /* canonical; NULL: none */
} merges[] = {
	{ "no AS4_PATH", "4002060202fdea5ba0", "02020000fdea00005ba0", NULL },
	{ "same length", "4002060202fdea5ba0" "c0110a02020000fdea000f4240", "02020000fdea000f4240", NULL },
	{ "shorter: leading ASNs stay", "4002080203fdea5ba05ba0" "c0110a0202000f4241000f4240",
	  "02030000fdea000f4241000f4240", NULL },
	{ "longer: ignored", "4002040201fdea" "c0110a0202000f4241000f4240", "02010000fdea", NULL },
	{ "AS4_PATH first", "c0110602010000000a" "40020402015ba0", "02010000000a", NULL },
	{ "a set counts once", "40020a0201fdea01025ba05ba0" "c0110a0102000f4241000f4240",
	  "02010000fdea0102000f4241000f4240", NULL },
	{ "confederations are kept and not counted", "4002080301fffe02015ba0" "c011060201000f4240",
	  "03010000fffe0201000f4240", NULL },
	{ "confederations in AS4_PATH are left out", "40020402015ba0" "c0110c03010000fffe0201000f4240",
	  "0201000f4240", NULL },
	{ "AGGREGATOR of AS_TRANS", "40020402015ba0" "c007065ba00a090909" "c011060201000f4240" "c01208000f42400a090909",
	  "0201000f4240", "000f42400a090909" },
	{ "AGGREGATOR of another AS: both are ignored", "40020402015ba0" "c00706fdea0a090909" "c011060201000f4240" "c01208000f42400a090909",
	  "020100005ba0", "0000fdea0a090909" },
};
/* clang-format on */

Case(update, as4_attributes_are_merged)
{
	struct session s = session_to(OLD);
	struct arena a = { 0 };

	for (size_t i = 0; i < sizeof(merges) / sizeof(merges[0]); i++) {
		struct text all = { 0 };
		struct bytes b;
		struct bytes want;
		struct update u;
		struct record r;

		text_format(&all, ORIGIN "%s" NEXT_HOP, merges[i].attributes);
		update_decode(update_of(&b, "", text_chars(&all), PREFIX), &s, &a, NULL, &u);
		cr_expect(u.verdict == VERDICT_FINE, "%s: verdict %d", merges[i].what, u.verdict);
		cr_expect(attrs_find(u.attrs, 2, &r) &&
			slice_same(r.value, bytes_of(&want, merges[i].path)),
		    "%s: path", merges[i].what);
		cr_expect(!attrs_find(u.attrs, 17, &r) && !attrs_find(u.attrs, 18, &r), "%s: left",
		    merges[i].what);
		if (merges[i].aggregator != NULL)
			cr_expect(attrs_find(u.attrs, 7, &r) &&
				slice_same(r.value, bytes_of(&want, merges[i].aggregator)),
			    "%s: aggregator", merges[i].what);
		update_done(&u);
		text_free(&all);
	}
	arena_free(&a);
}

/* The body that announces one prefix with a set. */
static struct slice
body_of(const struct attrs *a, const struct session *s, struct writer *w)
{
	struct gap g;

	write_u16(w, 0);
	g = open_u16(w);
	attrs_encode(a, s, attrs_next_hop(a), w);
	close_u16(w, g);
	write_slice(w, SLICE("\x18\x0a\1\1"));
	return writer_slice(w);
}

/* One set, whether its bytes are said with ASNs of two bytes or of four. */
Case(update, old_and_new_sessions_agree)
{
	struct session wide = session_to(INTERNAL);
	struct session old = session_to(OLD);
	struct arena a = { 0 };
	struct bytes b;
	struct update u;

	update_decode(update_of(&b, "",
			  ORIGIN "40021802030000fdea000f42400000000101020000000900000bb8" NEXT_HOP
				 "40050400000064"
				 "c00708000f42400a090909",
			  PREFIX),
	    &wide, &a, NULL, &u);
	cr_assert(u.verdict == VERDICT_FINE, "verdict %d", u.verdict);
	for (size_t i = 0; i < 2; i++) {
		const struct session *s = i == 0 ? &wide : &old;
		uint8_t room[4096];
		struct writer w = writer_on(room, sizeof(room));
		struct update back;

		update_decode(body_of(u.attrs, s, &w), s, &a, NULL, &back);
		cr_expect(back.attrs == u.attrs, "session %zu", i);
		update_done(&back);
	}
	update_done(&u);
	arena_free(&a);
}

/* The twelve classes of defects behind the CVEs of other speakers; those that an UPDATE with these
 * families can have. */

static enum verdict
verdict_of(const char *attributes, const char *nlri)
{
	struct session s = session_to(INTERNAL);
	struct arena a = { 0 };
	struct bytes b;
	struct update u;
	enum verdict v;

	update_decode(update_of(&b, "", attributes, nlri), &s, &a, NULL, &u);
	v = u.verdict;
	update_done(&u);
	arena_free(&a);
	return v;
}

Case(cve, tlv_length_that_ignores_its_own_header)
{
	for (unsigned len = 0; len < 11; len++) {
		char attributes[256];

		(void)snprintf(
		    attributes, sizeof(attributes), BASE "801a0b0100%02x0000000000000001", len);
		cr_expect(verdict_of(attributes, PREFIX) == VERDICT_DISCARD, "length %u", len);
	}
}

Case(cve, length_zero_of_every_attribute)
{
	for (unsigned code = 0; code < 256; code++) {
		const struct attr *row = attr_of((uint8_t)code);
		char attributes[256];
		bool reach = row != NULL && (row->traits & ATTR_REACH) != 0;

		(void)snprintf(attributes, sizeof(attributes), "%02x%02x00" BASE,
		    row == NULL ? 0xc0 : row->flags, code);
		cr_expect(
		    (verdict_of(attributes, PREFIX) == VERDICT_RESET) == reach, "code %u", code);
	}
}

Case(cve, length_past_the_container_but_inside_the_message)
{
	/* COMMUNITY claims the NLRI behind the attributes */
	cr_expect(verdict_of(BASE "c0080800010002", PREFIX) == VERDICT_WITHDRAW, "attribute");
	cr_expect(verdict_of(ORIGIN "40020602ff0000fdea" NEXT_HOP, PREFIX) == VERDICT_WITHDRAW,
	    "segment");
	cr_expect(verdict_of(MP "800e0b00020110"
				"20010db8000000" BASE,
		      "") == VERDICT_RESET,
	    "next hop");
}

Case(cve, list_without_an_end)
{
	struct text path = { 0 };

	/* segments up to the end of the longest attribute, the last without its ASNs */
	text_string(&path, ORIGIN NEXT_HOP "5002ffe2");
	for (size_t i = 0; i < 65504 / 6; i++)
		text_string(&path, "020100000001");
	text_string(&path, "0201");
	cr_expect(verdict_of(text_chars(&path), "") == VERDICT_RESET, "no end and no NLRI");
	text_free(&path);
}

/* 16000 ASNs, which no array of fixed size would hold; all are there again afterwards. */
Case(cve, message_of_65535_bytes_with_thousands_of_asns)
{
	enum { SEGMENTS = 62 };
	struct session s = session_to(INTERNAL);
	struct arena a = { 0 };
	struct text attributes = { 0 };
	struct text shown = { 0 };
	struct emit e = emit_on(&shown, SPELL_TEXT, 0);
	struct bytes b;
	struct update u;
	struct record r;

	text_format(&attributes, ORIGIN NEXT_HOP "5002%04x", SEGMENTS * (2 + 255 * 4));
	for (size_t i = 0; i < SEGMENTS; i++) {
		text_string(&attributes, "02ff");
		for (size_t k = 0; k < 255; k++)
			text_string(&attributes, "0000fdea");
	}
	update_decode(update_of(&b, "", text_chars(&attributes), PREFIX), &s, &a, NULL, &u);
	cr_assert(u.verdict == VERDICT_FINE, "verdict %d", u.verdict);
	cr_expect(attrs_find(u.attrs, 2, &r) && r.value.len == SEGMENTS * 1022, "path");
	attrs_emit(&e, u.attrs);
	cr_expect(shown.len > (size_t)SEGMENTS * 255 * 6, "shown");
	update_done(&u);
	/* a session of two bytes could carry more ASNs than a set holds */
	s.asn4 = false;
	text_clear(&attributes);
	text_format(&attributes, ORIGIN NEXT_HOP "5002%04x", 127 * (2 + 255 * 2));
	for (size_t i = 0; i < 127; i++) {
		text_string(&attributes, "02ff");
		for (size_t k = 0; k < 255; k++)
			text_string(&attributes, "fdea");
	}
	update_decode(update_of(&b, "", text_chars(&attributes), PREFIX), &s, &a, NULL, &u);
	cr_expect(u.verdict == VERDICT_WITHDRAW, "verdict %d", u.verdict);
	update_done(&u);
	text_free(&attributes);
	text_free(&shown);
	arena_free(&a);
}

Case(cve, any_order_of_attributes_and_duplicates)
{
	static const char *const parts[] = { ORIGIN, AS_PATH, NEXT_HOP, "80040400000001",
		"c0080400010002" };
	struct session s = session_to(INTERNAL);
	struct arena a = { 0 };
	struct attrs *first = NULL;
	enum { PARTS = 5 };

	for (size_t turn = 0; turn < PARTS; turn++) {
		struct text all = { 0 };
		struct bytes b;
		struct update u;

		for (size_t i = 0; i < PARTS; i++)
			text_string(&all, parts[(i + turn) % PARTS]);
		text_string(&all, parts[turn]);
		text_string(&all, "80040400000009");
		update_decode(update_of(&b, "", text_chars(&all), PREFIX), &s, &a, NULL, &u);
		cr_expect(u.verdict == VERDICT_FINE, "turn %zu: verdict %d", turn, u.verdict);
		if (first == NULL)
			first = attrs_hold(u.attrs);
		cr_expect(u.attrs == first, "turn %zu", turn);
		update_done(&u);
		text_free(&all);
	}
	attrs_drop(first);
	arena_free(&a);
	/* AS4_PATH in front of AS_PATH */
	cr_expect(verdict_of("c01106020100000001" BASE, PREFIX) == VERDICT_FINE, "AS4_PATH first");
}

Case(cve, unknown_attribute_with_any_flags)
{
	for (unsigned flags = 0; flags < 256; flags++) {
		char attributes[128];

		(void)snprintf(attributes, sizeof(attributes), BASE "%02x63%s01", flags,
		    (flags & 0x10) != 0 ? "0001" : "01");
		cr_expect(verdict_of(attributes, PREFIX) == VERDICT_FINE, "flags %02x", flags);
	}
}

Case(cve, missing_mandatory_beside_withdraws_and_end_of_rib)
{
	cr_expect(verdict_of("800f03000201", PREFIX) == VERDICT_WITHDRAW, "End of RIB and NLRI");
	cr_expect(verdict_of(UNREACH6, PREFIX) == VERDICT_WITHDRAW, "MP_UNREACH and NLRI");
	cr_expect(verdict_of("c06303010203", PREFIX) == VERDICT_WITHDRAW, "only unknown ones");
	cr_expect(verdict_of(UNREACH6 REACH6, PREFIX) == VERDICT_WITHDRAW, "all of them");
}

/* What a peer chose comes out as hexadecimal digits or not at all. */
Case(cve, bytes_of_a_peer_do_not_break_out)
{
	struct session s = session_to(INTERNAL);
	struct arena a = { 0 };
	struct text shown = { 0 };

	for (enum spelling spelling = SPELL_JSON; spelling < SPELLINGS; spelling++) {
		struct emit e = emit_on(&shown, spelling, 0);
		struct bytes b;
		struct update u;

		update_decode(
		    update_of(&b, "", BASE "c0630a220a0d00ff7d5d2c5c27", PREFIX), &s, &a, NULL, &u);
		attrs_emit(&e, u.attrs);
		update_done(&u);
	}
	for (size_t i = 0; i < shown.len; i++)
		cr_expect(shown.at[i] >= ' ' && shown.at[i] < 127 && shown.at[i] != '\\',
		    "character %d", shown.at[i]);
	text_free(&shown);
	arena_free(&a);
}
