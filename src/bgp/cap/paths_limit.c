/* PATHS-LIMIT, draft-abraitis-idr-addpath-paths-limit: how many paths of a prefix are welcome. */
#include "cap_rows.h"

#include "bgp/shape.h"

enum { CODE = 76, WIDTH = 2 };

static bool
read(const struct cap_seen *seen, struct caps *to)
{
	struct cap_walk walk = cap_walk_on(seen, 1, 0, WIDTH);
	struct cap_tuple t;

	if (!cap_is_tuples(seen->value, 0, WIDTH))
		return false;
	to->has_paths_limit = true;
	while (cap_next(&walk, &t)) {
		const struct family *f = family_of(t.afi, t.safi);

		if (f != NULL)
			to->paths_limit[f->id] = t.value;
	}
	return true;
}

static void
write(const struct caps *from, struct writer *w)
{
	struct gap g;

	if (!from->has_paths_limit)
		return;
	g = cap_begin(w, CODE);
	for (unsigned i = 0; i < family_count(); i++) {
		const struct family *f = family_at(i);

		if (from->paths_limit[i] == 0)
			continue;
		write_u16(w, f->afi);
		write_u8(w, f->safi);
		write_u16(w, from->paths_limit[i]);
	}
	close_u8(w, g);
}

static void
emit(struct emit *e, const struct spell *name, const struct cap_seen *seen, size_t count)
{
	struct cap_walk walk = cap_walk_on(seen, count, 0, WIDTH);
	struct cap_tuple t;

	emit_open(e, name, &MARKS_OBJECT);
	emit_word(e, &FIELD("name"), SLICE("paths-limit"));
	while (cap_next_valid(&walk, &t)) {
		char room[CAP_KEY_MAX];
		struct spell key = cap_key(room, "", &t);

		emit_uint(e, &key, t.value);
	}
	emit_close(e);
}

static void
tell(struct text *to, const struct cap_seen *seen, size_t count)
{
	struct cap_walk walk = cap_walk_on(seen, count, 0, WIDTH);
	struct cap_tuple t;
	const char *between = "";

	text_string(to, "paths limit(");
	while (cap_next_valid(&walk, &t)) {
		text_string(to, between);
		between = ",";
		cap_tell_family(to, t.afi, t.safi);
		text_format(to, " %u", t.value);
	}
	text_char(to, ')');
}

const struct cap cap_paths_limit = {
	.code = CODE,
	.word = "paths-limit",
	.known_with = SHAPE_CAPS_6,
	.read = read,
	.write = write,
	.emit = emit,
	.tell = tell,
};
