/* ADD-PATH, RFC 7911 4: what the sender of the OPEN wants to do, by family. */
#include "cap_rows.h"

enum { CODE = 69, WIDTH = 1 };

static const char *
mode_word(uint16_t mode)
{
	static const char *const words[] = {
		[ADDPATH_RECEIVE] = "receive",
		[ADDPATH_SEND] = "send",
		[ADDPATH_BOTH] = "send/receive",
	};

	return mode < sizeof(words) / sizeof(words[0]) ? words[mode] : NULL;
}

static bool
read(const struct cap_seen *seen, struct caps *to)
{
	struct cap_walk walk = cap_walk_on(seen, 1, 0, WIDTH);
	struct cap_tuple t;

	if (!cap_is_tuples(seen->value, 0, WIDTH))
		return false;
	to->has_addpath = true;
	while (cap_next(&walk, &t)) {
		const struct family *f = family_of(t.afi, t.safi);

		/* RFC 7911 4: a value other than 1, 2, 3 makes the family be ignored */
		if (f != NULL)
			to->addpath[f->id] =
			    mode_word(t.value) != NULL ? (uint8_t)t.value : ADDPATH_NONE;
	}
	return true;
}

static void
write_one(const struct caps *from, const struct family *f, struct writer *w)
{
	if (f == NULL || from->addpath[f->id] == ADDPATH_NONE)
		return;
	write_u16(w, f->afi);
	write_u8(w, f->safi);
	write_u8(w, from->addpath[f->id]);
}

static bool
stands_first(const struct family *f)
{
	return (f->afi == 1 || f->afi == 2) &&
	    (f->safi == 1 || f->safi == 4 || f->safi == 128 || f->safi == 85);
}

/* IPv4 and IPv6 side by side, as ExaBGP has them; then what it never lists. */
static void
write(const struct caps *from, struct writer *w)
{
	static const uint8_t order[] = { 1, 4, 128, 85 };
	struct gap g;

	if (!from->has_addpath)
		return;
	g = cap_begin(w, CODE);
	for (size_t i = 0; i < sizeof(order); i++) {
		write_one(from, family_of(1, order[i]), w);
		write_one(from, family_of(2, order[i]), w);
	}
	for (unsigned i = 0; i < family_count(); i++)
		if (!stands_first(family_at(i)))
			write_one(from, family_at(i), w);
	close_u8(w, g);
}

/* { "name": "addpath", "ipv4/unicast": "send/receive","ipv6/unicast": "send" }: ExaBGP has a blank
 * before the first family and none before the others. */
static const struct marks object = {
	.open = { [SPELL_JSON] = CAP_CHARS("{ ") },
	.close = { [SPELL_JSON] = CAP_CHARS(" }") },
	.between = { [SPELL_JSON] = CAP_CHARS(",") },
};

static void
emit(struct emit *e, const struct spell *name, const struct cap_seen *seen, size_t count)
{
	struct cap_walk walk = cap_walk_on(seen, count, 0, WIDTH);
	const char *before = " ";
	struct cap_tuple t;

	emit_open(e, name, &object);
	emit_word(e, &JSON_ONLY("name"), SLICE("addpath"));
	while (cap_next_valid(&walk, &t)) {
		char room[CAP_KEY_MAX];
		struct spell key = cap_key(room, before, &t);
		const char *mode = mode_word(t.value);
		struct text *to;

		before = "";
		if (mode != NULL) {
			emit_word(e, &key, slice_on(mode));
			continue;
		}
		to = emit_value(e, &key);
		if (to != NULL)
			text_format(to, "\"invalid (%u)\"", t.value);
	}
	emit_close(e);
}

static void
tell(struct text *to, const struct cap_seen *seen, size_t count)
{
	struct cap_walk walk = cap_walk_on(seen, count, 0, WIDTH);
	struct cap_tuple t;
	const char *between = "";

	text_string(to, "addpath(");
	while (cap_next_valid(&walk, &t)) {
		const char *mode = mode_word(t.value);

		text_string(to, between);
		between = ",";
		if (mode != NULL)
			text_format(to, "%s ", mode);
		else
			text_format(to, "invalid %u ", t.value);
		cap_tell_family(to, t.afi, t.safi);
	}
	text_char(to, ')');
}

const struct cap cap_addpath = {
	.code = CODE,
	.word = "add-path",
	.read = read,
	.write = write,
	.emit = emit,
	.tell = tell,
};
