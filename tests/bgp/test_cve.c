/*
 * The twelve classes of defects behind the CVEs of other speakers; those that an UPDATE with these
 * families can have.
 */
#include "parts.h"

#include "attr.h"

#include "bgp/update.h"

#include <stdio.h>

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
