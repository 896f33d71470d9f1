/* AIGP: RFC 7311. Believed from and sent to internal peers, others only where that was agreed. */
#include "attr.h"

#include "base/num.h"
#include "draft.h"

#define TLV_AIGP 1
#define TLV_HEAD 3 /* type and length, which counts itself */

static bool
believed(const struct session *s)
{
	return session_internal(s) || s->aigp;
}

/* Canonical: the metric alone. Other TLVs are skipped, of two the first counts (RFC 7311 3). */
static enum verdict
decode(struct reader *r, const struct session *s, struct attrs_build *to)
{
	struct slice metric = { NULL, 0 };

	if (!believed(s))
		return VERDICT_FINE;
	while (reader_more(r)) {
		uint8_t type = read_u8(r);
		uint16_t len = read_u16(r);
		struct slice value;

		if (len < TLV_HEAD)
			return VERDICT_DISCARD;
		value = read_slice(r, len - (size_t)TLV_HEAD);
		if (type != TLV_AIGP || metric.at != NULL)
			continue;
		if (value.len != 8)
			return VERDICT_DISCARD;
		metric = value;
	}
	if (!reader_done(r) || metric.at == NULL)
		return VERDICT_DISCARD;
	(void)build_add(to, attr_aigp.code, attr_aigp.flags, RECORD_VALUE, metric);
	return VERDICT_FINE;
}

static void
encode(struct slice value, const struct session *s, struct writer *w)
{
	if (!believed(s))
		return;
	attr_header(w, attr_aigp.flags, attr_aigp.code, TLV_HEAD + value.len);
	write_u8(w, TLV_AIGP);
	write_u16(w, (uint16_t)(TLV_HEAD + value.len)); /* 11 */
	write_slice(w, value);
}

static void
parse(struct lex *lx, struct draft *d)
{
	struct token where = lx->now;
	struct slice word = lex_word(lx, "a number for aigp");
	uint8_t value[8];
	struct writer w = writer_on(value, sizeof(value));
	uint64_t metric;

	if (!num_any(word, UINT64_MAX, &metric)) {
		lex_fault_at(lx, &where, "expected a number for aigp");
		return;
	}
	write_u64(&w, metric);
	draft_add(lx, d, &attr_aigp, writer_slice(&w));
}

static void
emit(struct emit *e, struct slice value)
{
	emit_hex(e, &FIELD("aigp"), value);
}

const struct attr attr_aigp = {
	.code = 26,
	.flags = ATTR_NON_TRANS,
	.malformed = VERDICT_DISCARD, /* RFC 7311 3 */
	.words = { { "aigp", parse } },
	.decode = decode,
	.encode = encode,
	.emit = emit,
};
