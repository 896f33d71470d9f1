/* Label stacks on the wire and in events. */
#include "nlri/labels.h"

#include "bgp/shape.h"

#define BOTTOM        1
#define WITHDRAWN     0x800000 /* RFC 8277 2.4 */
#define WITHDRAWN_OLD 0        /* what others wrote before */

struct slice
labels_take(struct reader *r)
{
	const uint8_t *start = r->at;
	bool first = true;
	uint32_t one;

	do {
		one = read_u24(r);
		if (first && (one == WITHDRAWN || one == WITHDRAWN_OLD))
			break;
		first = false;
	} while (reader_ok(r) && (one & BOTTOM) == 0);
	if (!reader_ok(r))
		return (struct slice){ NULL, 0 };
	return slice_of(start, (size_t)(r->at - start));
}

/* JSON [1000, 16001] or [1000], text 1000 (16001) or 1000. */
static void
put(struct emit *e, uint32_t label, uint32_t field, bool shown)
{
	struct text *t = emit_value(e, &BARE);
	bool json = e->spelling == SPELL_JSON;

	if (t == NULL)
		return;
	if (json)
		text_char(t, '[');
	text_uint(t, label);
	if (shown && field != 0)
		text_format(t, json ? ", %u" : " (%u)", field);
	if (json)
		text_char(t, ']');
}

void
labels_emit(struct emit *e, struct slice labels, enum labels_raw raw)
{
	struct reader r = reader_on(labels);
	bool shown = e->spelling != SPELL_WORDS &&
	    (raw == LABELS_ALWAYS || (e->shape & SHAPE_LABEL_RAW) != 0);

	emit_list(e, &FIELD("label"), labels.len / LABEL_LEN);
	while (reader_more(&r)) {
		uint32_t field = read_u24(&r);
		uint32_t label = field >> 4;

		if (raw == LABELS_MADE)
			field = label << 4 | (reader_more(&r) ? 0 : BOTTOM);
		put(e, label, field, shown);
	}
	emit_close(e);
}
