/* Route refresh, RFC 2918 2 (also under the code that was used before it), and enhanced route
 * refresh, RFC 7313 3.1. */
#include "cap_rows.h"

enum { CODE = 2, CODE_CISCO = 128, CODE_ENHANCED = 70 };

static bool
read(const struct cap_seen *seen, struct caps *to)
{
	if (seen->value.len != 0)
		return false;
	if (seen->code == CODE_CISCO)
		to->route_refresh_cisco = true;
	else
		to->route_refresh = true;
	return true;
}

static void
write(const struct caps *from, struct writer *w)
{
	if (from->route_refresh)
		cap_write_flag(w, CODE);
	if (from->route_refresh_cisco)
		cap_write_flag(w, CODE_CISCO);
}

static void
emit(struct emit *e, const struct spell *name, const struct cap_seen *seen, size_t count)
{
	bool cisco = seen[count - 1].code == CODE_CISCO;

	emit_open(e, name, &MARKS_OBJECT);
	emit_word(e, &FIELD("name"), SLICE("route-refresh"));
	emit_word(e, &FIELD("variant"), cisco ? SLICE("Cisco") : SLICE("RFC"));
	emit_close(e);
}

static void
tell(struct text *to, const struct cap_seen *seen, size_t count)
{
	if (seen[count - 1].code == CODE_CISCO)
		text_string(to, "cisco ");
	text_string(to, "route refresh");
}

const struct cap cap_refresh = {
	.code = CODE,
	.code_too = CODE_CISCO,
	.word = "route-refresh",
	.read = read,
	.write = write,
	.emit = emit,
	.tell = tell,
};

static bool
read_enhanced(const struct cap_seen *seen, struct caps *to)
{
	if (seen->value.len != 0)
		return false;
	to->enhanced_refresh = true;
	return true;
}

static void
write_enhanced(const struct caps *from, struct writer *w)
{
	if (from->enhanced_refresh)
		cap_write_flag(w, CODE_ENHANCED);
}

static void
emit_enhanced(struct emit *e, const struct spell *name, const struct cap_seen *seen, size_t count)
{
	(void)seen;
	(void)count;
	cap_emit_name(e, name, "enhanced-route-refresh");
}

static void
tell_enhanced(struct text *to, const struct cap_seen *seen, size_t count)
{
	(void)seen;
	(void)count;
	text_string(to, "enhanced route refresh");
}

const struct cap cap_enhanced_refresh = {
	.code = CODE_ENHANCED,
	.word = "enhanced-route-refresh",
	.read = read_enhanced,
	.write = write_enhanced,
	.emit = emit_enhanced,
	.tell = tell_enhanced,
};
