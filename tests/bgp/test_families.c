/* Address families: every row is whole, takes the reference bytes and words, and no others. */
#include "bytes.h"
#include "mutate.h"
#include "nlri_vectors.h"
#include "said.h"
#include "statement.h"

#include "attr.h"

#include "base/arena.h"
#include "bgp/route.h"
#include "bgp/shape.h"
#include "bgp/update.h"
#include "lang/json.h"

#define VECTORS (sizeof(nlri_vectors) / sizeof(nlri_vectors[0]))
#define SHAPE_6 (SHAPE_WIRE_ORDER | SHAPE_LABEL_RAW | SHAPE_EXT_HEX | SHAPE_TEXT_6 | SHAPE_LS_6)

static struct session
session_with(bool path_ids)
{
	struct session s = external();

	s.path_ids_in = path_ids ? family_all() : (struct family_set){ 0 };
	return s;
}

Case(families, rows_are_whole_and_ascend)
{
	for (unsigned id = 0; id < family_count(); id++) {
		const struct family *f = family_at(id);
		struct text name = { 0 };
		const struct family *before = id == 0 ? NULL : family_at(id - 1);

		text_format(&name, "%s %s", f->afi_word, f->safi_word);
		cr_expect_str_eq(text_chars(&name), f->name, "%s", f->name);
		cr_expect(f->id == id, "%s: id %u", f->name, f->id);
		cr_expect(family_of(f->afi, f->safi) == f, "%s: by numbers", f->name);
		cr_expect(family_of_words(slice_on(f->afi_word), slice_on(f->safi_word)) == f,
		    "%s: by words", f->name);
		cr_expect_str_eq(afi_word(f->afi), f->afi_word, "%s", f->name);
		cr_expect_str_eq(safi_word(f->safi), f->safi_word, "%s", f->name);
		cr_expect(f->pass != NULL && f->emit != NULL, "%s: hooks", f->name);
		cr_expect(f->next_hop_lens != 0, "%s: next hops", f->name);
		if (before != NULL)
			cr_expect(before->afi < f->afi ||
				(before->afi == f->afi && before->safi < f->safi),
			    "%s stands behind %s", f->name, before->name);
		text_free(&name);
	}
}

/* The body that says a vector. */
static struct slice
body_of(const struct nlri_vector *v, struct bytes *to)
{
	struct text value = { 0 };
	struct text attributes = { 0 };
	struct slice body;

	text_format(&value, "%04x%02x", v->afi, v->safi);
	if (!v->withdrawn)
		text_format(&value, "%02zx%s00", strlen(v->next_hop) / 2, v->next_hop);
	text_string(&value, v->nlri);
	text_format(&attributes,
	    "40010100400206020100"
	    "00fdea90%s%04zx%s",
	    v->withdrawn ? "0f" : "0e", value.len / 2, text_chars(&value));
	body = update_of(to, "", text_chars(&attributes), "");
	text_free(&value);
	text_free(&attributes);
	return body;
}

static void
emit_part(const struct update_part *part, enum spelling spelling, uint32_t shape, struct text *to)
{
	struct emit e = emit_on(to, spelling, shape);
	struct nlri_walk w = nlri_walk_on(part);
	struct nlri n;

	if (part->attrs != NULL)
		e.next_hop = attrs_next_hop(part->attrs);
	while (nlri_next(&w, &n))
		n.family->emit(&e, &n);
}

Case(families, reference_bytes_have_the_reference_json)
{
	struct arena a = { 0 };
	struct text got = { 0 };
	struct bytes b;

	for (size_t i = 0; i < VECTORS; i++) {
		const struct nlri_vector *v = &nlri_vectors[i];
		struct session s = session_with(v->path_ids);
		struct update u;
		const struct update_part *part;

		update_decode(body_of(v, &b), &s, &a, NULL, &u);
		part = v->withdrawn ? &u.withdraw[UPDATE_MP] : &u.announce[UPDATE_MP];
		cr_expect(u.verdict == VERDICT_FINE, "%s: verdict %d", v->nlri, u.verdict);
		cr_assert(part->family == family_of(v->afi, v->safi), "%s", v->nlri);
		text_clear(&got);
		emit_part(part, SPELL_JSON, SHAPE_6, &got);
		cr_expect_str_eq(
		    text_chars(&got), v->json, "%s\n%s\n%s", v->nlri, v->json, text_chars(&got));
		update_done(&u);
		arena_reset(&a);
	}
	text_free(&got);
	arena_free(&a);
}

#define GLOBAL "20010db8000000000000000000000001"
#define LOCAL  "fe800000000000000000000000000001"
#define ZERO   "0000000000000000"
#define POLICY "60000000010000004d0a090909"
#define NODE                                                                                       \
	"00010011"                                                                                 \
	"07" ZERO "01000004"                                                                       \
	"02000000"
#define NODE_VPN                                                                                   \
	"00010019" ZERO "07" ZERO "01000004"                                                       \
	"02000000"

/* Next hops as they come, and as they are told: without route distinguishers. */
static const struct hop_vector {
	uint16_t afi;
	uint8_t safi;
	const char *next_hop;
	const char *taken; /* NULL: malformed */
	const char *nlri;
} hop_vectors[] = {
	{ 1, 73, "c0000201", "c0000201", POLICY },
	{ 1, 73, GLOBAL, GLOBAL, POLICY },
	{ 1, 73, GLOBAL LOCAL, GLOBAL LOCAL, POLICY },
	{ 1, 73, ZERO "c0000201", NULL, POLICY },
	{ 1, 5, GLOBAL, GLOBAL, "05120000fdea00000064200a01010120ef010101" },
	{ 16388, 71, GLOBAL LOCAL, GLOBAL LOCAL, NODE },
	{ 16388, 71, ZERO "c0000201", NULL, NODE },
	{ 16388, 72, "c0000201", "c0000201", NODE_VPN },
	{ 16388, 72, GLOBAL LOCAL, GLOBAL LOCAL, NODE_VPN },
	{ 16388, 72, ZERO "c0000201", "c0000201", NODE_VPN },
	{ 16388, 72, ZERO GLOBAL, GLOBAL, NODE_VPN },
	{ 16388, 72, ZERO GLOBAL LOCAL, GLOBAL LOCAL, NODE_VPN },
	{ 16388, 72, ZERO GLOBAL ZERO LOCAL, GLOBAL LOCAL, NODE_VPN },
	{ 2, 128, GLOBAL, NULL, "78003e810000fdea0000006420010db8" },
};

Case(families, next_hops_are_taken_in_the_lengths_that_the_family_has)
{
	struct arena a = { 0 };
	struct session s = session_assumed();

	for (size_t i = 0; i < sizeof(hop_vectors) / sizeof(hop_vectors[0]); i++) {
		const struct hop_vector *v = &hop_vectors[i];
		struct nlri_vector said = { v->afi, v->safi, false, false, v->next_hop, v->nlri,
			NULL };
		struct text got = { 0 };
		struct update u;
		struct bytes b;

		update_decode(body_of(&said, &b), &s, &a, NULL, &u);
		if (v->taken == NULL) {
			cr_expect(
			    u.verdict == VERDICT_RESET, "%s: verdict %d", v->next_hop, u.verdict);
		} else {
			cr_assert(
			    u.verdict == VERDICT_FINE, "%s: verdict %d", v->next_hop, u.verdict);
			text_hex(&got, attrs_next_hop(u.announce[UPDATE_MP].attrs));
			cr_expect_str_eq(text_chars(&got), v->taken, "%s", v->next_hop);
		}
		text_free(&got);
		update_done(&u);
		arena_reset(&a);
	}
	arena_free(&a);
}

/* Whatever is taken can be told in every spelling, and its identity stays within its room. */
static void
check_part(const struct update_part *part, const char *what)
{
	static uint8_t key[NLRI_KEY_MAX];
	struct text t = { 0 };
	struct text why = { 0 };
	struct arena a = { 0 };
	struct nlri_walk w;
	struct nlri n;

	if (part->family == NULL)
		return;
	w = nlri_walk_on(part);
	while (nlri_next(&w, &n)) {
		for (uint32_t shape = 0; shape < 2; shape++) {
			struct emit e = emit_on(&t, SPELL_JSON, shape == 0 ? 0 : UINT32_MAX);

			text_clear(&t);
			n.family->emit(&e, &n);
			cr_assert(json_read(text_view(&t), &a, &why) != NULL, "%s: %s", what,
			    text_chars(&t));
			e = emit_on(&t, SPELL_TEXT, shape == 0 ? 0 : UINT32_MAX);
			text_clear(&t);
			n.family->emit(&e, &n);
			for (size_t i = 0; i < t.len; i++)
				cr_assert(t.at[i] >= ' ' && t.at[i] < 127, "%s", what);
		}
		cr_assert(nlri_key(&n, key) <= sizeof(key), "%s", what);
	}
	arena_free(&a);
	text_free(&why);
	text_free(&t);
}

static void
try_body(struct slice body, const char *what, void *with)
{
	const struct session *s = with;
	struct arena a = { 0 };
	struct update u;

	update_decode(body, s, &a, NULL, &u);
	for (size_t i = 0; i < UPDATE_PARTS; i++) {
		check_part(&u.announce[i], what);
		check_part(&u.withdraw[i], what);
		check_part(&u.twisted[i], what);
	}
	update_done(&u);
	arena_free(&a);
}

Case(families, every_small_wrong_in_a_vector_has_a_verdict)
{
	struct bytes b;

	for (size_t i = 0; i < VECTORS; i++) {
		struct session s = session_with(nlri_vectors[i].path_ids);

		(void)mutate_each(body_of(&nlri_vectors[i], &b), try_body, &s);
	}
	cr_expect(attrs_alive() == 0, "%zu sets left", attrs_alive());
}

/* The words of what was taken give the same bytes, where the family has words. */
Case(families, nlri_are_read_back_from_their_words)
{
	struct arena a = { 0 };
	struct text words = { 0 };
	struct text again = { 0 };
	struct bytes b;

	for (size_t i = 0; i < VECTORS; i++) {
		const struct nlri_vector *v = &nlri_vectors[i];
		const struct family *f = family_of(v->afi, v->safi);
		struct session s = session_with(v->path_ids);
		struct nlri_walk w;
		struct update u;
		struct nlri n;

		if (f->parse == NULL)
			continue;
		update_decode(body_of(v, &b), &s, &a, NULL, &u);
		w = nlri_walk_on(v->withdrawn ? &u.withdraw[UPDATE_MP] : &u.announce[UPDATE_MP]);
		while (nlri_next(&w, &n)) {
			uint8_t one[NLRI_KEY_MAX];
			uint8_t two[NLRI_KEY_MAX];
			struct said said;

			said_print(&n, SPELL_WORDS, 0, &words);
			said = said_of(text_chars(&words), ROUTE_WITHDRAW);
			cr_assert(said.good && said.routes.count == 1, "%s", text_chars(&words));
			cr_expect(said.routes.at[0].nlri.family == f, "%s", text_chars(&words));
			/* rules have several forms that say the same */
			if (f->sound == NULL)
				cr_expect(
				    slice_same(slice_of(one, nlri_key(&n, one)),
					slice_of(two, nlri_key(&said.routes.at[0].nlri, two))),
				    "%s", text_chars(&words));
			said_print(&said.routes.at[0].nlri, SPELL_WORDS, 0, &again);
			cr_expect_str_eq(
			    text_chars(&words), text_chars(&again), "%s", text_chars(&words));
			said_done(&said);
		}
		update_done(&u);
		arena_reset(&a);
	}
	text_free(&words);
	text_free(&again);
	arena_free(&a);
}

/* Labels and host bits are no part of a route's identity; distinguisher and length are. */
Case(families, what_may_change_does_not_identify)
{
	static const struct {
		uint16_t afi;
		uint8_t safi;
		const char *one;
		const char *two;
		bool same;
	} table[] = {
		{ 1, 4, "30003e810a0101", "30003e910a0101", true },
		{ 1, 4, "30003e810a0101", "48003e80003e910a0101", true },
		{ 1, 4, "30003e810a0101", "308000000a0101", true },
		{ 1, 4, "2f003e810a0101", "2f003e810a0100", true },
		{ 1, 4, "30003e810a0101", "30003e810a0100", false },
		{ 1, 128, "70003e810000fdea000000640a0101", "708000000000fdea000000640a0101",
		    true },
		{ 1, 128, "70003e810000fdea000000640a0101", "70003e810000fdea000000650a0101",
		    false },
		{ 1, 128, "70003e810000fdea000000640a0101", "6f003e810000fdea000000640a0101",
		    false },
		{ 25, 65, "001100010a000001000500070002000a04e201",
		    "001100010a000001000500070002000b04e211", true },
		{ 25, 65, "001100010a000001000500070002000a04e201",
		    "001100010a000001000500080002000a04e201", false },
		{ 25, 65, "000c00010a0000010005c0000201", "000c00010a0000010005c0000202", false },
		{ 25, 65, "000c00010a000001000500070002", "001100010a000001000500070002000a04e201",
		    false },
		{ 25, 70, "01190000fdea00000064001122334455667788990000000a0003e1",
		    "01190000fdea00000064001122334455667788990000000a0004e1", true },
		{ 25, 70, "01190000fdea00000064001122334455667788990000000a0003e1",
		    "01190000fdea00000064001122334455667788980000000a0003e1", false },
		{ 25, 70, "02210000fdea00000064000000000000000000000000000a30001122334455000003e1",
		    "02210000fdea00000064000000000000000000010000000a30001122334455000004e1",
		    true },
		{ 25, 70, "02210000fdea00000064000000000000000000000000000a30001122334455000003e1",
		    "02210000fdea00000064000000000000000000000000000a30001122334456000003e1",
		    false },
		{ 1, 132, "600000fdea0002fdea00000001", "600000fdea0002fdea00000002", false },
		{ 1, 132, "210000fdea80", "210000fdeaff", true },
	};

	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		struct bytes b[2];
		uint8_t keys[2][NLRI_KEY_MAX];
		struct slice key[2];
		const char *const digits[2] = { table[i].one, table[i].two };

		for (size_t k = 0; k < 2; k++) {
			struct nlri n = { .family = family_of(table[i].afi, table[i].safi) };

			n.bytes = bytes_of(&b[k], digits[k]);
			key[k] = slice_of(keys[k], nlri_key(&n, keys[k]));
		}
		cr_expect(
		    slice_same(key[0], key[1]) == table[i].same, "%s %s", digits[0], digits[1]);
	}
}
