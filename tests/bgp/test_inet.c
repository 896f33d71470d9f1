/* Unicast and multicast prefixes: bytes, identity, spellings; and the registry of families. */
#include "bytes.h"

#include "base/addr.h"
#include "bgp/family.h"
#include "bgp/message.h"
#include "bgp/shape.h"
#include "guard.h"
#include "pieces.h"

#include <arpa/inet.h>
#include <stdio.h>

Case(family, rows_are_whole_ascending_and_apart)
{
	uint32_t before = 0;

	cr_assert(family_count() <= FAMILY_MAX);
	for (unsigned i = 0; i < family_count(); i++) {
		const struct family *f = family_at(i);
		uint32_t code = (uint32_t)f->afi << 8 | f->safi;
		struct text name = { 0 };

		cr_expect(f->id == i && code > before, "%s", f->name);
		before = code;
		cr_assert(f->pass != NULL && f->emit != NULL && f->parse != NULL, "%s", f->name);
		cr_expect(
		    f->next_hop_lens != 0 || (f->traits & FAMILY_NO_NEXT_HOP) != 0, "%s", f->name);
		cr_expect(strcmp(f->afi_word, afi_word(f->afi)) == 0, "%s", f->name);
		cr_expect(strcmp(f->safi_word, safi_word(f->safi)) == 0, "%s", f->name);
		text_format(&name, "%s %s", f->afi_word, f->safi_word);
		cr_expect(slice_is(text_view(&name), f->name), "%s", f->name);
		text_free(&name);
		cr_expect(family_of(f->afi, f->safi) == f, "%s", f->name);
		cr_expect(family_of_words(slice_on(f->afi_word), slice_on(f->safi_word)) == f, "%s",
		    f->name);
		cr_expect(family_in(family_all(), f), "%s", f->name);
		cr_expect(((f->traits & FAMILY_CLASSIC) != 0) == (f->afi == 1 && f->safi == 1));
	}
	cr_expect(family_of(1, 0) == NULL && family_of(0, 1) == NULL && family_of(3, 1) == NULL);
	cr_expect(family_of_words(SLICE("ipv4"), SLICE("Unicast")) == NULL);
	cr_expect(family_of_words(SLICE("ipv4"), SLICE("")) == NULL);
	cr_expect(afi_word(3) == NULL && safi_word(3) == NULL);
	cr_expect(family_of_words(SLICE("ipv4"), SLICE("labeled-unicast")) == family_of(1, 4));
}

Case(family, sets_hold_what_was_added)
{
	struct family_set s = { 0 };
	struct family_list l = { 0 };

	for (unsigned i = 0; i < family_count(); i++) {
		const struct family *f = family_at(i);

		cr_expect(!family_in(s, f));
		family_add(&s, f);
		family_add(&s, f);
		cr_expect(family_in(s, f));
		family_list_add(&l, f);
		family_list_add(&l, f);
		cr_expect(l.count == i + 1);
		cr_expect(family_list_set(&l).bits == s.bits);
	}
	cr_expect(s.bits == family_all().bits);
	for (unsigned i = 0; i < family_count(); i++)
		family_cut(&s, family_at(i));
	cr_expect(s.bits == 0);
}

Case(family, labels_name_numbers_that_have_no_word)
{
	char room[FAMILY_LABEL_MAX];

	cr_expect(slice_is(family_label(room, 1, 1, '/'), "ipv4/unicast"));
	cr_expect(slice_is(family_label(room, 16388, 72, ' '), "bgp-ls bgp-ls-vpn"));
	cr_expect(
	    slice_is(family_label(room, 65535, 255, '/'), "unknown afi 65535/unknown safi 255"));
}

static const struct family *
inet(uint16_t afi, uint8_t safi)
{
	const struct family *f = family_of(afi, safi);

	cr_assert(f != NULL);
	return f;
}

Case(inet, takes_its_length_and_nothing_else)
{
	struct guard g = guard_of(64);

	for (unsigned k = 0; k < 4; k++) {
		const struct family *f = inet(k < 2 ? 1 : 2, k % 2 == 0 ? 1 : 2);
		unsigned most = k < 2 ? 32 : 128;

		for (unsigned bits = 0; bits < 256; bits++) {
			unsigned need = 1 + (bits + 7) / 8;

			for (unsigned have = 0; have < 40; have++) {
				uint8_t bytes[40] = { (uint8_t)bits, 0xff };
				struct slice s = guard_lay(&g, slice_of(bytes, have));
				struct reader r = reader_on(s);
				struct slice n = nlri_take(f, &r, false).bytes;
				bool fine = bits <= most && have >= need;

				cr_assert(reader_ok(&r) == fine, "%s %u %u", f->name, bits, have);
				if (!fine)
					continue;
				cr_assert(n.len == need && n.at == s.at);
				cr_assert(reader_left(&r) == have - need);
			}
		}
	}
	guard_done(&g);
}

Case(inet, identity_has_no_host_bits)
{
	uint64_t seed = 2;

	for (int round = 0; round < 20000; round++) {
		const struct family *f = inet(dice(&seed) % 2 == 0 ? 1 : 2, 1);
		unsigned bits = dice(&seed) % (f->afi == 1 ? 33 : 129);
		unsigned n = 1 + (bits + 7) / 8;
		uint8_t a[17] = { (uint8_t)bits };
		uint8_t b[17];
		uint8_t key_a[NLRI_KEY_MAX];
		uint8_t key_b[NLRI_KEY_MAX];
		struct nlri x = { .family = f, .bytes = slice_of(a, n) };
		struct nlri y = { .family = f, .bytes = slice_of(b, n), .has_path_id = true };
		size_t len;

		for (unsigned i = 1; i < n; i++)
			a[i] = (uint8_t)dice(&seed);
		memcpy(b, a, sizeof(b));
		if (bits % 8 != 0)
			b[n - 1] ^= (uint8_t)(dice(&seed) & (0xff >> bits % 8));
		len = nlri_key(&x, key_a);
		cr_assert(nlri_key(&y, key_b) == len && memcmp(key_a, key_b, len) == 0);
		y.path_id = 1 + dice(&seed) % 1000;
		(void)nlri_key(&y, key_b);
		cr_assert(memcmp(key_a, key_b, len) != 0);
		y.path_id = 0;
		if (bits == 0)
			continue;
		b[1 + (bits - 1) / 8] ^= (uint8_t)(0x80 >> (bits - 1) % 8);
		cr_assert(nlri_key(&y, key_b) == len && memcmp(key_a, key_b, len) != 0);
	}
}

Case(inet, path_identifier_stands_before_the_prefix)
{
	static const uint8_t bytes[] = { 1, 2, 3, 4, 24, 10, 1, 1 };

	for (size_t have = 0; have <= sizeof(bytes); have++) {
		struct reader r = reader_on(slice_of(bytes, have));
		struct nlri n = nlri_take(inet(1, 1), &r, true);

		cr_expect(reader_ok(&r) == (have == sizeof(bytes)), "%zu", have);
		if (have == sizeof(bytes))
			cr_expect(n.has_path_id && n.path_id == 0x01020304 && n.bytes.len == 4);
	}
}

static void
emitted(const struct nlri *n, enum spelling spelling, uint32_t shape, const char *want)
{
	struct text t = { 0 };
	struct emit e = emit_on(&t, spelling, shape);

	n->family->emit(&e, n);
	cr_expect(slice_is(text_view(&t), want), "%s, not %s", text_chars(&t), want);
	text_free(&t);
}

Case(inet, shapes_are_those_of_the_dialects)
{
	static const uint8_t bytes[] = { 24, 10, 1, 1 };
	static const uint8_t junk[] = { 20, 10, 1, 0xff };
	struct nlri n = { .family = inet(1, 1), .bytes = slice_of(bytes, sizeof(bytes)) };

	emitted(&n, SPELL_JSON, 0, "{ \"nlri\": \"10.1.1.0/24\" }");
	emitted(&n, SPELL_JSON, SHAPE_COMPACT, "\"10.1.1.0/24\"");
	emitted(&n, SPELL_TEXT, 0, "10.1.1.0/24");
	emitted(&n, SPELL_WORDS, SHAPE_COMPACT, "10.1.1.0/24");
	n.has_path_id = true;
	n.path_id = 0x01020304;
	emitted(
	    &n, SPELL_JSON, 0, "{ \"nlri\": \"10.1.1.0/24\", \"path-information\": \"1.2.3.4\" }");
	emitted(&n, SPELL_JSON, SHAPE_COMPACT,
	    "{ \"nlri\": \"10.1.1.0/24\", \"path-information\": \"1.2.3.4\" }");
	emitted(&n, SPELL_TEXT, 0, "10.1.1.0/24 path-information 1.2.3.4");
	emitted(&n, SPELL_WORDS, 0, "10.1.1.0/24 path-information 1.2.3.4");
	n = (struct nlri){ .family = inet(1, 2), .bytes = slice_of(junk, sizeof(junk)) };
	emitted(&n, SPELL_JSON, 0, "{ \"nlri\": \"10.1.255.0/20\" }");
	n.bytes.len = 1;
	n.bytes.at = (const uint8_t *)"";
	emitted(&n, SPELL_TEXT, 0, "0.0.0.0/0");
	n.family = inet(2, 1);
	emitted(&n, SPELL_TEXT, 0, "::/0");
}

Case(inet, several_are_separated)
{
	static const uint8_t bytes[] = { 8, 10 };
	struct nlri n = { .family = inet(1, 1), .bytes = slice_of(bytes, sizeof(bytes)) };
	struct text t = { 0 };
	struct emit e = emit_on(&t, SPELL_JSON, 0);

	emit_open(&e, &BARE, &MARKS_LIST);
	n.family->emit(&e, &n);
	n.family->emit(&e, &n);
	emit_close(&e);
	cr_expect(slice_is(text_view(&t),
		      "[ { \"nlri\": \"10.0.0.0/8\" }, { \"nlri\": \"10.0.0.0/8\" } ]"),
	    "%s", text_chars(&t));
	text_free(&t);
}

Case(inet, characters_are_those_of_inet_ntop)
{
	uint64_t seed = 8;

	for (int round = 0; round < 30000; round++) {
		bool six = dice(&seed) % 2 == 0;
		unsigned bits = dice(&seed) % (six ? 129 : 33);
		uint8_t bytes[17] = { (uint8_t)bits };
		unsigned len = (bits + 7) / 8;
		char address[INET6_ADDRSTRLEN];
		char want[INET6_ADDRSTRLEN + 8];
		struct nlri n = { .family = inet(six ? 2 : 1, 1),
			.bytes = slice_of(bytes, 1 + len) };

		for (unsigned i = 1; i <= len; i++)
			bytes[i] = dice(&seed) % 3 == 0 ? 0 : (uint8_t)dice(&seed);
		cr_assert(inet_ntop(six ? AF_INET6 : AF_INET, bytes + 1, address,
			      sizeof(address)) != NULL);
		if (six && strchr(address, '.') != NULL)
			continue; /* ntop writes ::1.2.3.4, RFC 5952 does not */
		(void)snprintf(want, sizeof(want), "%s/%u", address, bits);
		emitted(&n, SPELL_TEXT, 0, want);
	}
}
