/* Link-local next hops, draft-ietf-idr-linklocal-capability. */
#include "cap_rows.h"

#include "bgp/shape.h"

enum { CODE = 77 };

static bool
read(const struct cap_seen *seen, struct caps *to)
{
	if (seen->value.len != 0)
		return false;
	to->link_local_nexthop = true;
	return true;
}

static void
write(const struct caps *from, struct writer *w)
{
	if (from->link_local_nexthop)
		cap_write_flag(w, CODE);
}

static void
emit(struct emit *e, const struct spell *name, const struct cap_seen *seen, size_t count)
{
	(void)seen;
	(void)count;
	cap_emit_name(e, name, "link-local-nexthop");
}

static void
tell(struct text *to, const struct cap_seen *seen, size_t count)
{
	(void)seen;
	(void)count;
	text_string(to, "link-local nexthop");
}

const struct cap cap_link_local = {
	.code = CODE,
	.word = "link-local-nexthop",
	.known_with = SHAPE_CAPS_6,
	.read = read,
	.write = write,
	.emit = emit,
	.tell = tell,
};
