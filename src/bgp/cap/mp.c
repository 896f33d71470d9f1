/* Multiprotocol, RFC 4760 8: one family each. */
#include "cap_rows.h"

enum { CODE = 1 };

static bool
cut(struct slice value, uint16_t *afi, uint8_t *safi)
{
	struct reader r = reader_on(value);

	*afi = read_u16(&r);
	read_skip(&r, 1);
	*safi = read_u8(&r);
	return reader_done(&r);
}

static bool
read(const struct cap_seen *seen, struct caps *to)
{
	const struct family *f;
	uint16_t afi;
	uint8_t safi;

	if (!cut(seen->value, &afi, &safi))
		return false;
	to->multiprotocol = true;
	f = family_of(afi, safi);
	if (f != NULL)
		family_list_add(&to->families, f);
	return true;
}

static void
write(const struct caps *from, struct writer *w)
{
	for (unsigned i = 0; i < from->families.count; i++) {
		const struct family *f = family_at(from->families.ids[i]);
		struct gap g = cap_begin(w, CODE);

		write_u16(w, f->afi);
		write_u8(w, 0);
		write_u8(w, f->safi);
		close_u8(w, g);
	}
}

static void
emit(struct emit *e, const struct spell *name, const struct cap_seen *seen, size_t count)
{
	emit_open(e, name, &MARKS_OBJECT);
	emit_word(e, &FIELD("name"), SLICE("multiprotocol"));
	emit_open(e, &FIELD("families"), &MARKS_LIST);
	for (size_t i = 0; i < count; i++) {
		char room[FAMILY_LABEL_MAX];
		uint16_t afi;
		uint8_t safi;

		if (cut(seen[i].value, &afi, &safi))
			emit_word(e, &BARE, family_label(room, afi, safi, '/'));
	}
	emit_close(e);
	emit_close(e);
}

static void
tell(struct text *to, const struct cap_seen *seen, size_t count)
{
	text_string(to, "multiprotocol(");
	for (size_t i = 0; i < count; i++) {
		uint16_t afi;
		uint8_t safi;

		if (!cut(seen[i].value, &afi, &safi))
			continue;
		if (i > 0)
			text_char(to, ',');
		cap_tell_family(to, afi, safi);
	}
	text_char(to, ')');
}

const struct cap cap_mp = {
	.code = CODE,
	.word = "multiprotocol",
	.read = read,
	.write = write,
	.emit = emit,
	.tell = tell,
};
