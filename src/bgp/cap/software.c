/* Software version, draft-abraitis-bgp-version-capability. */
#include "cap_rows.h"

#include "bgp/shape.h"

enum { CODE = 75 };

#define DOTS "..."

static bool
cut(struct slice value, struct slice *software)
{
	struct reader r = reader_on(value);

	*software = read_slice(&r, read_u8(&r));
	return reader_done(&r);
}

static bool
read(const struct cap_seen *seen, struct caps *to)
{
	struct slice software;

	if (!cut(seen->value, &software))
		return false;
	to->software = software;
	return true;
}

static void
write(const struct caps *from, struct writer *w)
{
	struct slice s = from->software;
	struct gap g;
	struct gap inner;

	if (s.at == NULL)
		return;
	g = cap_begin(w, CODE);
	inner = open_u8(w);
	if (s.len <= CAP_NAME_MAX) {
		write_slice(w, s);
	} else {
		write_slice(w, slice_of(s.at, CAP_NAME_MAX - strlen(DOTS)));
		write_slice(w, SLICE(DOTS));
	}
	close_u8(w, inner);
	close_u8(w, g);
}

static void
emit(struct emit *e, const struct spell *name, const struct cap_seen *seen, size_t count)
{
	struct slice software;

	(void)cut(seen[count - 1].value, &software); /* empty if it is short */
	emit_open(e, name, &MARKS_OBJECT);
	emit_str(e, &FIELD("software"), software);
	emit_close(e);
}

static void
tell(struct text *to, const struct cap_seen *seen, size_t count)
{
	struct slice software;

	(void)cut(seen[count - 1].value, &software); /* empty if it is short */
	text_string(to, "software version(");
	cap_tell_bytes(to, software);
	text_char(to, ')');
}

const struct cap cap_software = {
	.code = CODE,
	.word = "software-version",
	.unknown_with = SHAPE_CAPS_4,
	.for_people = true,
	.read = read,
	.write = write,
	.emit = emit,
	.tell = tell,
};
