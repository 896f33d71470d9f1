/*
 * Multisession, draft-ietf-idr-bgp-multisession, and the code that was used before it: flags, then
 * the codes that tell sessions apart (none: multiprotocol).
 */
#include "cap_rows.h"

enum { CODE = 68, CODE_CISCO = 131, CODE_MP = 1 };

static bool
read(const struct cap_seen *seen, struct caps *to)
{
	(void)seen;
	to->multisession = true;
	return true;
}

static void
write_byte(struct writer *w, uint8_t byte)
{
	struct gap g = cap_begin(w, CODE);

	write_u8(w, byte);
	close_u8(w, g);
}

/* As ExaBGP says it: the flags, and behind them, in a capability of its own, the code. */
static void
write(const struct caps *from, struct writer *w)
{
	if (!from->multisession)
		return;
	write_byte(w, 0);
	write_byte(w, CODE_MP);
}

static void
emit(struct emit *e, const struct spell *name, const struct cap_seen *seen, size_t count)
{
	bool cisco = seen[count - 1].code == CODE_CISCO;

	emit_open(e, name, &MARKS_OBJECT);
	emit_word(e, &FIELD("name"), SLICE("multisession"));
	emit_word(e, &FIELD("variant"), cisco ? SLICE("Cisco") : SLICE("RFC"));
	emit_open(e, &FIELD("capabilities"), &MARKS_LIST);
	for (size_t i = 0; i < count; i++) {
		struct reader r = reader_on(seen[i].value);

		read_skip(&r, 1);
		while (reader_more(&r))
			emit_uint(e, &BARE, read_u8(&r));
	}
	emit_close(e);
	emit_close(e);
}

static void
tell(struct text *to, const struct cap_seen *seen, size_t count)
{
	text_string(to, seen[count - 1].code == CODE_CISCO ? "cisco " : "");
	text_string(to, "multisession");
}

/* 4.2 names what tells sessions apart in its own OPEN only. */
static void
tell_4(struct text *to, bool ours, const struct cap_seen *seen, size_t count)
{
	text_string(to, "multisession ");
	text_string(to, seen[count - 1].code == CODE_CISCO ? "" : "(rfc) ");
	text_string(to, ours ? cap_mp.word : "");
}

const struct cap cap_multisession = {
	.code = CODE,
	.code_too = CODE_CISCO,
	.word = "multi-session",
	.read = read,
	.write = write,
	.emit = emit,
	.tell = tell,
	.tell_4 = tell_4,
};
