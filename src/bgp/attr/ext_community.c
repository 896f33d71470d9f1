/*
 * EXTENDED COMMUNITIES: RFC 4360, and those of IPv6 addresses: RFC 5701. As they came; sorted where
 * words gave them, which add up over several statements.
 */
#include "attr.h"

#include "base/hex.h"
#include "base/num.h"
#include "draft.h"

#include <math.h>

#define ONE    8
#define ONE_V6 20

/*
 * Type and subtype of those that have a name, without the two bits that say who assigned the type
 * and whether it is transitive: ExaBGP names a community whatever they are.
 */
enum kind {
	TARGET = 0x0002,
	TARGET_IP = 0x0102,
	TARGET_AS4 = 0x0202,
	ORIGIN = 0x0003,
	ORIGIN_IP = 0x0103,
	ORIGIN_AS4 = 0x0203,
	RECORD_AS = 0x0013,
	RECORD_IP = 0x0113,
	NEXT_HOP_IETF = 0x010c,
	ENCAPSULATION = 0x030c,
	HASH_SORT_ORDER = 0x0314,
	BANDWIDTH = 0x0004,
	MAC_MOBILITY = 0x0600,
	INTERFACE_SET = 0x0702,
	NEXT_HOP = 0x0800,
	MUP = 0x0c00,
	RATE_BYTES = 0x0006,
	RATE_PACKETS = 0x000c,
	ACTION = 0x0007,
	REDIRECT = 0x0008,
	MARK = 0x0009,
	L2INFO = 0x000a,
};

#define REDIRECT_AS4 0x0208
#define TOP          0xc000 /* of a kind */
#define LOCAL        0x40   /* of a type: not transitive */
#define OURS         0x80   /* experimental use, where FlowSpec lives */

static inline uint16_t
kind_of(const uint8_t *at)
{
	return load_u16(at) & (uint16_t)~TOP;
}

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

/* Words. */

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

static uint32_t
float_bits(uint32_t value)
{
	float f = (float)value;
	uint32_t bits;

	memcpy(&bits, &f, sizeof(bits));
	return bits;
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
		uint32_t value = real ? float_bits(parts[i].value) : parts[i].value;

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

static bool
from_word(struct slice word, uint8_t to[ONE])
{
	size_t len;

	if (slice_begins(word, "0x"))
		return hex_decode(slice_after(word, 2), to, ONE, &len) && len == ONE;
	return from_parts(word, to);
}

/* Those that are there, and more. */
static void
add(struct lex *lx, struct draft *d, struct writer *w)
{
	struct record old;

	if (writer_len(w) == 0)
		return;
	if (build_find(&d->build, attr_ext_community.code, &old)) {
		if (old.kind == RECORD_RAW)
			return; /* it was first */
		write_slice(w, old.value);
	}
	if (!writer_ok(w)) {
		lex_fault(lx, "extended-community is too long");
		return;
	}
	attr_sort(w->start, writer_len(w) / ONE, ONE);
	draft_set(lx, d, &attr_ext_community, writer_slice(w));
}

static void
parse(struct lex *lx, struct draft *d)
{
	uint8_t value[ATTR_VALUE_MAX];
	struct writer w = writer_on(value, sizeof(value));
	struct draft_list list = draft_list_on(lx, false);

	while (draft_list_more(lx, &list)) {
		struct token where = lx->now;
		uint8_t one[ONE];

		if (!from_word(lex_word(lx, "an extended community"), one))
			lex_fault_at(lx, &where, "expected an extended community");
		else
			write_bytes(&w, one, ONE);
		if (!writer_ok(&w))
			lex_fault_at(lx, &where, "extended-community is too long");
	}
	if (!lex_failed(lx))
		add(lx, d, &w);
}

/* Spellings. */

static void
put_ip(struct text *t, const uint8_t *at)
{
	struct addr a = addr_v4(at);

	addr_print(t, &a);
}

/* WORD:A:B with the parts of a type that begins with an AS of 2 bytes, an address or an AS of 4. */
static void
put_as2(struct text *t, const char *word, const uint8_t *at)
{
	text_format(t, "%s:%u:%u", word, load_u16(at + 2), load_u32(at + 4));
}

static void
put_as4(struct text *t, const char *word, const uint8_t *at)
{
	text_format(t, "%s:%u:%u", word, load_u32(at + 2), load_u16(at + 6));
}

static void
put_address(struct text *t, const char *word, const uint8_t *at)
{
	text_string(t, word);
	text_char(t, ':');
	put_ip(t, at + 2);
	text_char(t, ':');
	text_uint(t, load_u16(at + 6));
}

static void
put_origin(struct text *t, const uint8_t *at)
{
	text_format(t, "origin:%u:", load_u16(at + 2));
	put_ip(t, at + 4);
}

static void
put_l2info(struct text *t, const uint8_t *at)
{
	text_format(t, "l2info:%u:%u:%u:%u", at[2], at[3], load_u16(at + 4), load_u16(at + 6));
}

/* Bytes per second, of which the whole ones are shown; what is no number, or none that could be a
 * rate, as zero or the most there is. */
static void
put_rate(struct text *t, const uint8_t *at)
{
	uint32_t bits = load_u32(at + 4);
	float f;

	memcpy(&f, &bits, sizeof(f));
	text_string(t, "rate-limit:");
	if (isnan(f))
		text_uint(t, 0);
	else if (f >= 0x1p63F || f <= -0x1p63F)
		text_int(t, f < 0 ? INT64_MIN : INT64_MAX);
	else
		text_int(t, (int64_t)f);
}

static const char *
encap_name(uint16_t type)
{
	static const char *const names[] = {
		[0] = "Default",
		[1] = "L2TPv3",
		[2] = "GRE",
		[7] = "IP-in-IP",
		[8] = "VXLAN",
		[9] = "NVGRE",
		[10] = "MPLS",
		[12] = "VXLAN-GPE",
		[13] = "MPLS-in-UDP",
	};

	return type < sizeof(names) / sizeof(names[0]) ? names[type] : NULL;
}

static void
put_encap(struct text *t, const uint8_t *at)
{
	uint16_t type = load_u16(at + 6);
	const char *name = encap_name(type);

	if (name != NULL)
		text_format(t, "encap:%s", name);
	else
		text_format(t, "encap:encap:UNKNOWN-%u", type);
}

static void
put_action(struct text *t, const uint8_t *at)
{
	static const char *const words[] = { "", "terminal", "sample", "sample-terminal" };

	text_format(t, "action %s", words[at[7] & 3]);
}

/* False, with nothing written: a direction that is none. */
static bool
put_interface_set(struct text *t, const uint8_t *at)
{
	static const char *const words[] = { NULL, "input", "output", "input-output" };
	uint16_t group = load_u16(at + 6);

	if (group >> 14 == 0)
		return false;
	text_format(
	    t, "interface-set:%s:%u:%u", words[group >> 14], load_u32(at + 2), group & 0x3fffu);
	return true;
}

static void
put_next_hop_ietf(struct text *t, const uint8_t *at)
{
	bool copy = (at[7] & 1) != 0;

	text_string(t, copy ? "copy-to-nexthop-ietf " : "redirect-to-nexthop-ietf ");
	put_ip(t, at + 2);
	if (copy)
		text_string(t, " (with copy)");
}

/* ExaBGP's name for a community; false, with nothing written: it has none. */
static bool
put_name(struct text *t, const struct emit *e, const uint8_t *at)
{
	bool new = (e->shape & SHAPE_WIRE_ORDER) != 0;

	switch (kind_of(at)) {
	case TARGET: put_as2(t, "target", at); return true;
	case TARGET_IP: put_address(t, "target", at); return true;
	case TARGET_AS4:
		text_format(t,
		    (e->shape & SHAPE_AS_PATH_FLAT) != 0 ? "target:%uL:%u" : "target:%u:%u",
		    load_u32(at + 2), load_u16(at + 6));
		return true;
	case ORIGIN: put_origin(t, at); return true;
	case ORIGIN_IP:
		if (new)
			put_address(t, "origin", at);
		else
			put_origin(t, at);
		return true;
	case ORIGIN_AS4: put_as4(t, "origin", at); return true;
	case RECORD_AS: put_as2(t, "rtrecord", at); return true;
	case RECORD_IP: put_address(t, "rtrecord", at); return true;
	case RATE_BYTES: put_rate(t, at); return true;
	case RATE_PACKETS:
		if (new) {
			put_rate(t, at);
			text_string(t, ":packets");
		}
		return new;
	case ACTION: put_action(t, at); return true;
	case REDIRECT: put_as2(t, "redirect", at); return true;
	case MARK: text_format(t, "mark %u", at[7]); return true;
	case L2INFO: put_l2info(t, at); return true;
	case NEXT_HOP_IETF: put_next_hop_ietf(t, at); return true;
	case NEXT_HOP:
		text_string(t, (at[7] & 1) != 0 ? "copy-to-nexthop" : "redirect-to-nexthop");
		return true;
	case ENCAPSULATION: put_encap(t, at); return true;
	case HASH_SORT_ORDER:
		text_format(t, "consistentHashSortOrder:%u", load_u32(at + 2));
		return true;
	case INTERFACE_SET: return put_interface_set(t, at);
	case MAC_MOBILITY:
		text_format(
		    t, "mac-mobility:%u%s", load_u32(at + 4), (at[2] & 1) != 0 ? ":sticky" : "");
		return true;
	case MUP: put_as2(t, "mup", at); return true;
	default: return false;
	}
}

static void
put_hex(struct text *t, const uint8_t *at, size_t len)
{
	text_string(t, "0x");
	text_hex_upper(t, slice_of(at, len));
}

/* Without a name: hex in 6.0, nothing before, but for one kind. */
static void
put_string(struct text *t, const struct emit *e, const uint8_t *at)
{
	if (put_name(t, e, at))
		return;
	if ((e->shape & SHAPE_EXT_HEX) != 0 || e->spelling != SPELL_JSON ||
	    load_u16(at) == (OURS << 8 | REDIRECT_AS4))
		put_hex(t, at, ONE);
}

/* What from_word() reads back to the same bytes. */
static void
put_words(struct text *t, const uint8_t *at)
{
	static const uint8_t zero[6];

	switch (load_u16(at)) {
	case TARGET: put_as2(t, "target", at); return;
	case TARGET_IP: put_address(t, "target", at); return;
	case ORIGIN: put_origin(t, at); return;
	case ORIGIN_IP: put_address(t, "origin", at); return;
	case OURS << 8 | REDIRECT: put_as2(t, "redirect", at); return;
	case MUP: put_as2(t, "mup", at); return;
	case OURS << 8 | L2INFO: put_l2info(t, at); return;
	default: break;
	}
	if (load_u16(at) == NEXT_HOP && memcmp(at + 2, zero, sizeof(zero)) == 0)
		text_string(t, "redirect-to-nexthop");
	else
		put_hex(t, at, ONE);
}

/* The bytes as one decimal number. */
static void
put_decimal(struct text *t, const uint8_t *at, size_t len)
{
	char digits[64];
	uint8_t left[ONE_V6];
	size_t n = sizeof(digits);
	bool more = true;

	memcpy(left, at, len);
	while (more) {
		unsigned rest = 0;

		more = false;
		for (size_t i = 0; i < len; i++) {
			rest = rest << 8 | left[i];
			left[i] = (uint8_t)(rest / 10);
			rest %= 10;
			more |= left[i] != 0;
		}
		digits[--n] = (char)('0' + rest);
	}
	text_bytes(t, digits + n, sizeof(digits) - n);
}

static void
put_element(struct text *t, struct emit *e, const uint8_t *at)
{
	if (e->spelling == SPELL_WORDS) {
		put_words(t, at);
		return;
	}
	if (e->spelling == SPELL_TEXT) {
		put_string(t, e, at);
		return;
	}
	text_string(t, "{ \"value\": ");
	put_decimal(t, at, ONE);
	text_string(t, ", \"string\": \"");
	put_string(t, e, at);
	text_char(t, '"');
	if ((e->shape & SHAPE_WIRE_ORDER) != 0 && kind_of(at) == INTERFACE_SET)
		text_format(t, ", \"transitive\": %s", (at[0] & LOCAL) != 0 ? "false" : "true");
	text_string(t, " }");
}

static void
put_v6(struct text *t, const struct emit *e, const uint8_t *at)
{
	struct addr a = addr_v6(at + 2);
	bool copy = (at[19] & 1) != 0;

	if (load_u16(at) == 0x000c) {
		text_string(t, copy ? "copy-to-nexthop-ietf " : "redirect-to-nexthop-ietf ");
		addr_print(t, &a);
		if (copy)
			text_string(t, " (with copy)");
	} else if ((e->shape & SHAPE_EXT_HEX) != 0 || e->spelling != SPELL_JSON ||
	    load_u16(at) == 0x000b) {
		put_hex(t, at, ONE_V6);
	}
}

static void
put_element_v6(struct text *t, struct emit *e, const uint8_t *at)
{
	if (e->spelling != SPELL_JSON) {
		put_v6(t, e, at);
		return;
	}
	text_string(t, "{ \"value\": ");
	put_decimal(t, at, ONE_V6);
	text_string(t, ", \"string\": \"");
	put_v6(t, e, at);
	text_string(t, "\" }");
}

static void
emit_list_of(struct emit *e, const struct spell *name, struct slice value, size_t size,
    void (*put)(struct text *t, struct emit *e, const uint8_t *at))
{
	uint8_t sorted[ATTR_VALUE_MAX];
	size_t n = value.len / size;

	if (attr_sorts(e)) {
		memcpy(sorted, value.at, value.len);
		attr_sort(sorted, n, size);
		value.at = sorted;
	}
	emit_open(e, name, attr_list_marks(n));
	for (size_t i = 0; i < n; i++) {
		struct text *t = emit_value(e, &BARE);

		if (t != NULL)
			put(t, e, value.at + i * size);
	}
	emit_close(e);
}

static void
emit(struct emit *e, struct slice value)
{
	emit_list_of(e, &FIELD("extended-community"), value, ONE, put_element);
}

/* There are no words for it. */
static void
emit_v6(struct emit *e, struct slice value)
{
	struct record raw = { attr_ext_community_v6.code, attr_ext_community_v6.flags, RECORD_RAW,
		value };

	if (e->spelling == SPELL_WORDS)
		unknown_emit(e, &raw);
	else
		emit_list_of(e, &FIELD("extended-community-ipv6"), value, ONE_V6, put_element_v6);
}

const struct attr attr_ext_community = {
	.code = 16,
	.flags = ATTR_OPT_TRANS,
	.malformed = VERDICT_WITHDRAW,
	.due = "treat-as-withdraw due to extended-community",
	.words = { { "extended-community", parse } },
	.decode = decode,
	.emit = emit,
};

const struct attr attr_ext_community_v6 = {
	.code = 25,
	.flags = ATTR_OPT_TRANS,
	.malformed = VERDICT_WITHDRAW,
	.due = "treat-as-withdraw due to extended-community-ipv6",
	.decode = decode_v6,
	.emit = emit_v6,
};
