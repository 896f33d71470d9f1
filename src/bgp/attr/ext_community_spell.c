/* Extended communities in JSON, text and words, in the shapes of all dialects. */
#include "attr/ext_community.h"

#include "attr.h"

#include <math.h>

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

static void
put_interface_set(struct text *t, const uint8_t *at)
{
	static const char *const words[] = { "0", "input", "output", "input-output" };
	uint16_t group = load_u16(at + 6);

	text_format(
	    t, "interface-set:%s:%u:%u", words[group >> 14], load_u32(at + 2), group & 0x3fffu);
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

/* The number in front of the address, as before 6.0. */
static void
put_origin_turned(struct text *t, const uint8_t *at)
{
	text_format(t, "origin:%u:", load_u16(at + 6));
	put_ip(t, at + 2);
}

/* 4.2 tells ASNs of four bytes by their mark. */
static void
put_as4(struct text *t, const char *name, const struct emit *e, const uint8_t *at)
{
	text_format(t, (e->shape & SHAPE_AS_PATH_FLAT) != 0 ? "%s:%uL:%u" : "%s:%u:%u", name,
	    load_u32(at + 2), load_u16(at + 6));
}

/* ExaBGP's name for a community; false, with nothing written: it has none. */
static bool
put_name(struct text *t, const struct emit *e, const uint8_t *at)
{
	bool new = (e->shape & SHAPE_WIRE_ORDER) != 0;
	bool old = (e->shape & SHAPE_AS_PATH_FLAT) != 0;

	switch (kind_of(at)) {
	case TARGET: put_as2(t, "target", at); return true;
	case TARGET_IP: put_address(t, "target", at); return true;
	case TARGET_AS4: put_as4(t, "target", e, at); return true;
	case ORIGIN: put_origin(t, at); return true;
	case ORIGIN_IP:
		if (new)
			put_address(t, "origin", at);
		else
			put_origin_turned(t, at);
		return true;
	case ORIGIN_AS4: put_as4(t, "origin", e, at); return true;
	case RECORD_AS: put_as2(t, "rtrecord", at); return true;
	case RECORD_IP: put_address(t, "rtrecord", at); return true;
	case RECORD_AS4: put_as4(t, "rtrecord", e, at); return true;
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
	case INTERFACE_SET: put_interface_set(t, at); return true;
	case MAC_MOBILITY:
		text_format(
		    t, "mac-mobility:%u%s", load_u32(at + 4), (at[2] & 1) != 0 ? ":sticky" : "");
		return true;
	case MUP:
		if (!old)
			put_as2(t, "mup", at);
		return !old;
	default: return false;
	}
}

static void
put_hex(struct text *t, const uint8_t *at, size_t len)
{
	text_string(t, "0x");
	text_hex_upper(t, slice_of(at, len));
}

/* Without a name: hex in 6.0, nothing before, but for one kind in 5.0. */
void
ext_community_put(struct text *t, const struct emit *e, const uint8_t *at)
{
	if (put_name(t, e, at))
		return;
	if ((e->shape & SHAPE_EXT_HEX) != 0 || e->spelling != SPELL_JSON ||
	    (load_u16(at) == (OURS << 8 | REDIRECT_AS4) && (e->shape & SHAPE_COMMUNITY_WIRE) == 0))
		put_hex(t, at, ONE);
}

void
ext_community_put_words(struct text *t, const uint8_t *at)
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
	else if (!evpn_community_put(t, at) && !flow_community_put(t, at))
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
		ext_community_put_words(t, at);
		return;
	}
	if (e->spelling == SPELL_TEXT) {
		ext_community_put(t, e, at);
		return;
	}
	text_string(t, "{ \"value\": ");
	put_decimal(t, at, ONE);
	text_string(t, ", \"string\": \"");
	ext_community_put(t, e, at);
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

	if (load_u16(at) == NEXT_HOP_IETF_V6) {
		text_string(t, copy ? "copy-to-nexthop-ietf " : "redirect-to-nexthop-ietf ");
		addr_print(t, &a);
		if (copy)
			text_string(t, " (with copy)");
	} else if ((e->shape & SHAPE_EXT_HEX) != 0 || e->spelling != SPELL_JSON ||
	    load_u16(at) == REDIRECT_V6) {
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

void
ext_community_emit(struct emit *e, struct slice value)
{
	attr_communities_emit(e, &FIELD("extended-community"), value, ONE, put_element);
}

/* What attr_ext_community_v6's words read back to the same bytes. */
static void
put_words_v6(struct text *t, struct emit *e, const uint8_t *at)
{
	struct addr a = addr_v6(at + 2);
	uint16_t local = load_u16(at + 18);

	(void)e;
	if (load_u16(at) != NEXT_HOP_IETF_V6 || local > 1) {
		text_string(t, "0x");
		text_hex(t, slice_of(at, ONE_V6));
		return;
	}
	text_string(t, local == 1 ? "copy-to-nexthop-ietf " : "redirect-to-nexthop-ietf ");
	addr_print(t, &a);
}

static bool
is_sorted(struct slice value, size_t size)
{
	for (size_t i = size; i < value.len; i += size)
		if (memcmp(value.at + i - size, value.at + i, size) > 0)
			return false;
	return true;
}

/* The reference has no words for them; and ours are sorted when they are read. */
void
ext_community_v6_emit(struct emit *e, struct slice value)
{
	struct record raw = { attr_ext_community_v6.code, attr_ext_community_v6.flags, RECORD_RAW,
		value };
	bool own = (e->shape & SHAPE_FILE) != 0 && is_sorted(value, ONE_V6);

	if (e->spelling == SPELL_WORDS && !own)
		unknown_emit(e, &raw);
	else if (e->spelling == SPELL_WORDS)
		attr_communities_emit(
		    e, &FIELD("extended-community-ipv6"), value, ONE_V6, put_words_v6);
	else
		attr_communities_emit(
		    e, &FIELD("extended-community-ipv6"), value, ONE_V6, put_element_v6);
}
