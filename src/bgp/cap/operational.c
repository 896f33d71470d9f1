/* Operational messages, draft-ietf-idr-operational-message. */
#include "cap_rows.h"

enum { CODE = 185 };

static bool
read(const struct cap_seen *seen, struct caps *to)
{
	(void)seen; /* the draft never settled what a value would mean */
	to->operational = true;
	return true;
}

static void
write(const struct caps *from, struct writer *w)
{
	if (from->operational)
		cap_write_flag(w, CODE);
}

static void
emit(struct emit *e, const struct spell *name, const struct cap_seen *seen, size_t count)
{
	(void)seen;
	(void)count;
	cap_emit_name(e, name, "operational");
}

static void
tell(struct text *to, const struct cap_seen *seen, size_t count)
{
	(void)seen;
	(void)count;
	text_string(to, "operational");
}

const struct cap cap_operational = {
	.code = CODE,
	.word = "operational",
	.read = read,
	.write = write,
	.emit = emit,
	.tell = tell,
};
