/* Fields of link state out of words. */
#include "ls/ls.h"

#include "base/addr.h"
#include "base/hex.h"
#include "base/num.h"
#include "draft.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

/* Words of a value to bytes. what: it completes "expected ...". */
typedef void parse_fn(struct lex *lx, const struct ls_field *f, const char *what, struct writer *w);

static void
fault(struct lex *lx, const struct token *where, const char *thing, const char *what)
{
	lex_fault_at(lx, where, "expected %s for %s", thing, what);
}

/* lex_word() wants a sentence: this one is said where the word stands, and nothing is taken yet. */
static struct slice
word_for(struct lex *lx, const char *thing, const char *what)
{
	if (lx->now.kind != TOKEN_WORD)
		fault(lx, &lx->now, thing, what);
	return lex_failed(lx) ? (struct slice){ NULL, 0 } : lex_word(lx, thing);
}

static uint64_t
parse_u64(struct lex *lx, uint64_t most, const char *what)
{
	struct token where = lx->now;
	uint64_t n = 0;
	char thing[48];

	(void)snprintf(thing, sizeof(thing), "a number up to %llu", (unsigned long long)most);
	if (!num_decimal(word_for(lx, thing, what), most, &n))
		fault(lx, &where, thing, what);
	return n;
}

static uint64_t
most_of(size_t width)
{
	return width >= 8 ? UINT64_MAX : (UINT64_C(1) << width * 8) - 1;
}

static void
write_number(struct writer *w, uint64_t n, size_t width)
{
	while (width-- != 0)
		write_u8(w, (uint8_t)(n >> width * 8));
}

static void
parse_number(struct lex *lx, const struct ls_field *f, const char *what, struct writer *w)
{
	write_number(w, parse_u64(lx, most_of(f->width), what), f->width);
}

/* 0x and bytes: of the field's width, where it has one. */
static void
parse_hex(struct lex *lx, const struct ls_field *f, const char *what, struct writer *w)
{
	static const char thing[] = "0x and bytes";
	struct token where = lx->now;
	struct slice word = word_for(lx, thing, what);
	size_t len = 0;

	if (!hex_marked(word) || !hex_decode(slice_after(word, 2), w->at, writer_room(w), &len) ||
	    (f->width != 0 && len != f->width))
		fault(lx, &where, thing, what);
	else
		(void)write_room(w, len);
}

static unsigned
flag_bit(const struct ls_field *f, struct slice word)
{
	for (unsigned i = 0; f->flags != NULL && f->flags[i] != NULL; i++)
		if (slice_is(word, f->flags[i]))
			return 0x80u >> i;
	return 0;
}

/* Names as they are said, or a number. */
static void
parse_flags(struct lex *lx, const struct ls_field *f, const char *what, struct writer *w)
{
	struct draft_list list = draft_list_on(lx, true);
	bool named = f->kind == LS_FLAGS;
	unsigned bits = 0;

	while (draft_list_more(lx, &list)) {
		const char *thing = named ? "a flag" : "0x and the byte of flags";
		struct token where = lx->now;
		struct slice word = word_for(lx, thing, what);
		uint64_t number = named ? flag_bit(f, word) : 0;

		if (number == 0 && !num_any(word, UINT8_MAX, &number))
			fault(lx, &where, thing, what);
		bits |= (unsigned)number;
	}
	write_u8(w, (uint8_t)bits);
}

static void
parse_metric(struct lex *lx, const struct ls_field *f, const char *what, struct writer *w)
{
	uint64_t n = parse_u64(lx, most_of(f->width), what);
	struct token where = lx->now;
	size_t width = f->width;

	if (lex_take(lx, "width"))
		width = parse_u64(lx, f->width, "width");
	if (n > most_of(width))
		lex_fault_at(lx, &where, "expected a width that holds the %s", what);
	else
		write_number(w, n, width);
}

static void
parse_area(struct lex *lx, const struct ls_field *f, const char *what, struct writer *w)
{
	uint64_t n;

	if (lx->now.kind == TOKEN_WORD && hex_marked(lx->now.word)) {
		parse_hex(lx, f, what, w);
		return;
	}
	n = parse_u64(lx, UINT64_MAX, what);
	write_number(w, n, ls_least_bytes(n));
}

static void
parse_list(
    struct lex *lx, const struct ls_field *f, const char *what, struct writer *w, parse_fn *parse)
{
	struct draft_list list = draft_list_on(lx, true);

	while (draft_list_more(lx, &list))
		parse(lx, f, what, w);
}

static void
parse_numbers(struct lex *lx, const struct ls_field *f, const char *what, struct writer *w)
{
	parse_list(lx, f, what, w, parse_number);
}

/* A finite number in digits. */
static double
parse_double(struct lex *lx, const char *what)
{
	static const char thing[] = "a number";
	struct token where = lx->now;
	struct slice word = word_for(lx, thing, what);
	char digits[48] = "";
	char *end = digits;
	double n = 0;

	if (word.len != 0 && word.len < sizeof(digits)) {
		memcpy(digits, word.at, word.len);
		if (strspn(digits, "0123456789.eE+-") == word.len)
			n = strtod(digits, &end);
	}
	if (end == digits || *end != '\0' || !isfinite((float)n)) {
		fault(lx, &where, thing, what);
		return 0;
	}
	return n;
}

static void
parse_float(struct lex *lx, const struct ls_field *f, const char *what, struct writer *w)
{
	static const struct ls_field four = { .kind = LS_HEX, .width = 4 };
	float number;
	uint32_t bits;

	(void)f;
	if (lx->now.kind == TOKEN_WORD && hex_marked(lx->now.word)) {
		parse_hex(lx, &four, what, w);
		return;
	}
	number = (float)parse_double(lx, what);
	memcpy(&bits, &number, sizeof(bits));
	write_u32(w, bits);
}

static void
parse_floats(struct lex *lx, const struct ls_field *f, const char *what, struct writer *w)
{
	parse_list(lx, f, what, w, parse_float);
}

static void
parse_loss(struct lex *lx, const struct ls_field *f, const char *what, struct writer *w)
{
	struct token where = lx->now;
	double units = parse_double(lx, what) / LS_LOSS_UNIT + 0.5; /* the nearest */

	if (units < 0.5 || units > (double)most_of(f->width))
		fault(lx, &where, "a percentage up to 50.331645", what);
	else
		write_u24(w, (uint32_t)units);
}

static void
parse_anomalous(struct lex *lx, const struct ls_field *f, const char *what, struct writer *w)
{
	(void)f;
	if (lex_take(lx, "true"))
		write_u8(w, 0x80);
	else if (lex_take(lx, "false"))
		write_u8(w, 0);
	else
		fault(lx, &lx->now, "true or false", what);
}

static void
parse_addr(struct lex *lx, const struct ls_field *f, const char *what, struct writer *w)
{
	struct token where = lx->now;
	struct addr a = { 0 };

	if (!addr_parse(word_for(lx, "an address", what), &a) ||
	    (f->width != 0 && addr_len(&a) != f->width))
		fault(lx, &where,
		    f->width == 4        ? "an IPv4 address"
			: f->width == 16 ? "an IPv6 address"
					 : "an address",
		    what);
	else
		write_slice(w, addr_slice(&a));
}

static void
parse_string(struct lex *lx, const struct ls_field *f, const char *what, struct writer *w)
{
	(void)f;
	write_slice(w, word_for(lx, "a word", what));
}

/* label N or index N */
static void
parse_sid(struct lex *lx, const struct ls_field *f, const char *what, struct writer *w)
{
	(void)f;
	if (lex_take(lx, "label"))
		write_u24(w, (uint32_t)parse_u64(lx, 0xfffff, "label"));
	else if (lex_take(lx, "index"))
		write_u32(w, (uint32_t)parse_u64(lx, UINT32_MAX, "index"));
	else
		fault(lx, &lx->now, "label or index", what);
}

static void
parse_ranges(struct lex *lx, const struct ls_field *f, const char *what, struct writer *w)
{
	struct draft_list list = draft_list_on(lx, true);

	while (draft_list_more(lx, &list)) {
		struct gap sid;

		write_u24(w, (uint32_t)parse_u64(lx, 0xffffff, what));
		write_u16(w, LS_SUB_SID);
		sid = open_u16(w);
		parse_sid(lx, f, what, w);
		close_u16(w, sid);
	}
}

static void
parse_structure(struct lex *lx, const struct ls_field *f, const char *what, struct writer *w)
{
	struct gap len;

	(void)f;
	(void)what;
	write_u16(w, ls_structure_row.type);
	len = open_u16(w);
	ls_value_parse(lx, &ls_structure_row, w);
	close_u16(w, len);
}

static void
parse_tlvs(struct lex *lx, const struct ls_field *f, const char *what, struct writer *w)
{
	size_t start = writer_len(w);

	(void)what;
	ls_parse_list(lx, f->tlvs, w);
	if (!lex_failed(lx) && writer_ok(w))
		ls_sort(w->start + start, writer_len(w) - start);
}

static void
parse_subs(struct lex *lx, const struct ls_field *f, const char *what, struct writer *w)
{
	(void)what;
	ls_parse_list(lx, f->tlvs, w);
}

#define SYSTEM_MOST 7 /* bytes: a system and its pseudonode */

/* An address, maybe with that of a designated router; 0000000000010a; 0000.0000.0001.0a */
static void
parse_router(struct lex *lx, const struct ls_field *f, const char *what, struct writer *w)
{
	static const struct ls_field quad = { .kind = LS_ADDR, .width = 4 };
	static const char thing[] = "an IPv4 address or the digits of a system";
	struct token where = lx->now;
	struct slice word = word_for(lx, thing, what);
	char digits[2 * SYSTEM_MOST + 1];
	size_t count = 0;
	size_t len = 0;
	struct addr a;

	(void)f;
	if (addr_parse_v4(word, &a)) {
		write_slice(w, addr_slice(&a));
		if (lex_take(lx, LS_DESIGNATED))
			parse_addr(lx, &quad, LS_DESIGNATED, w);
		return;
	}
	if (hex_marked(word))
		word = slice_after(word, 2);
	for (size_t i = 0; i < word.len && count < sizeof(digits); i++)
		if (word.at[i] != '.' || (i != 4 && i != 9 && i != 14))
			digits[count++] = (char)word.at[i];
	if (count == 0 || count > 2 * SYSTEM_MOST ||
	    !hex_decode(slice_of(digits, count), w->at, writer_room(w), &len))
		fault(lx, &where, thing, what);
	else
		(void)write_room(w, len);
}

static void
parse_prefix(struct lex *lx, const struct ls_field *f, const char *what, struct writer *w)
{
	const char *thing = f->width == 4 ? "an IPv4 prefix" : "an IPv6 prefix";
	struct token where = lx->now;
	struct prefix p = { 0 };

	if (prefix_parse(word_for(lx, thing, what), &p) != PREFIX_FINE ||
	    addr_len(&p.addr) != f->width) {
		fault(lx, &where, thing, what);
		return;
	}
	write_u8(w, p.len);
	write_bytes(w, p.addr.bytes, prefix_bytes(&p));
}

static parse_fn *const kinds[LS_KINDS] = {
	[LS_FLAGS] = parse_flags,
	[LS_FLAGS_OTHER] = parse_flags,
	[LS_FLAG_O] = parse_flags,
	[LS_FLAGS_NONE] = parse_flags,
	[LS_NUMBER] = parse_number,
	[LS_METRIC] = parse_metric,
	[LS_AREA] = parse_area,
	[LS_NUMBERS] = parse_numbers,
	[LS_FLOAT] = parse_float,
	[LS_FLOATS] = parse_floats,
	[LS_LOSS] = parse_loss,
	[LS_ANOMALOUS] = parse_anomalous,
	[LS_ADDR] = parse_addr,
	[LS_HEX] = parse_hex,
	[LS_STRING] = parse_string,
	[LS_SID] = parse_sid,
	[LS_RANGES] = parse_ranges,
	[LS_STRUCTURE] = parse_structure,
	[LS_TLVS] = parse_tlvs,
	[LS_SUBS] = parse_subs,
	[LS_MASKED] = ls_masked_parse,
	[LS_ROUTER] = parse_router,
	[LS_PREFIX] = parse_prefix,
};

void
ls_field_parse(struct lex *lx, const struct ls_field *f, const char *what, struct writer *w)
{
	kinds[f->kind](lx, f, what, w);
}
