/* Extended next hop encoding, RFC 8950 4: AFI, SAFI and the AFI of a next hop, two bytes each. */
#include "cap_rows.h"

#include <stdio.h>

enum { CODE = 5, WIDTH = 6 };

struct conversion {
	uint16_t afi;
	uint8_t safi;
	uint16_t next_hop_afi;
};

static bool
next(struct reader *r, struct conversion *c)
{
	if (!reader_more(r))
		return false;
	c->afi = read_u16(r);
	read_skip(r, 1);
	c->safi = read_u8(r);
	c->next_hop_afi = read_u16(r);
	return reader_ok(r);
}

static bool
read(const struct cap_seen *seen, struct caps *to)
{
	struct reader r = reader_on(seen->value);
	struct conversion c;

	if (seen->value.len % WIDTH != 0)
		return false;
	to->next_hop = true;
	while (next(&r, &c)) {
		const struct family *f = family_of(c.afi, c.safi);

		if (f != NULL && c.afi == AFI_IPV4 && c.next_hop_afi == AFI_IPV6)
			family_add(&to->next_hop_v6, f);
	}
	return true;
}

static void
write(const struct caps *from, struct writer *w)
{
	struct gap g;

	if (!from->next_hop)
		return;
	g = cap_begin(w, CODE);
	for (unsigned i = 0; i < family_count(); i++) {
		const struct family *f = family_at(i);

		if (!family_in(from->next_hop_v6, f))
			continue;
		write_u16(w, f->afi);
		write_u16(w, f->safi);
		write_u16(w, AFI_IPV6);
	}
	close_u8(w, g);
}

static void
emit(struct emit *e, const struct spell *name, const struct cap_seen *seen, size_t count)
{
	emit_open(e, name, &MARKS_OBJECT);
	emit_word(e, &FIELD("name"), SLICE("nexthop"));
	emit_open(e, &FIELD("conversion"), &MARKS_LIST);
	for (size_t i = 0; i < count; i++) {
		struct reader r = reader_on(seen[i].value);
		struct conversion c;

		while (next(&r, &c)) {
			char family[FAMILY_LABEL_MAX];
			char room[2 * FAMILY_LABEL_MAX];
			struct slice label = family_label(family, c.afi, c.safi, '/');
			const char *afi = afi_word(c.next_hop_afi);
			int n;

			if (afi != NULL)
				n = snprintf(
				    room, sizeof(room), "%.*s/%s", (int)label.len, family, afi);
			else
				n = snprintf(room, sizeof(room), "%.*s/unknown afi %u",
				    (int)label.len, family, c.next_hop_afi);
			emit_word(e, &BARE, slice_of(room, (size_t)n));
		}
	}
	emit_close(e);
	emit_close(e);
}

static void
tell(struct text *to, const struct cap_seen *seen, size_t count)
{
	const char *between = "";

	text_string(to, "nexthop(");
	for (size_t i = 0; i < count; i++) {
		struct reader r = reader_on(seen[i].value);
		struct conversion c;

		while (next(&r, &c)) {
			const char *afi = afi_word(c.next_hop_afi);

			text_string(to, between);
			between = ",";
			cap_tell_family(to, c.afi, c.safi);
			if (afi != NULL)
				text_format(to, " %s", afi);
			else
				text_format(to, " unknown afi %u", c.next_hop_afi);
		}
	}
	text_char(to, ')');
}

const struct cap cap_nexthop = {
	.code = CODE,
	.word = "nexthop",
	.read = read,
	.write = write,
	.emit = emit,
	.tell = tell,
};
