/* Bodies and words of OPERATIONAL messages. */
#include "bgp/operational.h"

#include "base/num.h"
#include "bgp/family.h"
#include "lang/emit.h"

static const struct operational_kind kinds[] = {
	{ 1, "ADM", OPERATIONAL_ADVISORY, false },
	{ 2, "ASM", OPERATIONAL_ADVISORY, true },
	{ 3, "RPCQ", OPERATIONAL_QUERY, false },
	{ 4, "RPCP", OPERATIONAL_COUNTER, false },
	{ 5, "APCQ", OPERATIONAL_QUERY, false },
	{ 6, "APCP", OPERATIONAL_COUNTER, false },
	{ 7, "LPCQ", OPERATIONAL_QUERY, false },
	{ 8, "LPCP", OPERATIONAL_COUNTER, false },
};

#define KINDS (sizeof(kinds) / sizeof(kinds[0]))

static const struct operational_kind kind_unknown = { 0, "unknown", OPERATIONAL_UNKNOWN, false };

static const struct operational_kind *
kind_of(uint16_t code)
{
	for (size_t i = 0; i < KINDS; i++)
		if (kinds[i].code == code)
			return &kinds[i];
	return &kind_unknown;
}

static const struct operational_kind *
kind_of_word(struct slice word)
{
	for (size_t i = 0; i < KINDS; i++)
		if (word_same_case(word, kinds[i].name))
			return &kinds[i];
	return NULL;
}

bool
operational_known(struct slice word)
{
	return kind_of_word(word) != NULL;
}

bool
operational_take(struct reader *r, struct operational *to)
{
	struct operational o = { .code = read_u16(r) };
	struct reader in = read_inner(r, read_u16(r));

	o.kind = kind_of(o.code);
	if (o.kind->form != OPERATIONAL_UNKNOWN) {
		o.afi = read_u16(&in);
		o.safi = read_u8(&in);
	}
	if (o.kind->form == OPERATIONAL_UNKNOWN || o.kind->form == OPERATIONAL_ADVISORY) {
		o.text = read_rest(&in);
	} else {
		o.router_id = read_u32(&in);
		o.sequence = read_u32(&in);
	}
	if (o.kind->form == OPERATIONAL_COUNTER)
		o.counter = read_u32(&in);
	if (!reader_done(&in))
		reader_fail(r);
	if (!reader_ok(r))
		return false;
	*to = o;
	return true;
}

bool
operational_decode(struct slice body, struct operational *to)
{
	struct reader r = reader_on(body);

	return operational_take(&r, to) && reader_done(&r);
}

/* What is too long is cut between two characters. */
static void
write_text(struct slice text, struct writer *w)
{
	size_t len = OPERATIONAL_TEXT_MAX - 3;

	if (text.len <= OPERATIONAL_TEXT_MAX) {
		write_slice(w, text);
		return;
	}
	while (len != 0 && (text.at[len] & 0xc0) == 0x80)
		len--;
	write_bytes(w, text.at, len);
	write_slice(w, SLICE("..."));
}

void
operational_encode(const struct operational *o, struct writer *w)
{
	struct gap len;

	write_u16(w, o->code);
	len = open_u16(w);
	write_u16(w, o->afi);
	write_u8(w, o->safi);
	if (o->kind->form == OPERATIONAL_ADVISORY) {
		write_text(o->text, w);
	} else {
		write_u32(w, o->router_id);
		write_u32(w, o->sequence);
	}
	if (o->kind->form == OPERATIONAL_COUNTER)
		write_u32(w, o->counter);
	close_u16(w, len);
}

static void
router_id_parse(struct lex *lx, struct operational *to)
{
	struct addr a;

	if (!lex_take(lx, "router-id"))
		return;
	a = lex_addr_v4(lx, "an IPv4 address for router-id");
	to->router_id = lex_failed(lx) ? 0 : addr_u32(&a);
}

static void
family_parse(struct lex *lx, struct operational *to)
{
	struct token where;
	const struct family *f;
	struct slice afi;
	struct slice safi;

	router_id_parse(lx, to);
	(void)lex_want(lx, "afi");
	where = lx->now;
	afi = lex_word(lx, "an AFI");
	router_id_parse(lx, to);
	(void)lex_want(lx, "safi");
	safi = lex_word(lx, "a SAFI");
	if (lex_failed(lx))
		return;
	f = family_of_words(afi, safi);
	if (f == NULL) {
		lex_fault_at(lx, &where, "expected an AFI and a SAFI that are known together");
		return;
	}
	to->afi = f->afi;
	to->safi = f->safi;
}

void
operational_parse(struct lex *lx, struct operational *to)
{
	static const char what[] = "asm, adm, rpcq, rpcp, apcq, apcp, lpcq or lpcp";
	struct token where = lx->now;
	const struct operational_kind *kind = kind_of_word(lex_word(lx, what));

	if (kind == NULL) {
		lex_fault_at(lx, &where, "expected %s", what);
		return;
	}
	*to = (struct operational){ .kind = kind, .code = kind->code };
	family_parse(lx, to);
	if (kind->form == OPERATIONAL_ADVISORY) {
		(void)lex_want(lx, "advisory");
		to->text = lex_word(lx, "a text in quotes for advisory");
		return;
	}
	router_id_parse(lx, to);
	(void)lex_want(lx, "sequence");
	to->sequence = lex_u32(lx, "a number for sequence");
	router_id_parse(lx, to);
	if (kind->form == OPERATIONAL_COUNTER) {
		(void)lex_want(lx, "counter");
		to->counter = lex_u32(lx, "a number for counter (0 to 4294967295)");
		router_id_parse(lx, to);
	}
}

void
operational_print(const struct operational *o, struct text *to)
{
	const struct family *f = family_of(o->afi, o->safi);
	struct emit e = emit_on(to, SPELL_WORDS, 0);
	struct addr id = addr_v4_of(o->router_id);

	for (const char *c = o->kind->name; *c != '\0'; c++)
		text_char(to, (char)(*c | 0x20));
	text_char(to, ' ');
	if (o->router_id != 0)
		emit_addr(&e, &FIELD("router-id"), &id);
	if (f != NULL) {
		emit_word(&e, &FIELD("afi"), slice_on(f->afi_word));
		emit_word(&e, &FIELD("safi"), slice_on(f->safi_word));
	}
	if (o->kind->form == OPERATIONAL_ADVISORY) {
		emit_str(&e, &FIELD("advisory"), o->text);
		return;
	}
	emit_uint(&e, &FIELD("sequence"), o->sequence);
	if (o->kind->form == OPERATIONAL_COUNTER)
		emit_uint(&e, &FIELD("counter"), o->counter);
}
