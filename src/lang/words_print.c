/* The value of a setting as words that give it again. */
#include "lang/words.h"

#include "lang/emit.h"

/* The word that stands for this value, or NULL. */
static const char *
choice_word(const struct setting *row, int64_t value)
{
	for (const struct choice *c = row->choices; c != NULL && c->word != NULL; c++)
		if (c->value == value)
			return c->word;
	return NULL;
}

static void
print_string(const struct setting *row, const char *string, struct text *to)
{
	struct emit e = emit_on(to, SPELL_WORDS, 0);
	size_t start = to->len;

	emit_str(&e, &BARE, slice_on(string));
	if ((row->traits & SETTING_QUOTED) == 0 || to->len == start || to->at[start] == '"')
		return;
	to->len = start;
	text_format(to, "\"%s\"", string); /* needed no quotes, so none is in it */
}

static int64_t
number_of(const struct setting *row, const uint8_t *slot)
{
	uint16_t small;
	uint32_t wide;
	int number;

	if (row->slot == SLOT_U16) {
		memcpy(&small, slot, sizeof(small));
		return small;
	}
	if (row->slot == SLOT_INT || row->slot == SLOT_SPAN || row->slot == SLOT_CHOICE) {
		memcpy(&number, slot, sizeof(number));
		return number;
	}
	memcpy(&wide, slot, sizeof(wide));
	return wide;
}

static void
print_msec(int64_t value, struct text *to)
{
	text_int(to, value % 1000 == 0 ? value / 1000 : value);
	text_string(to, value % 1000 == 0 ? "s" : "ms");
}

static void
print_rate(const uint8_t *slot, struct text *to)
{
	struct rate rate;

	memcpy(&rate, slot, sizeof(rate));
	if (rate.count == RATE_NEVER || rate.count == RATE_USUAL) {
		text_string(to, rate.count == RATE_USUAL ? "true" : "false");
		return;
	}
	text_int(to, rate.count);
	text_char(to, '/');
	print_msec(rate.msec, to);
}

static void
print_number(const struct setting *row, int64_t value, struct text *to)
{
	const char *word = choice_word(row, value);
	struct addr id;

	if (word != NULL) {
		text_string(to, word);
	} else if (row->slot == SLOT_ID) {
		id = addr_v4_of((uint32_t)value);
		addr_print(to, &id);
	} else if (row->slot == SLOT_SPAN) {
		print_msec(value, to);
	} else {
		text_int(to, value);
	}
}

static void
print_bool(const struct setting *row, const uint8_t *slot, struct text *to)
{
	bool enable = (row->traits & SETTING_ENABLE) != 0;
	bool value;

	memcpy(&value, slot, sizeof(value));
	if (value)
		text_string(to, enable ? "enable" : "true");
	else
		text_string(to, enable ? "disable" : "false");
}

static void
print_addr(const struct setting *row, const struct addr *a, struct text *to)
{
	const char *quote = (row->traits & SETTING_QUOTED) != 0 ? "\"" : "";

	if (a->family == ADDR_NONE && row->choices != NULL) {
		text_string(to, row->choices->word);
		return;
	}
	text_string(to, quote);
	addr_print(to, a);
	text_string(to, quote);
}

void
setting_print(const struct setting *row, const void *from, struct text *to)
{
	const uint8_t *slot = (const uint8_t *)from + row->offset;
	struct prefix prefix;
	struct addr addr;
	char *string;

	switch (row->slot) {
	case SLOT_BOOL: print_bool(row, slot, to); return;
	case SLOT_RATE: print_rate(slot, to); return;
	case SLOT_U16:
	case SLOT_INT:
	case SLOT_SPAN:
	case SLOT_CHOICE:
	case SLOT_ASN:
	case SLOT_ID: print_number(row, number_of(row, slot), to); return;
	case SLOT_ADDR:
		memcpy(&addr, slot, sizeof(addr));
		print_addr(row, &addr, to);
		return;
	case SLOT_PREFIX:
		memcpy(&prefix, slot, sizeof(prefix));
		if (prefix.len == addr_len(&prefix.addr) * 8)
			addr_print(to, &prefix.addr);
		else
			prefix_print(to, &prefix);
		return;
	case SLOT_STRING:
		memcpy(&string, slot, sizeof(string));
		print_string(row, string == NULL ? "" : string, to);
		return;
	}
}
