/* Fields of link state as words. */
#include "ls/ls.h"

#include "base/addr.h"
#include "lang/emit.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

/* Bytes to the words of a value. */
typedef void say_fn(struct text *t, const struct ls_field *f, struct slice v);

static void
say_hex(struct text *t, const struct ls_field *f, struct slice v)
{
	(void)f;
	text_string(t, "0x");
	text_hex(t, v);
}

/* One name alone, several in brackets; the byte where names don't say all of it. */
static void
say_flags(struct text *t, const struct ls_field *f, struct slice v)
{
	unsigned named = 0;
	unsigned bits = 0;

	for (; f->flags[named] != NULL; named++)
		bits += v.at[0] >> (7 - named) & 1;
	if (bits == 0 || (uint8_t)(v.at[0] << named) != 0) {
		say_hex(t, f, v);
		return;
	}
	text_string(t, bits == 1 ? "" : "[ ");
	for (unsigned i = 0; i < named; i++) {
		if ((v.at[0] >> (7 - i) & 1) == 0)
			continue;
		text_string(t, f->flags[i]);
		if (bits != 1)
			text_char(t, ' ');
	}
	text_string(t, bits == 1 ? "" : "]");
}

static void
say_number(struct text *t, const struct ls_field *f, struct slice v)
{
	(void)f;
	text_uint(t, ls_number(v));
}

static void
say_metric(struct text *t, const struct ls_field *f, struct slice v)
{
	say_number(t, f, v);
	if (v.len != f->width)
		text_format(t, " width %zu", v.len);
}

static void
say_area(struct text *t, const struct ls_field *f, struct slice v)
{
	if (v.len == ls_least_bytes(ls_number(v)))
		say_number(t, f, v);
	else
		say_hex(t, f, v);
}

static void
say_list(struct text *t, const struct ls_field *f, struct slice v, say_fn *say)
{
	struct reader r = reader_on(v);

	text_string(t, "[ ");
	while (reader_more(&r)) {
		say(t, f, read_slice(&r, f->width));
		text_char(t, ' ');
	}
	text_char(t, ']');
}

static void
say_numbers(struct text *t, const struct ls_field *f, struct slice v)
{
	say_list(t, f, v, say_number);
}

/* The shortest digits that give the same number. */
static void
say_float(struct text *t, const struct ls_field *f, struct slice v)
{
	uint32_t bits = load_u32(v.at);
	char digits[40];
	int precision = 1;
	float number;

	memcpy(&number, &bits, sizeof(number));
	if (!isfinite(number)) {
		say_hex(t, f, v);
		return;
	}
	do
		(void)snprintf(digits, sizeof(digits), "%.*g", precision, (double)number);
	while ((float)strtod(digits, NULL) != number && precision++ < 9);
	text_string(t, digits);
}

static void
say_floats(struct text *t, const struct ls_field *f, struct slice v)
{
	say_list(t, f, v, say_float);
}

static void
say_loss(struct text *t, const struct ls_field *f, struct slice v)
{
	(void)f;
	text_format(t, "%.6f", load_u24(v.at) * LS_LOSS_UNIT);
}

static void
say_anomalous(struct text *t, const struct ls_field *f, struct slice v)
{
	(void)f;
	text_string(t, (v.at[0] & 0x80) != 0 ? "true" : "false");
}

static void
say_addr(struct text *t, const struct ls_field *f, struct slice v)
{
	struct addr a = addr_of_bytes(v);

	(void)f;
	addr_print(t, &a);
}

static void
say_string(struct text *t, const struct ls_field *f, struct slice v)
{
	struct emit e = emit_on(t, SPELL_WORDS, 0);

	(void)f;
	emit_str(&e, &BARE, v);
}

/* What is of another length has no words. */
static void
say_sid(struct text *t, const struct ls_field *f, struct slice v)
{
	(void)f;
	if (v.len == 3)
		text_format(t, "label %u", load_u24(v.at));
	else if (v.len == 4)
		text_format(t, "index %u", load_u32(v.at));
}

static void
say_ranges(struct text *t, const struct ls_field *f, struct slice v)
{
	struct reader r = reader_on(v);

	text_string(t, "[ ");
	while (reader_more(&r)) {
		text_format(t, "%u ", read_u24(&r));
		say_sid(t, f, ls_take(&r).value);
		text_char(t, ' ');
	}
	text_char(t, ']');
}

static void
say_structure(struct text *t, const struct ls_field *f, struct slice v)
{
	(void)f;
	if (ls_structure(v, &v))
		ls_value_say(t, &ls_structure_row, v);
}

static void
say_tlvs(struct text *t, const struct ls_field *f, struct slice v)
{
	text_string(t, "[ ");
	ls_say(t, f->tlvs, v);
	text_string(t, v.len == 0 ? "]" : " ]");
}

static void
say_router(struct text *t, const struct ls_field *f, struct slice v)
{
	if (v.len != 4 && v.len != 8) {
		text_hex(t, v);
		return;
	}
	say_addr(t, f, slice_of(v.at, 4));
	if (v.len == 8) {
		text_string(t, " " LS_DESIGNATED " ");
		say_addr(t, f, slice_after(v, 4));
	}
}

static void
say_prefix(struct text *t, const struct ls_field *f, struct slice v)
{
	enum addr_family family = f->width == 4 ? ADDR_IPV4 : ADDR_IPV6;

	if (v.len - 1 <= f->width)
		addr_print_bytes(t, family, v.at + 1, v.len - 1);
	text_format(t, "/%u", v.at[0]);
}

static say_fn *const kinds[LS_KINDS] = {
	[LS_FLAGS] = say_flags,
	[LS_FLAGS_OTHER] = say_hex,
	[LS_FLAG_O] = say_hex,
	[LS_FLAGS_NONE] = say_hex,
	[LS_NUMBER] = say_number,
	[LS_METRIC] = say_metric,
	[LS_AREA] = say_area,
	[LS_NUMBERS] = say_numbers,
	[LS_FLOAT] = say_float,
	[LS_FLOATS] = say_floats,
	[LS_LOSS] = say_loss,
	[LS_ANOMALOUS] = say_anomalous,
	[LS_ADDR] = say_addr,
	[LS_HEX] = say_hex,
	[LS_STRING] = say_string,
	[LS_SID] = say_sid,
	[LS_RANGES] = say_ranges,
	[LS_STRUCTURE] = say_structure,
	[LS_TLVS] = say_tlvs,
	[LS_SUBS] = say_tlvs,
	[LS_MASKED] = ls_masked_say,
	[LS_ROUTER] = say_router,
	[LS_PREFIX] = say_prefix,
};

void
ls_field_say(struct text *to, const struct ls_field *f, struct slice value)
{
	kinds[f->kind](to, f, value);
}
