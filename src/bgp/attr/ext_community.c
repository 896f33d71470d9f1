/*
 * EXTENDED COMMUNITIES: RFC 4360, and those of IPv6 addresses: RFC 5701. As they came; sorted where
 * words gave them, which add up over several statements.
 */
#include "attr/ext_community.h"

#include "attr.h"

#include "base/hex.h"
#include "base/num.h"
#include "draft.h"

static enum verdict
decode(struct reader *r, const struct session *s, struct attrs_build *to)
{
	(void)s;
	return attr_keep(r, &attr_ext_community, ONE, true, to); /* RFC 7606 7.14 */
}

static enum verdict
decode_v6(struct reader *r, const struct session *s, struct attrs_build *to)
{
	(void)s;
	return attr_keep(r, &attr_ext_community_v6, ONE_V6, true, to); /* RFC 7606 7.15 */
}

/* A part between colons: a number, one with the suffix L (of 4 bytes), or an address. */
struct part {
	uint32_t value;
	bool wide; /* does not fit, or must not stand in, 2 bytes */
};

static bool
part_parse(struct slice word, struct part *to)
{
	struct addr a;
	uint64_t n;

	if (addr_parse_v4(word, &a)) {
		*to = (struct part){ addr_u32(&a), true };
		return true;
	}
	to->wide = word.len > 1 && word.at[word.len - 1] == 'L';
	if (to->wide)
		word.len--;
	if (!num_any(word, UINT32_MAX, &n))
		return false;
	to->value = (uint32_t)n; /* limited above */
	to->wide |= n > UINT16_MAX;
	return true;
}

#define PARTS_MAX 4

/* The bytes of each part, in order. */
struct form {
	const char *word;
	uint16_t kind;      /* as sent */
	uint16_t kind_wide; /* with a first part of 4 bytes and a second of 2; 0: not possible */
	uint8_t parts;
	uint8_t size[PARTS_MAX];
};

static const struct form forms[] = {
	{ "target", TARGET, TARGET_IP, 2, { 2, 4 } },
	{ "target4", 0, TARGET_IP, 2, { 4, 2 } },
	{ "origin", ORIGIN, ORIGIN_IP, 2, { 2, 4 } },
	{ "origin4", 0, ORIGIN_IP, 2, { 4, 2 } },
	{ "redirect", OURS << 8 | REDIRECT, 0, 2, { 2, 4 } },
	{ "l2info", OURS << 8 | L2INFO, 0, 4, { 1, 1, 2, 2 } },
	{ "redirect-to-nexthop", NEXT_HOP, 0, 0, { 0 } },
	{ "bandwidth", LOCAL << 8 | BANDWIDTH, 0, 2, { 2, 4 } },
	{ "mup", MUP, 0, 2, { 2, 4 } },
};

#define FORMS (sizeof(forms) / sizeof(forms[0]))

static const struct form *
form_of(struct slice word)
{
	for (size_t i = 0; i < FORMS; i++)
		if (slice_is(word, forms[i].word))
			return &forms[i];
	return NULL;
}

static bool
write_part(struct writer *w, uint32_t value, size_t size)
{
	if (size < 4 && value >> (8 * size) != 0)
		return false;
	for (size_t i = size; i-- > 0;)
		write_u8(w, (uint8_t)(value >> (8 * i)));
	return true;
}

static bool
form_write(const struct form *f, const struct part *parts, struct writer *w)
{
	bool wide = f->kind == 0 || (f->kind_wide != 0 && parts[0].wide);

	write_u16(w, wide ? f->kind_wide : f->kind);
	if (wide)
		return write_part(w, parts[0].value, 4) && write_part(w, parts[1].value, 2);
	for (size_t i = 0; i < f->parts; i++) {
		bool real = f->kind == (LOCAL << 8 | BANDWIDTH) && i == 1;
		uint32_t value = real ? float_bits((float)parts[i].value) : parts[i].value;

		if (!write_part(w, value, f->size[i]))
			return false;
	}
	return true;
}

static bool
from_parts(struct slice word, uint8_t to[ONE])
{
	struct slice pieces[PARTS_MAX + 1];
	struct part parts[PARTS_MAX];
	const struct form *form;
	struct writer w = writer_on(to, ONE);
	size_t n = 0;
	size_t first = 1;

	while (n < PARTS_MAX && word_cut(word, ':', &pieces[n], &word))
		n++;
	pieces[n++] = word;
	form = form_of(pieces[0]);
	if (form == NULL && n == 2) {
		form = &forms[0];
		first = 0;
	}
	if (form == NULL || n - first != form->parts)
		return false;
	for (size_t i = first; i < n; i++)
		if (!part_parse(pieces[i], &parts[i - first]))
			return false;
	memset(to, 0, ONE);
	return form_write(form, parts, &w);
}

bool
ext_community_parse(struct slice word, uint8_t to[ONE])
{
	size_t len;

	if (hex_marked(word))
		return hex_decode(slice_after(word, 2), to, ONE, &len) && len == ONE;
	return evpn_community_parse(word, to) || flow_community_parse(word, to) ||
	    from_parts(word, to);
}

void
ext_communities_add(
    struct lex *lx, struct draft *d, const struct attr *row, size_t size, struct slice more)
{
	uint8_t value[ATTR_VALUE_MAX];
	struct writer w = writer_on(value, sizeof(value));
	struct record old;

	if (more.len == 0 || lex_failed(lx))
		return;
	write_slice(&w, more);
	if (build_find(&d->build, row->code, &old)) {
		if (old.kind == RECORD_RAW)
			return; /* it was first */
		write_slice(&w, old.value);
	}
	if (!writer_ok(&w)) {
		lex_fault(lx, "there are too many extended communities");
		return;
	}
	attr_sort(value, writer_len(&w) / size, size);
	draft_set(lx, d, row, writer_slice(&w));
}

static void
take(struct lex *lx, uint8_t *to)
{
	struct token where = lx->now;

	if (!flow_community_take(lx, to) &&
	    !ext_community_parse(lex_word(lx, "an extended community"), to))
		lex_fault_at(lx, &where, "expected an extended community");
	lex_known_as(lx, &where, "invalid extended community %");
}

static void
parse(struct lex *lx, struct draft *d)
{
	uint8_t value[ATTR_VALUE_MAX];
	struct writer w = writer_on(value, sizeof(value));

	(void)draft_list_take(lx, take, ONE, "extended-community", &w); /* none adds nothing */
	ext_communities_add(lx, d, &attr_ext_community, ONE, writer_slice(&w));
}

static bool
bytes_v6(struct slice word, uint8_t to[ONE_V6])
{
	size_t len;

	return hex_marked(word) && hex_decode(slice_after(word, 2), to, ONE_V6, &len) &&
	    len == ONE_V6;
}

static void
take_v6(struct lex *lx, uint8_t *to)
{
	struct token where = lx->now;

	if (!flow_community_take_v6(lx, to) && !bytes_v6(lex_word(lx, "an extended community"), to))
		lex_fault_at(lx, &where,
		    "expected redirect-to-nexthop-ietf, copy-to-nexthop-ietf, or 0x and 20 bytes");
}

static void
parse_v6(struct lex *lx, struct draft *d)
{
	uint8_t value[ATTR_VALUE_MAX];
	struct writer w = writer_on(value, sizeof(value));

	(void)draft_list_take(lx, take_v6, ONE_V6, "extended-community-ipv6", &w);
	ext_communities_add(lx, d, &attr_ext_community_v6, ONE_V6, writer_slice(&w));
}

const struct attr attr_ext_community = {
	.code = 16,
	.flags = ATTR_OPT_TRANS,
	.malformed = VERDICT_WITHDRAW,
	.due = "treat-as-withdraw due to extended-community",
	.words = { { "extended-community", parse } },
	.decode = decode,
	.emit = ext_community_emit,
};

const struct attr attr_ext_community_v6 = {
	.code = 25,
	.flags = ATTR_OPT_TRANS,
	.malformed = VERDICT_WITHDRAW,
	.due = "treat-as-withdraw due to extended-community-ipv6",
	.words = { { "extended-community-ipv6", parse_v6 } },
	.decode = decode_v6,
	.emit = ext_community_v6_emit,
};
