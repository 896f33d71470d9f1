/* Route distinguishers in words and events. */
#include "nlri/rd.h"

#include "base/addr.h"
#include "base/hex.h"
#include "base/num.h"
#include "base/wire.h"

enum { TYPE_AS2, TYPE_IPV4, TYPE_AS4 };

static bool
from_hex(struct slice word, uint8_t to[RD_LEN])
{
	uint8_t bytes[RD_LEN];
	size_t len;

	if (!hex_decode(slice_after(word, 2), bytes, sizeof(bytes), &len) || len != RD_LEN)
		return false;
	memcpy(to, bytes, RD_LEN);
	return true;
}

bool
rd_parse(struct slice word, uint8_t to[RD_LEN])
{
	struct slice left;
	struct slice right;
	struct addr ip;
	uint32_t asn;
	uint32_t n;
	bool is_ip;

	if (hex_marked(word))
		return from_hex(word, to);
	if (!word_cut(word, ':', &left, &right) || !num_u32(right, &n))
		return false;
	is_ip = addr_parse_v4(left, &ip);
	if (is_ip)
		asn = addr_u32(&ip);
	else if (!num_u32(left, &asn))
		return false;
	if (!is_ip && asn <= UINT16_MAX) {
		store_u16(to, TYPE_AS2);
		store_u16(to + 2, (uint16_t)asn);
		store_u32(to + 4, n);
		return true;
	}
	if (n > UINT16_MAX)
		return false;
	store_u16(to, is_ip ? TYPE_IPV4 : TYPE_AS4);
	store_u32(to + 2, asn);
	store_u16(to + 6, (uint16_t)n);
	return true;
}

void
rd_put(struct text *t, struct slice rd, enum spelling spelling)
{
	const uint8_t *at = rd.at;
	uint16_t type = load_u16(at);
	uint32_t asn = load_u32(at + 2);
	struct addr ip = addr_v4(at + 2);

	if (type == TYPE_AS2) {
		text_format(t, "%u:%u", load_u16(at + 2), load_u32(at + 4));
	} else if (type == TYPE_IPV4) {
		addr_print(t, &ip);
		text_format(t, ":%u", load_u16(at + 6));
	} else if (type == TYPE_AS4 && (spelling != SPELL_WORDS || asn > UINT16_MAX)) {
		text_format(t, "%u:%u", asn, load_u16(at + 6));
	} else {
		text_string(t, "0x");
		text_hex_upper(t, slice_of(at, RD_LEN));
	}
}

void
rd_emit(struct emit *e, struct slice rd)
{
	struct text *t = emit_value(e, &FIELD("rd"));

	if (t == NULL)
		return;
	if (e->spelling == SPELL_JSON)
		text_char(t, '"');
	rd_put(t, rd, e->spelling);
	if (e->spelling == SPELL_JSON)
		text_char(t, '"');
}
