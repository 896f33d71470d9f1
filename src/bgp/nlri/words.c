/* Pieces of bytes, words and events that families share. */
#include "nlri/words.h"

#include "base/hex.h"
#include "bgp/shape.h"
#include "nlri/rd.h"

#include <stdio.h>

struct slice
nlri_addr_read(struct reader *r)
{
	unsigned bits = read_u8(r);

	if (bits != 32 && bits != 128)
		reader_fail(r);
	return read_slice(r, bits / 8);
}

void
nlri_addr_write(struct writer *w, const struct addr *a)
{
	write_u8(w, (uint8_t)(addr_len(a) * 8));
	write_slice(w, addr_slice(a));
}

struct addr
nlri_addr(struct lex *lx, const struct family *f, const char *what)
{
	struct token where = lx->now;
	struct addr a = lex_addr(lx, what);

	if (!lex_failed(lx) && addr_len(&a) != nlri_addr_len(f->afi))
		lex_fault_at(lx, &where, "expected %s that is an %s address", what,
		    f->afi == 1 ? "IPv4" : "IPv6");
	return a;
}

struct addr
nlri_addr_words(struct lex *lx, const struct family *f, const char *word)
{
	char what[40];

	(void)snprintf(what, sizeof(what), "an address for %s", word);
	(void)lex_want(lx, word);
	return nlri_addr(lx, f, what);
}

struct prefix
nlri_prefix(struct lex *lx)
{
	static const char what[] = "a prefix with its length";
	struct token where = lx->now;
	struct slice word = lex_word(lx, what);
	struct prefix p = { 0 };
	enum prefix_fault fault;

	if (lex_failed(lx))
		return p;
	fault = prefix_parse(word, &p);
	if ((fault != PREFIX_FINE && fault != PREFIX_HOST_BITS) ||
	    memchr(word.at, '/', word.len) == NULL)
		lex_fault_at(lx, &where, "expected %s", what);
	return p;
}

void
nlri_rd_words(struct lex *lx, struct writer *w)
{
	static const char what[] = "a route distinguisher (as:number or address:number)";
	uint8_t rd[RD_LEN] = { 0 };
	struct token where;
	struct slice word;

	(void)lex_want(lx, "rd");
	where = lx->now;
	word = lex_word(lx, what);
	if (!lex_failed(lx) && !rd_parse(word, rd))
		lex_fault_at(lx, &where, "expected %s", what);
	write_bytes(w, rd, sizeof(rd));
}

void
nlri_pairs(struct lex *lx, uint8_t *to, size_t n, const char *what)
{
	struct token where = lx->now;
	struct slice word = lex_word(lx, what);

	if (!lex_failed(lx) && !hex_pairs(word, to, n))
		lex_fault_at(lx, &where, "expected %s", what);
}

bool
nlri_raw_words(struct lex *lx, struct draft *d)
{
	static const char what[] = "0x and the bytes of one NLRI";
	uint8_t bytes[NLRI_MAX];
	struct token where;
	struct slice word;
	struct reader r;
	size_t len;

	if (!lex_take(lx, "raw"))
		return false;
	where = lx->now;
	word = lex_word(lx, what);
	if (lex_failed(lx))
		return true;
	if (!hex_marked(word) || !hex_decode(slice_after(word, 2), bytes, sizeof(bytes), &len)) {
		lex_fault_at(lx, &where, "expected %s", what);
		return true;
	}
	r = reader_on(slice_of(bytes, len));
	d->family->pass(&r, d->family);
	if (reader_done(&r))
		draft_nlri(d, slice_of(bytes, len));
	else
		lex_fault_at(lx, &where, "expected %s of %s", what, d->family->name);
	return true;
}

void
nlri_settle(struct lex *lx, struct draft *d, const struct family *f, bool announce)
{
	(void)announce;
	if (d->safi != 0 || d->has_split)
		lex_fault(lx, "label, rd and split have no place behind the words of %s", f->name);
}

void
nlri_raw_emit(struct emit *e, struct slice bytes)
{
	struct text *t = emit_value(e, &SPELT("raw", "raw", "raw"));

	if (t == NULL)
		return;
	if (e->spelling == SPELL_JSON) {
		text_char(t, '"');
		text_hex_upper(t, bytes);
		text_char(t, '"');
	} else {
		text_string(t, "0x");
		text_hex(t, bytes);
	}
}

void
nlri_family_emit(struct emit *e, const struct family *f)
{
	emit_word(e, &FIELD("afi"), slice_on(f->afi_word));
	emit_word(e, &FIELD("safi"), slice_on(f->safi_word));
}

bool
nlri_brief(struct emit *e, const struct family *f)
{
	if (e->spelling != SPELL_TEXT || (e->shape & SHAPE_LONG) != 0)
		return false;
	nlri_family_emit(e, f);
	return true;
}

void
nlri_path_emit(struct emit *e, const struct nlri *n)
{
	struct addr id = addr_v4_of(n->path_id);

	if (n->has_path_id)
		emit_addr(e, &FIELD("path-information"), &id);
}

void
nlri_emit(struct emit *e, const struct nlri *n, nlri_speller *json, nlri_speller *words,
    nlri_speller *text)
{
	enum spelling spelling = e->spelling;

	if (nlri_brief(e, n->family))
		return;
	if (spelling == SPELL_JSON) {
		json(e, n);
		return;
	}
	if (spelling == SPELL_TEXT && text != NULL) {
		text(e, n);
	} else {
		e->spelling = SPELL_WORDS;
		words(e, n);
		e->spelling = spelling;
	}
	nlri_path_emit(e, n);
}

void
nlri_addr_emit(struct emit *e, const struct spell *name, struct slice bytes)
{
	struct addr a = addr_of_bytes(bytes);

	emit_addr(e, name, &a);
}

void
nlri_pairs_emit(struct emit *e, const struct spell *name, struct slice bytes, bool capitals)
{
	struct text *t = emit_value(e, name);
	const char *quote = e->spelling == SPELL_JSON ? "\"" : "";

	if (t == NULL)
		return;
	text_string(t, quote);
	for (size_t i = 0; i < bytes.len; i++)
		text_format(t, capitals ? "%s%02X" : "%s%02x", i == 0 ? "" : ":", bytes.at[i]);
	text_string(t, quote);
}

void
nlri_prefix_put(struct text *t, uint16_t afi, struct slice bytes, unsigned bits)
{
	addr_print_bytes(t, afi == 1 ? ADDR_IPV4 : ADDR_IPV6, bytes.at, bytes.len);
	text_format(t, "/%u", bits);
}

void
nlri_digits_emit(struct emit *e, const struct spell *name, uint32_t n)
{
	struct text *t = emit_value(e, name);

	if (t != NULL)
		text_format(t, e->spelling == SPELL_JSON ? "\"%u\"" : "%u", n);
}
