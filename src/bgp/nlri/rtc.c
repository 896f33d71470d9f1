/* Route target membership: RFC 4684 4. Length in bits, origin AS, a route target or its beginning.
 */
#include "attr/ext_community.h"
#include "family_rows.h"
#include "nlri/words.h"

#include "base/hex.h"
#include "base/num.h"

#define BITS_ORIGIN 32
#define BITS_WHOLE  96

/* Nothing at all is the default route. */
static void
pass(struct reader *r, const struct family *f)
{
	unsigned bits = read_u8(r);

	(void)f;
	if (bits > BITS_WHOLE || (bits != 0 && bits < BITS_ORIGIN))
		reader_fail(r);
	read_skip(r, (bits + 7) / 8);
}

static size_t
key(struct slice nlri, uint8_t *room)
{
	memcpy(room, nlri.at, nlri.len);
	if (room[0] % 8 != 0)
		room[nlri.len - 1] &= (uint8_t)(0xff00 >> room[0] % 8);
	return nlri.len;
}

static void
emit_target(struct emit *e, unsigned bits, struct slice target)
{
	struct text *t;

	if (target.len == 0) {
		emit_null(e, &JSON_ONLY("route-target"));
		return;
	}
	t = emit_value(e, &JSON_ONLY("route-target"));
	text_char(t, '"');
	if (bits == BITS_WHOLE) {
		ext_community_put(t, e, target.at);
	} else {
		text_string(t, "0x");
		text_hex_upper(t, target);
		text_format(t, "/%u", bits - BITS_ORIGIN);
	}
	text_char(t, '"');
}

static void
json(struct emit *e, const struct nlri *n)
{
	struct reader r = reader_on(n->bytes);
	unsigned bits = read_u8(&r);

	emit_open(e, &BARE, &MARKS_OBJECT);
	emit_uint(e, &JSON_ONLY("origin"), bits == 0 ? 0 : read_u32(&r));
	emit_target(e, bits, read_rest(&r));
	emit_close(e);
}

/* Bits that do not count are part of no word. */
static bool
has_spare_bits(struct slice nlri)
{
	unsigned rest = nlri.at[0] % 8;

	return rest != 0 && (nlri.at[nlri.len - 1] & 0xff >> rest) != 0;
}

static void
words(struct emit *e, const struct nlri *n)
{
	struct reader r = reader_on(n->bytes);
	unsigned bits = read_u8(&r);
	struct text *t;

	if (bits == 0) {
		emit_word(e, &BARE, SLICE("default"));
		return;
	}
	if (has_spare_bits(n->bytes)) {
		nlri_raw_emit(e, n->bytes);
		return;
	}
	emit_uint(e, &FIELD("origin-as"), read_u32(&r));
	if (bits == BITS_ORIGIN)
		return;
	t = emit_value(e, &FIELD("route-target"));
	if (bits == BITS_WHOLE) {
		ext_community_put_words(t, r.at);
	} else {
		text_string(t, "0x");
		text_hex(t, read_rest(&r));
		text_format(t, "/%u", bits - BITS_ORIGIN);
	}
}

static void
emit(struct emit *e, const struct nlri *n)
{
	nlri_emit(e, n, json, words, NULL);
}

/* 0xHEX/BITS: the beginning of a target, in as many bytes as hold the bits. */
static bool
beginning_parse(struct slice word, uint8_t to[ONE], unsigned *bits)
{
	struct slice digits;
	struct slice tail;
	uint64_t most;
	size_t len;

	if (!hex_marked(word) || !word_cut(slice_after(word, 2), '/', &digits, &tail) ||
	    !num_decimal(tail, BITS_WHOLE - BITS_ORIGIN, &most) || most == 0 ||
	    !hex_decode(digits, to, ONE, &len) || len != (most + 7) / 8)
		return false;
	*bits = (unsigned)most;
	return most % 8 == 0 || (to[len - 1] & 0xff >> most % 8) == 0;
}

static void
parse_target(struct lex *lx, uint8_t target[ONE], unsigned *bits)
{
	static const char what[] = "an extended community, or 0x, the bytes of its beginning, "
				   "/ and their bits";
	struct token where = lx->now;
	struct slice word = lex_word(lx, what);

	*bits = BITS_WHOLE - BITS_ORIGIN;
	if (!lex_failed(lx) && !ext_community_parse(word, target) &&
	    !beginning_parse(word, target, bits))
		lex_fault_at(lx, &where, "expected %s", what);
}

/* default, or origin-as ASN [ route-target TARGET ] */
static void
parse(struct lex *lx, struct draft *d)
{
	uint8_t bytes[1 + BITS_WHOLE / 8] = { 0 };
	unsigned bits = 0;

	if (nlri_raw_words(lx, d))
		return;
	if (lex_take(lx, "origin-as")) {
		store_u32(bytes + 1, lex_asn(lx, "an ASN for origin-as"));
		if (lex_take(lx, "route-target"))
			parse_target(lx, bytes + 1 + BITS_ORIGIN / 8, &bits);
		bits += BITS_ORIGIN;
	} else if (!lex_take(lx, "default")) {
		lex_fault(lx, "expected origin-as, default or raw");
	}
	bytes[0] = (uint8_t)bits; /* 96 at most */
	draft_nlri(d, slice_of(bytes, 1 + (bits + 7) / 8));
}

const struct family family_ipv4_rtc = {
	.afi = 1,
	.safi = 132,
	.id = FAMILY_ID_ipv4_rtc,
	.afi_word = "ipv4",
	.safi_word = "rtc",
	.name = "ipv4 rtc",
	.next_hop_lens = NEXT_HOP_LEN(4) | NEXT_HOP_LEN(16),
	.pass = pass,
	.key = key,
	.emit = emit,
	.parse = parse,
	.settle = nlri_settle,
};
