/* AS paths in JSON, text and words, in the shapes of all dialects. */
#include "attr/as_path.h"

#include "attr.h"

static void
put_asns(struct text *t, struct reader asns, const char *between)
{
	for (bool first = true; reader_more(&asns); first = false) {
		if (!first)
			text_string(t, between);
		text_uint(t, read_u32(&asns));
	}
}

/* {"0": {"element": "as-sequence", "value": [1, 2]}, ...} */
static void
emit_json(struct emit *e, struct slice value)
{
	static const char *const elements[] = { "", "as-set", "as-sequence", "as-confed-sequence",
		"as-confed-set" };
	struct text *t = emit_value(e, &JSON_ONLY("as-path"));
	struct reader r = reader_on(value);
	struct segment seg;
	unsigned n = 0;

	if (t == NULL)
		return;
	text_char(t, '{');
	while (segment_next(&r, &seg)) {
		/* before 6.0 the two of confederations have that name */
		bool old = is_confed(seg.type) && (e->shape & SHAPE_WIRE_ORDER) == 0;

		text_string(t, n == 0 ? "\"" : ", \"");
		text_uint(t, n++);
		text_string(t, "\": {\"element\": \"");
		text_string(t, old ? "as-sequence" : elements[seg.type]);
		text_string(t, "\", \"value\": [");
		put_asns(t, seg.asns, ", ");
		text_string(t, "]}");
	}
	text_char(t, '}');
}

static bool
has_type(struct slice value, uint8_t type)
{
	struct reader r = reader_on(value);
	struct segment seg;

	while (segment_next(&r, &seg))
		if (seg.type == type)
			return true;
	return false;
}

/* All ASNs of one type, whatever stands between. */
static void
put_flat(struct text *t, struct slice value, uint8_t type, const char *between)
{
	struct reader r = reader_on(value);
	struct segment seg;
	bool first = true;

	while (segment_next(&r, &seg)) {
		if (seg.type != type)
			continue;
		if (!first)
			text_string(t, between);
		first = false;
		put_asns(t, seg.asns, between);
	}
}

static void
emit_flat_list(struct emit *e, const struct spell *name, struct slice value, uint8_t type)
{
	struct text *t = emit_value(e, name);

	if (t == NULL)
		return;
	text_string(t, has_type(value, type) ? "[ " : "[");
	put_flat(t, value, type, ", ");
	text_string(t, has_type(value, type) ? " ]" : "]");
}

static void
emit_flat_json(struct emit *e, struct slice value)
{
	emit_flat_list(e, &JSON_ONLY("as-path"), value, AS_SEQUENCE);
	if (has_type(value, AS_SET))
		emit_flat_list(e, &JSON_ONLY("as-set"), value, AS_SET);
	emit_flat_list(e, &JSON_ONLY("confederation-path"), value, AS_CONFED_SEQUENCE);
	if (has_type(value, AS_CONFED_SET))
		emit_flat_list(e, &JSON_ONLY("confederation-set"), value, AS_CONFED_SET);
}

/* One pair of 4.2's text: [ 1 2 ( 3 4 ) ] */
static void
put_pair(struct text *t, struct slice value, uint8_t sequence, uint8_t set)
{
	text_string(t, "[ ");
	put_flat(t, value, sequence, " ");
	if (has_type(value, set)) {
		text_string(t, has_type(value, sequence) ? " ( " : "( ");
		put_flat(t, value, set, " ");
		text_string(t, " )");
	}
	text_string(t, " ]");
}

static void
put_flat_text(struct text *t, struct slice value)
{
	put_pair(t, value, AS_SEQUENCE, AS_SET);
	if (has_type(value, AS_CONFED_SEQUENCE) || has_type(value, AS_CONFED_SET))
		put_pair(t, value, AS_CONFED_SEQUENCE, AS_CONFED_SET);
}

struct bracket {
	const char *open;
	const char *close;
};

static void
put_segments(struct text *t, struct slice value, const struct bracket *brackets)
{
	struct reader r = reader_on(value);
	struct segment seg;
	bool first = true;

	while (segment_next(&r, &seg)) {
		if (!first)
			text_char(t, ' ');
		first = false;
		text_string(t, brackets[seg.type].open);
		put_asns(t, seg.asns, " ");
		text_string(t, brackets[seg.type].close);
	}
}

static const struct bracket text_brackets[] = {
	[AS_SET] = { "[ ", " ]" },
	[AS_SEQUENCE] = { "( ", " )" },
	[AS_CONFED_SEQUENCE] = { "{( ", " )}" },
	[AS_CONFED_SET] = { "{[ ", " ]}" },
};

static const struct bracket word_brackets[] = {
	[AS_SET] = { "( ", " )" },
	[AS_SEQUENCE] = { "[", "]" },
	[AS_CONFED_SEQUENCE] = { "", "" },
	[AS_CONFED_SET] = { "", "" },
};

static void
emit_text(struct emit *e, struct slice value)
{
	struct text *t = emit_value(e, &WORDS_ONLY("as-path"));

	if (t == NULL)
		return;
	if ((e->shape & SHAPE_AS_PATH_FLAT) != 0)
		put_flat_text(t, value);
	else
		put_segments(t, value, text_brackets);
}

/* Confederations have no words: the bytes then. */
static void
emit_words(struct emit *e, struct slice value)
{
	struct record raw = { attr_as_path.code, attr_as_path.flags, RECORD_RAW, value };
	struct text *t;

	if (has_type(value, AS_CONFED_SEQUENCE) || has_type(value, AS_CONFED_SET)) {
		unknown_emit(e, &raw);
		return;
	}
	t = emit_value(e, &WORDS_ONLY("as-path"));
	if (t != NULL)
		put_segments(t, value, word_brackets);
}

void
as_path_emit(struct emit *e, struct slice value)
{
	if (value.len == 0)
		return;
	if (e->spelling == SPELL_JSON && (e->shape & SHAPE_AS_PATH_FLAT) != 0)
		emit_flat_json(e, value);
	else if (e->spelling == SPELL_JSON)
		emit_json(e, value);
	else if (e->spelling == SPELL_TEXT)
		emit_text(e, value);
	else
		emit_words(e, value);
}

/* It is left over only where there was no AS_PATH: the bytes have a name, ExaBGP shows text. */
void
as4_path_emit(struct emit *e, struct slice value)
{
	struct record raw = { attr_as4_path.code, attr_as4_path.flags, RECORD_RAW, value };
	struct text *t;

	if (e->spelling != SPELL_JSON) {
		unknown_emit(e, &raw);
		return;
	}
	t = emit_value(e, &JSON_ONLY("attribute-0x11-0xC0"));
	if (t == NULL)
		return;
	text_char(t, '"');
	put_segments(t, value, text_brackets);
	text_char(t, '"');
}
