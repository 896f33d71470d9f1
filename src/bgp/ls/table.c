/* Rows of link state are found, and TLVs are put in order. */
#include "ls/ls.h"

const struct ls_row *
ls_row_of(const struct ls_table *table, uint16_t type)
{
	for (size_t i = 0; i < table->count && table->rows[i].type <= type; i++)
		if (table->rows[i].type == type)
			return (table->rows[i].traits & table->without) == 0 ? &table->rows[i]
									     : NULL;
	return NULL;
}

bool
ls_fits(const struct ls_row *row, size_t len)
{
	return len >= row->least && (row->most == 0 || len <= row->most) &&
	    (row->unit == 0 || (len - row->least) % row->unit == 0);
}

/* Where width is that of an element, or of what is said, the value ends the field too. */
static const bool tails[LS_KINDS] = {
	[LS_METRIC] = true,
	[LS_AREA] = true,
	[LS_NUMBERS] = true,
	[LS_FLOATS] = true,
	[LS_PREFIX] = true,
};

static bool
is_tail(const struct ls_field *f)
{
	return f->width == 0 || tails[f->kind];
}

struct slice
ls_field_of(const struct ls_field *f, struct slice value)
{
	struct slice rest = slice_after(value, f->at);

	return is_tail(f) ? rest : slice_of(rest.at, f->width);
}

size_t
ls_fixed(const struct ls_row *row)
{
	for (const struct ls_field *f = row->fields; f->kind != LS_END; f++)
		if (is_tail(f))
			return f->at;
	return row->least;
}

uint64_t
ls_number(struct slice v)
{
	uint64_t n = 0;

	for (size_t i = 0; i < v.len; i++)
		n = n << 8 | v.at[i];
	return n;
}

size_t
ls_least_bytes(uint64_t n)
{
	size_t bytes = 1;

	for (; n > UINT8_MAX; n >>= 8)
		bytes++;
	return bytes;
}

bool
ls_structure(struct slice subs, struct slice *to)
{
	struct reader r = reader_on(subs);

	while (reader_more(&r)) {
		struct ls_tlv sub = ls_take(&r);

		if (reader_ok(&r) && sub.type == ls_structure_row.type &&
		    sub.value.len == ls_structure_row.least) {
			*to = sub.value;
			return true;
		}
	}
	return false;
}

/* By type, length and value: the order of their bytes. */
static bool
stands_behind(const uint8_t *a, size_t a_len, const uint8_t *b, size_t b_len)
{
	return memcmp(a, b, a_len < b_len ? a_len : b_len) > 0;
}

static size_t
tlv_len(const uint8_t *at)
{
	return 4u + load_u16(at + 2);
}

void
ls_sort(uint8_t *at, size_t len)
{
	size_t mine;

	for (size_t next = 0; next < len; next += mine) {
		size_t place = 0;

		mine = tlv_len(at + next);
		while (place < next &&
		    !stands_behind(at + place, tlv_len(at + place), at + next, mine))
			place += tlv_len(at + place);
		for (size_t i = 0; place < next && i < mine; i++) {
			uint8_t byte = at[next + i];

			memmove(at + place + i + 1, at + place + i, next - place);
			at[place + i] = byte;
		}
	}
}
