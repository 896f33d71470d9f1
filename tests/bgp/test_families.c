/* Address families: every row is whole, takes the reference bytes and words, and no others. */
#include "bytes.h"
#include "family_vectors.h"
#include "mutate.h"
#include "said.h"

#include "attr.h"

#include "base/arena.h"
#include "bgp/route.h"
#include "bgp/shape.h"
#include "bgp/update.h"
#include "lang/json.h"

#define VECTORS  (sizeof(nlri_vectors) / sizeof(nlri_vectors[0]))
#define COMMANDS (sizeof(command_vectors) / sizeof(command_vectors[0]))
#define SHAPE_6  (SHAPE_WIRE_ORDER | SHAPE_LABEL_RAW | SHAPE_EXT_HEX | SHAPE_TEXT_6 | SHAPE_LS_6)

static struct session
session_with(bool path_ids)
{
	struct session s = session_assumed();

	s.local_as = 65001;
	s.peer_as = 65002;
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
#define NODE   "00010011" "07" ZERO "01000004" "02000000"
#define NODE_VPN "00010019" ZERO "07" ZERO "01000004" "02000000"

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
		struct nlri_vector said = { v->afi, v->safi, false, false, v->next_hop, v->nlri, NULL };
		struct text got = { 0 };
		struct update u;
		struct bytes b;

		update_decode(body_of(&said, &b), &s, &a, NULL, &u);
		if (v->taken == NULL) {
			cr_expect(u.verdict == VERDICT_RESET, "%s: verdict %d", v->next_hop, u.verdict);
		} else {
			cr_assert(u.verdict == VERDICT_FINE, "%s: verdict %d", v->next_hop, u.verdict);
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

static void
parse_any(struct lex *lx, enum route_use use, struct routes *to)
{
	if (lex_take(lx, "route"))
		route_parse(lx, use, to);
	else if (lex_take(lx, "flow") && lex_want(lx, "route"))
		route_parse_statement(lx, "flow", use, to);
	else if (lex_take(lx, "vpls"))
		route_parse_statement(lx, "vpls", use, to);
	else if (lex_take(lx, "attributes"))
		route_parse_attributes(lx, use, to);
	else
		route_parse_family(lx, lex_word(lx, "afi"), use, to);
}

static bool
parse(const char *words, enum route_use use, struct routes *to)
{
	struct lex lx;
	bool good;

	lex_init(&lx, slice_on(words), LEX_COMMAND);
	parse_any(&lx, use, to);
	good = !lex_failed(&lx) && lex_over(&lx);
	lex_done(&lx);
	return good;
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
		struct routes routes = { 0 };
		struct nlri_walk w;
		struct update u;
		struct nlri n;

		if (f->parse == NULL)
			continue;
		update_decode(body_of(v, &b), &s, &a, NULL, &u);
		w = nlri_walk_on(v->withdrawn ? &u.withdraw[UPDATE_MP] : &u.announce[UPDATE_MP]);
		while (nlri_next(&w, &n)) {
			struct emit e = emit_on(&words, SPELL_WORDS, 0);
			uint8_t one[NLRI_KEY_MAX];
			uint8_t two[NLRI_KEY_MAX];

			text_clear(&words);
			text_format(&words, "%s ", f->name);
			f->emit(&e, &n);
			cr_assert(parse(text_chars(&words), ROUTE_WITHDRAW, &routes), "%s",
			    text_chars(&words));
			cr_assert(routes.count == 1, "%s", text_chars(&words));
			cr_expect(routes.at[0].nlri.family == f, "%s", text_chars(&words));
			/* rules have several forms that say the same */
			if (f->sound == NULL)
				cr_expect(slice_same(slice_of(one, nlri_key(&n, one)),
					      slice_of(two, nlri_key(&routes.at[0].nlri, two))),
				    "%s", text_chars(&words));
			e = emit_on(&again, SPELL_WORDS, 0);
			text_clear(&again);
			text_format(&again, "%s ", f->name);
			f->emit(&e, &routes.at[0].nlri);
			cr_expect_str_eq(
			    text_chars(&words), text_chars(&again), "%s", text_chars(&words));
			routes_clear(&routes);
		}
		routes_free(&routes);
		update_done(&u);
		arena_reset(&a);
	}
	text_free(&words);
	text_free(&again);
	arena_free(&a);
}

static void
write_hop(struct writer *w, const struct family *f, struct slice hop)
{
	struct gap len = open_u8(w);

	write_fill(w, 0, (f->traits & FAMILY_NEXT_HOP_RD) != 0 ? 8 : 0);
	write_slice(w, hop);
	close_u8(w, len);
}

/* The body that announces a route: a plain version of what rib/ does for many. */
static void
write_route(const struct route *r, const struct session *s, struct writer *w)
{
	struct slice hop =
	    r->attrs->next_hop_self ? addr_slice(&s->local) : attrs_next_hop(r->attrs);
	const struct family *f = r->nlri.family;
	bool said = (f->traits & (FAMILY_NEXT_HOP_ATTR | FAMILY_CLASSIC)) != 0;
	struct gap attributes;
	struct gap reach;

	write_u16(w, 0);
	attributes = open_u16(w);
	attrs_encode(r->attrs, s, said ? hop : slice_of(NULL, 0), w);
	write_u16(w, 0x800e);
	reach = open_u8(w);
	write_u16(w, f->afi);
	write_u8(w, f->safi);
	write_hop(w, f, hop);
	write_u8(w, 0);
	write_slice(w, r->nlri.bytes);
	close_u8(w, reach);
	close_u16(w, attributes);
}

static void
bodies_of(const struct routes *routes, const struct session *s, struct text *to)
{
	static uint8_t room[65536];

	text_clear(to);
	for (size_t i = 0; i < routes->count; i++) {
		struct writer w = writer_on(room, sizeof(room));

		write_route(&routes->at[i], s, &w);
		if (i != 0)
			text_char(to, ' ');
		text_hex(to, writer_slice(&w));
	}
}

Case(families, words_become_the_reference_bytes_and_are_read_back)
{
	struct session s = session_with(false);
	struct text got = { 0 };
	struct text words = { 0 };

	for (size_t i = 0; i < COMMANDS; i++) {
		const struct command_vector *v = &command_vectors[i];
		struct routes routes = { 0 };
		bool good = parse(v->words, ROUTE_ANNOUNCE, &routes);

		bodies_of(&routes, &s, &got);
		cr_expect(good == (v->bodies != NULL), "%s\n%s", v->words, text_chars(&got));
		if (good && v->bodies != NULL) {
			struct emit e = emit_on(&words, SPELL_WORDS, 0);

			cr_expect_str_eq(text_chars(&got), v->bodies, "%s\n%s\n%s", v->words,
			    v->bodies, text_chars(&got));
			text_clear(&words);
			text_format(&words, "%s ", routes.at[0].nlri.family->name);
			route_emit(&e, &routes.at[0].nlri, routes.at[0].attrs, NULL);
			routes_clear(&routes);
			cr_expect(parse(text_chars(&words), ROUTE_ANNOUNCE, &routes), "%s",
			    text_chars(&words));
			bodies_of(&routes, &s, &got);
			cr_expect_str_eq(text_chars(&got), v->bodies, "%s\n%s\n%s",
			    text_chars(&words), v->bodies, text_chars(&got));
		}
		routes_free(&routes);
	}
	text_free(&got);
	text_free(&words);
	cr_expect(attrs_alive() == 0, "%zu sets left", attrs_alive());
}

/* Withdraws name no attributes and need none; what identifies the route must be there. */
Case(families, a_withdraw_says_only_what_identifies_the_route)
{
	static const struct {
		const char *words;
		const char *nlri; /* NULL: refused */
	} table[] = {
		{ "route 10.0.0.0/24 label 100", "300006410a0000" },
		{ "ipv4 nlri-mpls 10.0.0.0/24", "308000000a0000" },
		{ "route 10.0.0.0/24 rd 65000:1", "708000000000fde8000000010a0000" },
		{ "ipv6 mpls-vpn 2001:db8::/32 label 3", NULL },
		{ "ipv4 mpls-vpn 10.0.0.0/24", NULL },
		{ "ipv4 unicast 10.0.0.0/24 rd 1:1", NULL },
		{ "l2vpn vpls endpoint 7 base 20000 offset 2 size 10 rd 10.0.0.1:5",
		    "001100010a000001000500070002000a04e201" },
		{ "vpls n { endpoint 7; base 20000; offset 2; size 10; rd 10.0.0.1:5; }",
		    "001100010a000001000500070002000a04e201" },
		{ "vpls endpoint 7 base 20000 offset 2 size 10", NULL },
		{ "vpls endpoint 7 base 20000 offset 2 rd 1:1", NULL },
		{ "vpls endpoint 7 base 1048570 offset 2 size 10 rd 1:1", NULL },
		{ "vpls endpoint 7 base 1 offset 2 size 65536 rd 1:1", NULL },
		{ "vpls endpoint 7 base 1 offset 2 size 1 rd 1:1 label 3", NULL },
		{ "l2vpn evpn raw 0x03110000fdea000000640000000a200a010101",
		    "03110000fdea000000640000000a200a010101" },
		{ "l2vpn evpn raw 0x03110000fdea000000640000000a210a010101", NULL },
		{ "ipv4 rtc raw 0x00", "00" },
		{ "ipv4 nlri-mpls 10.0.0.0/24 rd 1:1", NULL },
	};
	struct text got = { 0 };

	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		struct routes routes = { 0 };
		bool good = parse(table[i].words, ROUTE_WITHDRAW, &routes);

		cr_expect(good == (table[i].nlri != NULL), "%s", table[i].words);
		if (good && table[i].nlri != NULL) {
			text_clear(&got);
			text_hex(&got, routes.at[0].nlri.bytes);
			cr_expect_str_eq(text_chars(&got), table[i].nlri, "%s", table[i].words);
		}
		routes_free(&routes);
	}
	text_free(&got);
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

Case(families, what_can_not_be_encoded_is_refused)
{
	static const char *const words[] = {
		"route 10.0.0.0/24 next-hop 1.1.1.1 label 1048576",
		"route 10.0.0.0/24 next-hop 1.1.1.1 label x",
		"route 10.0.0.0/24 next-hop 1.1.1.1 label [ 0 3 ]",
		"route 10.0.0.0/24 next-hop 1.1.1.1 label [ 3 524288 3 ]",
		"ipv4 flow traffic-class 64 discard",
		"route 10.0.0.0/24 next-hop 1.1.1.1 label [ 1 2 3 4 5 6 7 8 9 10 ]",
		"route 2001:db8::/128 next-hop ::1 label [ 1 2 3 ] rd 1:1",
		"route 2001:db8::/112 next-hop ::1 label [ 1 2 3 ] rd 1:1 split /128",
		"route 10.0.0.0/24 next-hop 1.1.1.1 label 3 rd 1",
		"route 10.0.0.0/24 next-hop 1.1.1.1 label 3 rd 1:2:3",
		"route 10.0.0.0/24 next-hop 1.1.1.1 label 3 rd 65536:65536",
		"route 10.0.0.0/24 next-hop 1.1.1.1 label 3 rd 1.2.3.4:65536",
		"route 10.0.0.0/24 next-hop 1.1.1.1 label 3 rd 0x00",
		"route 10.0.0.0/24 next-hop 1.1.1.1 label [ ] rd 1:1",
		"ipv4 mpls-vpn 2001:db8::/32 next-hop 1.1.1.1 label 3 rd 1:1",
		"route 10.0.0.0/24 next-hop 1.1.1.1 label 3 bgp-prefix-sid [ x ]",
		"route 10.0.0.0/24 next-hop 1.1.1.1 label 3 bgp-prefix-sid [ 1, [ ( 1 ) ] ]",
		"route 10.0.0.0/24 next-hop 1.1.1.1 bgp-prefix-sid-srv6 ( l4-service ::1 )",
		"route 10.0.0.0/24 next-hop 1.1.1.1 bgp-prefix-sid-srv6 ( l3-service 1.1.1.1 )",
		"route 10.0.0.0/24 next-hop 1.1.1.1 bgp-prefix-sid-srv6 ( l3-service ::1 1 [1,2] )",
	};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		struct routes routes = { 0 };

		cr_expect(
		    !parse(words[i], ROUTE_ANNOUNCE, &routes) && routes.count == 0, "%s", words[i]);
		routes_free(&routes);
	}
}

/* The members of rules in JSON; and a rule that makes no sense is passed over. */
Case(families, flow_values_are_shown_as_the_reference_shows_them)
{
	struct text got = { 0 };

	for (size_t i = 0; i < sizeof(flow_vectors) / sizeof(flow_vectors[0]); i++) {
		struct bytes b;
		struct nlri n = { .family = family_of(flow_vectors[i].afi, 133) };
		struct emit e = emit_on(&got, SPELL_JSON, SHAPE_6);

		n.bytes = bytes_of(&b, flow_vectors[i].nlri);
		cr_assert(n.family->sound(n.family, n.bytes), "%s", flow_vectors[i].nlri);
		text_clear(&got);
		n.family->emit(&e, &n);
		cr_expect(strstr(text_chars(&got), flow_vectors[i].member) != NULL, "%s\n%s",
		    flow_vectors[i].member, text_chars(&got));
	}
	text_free(&got);
}

Case(families, flow_rules_that_make_no_sense_are_passed_over)
{
	static const struct {
		uint16_t afi;
		uint8_t safi;
		const char *nlri;
		size_t left;
	} table[] = {
		{ 1, 133,
		    "020381"
		    "0501180a0101",
		    1 },
		{ 1, 133,
		    "0501180a0101"
		    "030e8101",
		    1 },
		{ 1, 133,
		    "030d8101"
		    "0501180a0101",
		    1 },
		{ 2, 133, "030d8101", 1 },
		{ 1, 133, "0a01180a010101180a0101", 0 },
		{ 1, 133, "0501210a0101", 0 },
		{ 2, 133,
		    "080120212001"
		    "0db8",
		    0 },
		{ 1, 134, "0501180a0101", 0 },
		{ 1, 133,
		    "f005"
		    "01180a0101"
		    "00",
		    2 },
	};

	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		struct bytes b;
		struct update_part part = { .family = family_of(table[i].afi, table[i].safi) };

		part.nlri = bytes_of(&b, table[i].nlri);
		cr_expect(nlri_count(&part) == table[i].left, "%s: %zu", table[i].nlri,
		    nlri_count(&part));
	}
}

/* What 4.2 and 5.0 show beside the rule. */
Case(families, flow_next_hops_stand_inside_where_the_dialect_has_them)
{
	struct bytes b;
	struct bytes hop;
	struct text got = { 0 };
	struct nlri n = { .family = family_of(1, 133) };
	struct emit e = emit_on(&got, SPELL_JSON, SHAPE_NLRI_NEXT_HOP | SHAPE_COMMUNITY_WIRE);

	n.bytes = bytes_of(&b, "03098112");
	e.next_hop = bytes_of(&hop, "c0000201");
	n.family->emit(&e, &n);
	cr_expect_str_eq(text_chars(&got),
	    "{ \"tcp-flags\": [ \"=syn\", \"=ack\" ], \"next-hop\": \"192.0.2.1\", "
	    "\"string\": \"flow tcp-flags =syn+ack next-hop 192.0.2.1\" }");
	text_free(&got);
}

/* A rule as long as may be, and one longer. */
Case(families, flow_rules_have_the_length_of_the_rfc)
{
	static const struct {
		unsigned values;
		bool good;
	} table[] = { { 79, true }, { 80, true }, { 1300, true }, { 1364, true }, { 1365, false },
		{ 4000, false } };

	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		struct text words = { 0 };
		struct routes routes = { 0 };
		bool good;

		text_string(&words, "ipv4 flow port [");
		for (unsigned k = 0; k < table[i].values; k++)
			text_format(&words, " =%u", 1000 + k);
		text_string(&words, " ] discard");
		good = parse(text_chars(&words), ROUTE_ANNOUNCE, &routes);
		cr_expect(good == table[i].good, "%u values", table[i].values);
		if (good) {
			struct reader r = reader_on(routes.at[0].nlri.bytes);
			const struct family *f = family_of(1, 133);

			cr_expect(
			    slice_same(nlri_take(f, &r, false).bytes, routes.at[0].nlri.bytes),
			    "taken");
			cr_expect(reader_done(&r), "all of it");
			cr_expect(f->sound(f, routes.at[0].nlri.bytes), "sound");
		}
		routes_free(&routes);
		text_free(&words);
	}
}

/* A statement's identifier is part of the route, whether or not it is ever sent. */
Case(families, words_keep_the_identifier_of_a_path)
{
	static const char *const words[] = {
		"ipv4 unicast 10.0.0.0/24 path-information 0.0.0.7",
		("ipv4 mcast-vpn source-ad source 10.0.0.1 group 239.0.0.1 rd 1:1 "
		 "path-information 0.0.0.7"),
		"ipv6 mup mup-isd 2001:db8::/32 rd 1:1 path-information 0.0.0.7",
		"ipv4 rtc default path-information 0.0.0.7",
		"l2vpn vpls rd 1:1 endpoint 7 base 20000 offset 2 size 10 path-information 0.0.0.7",
		"l2vpn evpn multicast rd 1:1 ethernet-tag 0 ip 10.0.0.1 path-information 0.0.0.7",
	};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		struct said s = said_of(words[i], ROUTE_WITHDRAW);
		struct text again = { 0 };

		cr_assert(s.good, "%s: %s", words[i], text_chars(&s.why));
		said_print(&s.routes.at[0].nlri, SPELL_WORDS, 0, &again);
		cr_expect_str_eq(text_chars(&again), words[i]);
		said_done(&s);
		text_free(&again);
	}
}
