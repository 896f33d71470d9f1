/* The list of attributes, headers on the wire, and what several rows need. */
#include "attr.h"

#include "base/map.h"
#include "base/must.h"

#include <stdlib.h>

static const struct attr *const rows[] = {
#define X(w) &attr_##w,
#include "attr.inc"
#undef X
};

#define ROWS (sizeof(rows) / sizeof(rows[0]))

static const struct attr *by_code[256];

const struct attr *
attr_of(uint8_t code)
{
	if (by_code[rows[0]->code] == NULL)
		for (size_t i = 0; i < ROWS; i++)
			by_code[rows[i]->code] = rows[i];
	return by_code[code];
}

const struct attr *
attr_at(size_t i)
{
	return i < ROWS ? rows[i] : NULL;
}

const struct attr_word *
attr_word_of(struct slice word)
{
	for (size_t i = 0; i < ROWS; i++)
		for (size_t k = 0; k < ATTR_WORDS && rows[i]->words[k].word != NULL; k++)
			if (slice_is(word, rows[i]->words[k].word))
				return &rows[i]->words[k];
	return NULL;
}

bool
attr_take(struct reader *r, struct attr_wire *to)
{
	const uint8_t *start = r->at;

	to->flags = read_u8(r);
	to->code = read_u8(r);
	to->value = read_slice(r, (to->flags & ATTR_EXTENDED) != 0 ? read_u16(r) : read_u8(r));
	to->whole = slice_of(start, (size_t)(r->at - start));
	return reader_ok(r);
}

void
attr_header(struct writer *w, uint8_t flags, uint8_t code, size_t len)
{
	if (len > UINT8_MAX)
		flags |= ATTR_EXTENDED;
	write_u8(w, flags);
	write_u8(w, code);
	if ((flags & ATTR_EXTENDED) != 0)
		write_u16(w, (uint16_t)len); /* a record's value never is longer */
	else
		write_u8(w, (uint8_t)len);
}

void
attr_write(struct writer *w, uint8_t flags, uint8_t code, struct slice value)
{
	attr_header(w, flags, code, value.len);
	write_slice(w, value);
}

enum verdict
attr_keep(struct reader *r, const struct attr *row, size_t unit, bool many, struct attrs_build *to)
{
	struct slice value = read_rest(r);

	if (many ? value.len == 0 || value.len % unit != 0 : value.len != unit)
		return row->malformed;
	(void)build_add(to, row->code, row->flags, RECORD_VALUE, value);
	return VERDICT_FINE;
}

struct sorting {
	size_t size;
};

static int
compare(const void *a, const void *b, void *how)
{
	const struct sorting *s = how;

	return memcmp(a, b, s->size);
}

void
attr_sort(uint8_t *at, size_t n, size_t size)
{
	struct sorting how = { size };
	size_t i = 1;

	while (i < n && memcmp(at + (i - 1) * size, at + i * size, size) <= 0)
		i++;
	if (i < n)
		qsort_r(at, n, size, compare, &how);
}

/* Lists may be as long as a message: a table of what was seen keeps this linear. */
#define UNIQUE_SLOTS 16384

size_t
attr_unique(uint8_t *at, size_t n, size_t size)
{
	uint16_t seen[UNIQUE_SLOTS]; /* place + 1 of an element that was kept */
	size_t slots = 4;
	size_t kept = 0;

	if (n < 2)
		return n;
	while (slots < 2 * n)
		slots *= 2;
	MUST(slots <= UNIQUE_SLOTS);
	memset(seen, 0, slots * sizeof(seen[0]));
	for (size_t i = 0; i < n; i++) {
		const uint8_t *element = at + i * size;
		size_t slot = hash_bytes(element, size) & (slots - 1);

		while (seen[slot] != 0 && memcmp(at + (seen[slot] - 1u) * size, element, size) != 0)
			slot = (slot + 1) & (slots - 1);
		if (seen[slot] != 0)
			continue;
		memmove(at + kept * size, element, size);
		seen[slot] = (uint16_t)++kept;
	}
	return kept;
}

#define S(literal)                                                                                 \
	{                                                                                          \
		(const uint8_t *)(literal), sizeof(literal) - 1                                    \
	}

static const struct marks one = {
	.open = { S("[ "), S(""), S("[") },
	.close = { S(" ]"), S(""), S("]") },
	.between = { S(", "), S(" "), S(" ") },
};

static const struct marks several = {
	.open = { S("[ "), S("[ "), S("[") },
	.close = { S(" ]"), S(" ]"), S("]") },
	.between = { S(", "), S(" "), S(" ") },
};

const struct marks *
attr_list_marks(size_t n)
{
	return n == 1 ? &one : &several;
}

static bool
sorts(const struct emit *e)
{
	return e->spelling == SPELL_TEXT ||
	    (e->spelling == SPELL_JSON &&
		(e->shape & (SHAPE_WIRE_ORDER | SHAPE_COMMUNITY_WIRE)) == 0);
}

void
attr_communities_emit(struct emit *e, const struct spell *name, struct slice value, size_t size,
    void (*put)(struct text *t, struct emit *e, const uint8_t *at))
{
	uint8_t sorted[ATTR_VALUE_MAX];
	size_t n = value.len / size;

	if (sorts(e)) {
		memcpy(sorted, value.at, value.len);
		attr_sort(sorted, n, size);
		value.at = sorted;
	}
	emit_open(e, name, attr_list_marks(n));
	for (size_t i = 0; i < n; i++) {
		struct text *t = emit_value(e, &BARE);

		if (t != NULL)
			put(t, e, value.at + i * size);
	}
	emit_close(e);
}
