/* LARGE_COMMUNITY: RFC 8092. Without duplicates; sorted where words gave them. */
#include "attr.h"

#include "base/hex.h"
#include "base/num.h"
#include "draft.h"

#define ONE 12

static enum verdict
decode(struct reader *r, const struct session *s, struct attrs_build *to)
{
	uint8_t unique[ATTR_VALUE_MAX];
	struct slice value = read_rest(r);
	size_t n = value.len / ONE;

	(void)s;
	if (n == 0 || value.len % ONE != 0) /* RFC 8092 6 */
		return VERDICT_WITHDRAW;
	memcpy(unique, value.at, value.len);
	n = attr_unique(unique, n, ONE); /* RFC 8092 5 */
	(void)build_add(to, attr_large_community.code, attr_large_community.flags, RECORD_VALUE,
	    slice_of(unique, n * ONE));
	return VERDICT_FINE;
}

/* A decimal of 96 bits. */
static bool
from_decimal(struct slice word, uint8_t to[ONE])
{
	memset(to, 0, ONE);
	for (size_t i = 0; i < word.len; i++) {
		unsigned carry = word.at[i] - (unsigned)'0';

		if (carry > 9)
			return false;
		for (size_t k = ONE; k-- > 0;) {
			carry += to[k] * 10u;
			to[k] = (uint8_t)carry;
			carry >>= 8;
		}
		if (carry != 0)
			return false;
	}
	return word.len != 0;
}

static bool
from_hex(struct slice digits, uint8_t to[ONE])
{
	size_t len;

	return digits.len == 2 * (size_t)ONE && hex_decode(digits, to, ONE, &len);
}

static bool
from_parts(struct slice word, uint8_t to[ONE])
{
	struct slice part[3];
	struct slice rest;
	uint32_t n;

	if (!word_cut(word, ':', &part[0], &rest) || !word_cut(rest, ':', &part[1], &part[2]))
		return false;
	for (size_t i = 0; i < 3; i++) {
		if (!num_u32(part[i], &n))
			return false;
		store_u32(to + 4 * i, n);
	}
	return true;
}

static bool
from_word(struct slice word, uint8_t to[ONE])
{
	if (hex_marked(word))
		return from_hex(slice_after(word, 2), to);
	return from_parts(word, to) || from_decimal(word, to);
}

static void
take(struct lex *lx, uint8_t *to)
{
	struct token where = lx->now;

	if (!from_word(lex_word(lx, "a large community"), to))
		lex_fault_at(lx, &where, "expected a large community");
}

static void
parse(struct lex *lx, struct draft *d)
{
	uint8_t value[ATTR_VALUE_MAX];
	struct writer w = writer_on(value, sizeof(value));
	size_t n = draft_list_take(lx, take, ONE, "large-community", &w);

	if (n == 0 || lex_failed(lx))
		return;
	attr_sort(value, n, ONE);
	n = attr_unique(value, n, ONE);
	draft_add(lx, d, &attr_large_community, slice_of(value, n * ONE));
}

static void
put(struct text *t, struct emit *e, const uint8_t *at)
{
	bool json = e->spelling == SPELL_JSON;

	if (json)
		text_bytes(t, "[ ", 2);
	text_uint(t, load_u32(at));
	text_string(t, json ? ", " : ":");
	text_uint(t, load_u32(at + 4));
	/* the blank in front of the second comma is ExaBGP's */
	text_string(t, json ? " , " : ":");
	text_uint(t, load_u32(at + 8));
	if (json)
		text_bytes(t, " ]", 2);
}

static void
emit(struct emit *e, struct slice value)
{
	attr_communities_emit(e, &FIELD("large-community"), value, ONE, put);
}

const struct attr attr_large_community = {
	.code = 32,
	.flags = ATTR_OPT_TRANS,
	.malformed = VERDICT_WITHDRAW,
	.due = "treat-as-withdraw due to large-community",
	.words = { { "large-community", parse } },
	.decode = decode,
	.emit = emit,
};
