/*
 * AS_PATH and AS4_PATH: RFC 4271 5.1.2, RFC 5065, RFC 6793. Canonical: segments of type 1, count 1
 * and ASNs of 4 bytes, with what AS4_PATH said already merged.
 */
#include "attr/as_path.h"

#include "attr.h"
#include "draft.h"

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
	bool merge;

	if (!build_find(b, attr_as4_path.code, &path4) || !build_find(b, attr_as_path.code, &path))
		return;
	n = path_length(path.value);
	n4 = path_length(path4.value);
	/* RFC 6793 4.1: it has no meaning where ASNs have 4 bytes */
	merge = !s->asn4 && n >= n4 && as_trans_aggregator(b);
	if (merge) {
		join_leading(&j, path.value, n - n4);
		r = reader_on(path4.value);
		while (segment_next(&r, &seg))
			join(&j, seg.type, seg.asns);
	}
	build_cut(b, attr_as4_path.code); /* first: then there is room for both in one */
	if (merge && writer_ok(&w))
		(void)build_set(b, attr_as_path.code, attr_as_path.flags, writer_slice(&w));
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

/* ASNs of one type that words say; more than a segment holds become several. */
struct saying {
	struct writer *w;
	uint8_t type;
	size_t at; /* of the last segment; only if there is an ASN */
	size_t count;
};

static void
say_asn(struct lex *lx, struct saying *s)
{
	if (s->count % SEGMENT_MAX == 0) {
		s->at = writer_len(s->w);
		write_u8(s->w, s->type);
		write_u8(s->w, 0);
	}
	write_u32(s->w, lex_asn(lx, "an AS number for as-path"));
	if (!writer_ok(s->w))
		return;
	s->w->start[s->at + 1]++;
	s->count++;
}

static void
parse_set(struct lex *lx, const char *closing, struct saying *set)
{
	while (!lex_failed(lx) && writer_ok(set->w) && !lex_take(lx, closing))
		if (!lex_take(lx, ","))
			say_asn(lx, set);
}

/* In words and text of ExaBGP 4.2 sets stand inside: [ 1 ( 2 ) 3 ] is 1 and 3, then the set of 2.
 * False: it is too long. */
static bool
parse_sequence(struct lex *lx, struct writer *w)
{
	uint8_t room[ATTR_VALUE_MAX];
	struct writer behind = writer_on(room, sizeof(room));
	struct saying sequence = { .w = w, .type = AS_SEQUENCE };
	struct saying set = { .w = &behind, .type = AS_SET };

	while (!lex_failed(lx) && writer_ok(w) && writer_ok(&behind) && !lex_take(lx, "]")) {
		if (lex_take(lx, "("))
			parse_set(lx, ")", &set);
		else if (lex_take(lx, "["))
			parse_set(lx, "]", &set);
		else if (!lex_take(lx, ","))
			say_asn(lx, &sequence);
	}
	if (!writer_ok(&behind))
		return false;
	write_slice(w, writer_slice(&behind));
	return writer_ok(w);
}

static void
parse(struct lex *lx, struct draft *d)
{
	uint8_t value[ATTR_VALUE_MAX];
	struct writer w = writer_on(value, sizeof(value));
	struct token where = lx->now;
	bool fits = true;

	if (!lex_is(lx, "[") && !lex_is(lx, "(")) {
		write_u8(&w, AS_SEQUENCE);
		write_u8(&w, 1);
		write_u32(&w, lex_asn(lx, "an AS number, [ or ( for as-path"));
	} else {
		while (!lex_failed(lx) && fits && writer_ok(&w)) {
			if (lex_take(lx, "["))
				fits = parse_sequence(lx, &w);
			else if (lex_take(lx, "("))
				parse_set(lx, ")", &(struct saying){ .w = &w, .type = AS_SET });
			else
				break;
		}
	}
	if (!fits || !writer_ok(&w))
		lex_fault_at(lx, &where, "as-path is too long");
	draft_add(lx, d, &attr_as_path, writer_slice(&w));
}

const struct attr attr_as_path = {
	.code = 2,
	.flags = ATTR_WELL_KNOWN,
	.traits = ATTR_MANDATORY | ATTR_EMPTY_FINE,
	.malformed = VERDICT_WITHDRAW,
	.words = { { "as-path", parse } },
	.decode = decode,
	.encode = encode,
	.emit = as_path_emit,
};

const struct attr attr_as4_path = {
	.code = 17,
	.flags = ATTR_OPT_TRANS,
	.traits = ATTR_EMPTY_FINE,
	.malformed = VERDICT_DISCARD, /* RFC 6793 6 */
	.decode = decode_as4,
	.settle = settle_as4,
	.encode = encode_as4,
	.emit = as4_path_emit,
};
