/* Values of link state in JSON. RFC 9552 5.3, RFC 9085 2, RFC 9514, RFC 8571 2. */
#include "ls/chains.h"

#include "base/addr.h"
#include "lang/emit.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

/* Bytes to the JSON of a value. */
typedef void put_fn(struct text *t, const struct ls_field *f, struct slice v);

/* The bits from the left by their names, then what is left of the byte. */
static void
put_flags(struct text *t, const struct ls_field *f, struct slice v)
{
	uint8_t bits = v.at[0];

	text_char(t, '{');
	for (const char *const *name = f->flags; *name != NULL; name++) {
		text_format(t, "\"%s\": %u, ", *name, bits >> 7);
		bits = (uint8_t)(bits << 1);
	}
	text_format(t, "\"RSV\": %u}", bits != 0);
}

static void
put_flag_o(struct text *t, const struct ls_field *f, struct slice v)
{
	(void)f;
	text_format(t, "{\"O\": %u}", v.at[0] >> 7);
}

static void
put_flags_none(struct text *t, const struct ls_field *f, struct slice v)
{
	(void)f;
	(void)v;
	text_string(t, "[]");
}

static void
put_hex(struct text *t, const struct ls_field *f, struct slice v)
{
	(void)f;
	text_char(t, '"');
	text_hex(t, v);
	text_char(t, '"');
}

static void
put_string(struct text *t, const struct ls_field *f, struct slice v)
{
	(void)f;
	text_char(t, '"');
	json_escape(t, v);
	text_char(t, '"');
}

static void
put_addr(struct text *t, const struct ls_field *f, struct slice v)
{
	struct addr a = addr_of_bytes(v);

	(void)f;
	text_char(t, '"');
	addr_print(t, &a);
	text_char(t, '"');
}

static void
put_number(struct text *t, const struct ls_field *f, struct slice v)
{
	(void)f;
	text_uint(t, ls_number(v));
}

static void
put_area(struct text *t, const struct ls_field *f, struct slice v)
{
	(void)f;
	text_format(t, "\"%llu\"", (unsigned long long)ls_number(v));
}

/* The shortest digits that give the same number; what JSON has no word for is null. */
static void
put_double(struct text *t, double d)
{
	char digits[40];
	int precision = 1;

	if (!isfinite(d)) {
		text_string(t, "null");
		return;
	}
	do
		(void)snprintf(digits, sizeof(digits), "%.*g", precision, d);
	while (strtod(digits, NULL) != d && precision++ < 17);
	if (fabs(d) < 1e16 && (fabs(d) >= 1e-4 || d == 0)) {
		int decimals = 1;

		do
			(void)snprintf(digits, sizeof(digits), "%.*f", decimals, d);
		while (strtod(digits, NULL) != d && decimals++ < 30);
	}
	text_string(t, digits);
}

static void
put_float(struct text *t, const struct ls_field *f, struct slice v)
{
	uint32_t bits = load_u32(v.at);
	float number;

	(void)f;
	memcpy(&number, &bits, sizeof(number));
	put_double(t, (double)number);
}

static void
put_list(struct text *t, const struct ls_field *f, struct slice v, put_fn *put)
{
	struct reader r = reader_on(v);

	text_char(t, '[');
	while (reader_more(&r)) {
		put(t, f, read_slice(&r, f->width));
		text_string(t, reader_more(&r) ? ", " : "");
	}
	text_char(t, ']');
}

static void
put_numbers(struct text *t, const struct ls_field *f, struct slice v)
{
	put_list(t, f, v, put_number);
}

static void
put_floats(struct text *t, const struct ls_field *f, struct slice v)
{
	put_list(t, f, v, put_float);
}

static void
put_anomalous(struct text *t, const struct ls_field *f, struct slice v)
{
	(void)f;
	text_string(t, (v.at[0] & 0x80) != 0 ? "true" : "false");
}

static void
put_loss(struct text *t, const struct ls_field *f, struct slice v)
{
	(void)f;
	put_double(t, load_u24(v.at) * LS_LOSS_UNIT);
}

/* A label of 3 bytes or an index of 4. */
static bool
is_sid(struct slice v)
{
	return v.len == 3 || v.len == 4;
}

static uint32_t
sid_of(struct slice v)
{
	return v.len == 3 ? load_u24(v.at) & 0xfffff : load_u32(v.at);
}

static void
put_sid(struct text *t, const struct ls_field *f, struct slice v)
{
	(void)f;
	text_char(t, '[');
	if (is_sid(v))
		text_uint(t, sid_of(v));
	text_char(t, ']');
}

static void
put_sid_odd(struct text *t, const struct ls_field *f, struct slice v)
{
	text_char(t, '[');
	if (!is_sid(v))
		put_hex(t, f, v);
	text_char(t, ']');
}

/* RFC 9085 2.1.2: ranges (3), each with a SID/Label sub-TLV. */
static void
put_ranges(struct text *t, const struct ls_field *f, struct slice v)
{
	struct reader r = reader_on(v);
	bool any = false;

	(void)f;
	text_char(t, '[');
	while (reader_more(&r)) {
		uint32_t range = read_u24(&r);
		struct ls_tlv sub = ls_take(&r);

		if (!reader_ok(&r) || !is_sid(sub.value))
			continue;
		text_format(t, "%s[%u, %u]", any ? ", " : "", range, sid_of(sub.value));
		any = true;
	}
	text_char(t, ']');
}

static void
put_structure(struct text *t, const struct ls_field *f, struct slice v)
{
	(void)f;
	(void)ls_structure(v, &v); /* it is there */
	ls_json(t, &ls_structure_row, v);
}

static put_fn *const tellers[LS_KINDS] = {
	[LS_FLAGS] = put_flags,
	[LS_FLAGS_OTHER] = put_flags,
	[LS_FLAG_O] = put_flag_o,
	[LS_FLAGS_NONE] = put_flags_none,
	[LS_NUMBER] = put_number,
	[LS_METRIC] = put_number,
	[LS_AREA] = put_area,
	[LS_NUMBERS] = put_numbers,
	[LS_FLOAT] = put_float,
	[LS_FLOATS] = put_floats,
	[LS_LOSS] = put_loss,
	[LS_ANOMALOUS] = put_anomalous,
	[LS_ADDR] = put_addr,
	[LS_HEX] = put_hex,
	[LS_STRING] = put_string,
	[LS_SID] = put_sid,
	[LS_SID_ODD] = put_sid_odd,
	[LS_RANGES] = put_ranges,
	[LS_STRUCTURE] = put_structure,
};

/* The sub-TLVs that are not told otherwise, as told is: of several of a type a list. */
static void
put_others(struct text *t, const struct ls_field *f, struct slice v, struct slice told)
{
	struct ls_chains *c = ls_chains_empty(LS_OF_TLV);
	struct reader r = reader_on(v);

	while (reader_more(&r)) {
		struct ls_tlv sub = ls_take(&r);
		struct ls_member m = { sub, sub.type, NULL };

		if (sub.value.at != told.at)
			ls_chains_add(c, &m);
	}
	for (size_t i = 0; i < c->count; i++) {
		if (!c->first[i])
			continue;
		text_format(t,
		    f->kind == LS_OTHERS ? ", \"unknown-subtlv-%u\": " : ", \"%u-undecoded\": ",
		    c->at[i].tlv.type);
		ls_chains_put_bytes(t, c, i);
	}
}

static void
put_members(struct text *t, const struct ls_row *row, struct slice value)
{
	struct slice structure = { NULL, 0 };

	for (const struct ls_field *f = row->fields; f->kind != LS_END; f++) {
		struct slice v = ls_field_of(f, value);

		if (f->kind == LS_SUBS || (f->kind == LS_STRUCTURE && !ls_structure(v, &structure)))
			continue;
		if (f->kind == LS_OTHERS || f->kind == LS_OTHERS_5) {
			if (v.len != 0)
				put_others(t, f, v, structure);
			continue;
		}
		if (f != row->fields)
			text_string(t, ", ");
		text_format(t, "\"%s\": ", f->name);
		tellers[f->kind](t, f, v);
	}
}

void
ls_json(struct text *to, const struct ls_row *row, struct slice value)
{
	bool bare = (row->traits & LS_BARE) != 0;

	if (row->fields->name == NULL) {
		tellers[row->fields->kind](to, row->fields, ls_field_of(row->fields, value));
		return;
	}
	text_string(to, bare ? "" : "{");
	put_members(to, row, value);
	text_string(to, bare ? "" : "}");
}
