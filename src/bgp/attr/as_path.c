/*
 * AS_PATH and AS4_PATH: RFC 4271 5.1.2, RFC 5065, RFC 6793. Canonical: segments of type 1, count 1
 * and ASNs of 4 bytes, with what AS4_PATH said already merged.
 */
#include "attr.h"

#include "base/must.h"
#include "draft.h"

enum segment_type {
	AS_SET = 1,
	AS_SEQUENCE = 2,
	AS_CONFED_SEQUENCE = 3,
	AS_CONFED_SET = 4,
};

#define AS_TRANS    23456
#define SEGMENT_MAX 255

struct segment {
	uint8_t type;
	uint8_t count;
	struct reader asns; /* canonical: 4 bytes each */
};

static bool
segment_next(struct reader *r, struct segment *to)
{
	if (!reader_more(r))
		return false;
	to->type = read_u8(r);
	to->count = read_u8(r);
	to->asns = read_inner(r, (size_t)to->count * 4);
	MUST(reader_ok(r));
	return true;
}

static bool
is_confed(uint8_t type)
{
	return type == AS_CONFED_SEQUENCE || type == AS_CONFED_SET;
}

static bool
is_set(uint8_t type)
{
	return type == AS_SET || type == AS_CONFED_SET;
}

/* Wire to canonical; false: malformed (RFC 7606 7.2, RFC 7607 2). */
static bool
read_path(struct reader *r, bool asn4, struct writer *w)
{
	while (reader_more(r)) {
		uint8_t type = read_u8(r);
		uint8_t count = read_u8(r);
		struct reader asns = read_inner(r, (size_t)count * (asn4 ? 4 : 2));

		if (type < AS_SET || type > AS_CONFED_SET || count == 0)
			return false;
		write_u8(w, type);
		write_u8(w, count);
		while (reader_more(&asns)) {
			uint32_t asn = asn4 ? read_u32(&asns) : read_u16(&asns);

			if (asn == 0)
				return false;
			write_u32(w, asn);
		}
	}
	return reader_done(r);
}

static enum verdict
decode(struct reader *r, const struct session *s, struct attrs_build *to)
{
	size_t before = writer_len(to->room);
	struct gap g;

	if (!record_open(to, attr_as_path.code, attr_as_path.flags, &g))
		return VERDICT_FINE;
	if (!read_path(r, s->asn4, to->room)) {
		writer_back(to->room, before);
		return VERDICT_WITHDRAW;
	}
	/* more ASNs of 2 bytes than a record holds of 4: nothing real is that long */
	return record_close(to, g) ? VERDICT_FINE : VERDICT_WITHDRAW;
}

static bool
without_confeds(struct slice path, struct writer *w)
{
	struct reader r = reader_on(path);
	struct segment seg;

	while (segment_next(&r, &seg)) {
		if (is_confed(seg.type))
			continue;
		write_u8(w, seg.type);
		write_u8(w, seg.count);
		write_slice(w, read_rest(&seg.asns));
	}
	return writer_ok(w);
}

static enum verdict
decode_as4(struct reader *r, const struct session *s, struct attrs_build *to)
{
	uint8_t whole[ATTR_VALUE_MAX];
	uint8_t plain[ATTR_VALUE_MAX];
	struct writer w = writer_on(whole, sizeof(whole));
	struct writer kept = writer_on(plain, sizeof(plain));

	(void)s;
	if (!read_path(r, true, &w))
		return VERDICT_DISCARD; /* RFC 6793 6 */
	/* RFC 6793 3: confederation segments that were put there are left out */
	if (without_confeds(writer_slice(&w), &kept) && writer_len(&kept) != 0)
		(void)build_add(
		    to, attr_as4_path.code, attr_as4_path.flags, RECORD_VALUE, writer_slice(&kept));
	return VERDICT_FINE;
}

/* How long a path is for the merge: a set counts once, confederations don't (RFC 6793 4.2.3). */
static size_t
path_length(struct slice path)
{
	struct reader r = reader_on(path);
	struct segment seg;
	size_t n = 0;

	while (segment_next(&r, &seg))
		if (!is_confed(seg.type))
			n += is_set(seg.type) ? 1 : seg.count;
	return n;
}

/* A path being written, whose neighboring sequences become one. */
struct joining {
	struct writer *w;
	size_t last; /* place of the last segment; only if any */
	bool any;
};

static void
join(struct joining *j, uint8_t type, struct reader asns)
{
	while (reader_more(&asns)) {
		uint8_t *seg = j->w->start + j->last;

		if (!j->any || type != AS_SEQUENCE || seg[0] != AS_SEQUENCE ||
		    seg[1] == SEGMENT_MAX) {
			size_t n = type == AS_SEQUENCE ? 1 : reader_left(&asns) / 4;

			j->last = writer_len(j->w);
			j->any = true;
			write_u8(j->w, type);
			write_u8(j->w, (uint8_t)n); /* of a segment: at most 255 */
			write_slice(j->w, read_slice(&asns, n * 4));
		} else {
			write_u32(j->w, read_u32(&asns));
			seg[1]++;
		}
		if (!writer_ok(j->w))
			return;
	}
}

/* The first n of path as they are, and the confederations among them. */
static void
join_leading(struct joining *j, struct slice path, size_t n)
{
	struct reader r = reader_on(path);
	struct segment seg;

	while (segment_next(&r, &seg)) {
		if (!is_confed(seg.type) && n == 0)
			return;
		if (seg.type == AS_SEQUENCE && seg.count > n)
			seg.asns = read_inner(&seg.asns, n * 4);
		if (seg.type == AS_SEQUENCE)
			n -= reader_left(&seg.asns) / 4;
		else if (seg.type == AS_SET)
			n--;
		join(j, seg.type, seg.asns);
	}
}

static bool
as_trans_aggregator(const struct attrs_build *b)
{
	struct record r;

	if (!build_find(b, 7, &r))
		return true;
	return load_u32(r.value.at) == AS_TRANS;
}

/* RFC 6793 4.2.3. Without an AS_PATH, AS4_PATH stays what it is. */
static void
settle_as4(struct attrs_build *b, const struct session *s)
{
	uint8_t merged[ATTR_VALUE_MAX];
	struct writer w = writer_on(merged, sizeof(merged));
	struct joining j = { .w = &w };
	struct record path;
	struct record path4;
	struct reader r;
	struct segment seg;
	size_t n;
	size_t n4;

	if (!build_find(b, attr_as4_path.code, &path4) || !build_find(b, attr_as_path.code, &path))
		return;
	n = path_length(path.value);
	n4 = path_length(path4.value);
	/* RFC 6793 4.1: it has no meaning where ASNs have 4 bytes */
	if (!s->asn4 && n >= n4 && as_trans_aggregator(b)) {
		join_leading(&j, path.value, n - n4);
		r = reader_on(path4.value);
		while (segment_next(&r, &seg))
			join(&j, seg.type, seg.asns);
		if (writer_ok(&w))
			(void)build_set(b, attr_as_path.code, attr_as_path.flags, writer_slice(&w));
	}
	build_cut(b, attr_as4_path.code);
}

static size_t
short_length(struct slice path, bool *loses)
{
	struct reader r = reader_on(path);
	struct segment seg;
	size_t n = 0;

	*loses = false;
	while (segment_next(&r, &seg)) {
		n += 2 + (size_t)seg.count * 2;
		while (reader_more(&seg.asns))
			*loses |= read_u32(&seg.asns) > UINT16_MAX;
	}
	return n;
}

static void
write_short(struct slice path, struct writer *w)
{
	struct reader r = reader_on(path);
	struct segment seg;

	while (segment_next(&r, &seg)) {
		write_u8(w, seg.type);
		write_u8(w, seg.count);
		while (reader_more(&seg.asns)) {
			uint32_t asn = read_u32(&seg.asns);

			write_u16(w, asn > UINT16_MAX ? AS_TRANS : (uint16_t)asn);
		}
	}
}

static void
encode(struct slice value, const struct session *s, struct writer *w)
{
	uint8_t room[ATTR_VALUE_MAX];
	struct writer plain = writer_on(room, sizeof(room));
	bool loses;
	size_t len;

	if (s->asn4) {
		attr_write(w, attr_as_path.flags, attr_as_path.code, value);
		return;
	}
	len = short_length(value, &loses);
	attr_header(w, attr_as_path.flags, attr_as_path.code, len);
	write_short(value, w);
	/* RFC 6793 4.2.2; it stands next to AS_PATH as ExaBGP's does */
	if (loses && without_confeds(value, &plain) && writer_len(&plain) != 0)
		attr_write(w, attr_as4_path.flags, attr_as4_path.code, writer_slice(&plain));
}

static void
encode_as4(struct slice value, const struct session *s, struct writer *w)
{
	if (!s->asn4) /* RFC 6793 4.1 */
		attr_write(w, attr_as4_path.flags, attr_as4_path.code, value);
}

/* One segment in words, behind its opening mark; longer ones become several. */
static void
parse_segment(struct lex *lx, uint8_t type, const char *closing, struct writer *w)
{
	size_t at = writer_len(w);
	unsigned count = 0;

	while (!lex_failed(lx) && !lex_take(lx, closing)) {
		if (lex_take(lx, ","))
			continue;
		if (count % SEGMENT_MAX == 0) {
			at = writer_len(w);
			write_u8(w, type);
			write_u8(w, 0);
		}
		write_u32(w, lex_asn(lx, "an AS number for as-path"));
		if (!writer_ok(w))
			return;
		w->start[at + 1]++;
		count++;
	}
}

static void
parse(struct lex *lx, struct draft *d)
{
	uint8_t value[ATTR_VALUE_MAX];
	struct writer w = writer_on(value, sizeof(value));
	struct token where = lx->now;

	if (!lex_is(lx, "[") && !lex_is(lx, "(")) {
		write_u8(&w, AS_SEQUENCE);
		write_u8(&w, 1);
		write_u32(&w, lex_asn(lx, "an AS number, [ or ( for as-path"));
	} else {
		while (!lex_failed(lx) && writer_ok(&w)) {
			if (lex_take(lx, "["))
				parse_segment(lx, AS_SEQUENCE, "]", &w);
			else if (lex_take(lx, "("))
				parse_segment(lx, AS_SET, ")", &w);
			else
				break;
		}
	}
	if (!writer_ok(&w))
		lex_fault_at(lx, &where, "as-path is too long");
	draft_add(lx, d, &attr_as_path, writer_slice(&w));
}

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
	if (has_type(value, AS_SEQUENCE))
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

static void
emit(struct emit *e, struct slice value)
{
	if (e->spelling == SPELL_JSON && (e->shape & SHAPE_AS_PATH_FLAT) != 0)
		emit_flat_json(e, value);
	else if (value.len == 0)
		return;
	else if (e->spelling == SPELL_JSON)
		emit_json(e, value);
	else if (e->spelling == SPELL_TEXT)
		emit_text(e, value);
	else
		emit_words(e, value);
}

/* It is left over only where there was no AS_PATH: the bytes have a name, ExaBGP shows text. */
static void
emit_as4(struct emit *e, struct slice value)
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

const struct attr attr_as_path = {
	.code = 2,
	.flags = ATTR_WELL_KNOWN,
	.traits = ATTR_MANDATORY | ATTR_EMPTY_FINE,
	.malformed = VERDICT_WITHDRAW,
	.words = { { "as-path", parse } },
	.decode = decode,
	.encode = encode,
	.emit = emit,
};

const struct attr attr_as4_path = {
	.code = 17,
	.flags = ATTR_OPT_TRANS,
	.traits = ATTR_EMPTY_FINE,
	.malformed = VERDICT_DISCARD, /* RFC 6793 6 */
	.decode = decode_as4,
	.settle = settle_as4,
	.encode = encode_as4,
	.emit = emit_as4,
};
