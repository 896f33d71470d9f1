/* Words of the mobile user plane, out and in. */
#include "nlri/mup.h"

#include "draft.h"
#include "nlri/rd.h"
#include "nlri/words.h"

#include "base/num.h"

#define QFI_MOST 63

static const char *const kinds[] = {
	[MUP_ISD] = "isd",
	[MUP_DSD] = "dsd",
	[MUP_T1ST] = "t1st",
	[MUP_T2ST] = "t2st",
};

const char *
mup_kind(const struct mup *m)
{
	return kinds[m->type];
}

/* Can words say exactly these bytes? */
static bool
has_words(const struct nlri *n, const struct mup *m)
{
	size_t addr = nlri_addr_len(n->family->afi);

	if (!m->known)
		return false;
	if (m->type == MUP_T1ST)
		return m->qfi <= QFI_MOST && m->endpoint.len == addr &&
		    (!m->has_source || m->source.len == addr);
	return m->type != MUP_T2ST || m->teid >> m->teid_bits % MUP_TEID_BITS == 0 ||
	    m->teid_bits == MUP_TEID_BITS;
}

void
mup_words(struct emit *e, const struct nlri *n)
{
	struct mup m = mup_of(n);
	struct addr endpoint = addr_of_bytes(m.endpoint);
	struct text *t;

	if (!has_words(n, &m)) {
		nlri_raw_emit(e, n->bytes);
		return;
	}
	t = emit_value(e, &BARE);
	text_format(t, "mup-%s ", mup_kind(&m));
	if (m.type == MUP_ISD || m.type == MUP_T1ST)
		nlri_prefix_put(t, n->family->afi, m.prefix, m.bits);
	else
		addr_print(t, &endpoint);
	rd_emit(e, m.rd);
	if (m.type == MUP_T1ST) {
		emit_uint(e, &FIELD("teid"), m.teid);
		emit_uint(e, &FIELD("qfi"), m.qfi);
		nlri_addr_emit(e, &FIELD("endpoint"), m.endpoint);
		if (m.has_source)
			nlri_addr_emit(e, &FIELD("source"), m.source);
	} else if (m.type == MUP_T2ST) {
		t = emit_value(e, &FIELD("teid"));
		text_format(t, "%u/%u", m.teid, m.teid_bits);
	}
}

/* PREFIX rd A:B; only the bytes that hold the prefix are sent. */
static void
parse_prefix(struct lex *lx, const struct family *f, struct writer *w)
{
	struct token where = lx->now;
	struct prefix p = nlri_prefix(lx);

	if (!lex_failed(lx) && addr_len(&p.addr) != nlri_addr_len(f->afi))
		lex_fault_at(lx, &where, "expected a prefix of %s", f->afi_word);
	nlri_rd_words(lx, w);
	write_u8(w, p.len);
	write_bytes(w, p.addr.bytes, prefix_bytes(&p));
}

static void
parse_t1st(struct lex *lx, const struct family *f, struct writer *w)
{
	struct addr a;

	parse_prefix(lx, f, w);
	(void)lex_want(lx, "teid");
	write_u32(w, lex_u32(lx, "a number for teid"));
	(void)lex_want(lx, "qfi");
	write_u8(w, (uint8_t)lex_number(lx, QFI_MOST, "a number for qfi (0 to 63)"));
	a = nlri_addr_words(lx, f, "endpoint");
	nlri_addr_write(w, &a);
	if (!lex_is(lx, "source"))
		return;
	a = nlri_addr_words(lx, f, "source");
	nlri_addr_write(w, &a);
}

/* N/BITS, on the right of as many bytes as hold the bits. */
static void
parse_teid(struct lex *lx, uint32_t *teid, unsigned *bits)
{
	static const char what[] = "a number / its bits for teid";
	struct token where;
	struct slice left;
	struct slice right;
	uint64_t n = 0;
	uint64_t len = 0;
	struct slice word;

	(void)lex_want(lx, "teid");
	where = lx->now;
	word = lex_word(lx, what);
	if (lex_failed(lx))
		return;
	if (!word_cut(word, '/', &left, &right) || !num_decimal(right, MUP_TEID_BITS, &len) ||
	    !num_decimal(left, (UINT64_C(1) << len) - 1, &n))
		lex_fault_at(lx, &where, "expected %s", what);
	*teid = (uint32_t)n; /* fits in the bits */
	*bits = (unsigned)len;
}

static void
parse_endpoint(struct lex *lx, const struct addr *endpoint, struct writer *w)
{
	unsigned bits = 0;
	uint32_t teid = 0;

	parse_teid(lx, &teid, &bits);
	write_u8(w, (uint8_t)(addr_len(endpoint) * 8 + bits));
	write_slice(w, addr_slice(endpoint));
	for (unsigned bytes = (bits + 7) / 8; bytes != 0; bytes--)
		write_u8(w, (uint8_t)(teid >> (bytes - 1) * 8));
}

static void
parse_t2st(struct lex *lx, const struct family *f, struct writer *w)
{
	struct addr endpoint = nlri_addr(lx, f, "an endpoint");

	nlri_rd_words(lx, w);
	parse_endpoint(lx, &endpoint, w);
}

static void
parse_dsd(struct lex *lx, const struct family *f, struct writer *w)
{
	struct addr segment = nlri_addr(lx, f, "a direct segment");

	nlri_rd_words(lx, w);
	write_slice(w, addr_slice(&segment));
}

static const struct {
	const char *word;
	void (*parse)(struct lex *lx, const struct family *f, struct writer *w);
} statements[] = {
	[MUP_ISD] = { "mup-isd", parse_prefix },
	[MUP_DSD] = { "mup-dsd", parse_dsd },
	[MUP_T1ST] = { "mup-t1st", parse_t1st },
	[MUP_T2ST] = { "mup-t2st", parse_t2st },
};

void
mup_parse(struct lex *lx, struct draft *d)
{
	uint8_t bytes[4 + UINT8_MAX];
	struct writer w = writer_on(bytes, sizeof(bytes));
	uint16_t type = MUP_ISD;
	struct gap value;

	if (nlri_raw_words(lx, d))
		return;
	while (type <= MUP_T2ST && !lex_take(lx, statements[type].word))
		type++;
	if (type > MUP_T2ST) {
		lex_fault(lx, "expected mup-isd, mup-dsd, mup-t1st or mup-t2st");
		return;
	}
	write_u8(&w, MUP_3GPP_5G);
	write_u16(&w, type);
	value = open_u8(&w);
	statements[type].parse(lx, d->family, &w);
	close_u8(&w, value);
	draft_nlri(d, writer_slice(&w));
}
