/* An attribute set on the wire, and in any spelling. */
#include "attr.h"

#include "bgp/attrs.h"

/* What is sent though no record says so: RFC 4271 5.1, in ascending order. */
static void
write_origin(const struct session *s, struct slice next_hop, struct writer *w)
{
	static const uint8_t igp = 0;

	(void)s;
	(void)next_hop;
	attr_write(w, ATTR_WELL_KNOWN, 1, slice_of(&igp, 1));
}

static void
write_as_path(const struct session *s, struct slice next_hop, struct writer *w)
{
	uint8_t segment[6] = { 2, 1 };

	(void)next_hop;
	store_u32(segment + 2, s->local_as);
	attr_of(2)->encode(slice_of(segment, session_internal(s) ? 0 : sizeof(segment)), s, w);
}

static void
write_next_hop(const struct session *s, struct slice next_hop, struct writer *w)
{
	(void)s;
	if (next_hop.len == 4)
		attr_write(w, ATTR_WELL_KNOWN, 3, next_hop);
}

static void
write_local_pref(const struct session *s, struct slice next_hop, struct writer *w)
{
	static const uint8_t hundred[4] = { 0, 0, 0, 100 };

	(void)next_hop;
	if (session_internal(s))
		attr_write(w, ATTR_WELL_KNOWN, 5, slice_of(hundred, sizeof(hundred)));
}

static const struct implied {
	uint8_t code;
	void (*write)(const struct session *s, struct slice next_hop, struct writer *w);
} implied[] = {
	{ 1, write_origin },
	{ 2, write_as_path },
	{ 3, write_next_hop },
	{ 5, write_local_pref },
};

#define IMPLIED (sizeof(implied) / sizeof(implied[0]))

static void
record_encode(const struct record *r, const struct session *s, struct writer *w)
{
	const struct attr *row = r->kind == RECORD_RAW ? NULL : attr_of(r->code);

	if (row != NULL && row->encode != NULL)
		row->encode(r->value, s, w);
	else
		attr_write(w, r->flags, r->code, r->value);
}

void
attrs_encode(
    const struct attrs *a, const struct session *s, struct slice next_hop, struct writer *w)
{
	struct record r;
	size_t at = 0;
	size_t i = 0;

	while (attrs_next(a, &at, &r)) {
		for (; i < IMPLIED && implied[i].code < r.code; i++)
			implied[i].write(s, next_hop, w);
		if (i < IMPLIED && implied[i].code == r.code)
			i++;
		record_encode(&r, s, w);
	}
	for (; i < IMPLIED; i++)
		implied[i].write(s, next_hop, w);
}

static void
record_emit(struct emit *e, const struct record *r)
{
	const struct attr *row = r->kind == RECORD_RAW ? NULL : attr_of(r->code);

	if (row != NULL && row->emit != NULL)
		row->emit(e, r->value);
	else
		unknown_emit(e, r);
}

/* The order of commands, which ExaBGP's users know: these first, then the others by code. */
static const uint8_t words_first[] = { 1, 2, 5, 4, 6, 7, 8, 32, 16 };

static void
emit_words(struct emit *e, const struct attrs *a)
{
	struct record r;
	size_t at = 0;

	for (size_t i = 0; i < sizeof(words_first); i++)
		if (attrs_find(a, words_first[i], &r))
			record_emit(e, &r);
	while (attrs_next(a, &at, &r))
		if (memchr(words_first, r.code, sizeof(words_first)) == NULL)
			record_emit(e, &r);
}

static void
emit_next_hop(struct emit *e, const struct attrs *a)
{
	struct slice first = attrs_next_hop(a);
	struct addr next_hop;

	if (first.len > 16)
		first.len = 16; /* RFC 2545 3: the global address comes first */
	next_hop = addr_of_bytes(first);
	if (next_hop.family != ADDR_NONE)
		emit_addr(e, &JSON_ONLY("next-hop"), &next_hop);
}

void
attrs_emit(struct emit *e, const struct attrs *a)
{
	bool inside = (e->shape & SHAPE_NEXT_HOP_INSIDE) != 0;
	struct record r;
	size_t at = 0;

	if (e->spelling == SPELL_WORDS) {
		emit_words(e, a);
		return;
	}
	while (attrs_next(a, &at, &r)) {
		if (inside && r.code > 3) {
			emit_next_hop(e, a);
			inside = false;
		}
		record_emit(e, &r);
	}
	if (inside)
		emit_next_hop(e, a);
}
