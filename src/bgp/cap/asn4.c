/* Four-byte AS numbers, RFC 6793 3. */
#include "cap_rows.h"

enum { CODE = 65 };

static bool
cut(struct slice value, uint32_t *asn)
{
	struct reader r = reader_on(value);

	*asn = read_u32(&r);
	return reader_done(&r);
}

static bool
read(const struct cap_seen *seen, struct caps *to)
{
	uint32_t asn;

	if (!cut(seen->value, &asn))
		return false;
	to->asn4 = true;
	to->asn = asn;
	return true;
}

static void
write(const struct caps *from, struct writer *w)
{
	struct gap g;

	if (!from->asn4)
		return;
	g = cap_begin(w, CODE);
	write_u32(w, from->asn);
	close_u8(w, g);
}

static void
emit(struct emit *e, const struct spell *name, const struct cap_seen *seen, size_t count)
{
	uint32_t asn;

	(void)cut(seen[count - 1].value, &asn); /* zero if it is short */
	emit_open(e, name, &MARKS_OBJECT);
	emit_word(e, &FIELD("name"), SLICE("asn4"));
	emit_uint(e, &FIELD("asn4"), asn);
	emit_close(e);
}

static void
tell(struct text *to, const struct cap_seen *seen, size_t count)
{
	uint32_t asn;

	(void)cut(seen[count - 1].value, &asn); /* zero if it is short */
	text_format(to, "asn4(%u)", asn);
}

const struct cap cap_asn4 = {
	.code = CODE,
	.word = "asn4",
	.read = read,
	.write = write,
	.emit = emit,
	.tell = tell,
};
