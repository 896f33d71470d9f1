/* Capabilities by code, and what their rows share. */
#include "bgp/cap.h"

#include "cap_rows.h"
#include "family_rows.h"

#include "base/must.h"

#include <assert.h>
#include <stdio.h>

static_assert(6 * FAMILY_COUNT <= UINT8_MAX, "a capability can list all families, RFC 8950 4");

static const struct cap *const rows[] = {
#define X(w) &cap_##w,
#include "cap.inc"
#undef X
};

#define ROWS (sizeof(rows) / sizeof(rows[0]))

const struct cap *
cap_of(uint8_t code)
{
	for (size_t i = 0; i < ROWS; i++)
		if (rows[i]->code == code || (rows[i]->code_too == code && code != 0))
			return rows[i];
	return NULL;
}

const struct cap *
cap_at(size_t i)
{
	return i < ROWS ? rows[i] : NULL;
}

struct gap
cap_begin(struct writer *w, uint8_t code)
{
	write_u8(w, code);
	return open_u8(w);
}

void
cap_write_flag(struct writer *w, uint8_t code)
{
	close_u8(w, cap_begin(w, code));
}

void
cap_emit_name(struct emit *e, const struct spell *name, const char *word)
{
	emit_open(e, name, &MARKS_OBJECT);
	emit_word(e, &FIELD("name"), slice_on(word));
	emit_close(e);
}

static bool
is_plain(uint8_t c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	    (c != 0 && strchr("-._:/+", c) != NULL);
}

void
cap_tell_bytes(struct text *to, struct slice bytes)
{
	for (size_t i = 0; i < bytes.len; i++) {
		if (is_plain(bytes.at[i]))
			text_char(to, (char)bytes.at[i]);
		else
			text_format(to, "\\x%02x", bytes.at[i]);
	}
}

void
cap_tell_family(struct text *to, uint16_t afi, uint8_t safi)
{
	char room[FAMILY_LABEL_MAX];

	text_slice(to, family_label(room, afi, safi, ' '));
}

struct cap_walk
cap_walk_on(const struct cap_seen *seen, size_t count, size_t skip, size_t width)
{
	return (struct cap_walk){ .seen = seen, .left = count, .skip = skip, .width = width };
}

bool
cap_next(struct cap_walk *w, struct cap_tuple *t)
{
	while (!reader_more(&w->r)) {
		if (w->left == 0)
			return false;
		w->r = reader_on(w->seen->value);
		read_skip(&w->r, w->skip);
		w->seen++;
		w->left--;
	}
	t->afi = read_u16(&w->r);
	t->safi = read_u8(&w->r);
	t->value = w->width == 2 ? read_u16(&w->r) : read_u8(&w->r);
	return reader_ok(&w->r);
}

bool
cap_next_valid(struct cap_walk *w, struct cap_tuple *t)
{
	while (cap_next(w, t)) {
		struct cap_walk ahead = *w;
		struct cap_tuple later;
		bool again = false;

		while (!again && cap_next(&ahead, &later))
			again = later.afi == t->afi && later.safi == t->safi;
		if (!again)
			return true;
	}
	return false;
}

bool
cap_is_tuples(struct slice value, size_t skip, size_t width)
{
	return value.len >= skip && (value.len - skip) % (3 + width) == 0;
}

struct spell
cap_key(char room[CAP_KEY_MAX], const char *before, const struct cap_tuple *t)
{
	char label[FAMILY_LABEL_MAX];
	struct slice l = family_label(label, t->afi, t->safi, '/');
	int n = snprintf(
	    room, CAP_KEY_MAX, "%s\"%.*s\": ", before, (int)l.len, label); /* of at most 48 */

	MUST(n > 0 && n < CAP_KEY_MAX);
	return (struct spell){ { [SPELL_JSON] = slice_of(room, (size_t)n) } };
}
