/* OPEN, to and from bytes. */
#include "bgp/open.h"

#include "bgp/message.h"

enum {
	VERSION = 4,
	AS_TRANS = 23456, /* RFC 6793 9 */
	PARAM_AUTH = 1,
	PARAM_CAPS = 2,
	PARAM_EXTENDED = 255, /* RFC 9072 2 */
};

static bool
refuse(struct notification *why, uint8_t code, uint8_t subcode)
{
	*why = (struct notification){ .code = code, .subcode = subcode };
	return false;
}

/* Optional parameters of one OPEN. */
struct params {
	struct reader r;
	bool extended;
};

/* RFC 9072 2: a first type of 255 says that the lengths are longer; the length before it only says
 * that there is something. */
static struct params
params_on(struct reader *r)
{
	size_t len = read_u8(r);
	struct reader ahead = *r;
	bool extended = len != 0 && read_u8(&ahead) == PARAM_EXTENDED;

	if (extended) {
		*r = ahead;
		len = read_u16(r);
	}
	return (struct params){ .r = read_inner(r, len), .extended = extended };
}

/* Capabilities of one parameter, behind the first *count of seen. */
static bool
take_caps(struct reader r, struct cap_seen *seen, size_t *count)
{
	while (reader_more(&r)) {
		uint8_t code = read_u8(&r);
		struct slice value = read_slice(&r, read_u8(&r));

		if (!reader_ok(&r))
			return false;
		if (seen != NULL)
			seen[*count] = (struct cap_seen){ .code = code, .value = value };
		(*count)++;
	}
	return true;
}

/* All capabilities; seen may be NULL, to count them. */
static bool
take_params(struct params p, struct cap_seen *seen, size_t *count, struct notification *why)
{
	*count = 0;
	while (reader_more(&p.r)) {
		uint8_t type = read_u8(&p.r);
		size_t len = p.extended ? read_u16(&p.r) : read_u8(&p.r);
		struct reader inner = read_inner(&p.r, len);

		if (!reader_ok(&p.r))
			return refuse(why, 2, 0);
		if (type == PARAM_AUTH)
			return refuse(why, 2, 5);
		if (type != PARAM_CAPS) /* RFC 4271 6.2 */
			return refuse(why, 2, 4);
		if (!take_caps(inner, seen, count))
			return refuse(why, 2, 0);
	}
	return true;
}

static bool
read_caps(struct open *o)
{
	for (size_t i = 0; i < o->seen_count; i++) {
		const struct cap *row = cap_of(o->seen[i].code);

		if (row == NULL || row->read(&o->seen[i], &o->caps))
			continue;
		if (!row->for_people)
			return false;
		o->left_out = row;
	}
	return true;
}

bool
open_decode(struct slice body, struct arena *a, struct open *to, struct notification *why)
{
	static const uint8_t ours[] = { 0, VERSION };
	struct reader r = reader_on(body);
	struct open o = { .version = read_u8(&r) };
	struct params params;

	if (reader_ok(&r) && o.version != VERSION) { /* RFC 4271 6.2: with the one we speak */
		(void)refuse(why, 2, 1);
		why->data = slice_of(ours, sizeof(ours));
		return false;
	}
	o.as_field = read_u16(&r);
	o.hold_time = read_u16(&r);
	o.router_id = read_u32(&r);
	if (!reader_ok(&r) || !reader_more(&r))
		return refuse(why, 1, 2);
	params = params_on(&r);
	if (!reader_done(&r))
		return refuse(why, 2, 0);
	if (!take_params(params, NULL, &o.seen_count, why))
		return false;
	o.seen = arena_zero(a, o.seen_count, sizeof(*o.seen));
	if (!take_params(params, o.seen, &o.seen_count, why))
		return false;
	if (!read_caps(&o))
		return refuse(why, 2, 0);
	o.asn = o.caps.asn4 ? o.caps.asn : o.as_field;
	*to = o;
	return true;
}

/* Each capability in a parameter of its own. */
static void
write_params(struct slice caps, bool extended, struct writer *w)
{
	struct reader r = reader_on(caps);

	while (reader_more(&r)) {
		const uint8_t *start = r.at;
		struct gap g;

		read_skip(&r, 1);
		read_skip(&r, read_u8(&r));
		write_u8(w, PARAM_CAPS);
		g = extended ? open_u16(w) : open_u8(w);
		write_slice(w, slice_of(start, (size_t)(r.at - start)));
		if (extended)
			close_u16(w, g);
		else
			close_u8(w, g);
	}
}

static size_t
params_len(struct slice caps)
{
	struct reader r = reader_on(caps);
	size_t len = 0;

	while (reader_more(&r)) {
		read_skip(&r, 1);
		read_skip(&r, read_u8(&r));
		len += 2;
	}
	return len + caps.len;
}

static struct slice
caps_into(const struct open *o, uint8_t *room, size_t size, bool *fits)
{
	struct writer w = writer_on(room, size);
	struct caps said = o->caps;

	said.asn = o->asn;
	for (size_t i = 0; cap_at(i) != NULL; i++)
		cap_at(i)->write(&said, &w);
	*fits = writer_ok(&w);
	return writer_slice(&w);
}

void
open_encode(const struct open *o, struct writer *w)
{
	uint8_t room[BGP_MESSAGE_MAX];
	bool fits;
	struct slice caps = caps_into(o, room, sizeof(room), &fits);
	bool extended = params_len(caps) >= 255;
	struct gap message = message_begin(w, MESSAGE_OPEN);
	struct gap g;

	write_u8(w, VERSION);
	write_u16(w, o->asn > UINT16_MAX ? AS_TRANS : (uint16_t)o->asn);
	write_u16(w, o->hold_time);
	write_u32(w, o->router_id);
	if (extended) {
		write_u8(w, PARAM_EXTENDED); /* RFC 9072 2: 255 where the length was */
		write_u8(w, PARAM_EXTENDED);
	}
	g = extended ? open_u16(w) : open_u8(w);
	write_params(caps, extended, w);
	if (extended)
		close_u16(w, g);
	else
		close_u8(w, g);
	message_finish(w, message);
	if (!fits)
		w->full = true;
}
