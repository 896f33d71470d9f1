/* BGP Role, RFC 9234 4.1. The reference has no name for it, so what is told is what an unknown
 * capability is told as. */
#include "cap_rows.h"

#include "bgp/role.h"

enum { CODE = 9 };

static bool
read(const struct cap_seen *seen, struct caps *to)
{
	if (seen->value.len != 1)
		return false;
	if (to->has_role && to->role != seen->value.at[0])
		to->role_torn = true; /* RFC 9234 4.2 */
	to->has_role = true;
	to->role = seen->value.at[0];
	return true;
}

static void
write(const struct caps *from, struct writer *w)
{
	struct gap g;

	if (!from->has_role)
		return;
	g = cap_begin(w, CODE);
	write_u8(w, from->role);
	close_u8(w, g);
}

static void
emit(struct emit *e, const struct spell *name, const struct cap_seen *seen, size_t count)
{
	cap_unknown.emit(e, name, seen, count);
}

static void
tell(struct text *to, const struct cap_seen *seen, size_t count)
{
	cap_unknown.tell(to, seen, count);
}

const struct cap cap_role = {
	.code = CODE,
	.word = "role",
	.read = read,
	.write = write,
	.emit = emit,
	.tell = tell,
};
