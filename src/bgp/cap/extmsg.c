/* Extended messages, RFC 8654 3. */
#include "cap_rows.h"

#include "bgp/message.h"

enum { CODE = 6 };

static bool
read(const struct cap_seen *seen, struct caps *to)
{
	if (seen->value.len != 0)
		return false;
	to->extended_message = true;
	return true;
}

static void
write(const struct caps *from, struct writer *w)
{
	if (from->extended_message)
		cap_write_flag(w, CODE);
}

static void
emit(struct emit *e, const struct spell *name, const struct cap_seen *seen, size_t count)
{
	(void)seen;
	(void)count;
	emit_open(e, name, &MARKS_OBJECT);
	emit_word(e, &FIELD("name"), SLICE("extended-message"));
	emit_uint(e, &FIELD("size"), BGP_EXTENDED_MAX);
	emit_close(e);
}

static void
tell(struct text *to, const struct cap_seen *seen, size_t count)
{
	(void)seen;
	(void)count;
	text_format(to, "extended message(%d)", BGP_EXTENDED_MAX);
}

const struct cap cap_extmsg = {
	.code = CODE,
	.word = "extended-message",
	.read = read,
	.write = write,
	.emit = emit,
	.tell = tell,
};
