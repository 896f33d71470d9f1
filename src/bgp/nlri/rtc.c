/* Route target membership: RFC 4684 4. Length in bits, origin AS, a route target or its beginning.
 */
#include "attr/ext_community.h"
#include "family_rows.h"
#include "nlri/words.h"

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
emit(struct emit *e, const struct nlri *n)
{
	struct reader r = reader_on(n->bytes);
	unsigned bits = read_u8(&r);

	if (e->spelling == SPELL_TEXT) {
		nlri_family_emit(e, n->family);
		return;
	}
	if (e->spelling == SPELL_WORDS) {
		nlri_raw_emit(e, n->bytes);
		return;
	}
	emit_open(e, &BARE, &MARKS_OBJECT);
	emit_uint(e, &JSON_ONLY("origin"), bits == 0 ? 0 : read_u32(&r));
	emit_target(e, bits, read_rest(&r));
	emit_close(e);
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
	.parse = nlri_raw_parse,
	.settle = nlri_settle,
};
