/*
 * UPDATEs under any session: a verdict, parts that can be walked, a cache that makes no difference,
 * three spellings of which JSON is JSON and WORDS are read back, and bytes that say the same again.
 */
#include "bgp/route.h"
#include "bgp/update.h"
#include "lang/json.h"

#include "base/must.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

static struct session
session_of(uint8_t flags)
{
	struct session s = session_assumed();

	s.asn4 = (flags & 1) == 0;
	s.aigp = (flags & 2) != 0;
	if ((flags & 4) != 0)
		s.peer_as = 65002;
	if ((flags & 8) != 0)
		s.path_ids_in = family_all();
	s.role = (enum role)(flags >> 4 & 7) % (ROLE_PEER + 1);
	s.disable_family = (flags & 128) != 0;
	return s;
}

static void
walk_part(const struct update_part *part)
{
	struct text t = { 0 };
	struct nlri_walk w;
	struct nlri n;
	size_t count = 0;

	if (part->family == NULL)
		return;
	w = nlri_walk_on(part);
	while (nlri_next(&w, &n)) {
		struct emit e = emit_on(&t, SPELL_JSON, 0);

		n.family->emit(&e, &n);
		count++;
	}
	MUST(reader_done(&w.r) && count == nlri_count(part));
	text_free(&t);
}

static void
check_json(const struct attrs *set, uint32_t shape)
{
	struct text t = { 0 };
	struct text why = { 0 };
	struct arena a = { 0 };
	struct emit e = emit_on(&t, SPELL_JSON, shape);

	emit_open(&e, &BARE, &MARKS_OBJECT);
	attrs_emit(&e, set);
	emit_close(&e);
	MUST(json_read(text_view(&t), &a, &why) != NULL);
	arena_free(&a);
	text_free(&why);
	text_free(&t);
}

static void
check_words(const struct attrs *set)
{
	struct text t = { 0 };
	struct routes routes = { 0 };
	struct emit e = emit_on(&t, SPELL_WORDS, 0);
	struct lex lx;

	attrs_emit(&e, set);
	lex_init(&lx, text_view(&t), LEX_COMMAND);
	route_parse_attributes(&lx, ROUTE_WITHDRAW, &routes);
	MUST(!lex_failed(&lx) && lex_over(&lx) && routes.count == 1);
	lex_done(&lx);
	routes_free(&routes);
	text_free(&t);
}

static void
check_text(const struct attrs *set)
{
	struct text t = { 0 };
	struct emit e = emit_on(&t, SPELL_TEXT, 0);

	attrs_emit(&e, set);
	for (size_t i = 0; i < t.len; i++)
		MUST(t.at[i] >= ' ' && t.at[i] < 127);
	text_free(&t);
}

/* Told to an internal session with long ASNs it is the same set, but for what was left out. */
static void
check_wire(const struct attrs *set)
{
	struct session s = session_assumed();
	static uint8_t room[2 * 65535];
	struct writer w = writer_on(room, sizeof(room));
	struct gap g;
	struct arena a = { 0 };
	struct update u;

	write_u16(&w, 0);
	g = open_u16(&w);
	attrs_encode(set, &s, attrs_next_hop(set), &w);
	close_u16(&w, g);
	if (writer_ok(&w)) {
		update_decode(writer_slice(&w), &s, &a, NULL, &u);
		MUST(u.verdict == VERDICT_FINE);
		update_done(&u);
	}
	arena_free(&a);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	struct session s;
	struct slice body;
	struct attr_cache *cache;
	struct arena a = { 0 };
	struct update u;
	struct update again;

	if (len < 5)
		return 0;
	s = session_of(bytes[0]);
	body = slice_of(bytes + 1, len - 1);
	cache = attr_cache_new(0);
	update_decode(body, &s, &a, cache, &u);
	update_decode(body, &s, &a, cache, &again);
	MUST(u.verdict == again.verdict && u.attrs == again.attrs);
	MUST(u.disable.bits == again.disable.bits && (u.disable.bits != 0 || u.note == again.note));
	for (size_t i = 0; i < UPDATE_PARTS; i++) {
		MUST(u.announce[i].attrs == again.announce[i].attrs);
		walk_part(&u.announce[i]);
		walk_part(&u.withdraw[i]);
		walk_part(&u.twisted[i]);
	}
	if (u.attrs != NULL) {
		check_json(u.attrs, 0);
		check_json(u.attrs, UINT32_MAX);
		check_text(u.attrs);
		check_words(u.attrs);
		check_wire(u.attrs);
	}
	update_done(&u);
	update_done(&again);
	attr_cache_free(cache);
	arena_free(&a);
	MUST(attrs_alive() == 0);
	return 0;
}
