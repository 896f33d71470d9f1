/* AS numbers of four bytes, over sessions that have them and over those that do not: RFC 6793. */
#include "parts.h"

#include "attr.h"

#include "bgp/attrs.h"
#include "bgp/update.h"

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

Case(as4, attributes_are_merged)
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

/* As much as a message holds, of which the merged path is a third. */
Case(as4, a_long_path_is_merged_where_there_is_hardly_room)
{
	static uint8_t attributes[65500];
	static uint8_t rest[44000];
	struct writer w = writer_on(attributes, sizeof(attributes));
	struct session s = session_to(OLD);
	struct text body = { 0 };
	struct arena a = { 0 };
	struct update u;
	struct record r;

	write_slice(&w,
	    SLICE("\x40\1\1\0"
		  "\x40\3\4\x0a\0\0\1"
		  "\x40\2\x2a\2\x14"));
	for (int i = 0; i < 20; i++)
		write_u16(&w, 23456);
	attr_header(&w, 0xc0, 17, 20 * (2 + 255 * 4));
	for (int i = 0; i < 20; i++) {
		write_u16(&w, 0x01ff); /* a set of 255 */
		write_fill(&w, 1, 255 * 4);
	}
	attr_write(&w, 0xc0, 99, slice_of(rest, sizeof(rest)));
	cr_assert(writer_ok(&w));
	text_bytes(&body, "\0", 2);
	text_char(&body, (char)(writer_len(&w) >> 8));
	text_char(&body, (char)writer_len(&w));
	text_slice(&body, writer_slice(&w));
	text_string(&body, "\x18\x0a\1\1");
	update_decode(text_view(&body), &s, &a, NULL, &u);
	cr_expect_eq(u.verdict, VERDICT_FINE);
	cr_expect(attrs_find(u.attrs, 2, &r) && r.value.len == 20 * (2 + 255 * 4), "the path");
	cr_expect(attrs_find(u.attrs, 99, &r) && !attrs_find(u.attrs, 17, &r));
	update_done(&u);
	text_free(&body);
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
Case(as4, old_and_new_sessions_agree)
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
