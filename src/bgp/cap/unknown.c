/* What no row knows: kept, shown as bytes, never said. Ranges as ExaBGP names them. */
#include "cap_rows.h"

enum { RESERVED = 128, UNASSIGNED = 70 };

static const char *
iana(uint8_t code)
{
	if (code >= RESERVED)
		return "reserved";
	return code >= UNASSIGNED ? "unassigned" : "unknown";
}

static bool
read(const struct cap_seen *seen, struct caps *to)
{
	(void)seen;
	(void)to;
	return true;
}

static void
write(const struct caps *from, struct writer *w)
{
	(void)from;
	(void)w;
}

static void
emit(struct emit *e, const struct spell *name, const struct cap_seen *seen, size_t count)
{
	const struct cap_seen *last = &seen[count - 1];
	struct text *to;

	emit_open(e, name, &MARKS_OBJECT);
	emit_word(e, &FIELD("name"), SLICE("unknown"));
	emit_word(e, &FIELD("iana"), slice_on(iana(last->code)));
	emit_uint(e, &FIELD("value"), last->code);
	to = emit_value(e, &JSON_ONLY("raw"));
	if (to != NULL) {
		text_char(to, '"');
		text_hex_upper(to, last->value);
		text_char(to, '"');
	}
	emit_close(e);
}

static void
tell(struct text *to, const struct cap_seen *seen, size_t count)
{
	text_format(to, "%s %u", iana(seen[count - 1].code), seen[count - 1].code);
}

const struct cap cap_unknown = {
	.word = "unknown",
	.read = read,
	.write = write,
	.emit = emit,
	.tell = tell,
};
