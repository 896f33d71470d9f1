/* AGGREGATOR and AS4_AGGREGATOR: RFC 4271 5.1.7, RFC 6793. Canonical: an ASN of 4 bytes, IPv4. */
#include "attr.h"

#include "base/num.h"
#include "draft.h"

#define AS_TRANS 23456
#define LEN      8

static enum verdict
decode(struct reader *r, const struct session *s, struct attrs_build *to)
{
	uint8_t value[LEN];
	uint32_t asn = s->asn4 ? read_u32(r) : read_u16(r);

	store_u32(value, asn);
	read_copy(r, value + 4, 4);
	if (!reader_done(r) || asn == 0) /* RFC 7606 7.7, RFC 7607 2 */
		return VERDICT_DISCARD;
	(void)build_add(
	    to, attr_aggregator.code, attr_aggregator.flags, RECORD_VALUE, slice_of(value, LEN));
	return VERDICT_FINE;
}

static enum verdict
decode_as4(struct reader *r, const struct session *s, struct attrs_build *to)
{
	struct slice value = read_rest(r);

	(void)s;
	if (value.len != LEN || load_u32(value.at) == 0) /* RFC 6793 6, RFC 7607 2 */
		return VERDICT_DISCARD;
	(void)build_add(
	    to, attr_as4_aggregator.code, attr_as4_aggregator.flags, RECORD_VALUE, value);
	return VERDICT_FINE;
}

/* RFC 6793 4.2.3: it says who AS_TRANS is, and nothing otherwise. Without AGGREGATOR it is kept. */
static void
settle_as4(struct attrs_build *b, const struct session *s)
{
	struct record old;
	struct record new;
	uint8_t value[LEN];

	if (!build_find(b, attr_as4_aggregator.code, &new) ||
	    !build_find(b, attr_aggregator.code, &old))
		return;
	memcpy(value, new.value.at, LEN);
	if (!s->asn4 && load_u32(old.value.at) == AS_TRANS)
		(void)build_set(
		    b, attr_aggregator.code, attr_aggregator.flags, slice_of(value, LEN));
	build_cut(b, attr_as4_aggregator.code);
}

static void
encode(struct slice value, const struct session *s, struct writer *w)
{
	uint32_t asn = load_u32(value.at);

	if (s->asn4) {
		attr_write(w, attr_aggregator.flags, attr_aggregator.code, value);
		return;
	}
	attr_header(w, attr_aggregator.flags, attr_aggregator.code, LEN - 2);
	write_u16(w, asn > UINT16_MAX ? AS_TRANS : (uint16_t)asn);
	write_slice(w, slice_after(value, 4));
	/* RFC 6793 4.2.2; it stands next to AGGREGATOR as ExaBGP's does */
	if (asn > UINT16_MAX)
		attr_write(w, attr_as4_aggregator.flags, attr_as4_aggregator.code, value);
}

static void
encode_as4(struct slice value, const struct session *s, struct writer *w)
{
	if (!s->asn4) /* RFC 6793 4.1 */
		attr_write(w, attr_as4_aggregator.flags, attr_as4_aggregator.code, value);
}

static bool
from_word(struct slice word, uint8_t value[LEN])
{
	struct slice head;
	struct slice tail;
	struct addr speaker;
	uint32_t asn;

	if (!word_cut(word, ':', &head, &tail) || !num_asn(head, &asn) ||
	    !addr_parse_v4(tail, &speaker))
		return false;
	store_u32(value, asn);
	memcpy(value + 4, speaker.bytes, 4);
	return true;
}

/* ASN:IPv4, ( ASN:IPv4 ) or (ASN:IPv4): the parentheses may belong to the word. */
static void
parse(struct lex *lx, struct draft *d)
{
	uint8_t value[LEN];
	bool open = lex_take(lx, "(");
	struct token where = lx->now;
	struct slice word = lex_word(lx, "ASN:ADDRESS for aggregator");

	if (!open && word.len != 0 && word.at[0] == '(') {
		open = true;
		word = slice_after(word, 1);
	}
	if (open && word.len != 0 && word.at[word.len - 1] == ')')
		word.len--;
	else if (open)
		(void)lex_want(lx, ")");
	if (!from_word(word, value))
		lex_fault_at(lx, &where, "expected ASN:ADDRESS for aggregator");
	else
		draft_add(lx, d, &attr_aggregator, slice_of(value, LEN));
}

static void
put(struct text *t, struct slice value)
{
	struct addr speaker = addr_of_bytes(slice_after(value, 4));

	text_uint(t, load_u32(value.at));
	text_char(t, ':');
	addr_print(t, &speaker);
}

static void
emit(struct emit *e, struct slice value)
{
	static const char *const around[SPELLINGS][2] = {
		[SPELL_JSON] = { "\"", "\"" },
		[SPELL_TEXT] = { "( ", " )" },
		[SPELL_WORDS] = { "", "" },
	};
	struct text *t = emit_value(e, &FIELD("aggregator"));

	if (t == NULL)
		return;
	text_string(t, around[e->spelling][0]);
	put(t, value);
	text_string(t, around[e->spelling][1]);
}

/* Left over only where there was no AGGREGATOR. */
static void
emit_as4(struct emit *e, struct slice value)
{
	struct record raw = { attr_as4_aggregator.code, attr_as4_aggregator.flags, RECORD_RAW,
		value };

	if (e->spelling == SPELL_WORDS)
		unknown_emit(e, &raw);
	else
		emit(e, value);
}

const struct attr attr_aggregator = {
	.code = 7,
	.flags = ATTR_OPT_TRANS,
	.malformed = VERDICT_DISCARD,
	.words = { { "aggregator", parse } },
	.decode = decode,
	.encode = encode,
	.emit = emit,
};

const struct attr attr_as4_aggregator = {
	.code = 18,
	.flags = ATTR_OPT_TRANS,
	.malformed = VERDICT_DISCARD,
	.decode = decode_as4,
	.settle = settle_as4,
	.encode = encode_as4,
	.emit = emit_as4,
};
