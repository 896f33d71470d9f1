/* Graceful restart, RFC 4724 3 and RFC 8538 2. */
#include "cap_rows.h"

#include "bgp/shape.h"

enum {
	CODE = 64,
	SKIP = 2,
	WIDTH = 1,
	RESTARTING = 0x8000,
	NOTIFY = 0x4000,
	TIME = 0x0fff,
	FORWARDING = 0x80,
};

static uint16_t
head_of(const struct cap_seen *seen)
{
	struct reader r = reader_on(seen->value);

	return read_u16(&r);
}

static bool
read(const struct cap_seen *seen, struct caps *to)
{
	struct cap_walk walk = cap_walk_on(seen, 1, SKIP, WIDTH);
	uint16_t head = head_of(seen);
	struct cap_tuple t;

	if (!cap_is_tuples(seen->value, SKIP, WIDTH))
		return false;
	to->graceful = true;
	to->graceful_restarting = (head & RESTARTING) != 0;
	to->graceful_notify = (head & NOTIFY) != 0;
	to->graceful_time = head & TIME;
	/* RFC 4724 3: of several instances the last one counts */
	to->graceful_families = (struct family_set){ 0 };
	to->graceful_forwarding = (struct family_set){ 0 };
	while (cap_next(&walk, &t)) {
		const struct family *f = family_of(t.afi, t.safi);

		if (f == NULL)
			continue;
		family_add(&to->graceful_families, f);
		family_cut(&to->graceful_forwarding, f);
		if ((t.value & FORWARDING) != 0)
			family_add(&to->graceful_forwarding, f);
	}
	return true;
}

static void
write(const struct caps *from, struct writer *w)
{
	unsigned head = from->graceful_time & TIME;
	struct gap g;

	if (!from->graceful)
		return;
	if (from->graceful_restarting)
		head |= RESTARTING;
	if (from->graceful_notify)
		head |= NOTIFY;
	g = cap_begin(w, CODE);
	write_u16(w, (uint16_t)head);
	for (unsigned i = 0; i < family_count(); i++) {
		const struct family *f = family_at(i);

		if (!family_in(from->graceful_families, f))
			continue;
		write_u16(w, f->afi);
		write_u8(w, f->safi);
		write_u8(w, family_in(from->graceful_forwarding, f) ? FORWARDING : 0);
	}
	close_u8(w, g);
}

static const struct marks object = {
	.open = { [SPELL_JSON] = CAP_CHARS("{ ") },
	.close = { [SPELL_JSON] = CAP_CHARS("  }") },
	.between = { [SPELL_JSON] = CAP_CHARS(", ") },
};

static const struct marks flags = {
	.open = { [SPELL_JSON] = CAP_CHARS("{ ") },
	.close = { [SPELL_JSON] = CAP_CHARS(" }") },
	.between = { [SPELL_JSON] = CAP_CHARS(" , ") },
};

/* Words and blanks are those of ExaBGP: the restart bit is "forwarding", a family's forwarding bit
 * is "restart". */
static void
emit(struct emit *e, const struct spell *name, const struct cap_seen *seen, size_t count)
{
	const struct cap_seen *last = &seen[count - 1];
	struct cap_walk walk = cap_walk_on(last, 1, SKIP, WIDTH);
	uint16_t head = head_of(last);
	struct cap_tuple t;

	emit_open(e, name, (e->shape & SHAPE_CAPS_4) != 0 ? &MARKS_OBJECT : &object);
	emit_word(e, &FIELD("name"), SLICE("graceful restart"));
	emit_uint(e, &FIELD("time"), head & TIME);
	emit_open(e, &JSON_ONLY("address-family-flags"), &flags);
	while (cap_next_valid(&walk, &t)) {
		char room[CAP_KEY_MAX];
		struct spell key = cap_key(room, "", &t);

		emit_open(e, &key, &MARKS_LIST);
		if ((t.value & FORWARDING) != 0)
			emit_word(e, &BARE, SLICE("restart"));
		emit_close(e);
	}
	emit_close(e);
	emit_open(e, &FIELD("restart-flags"), &MARKS_LIST);
	if ((head & RESTARTING) != 0)
		emit_word(e, &BARE, SLICE("forwarding"));
	emit_close(e);
	emit_close(e);
}

static void
tell_with(struct text *to, unsigned known, const struct cap_seen *seen, size_t count)
{
	const struct cap_seen *last = &seen[count - 1];
	struct cap_walk walk = cap_walk_on(last, 1, SKIP, WIDTH);
	uint16_t head = head_of(last);
	struct cap_tuple t;

	text_format(to, "graceful restart flags 0x%x time %d", head >> 12, head & TIME);
	while (cap_next_valid(&walk, &t)) {
		char room[FAMILY_LABEL_MAX];

		text_char(to, ' ');
		text_slice(to, family_label(room, t.afi, t.safi, '/'));
		text_format(to, "=0x%x", t.value & known);
	}
}

static void
tell(struct text *to, const struct cap_seen *seen, size_t count)
{
	tell_with(to, UINT8_MAX, seen, count);
}

/* 4.2 knows one flag, and has a blank in front of families also when there are none. */
static void
tell_4(struct text *to, bool ours, const struct cap_seen *seen, size_t count)
{
	(void)ours;
	tell_with(to, FORWARDING, seen, count);
	if (seen[count - 1].value.len == SKIP)
		text_char(to, ' ');
}

const struct cap cap_graceful = {
	.code = CODE,
	.word = "graceful-restart",
	.read = read,
	.write = write,
	.emit = emit,
	.tell = tell,
	.tell_4 = tell_4,
};
