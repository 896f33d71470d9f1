/* ROUTE-REFRESH and the markers around an enhanced one. */
#include "bgp/refresh.h"

#include "bgp/message.h"

void
refresh_encode(const struct refresh *r, struct writer *w)
{
	struct gap g = message_begin(w, MESSAGE_REFRESH);

	write_u16(w, r->afi);
	write_u8(w, r->subtype);
	write_u8(w, r->safi);
	message_finish(w, g);
}

bool
refresh_decode(struct slice body, struct refresh *to, struct notification *why)
{
	struct reader r = reader_on(body);
	uint16_t afi = read_u16(&r);
	uint8_t subtype = read_u8(&r);
	uint8_t safi = read_u8(&r);

	if (!reader_done(&r)) { /* RFC 7313 5 */
		*why = (struct notification){ .code = 7, .subcode = 1, .data = body };
		return false;
	}
	*to = (struct refresh){ .afi = afi, .safi = safi, .subtype = subtype };
	return true;
}

const char *
refresh_word(uint8_t subtype)
{
	switch (subtype) {
	case REFRESH_QUERY: return "query";
	case REFRESH_BEGIN: return "begin";
	case REFRESH_END: return "end";
	default: return "unknown";
	}
}
