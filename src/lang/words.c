/* Settings as rows: read, refuse, copy, write. */
#include "lang/words.h"

#include "base/must.h"
#include "base/num.h"

#include <assert.h>
#include <limits.h>

bool
word_bool(struct slice word, bool *to)
{
	static const struct {
		const char *word;
		bool value;
	} spellings[] = {
		{ "true", true },
		{ "enable", true },
		{ "enabled", true },
		{ "yes", true },
		{ "1", true },
		{ "false", false },
		{ "disable", false },
		{ "disabled", false },
		{ "no", false },
		{ "0", false },
	};

	for (size_t i = 0; i < sizeof(spellings) / sizeof(spellings[0]); i++)
		if (word_same_case(word, spellings[i].word)) {
			*to = spellings[i].value;
			return true;
		}
	return false;
}

const struct setting *
setting_of(const struct settings *s, struct slice word)
{
	for (size_t i = 0; i < s->count; i++)
		if (slice_is(word, s->at[i].word))
			return &s->at[i];
	return NULL;
}

static const struct choice *
choice_of(const struct setting *row, struct slice word)
{
	for (const struct choice *c = row->choices; c != NULL && c->word != NULL; c++)
		if (slice_is(word, c->word))
			return c;
	return NULL;
}

static size_t
slot_size(enum slot slot)
{
	switch (slot) {
	case SLOT_BOOL: return sizeof(bool);
	case SLOT_U16: return sizeof(uint16_t);
	case SLOT_INT:
	case SLOT_SPAN:
	case SLOT_CHOICE: return sizeof(int);
	case SLOT_RATE: return sizeof(struct rate);
	case SLOT_ASN:
	case SLOT_ID: return sizeof(uint32_t);
	case SLOT_ADDR: return sizeof(struct addr);
	case SLOT_PREFIX: return sizeof(struct prefix);
	case SLOT_STRING: return sizeof(char *);
	}
	return 0;
}

static uint8_t *
slot_in(const struct setting *row, void *to)
{
	return (uint8_t *)to + row->offset;
}

static const uint8_t *
slot_of(const struct setting *row, const void *from)
{
	return (const uint8_t *)from + row->offset;
}

static bool
read_int(struct slice word, int64_t min, int64_t max, int64_t *to)
{
	bool minus = word.len > 1 && word.at[0] == '-';
	uint64_t n;

	if (!num_decimal(minus ? slice_after(word, 1) : word, INT_MAX, &n))
		return false;
	*to = minus ? -(int64_t)n : (int64_t)n;
	return *to >= min && *to <= max;
}

static bool
read_addr(const struct setting *row, struct slice word, struct addr *to)
{
	struct addr a;

	if (!addr_parse(word, &a))
		return false;
	if ((row->traits & SETTING_IPV4) != 0 && a.family != ADDR_IPV4)
		return false;
	if ((row->traits & SETTING_LINK_LOCAL) != 0 && !addr_is_link_local(&a))
		return false;
	*to = a;
	return true;
}

/* A string ends where C ends it: a zero byte can't be kept. */
static bool
read_string(const struct setting *row, struct slice word, struct arena *strings, uint8_t *slot)
{
	char *copy;

	if (word.len < (size_t)row->min || (row->max != 0 && word.len > (size_t)row->max))
		return false;
	if (word.len != 0 && memchr(word.at, 0, word.len) != NULL)
		return false;
	copy = arena_get(strings, word.len + 1);
	if (word.len != 0)
		memcpy(copy, word.at, word.len);
	copy[word.len] = '\0';
	memcpy(slot, &copy, sizeof(copy));
	return true;
}

static void
set_number(const struct setting *row, int64_t value, uint8_t *slot)
{
	uint16_t small = (uint16_t)value; /* limits were checked */
	uint32_t wide = (uint32_t)value;
	int number = (int)value;

	if (row->slot == SLOT_U16)
		memcpy(slot, &small, sizeof(small));
	else if (row->slot == SLOT_INT || row->slot == SLOT_SPAN || row->slot == SLOT_CHOICE)
		memcpy(slot, &number, sizeof(number));
	else
		memcpy(slot, &wide, sizeof(wide));
}

static bool
read_number(const struct setting *row, struct slice word, uint8_t *slot)
{
	int64_t most = row->slot == SLOT_U16 ? UINT16_MAX : INT_MAX;
	int64_t value;

	if (!read_int(word, row->min, row->max != 0 ? row->max : most, &value))
		return false;
	set_number(row, value, slot);
	return true;
}

static bool
ends_in(struct slice word, const char *end)
{
	size_t n = strlen(end);

	return word.len > n && memcmp(word.at + word.len - n, end, n) == 0;
}

static bool
read_msec(struct slice word, int64_t min, int64_t max, int64_t *to)
{
	bool msec = ends_in(word, "ms");

	word.len -= msec ? 2 : ends_in(word, "s");
	if (!read_int(word, 0, INT_MAX, to))
		return false;
	*to *= msec ? 1 : 1000;
	return *to >= min && *to <= max;
}

static bool
read_span(const struct setting *row, struct slice word, uint8_t *slot)
{
	int64_t value;

	if (!read_msec(word, row->min, row->max != 0 ? row->max : INT_MAX, &value))
		return false;
	set_number(row, value, slot);
	return true;
}

/* The limits are those of its time. */
static bool
read_rate(const struct setting *row, struct slice word, uint8_t *slot)
{
	const uint8_t *mark = word.len == 0 ? NULL : memchr(word.at, '/', word.len);
	size_t digits = mark == NULL ? 0 : (size_t)(mark - word.at);
	int64_t count = RATE_USUAL;
	int64_t msec = 0;
	struct rate rate;
	bool some;

	if (mark == NULL && !word_bool(word, &some))
		return false;
	if (mark == NULL)
		count = some ? RATE_USUAL : RATE_NEVER;
	else if (!read_int(slice_of(word.at, digits), 1, INT_MAX, &count) ||
	    !read_msec(slice_after(word, digits + 1), row->min, row->max, &msec))
		return false;
	rate = (struct rate){ .count = (int)count, .msec = (int)msec };
	memcpy(slot, &rate, sizeof(rate));
	return true;
}

static bool
read_choice(const struct setting *row, const struct choice *c, uint8_t *slot)
{
	if (row->slot == SLOT_ADDR)
		memset(slot, 0, sizeof(struct addr));
	else
		set_number(row, c->value, slot);
	return true;
}

/* All but strings, which need room. */
static bool
read_value(const struct setting *row, struct slice word, uint8_t *slot)
{
	enum prefix_fault fault;
	struct prefix prefix;
	struct addr addr;
	uint32_t number;
	bool truth;

	switch (row->slot) {
	case SLOT_BOOL:
		if (!word_bool(word, &truth))
			return false;
		memcpy(slot, &truth, sizeof(truth));
		return true;
	case SLOT_U16:
	case SLOT_INT: return read_number(row, word, slot);
	case SLOT_SPAN: return read_span(row, word, slot);
	case SLOT_RATE: return read_rate(row, word, slot);
	case SLOT_ASN:
		if (!num_asn(word, &number))
			return false;
		memcpy(slot, &number, sizeof(number));
		return true;
	case SLOT_ID:
		if (!addr_parse_v4(word, &addr))
			return false;
		number = addr_u32(&addr);
		memcpy(slot, &number, sizeof(number));
		return true;
	case SLOT_ADDR:
		if (!read_addr(row, word, &addr))
			return false;
		memcpy(slot, &addr, sizeof(addr));
		return true;
	case SLOT_PREFIX:
		fault = prefix_parse(word, &prefix);
		if (fault != PREFIX_FINE && fault != PREFIX_HOST_BITS)
			return false;
		memcpy(slot, &prefix, sizeof(prefix));
		return true;
	case SLOT_CHOICE:
	case SLOT_STRING: return false;
	}
	return false;
}

bool
setting_read(const struct setting *row, struct slice word, struct arena *strings, void *to)
{
	const struct choice *c = choice_of(row, word);

	if (c != NULL)
		return read_choice(row, c, slot_in(row, to));
	if (row->slot == SLOT_STRING)
		return read_string(row, word, strings, slot_in(row, to));
	return read_value(row, word, slot_in(row, to));
}

void
setting_parse(const struct setting *row, struct lex *lx, struct arena *strings, void *to)
{
	struct token where = lx->now;
	bool good;

	if (lex_ends(lx) && row->bare != NULL) {
		good = lex_failed(lx) || setting_read(row, slice_on(row->bare), strings, to);
		MUST(good);
		return;
	}
	if (lx->now.kind == TOKEN_WORD && setting_read(row, lx->now.word, strings, to))
		(void)lex_next(lx);
	else
		lex_fault(lx, "expected %s for %s", row->expects, row->word);
	if (row->known != NULL)
		lex_known_as(lx, &where, row->known);
	else if (row->slot == SLOT_BOOL || row->slot == SLOT_RATE)
		lex_known_as(lx, &where, "'%' is not a valid boolean");
}

bool
setting_same(const struct setting *row, const void *a, const void *b)
{
	char *x;
	char *y;

	if (row->slot != SLOT_STRING)
		return memcmp(slot_of(row, a), slot_of(row, b), slot_size(row->slot)) == 0;
	memcpy(&x, slot_of(row, a), sizeof(x));
	memcpy(&y, slot_of(row, b), sizeof(y));
	return strcmp(x, y) == 0;
}

static void
set_initial(const struct setting *row, struct arena *strings, uint8_t *to)
{
	bool good;

	memset(slot_in(row, to), 0, slot_size(row->slot));
	if (row->initial == NULL && row->slot != SLOT_STRING)
		return;
	good = row->initial == NULL
	    ? read_string(row, (struct slice){ NULL, 0 }, strings, slot_in(row, to))
	    : setting_read(row, slice_on(row->initial), strings, to);
	MUST(good);
}

static bool
setting_is_initial(const struct setting *row, const void *from)
{
	uint8_t room[sizeof(struct prefix)] = { 0 };
	struct setting here = *row;
	char *string;

	static_assert(
	    sizeof(struct prefix) >= sizeof(struct addr) && sizeof(struct prefix) >= sizeof(char *),
	    "room for any slot");
	if (row->slot == SLOT_STRING) {
		memcpy(&string, slot_of(row, from), sizeof(string));
		return strcmp(string, row->initial == NULL ? "" : row->initial) == 0;
	}
	here.offset = 0;
	set_initial(&here, NULL, room);
	return memcmp(room, slot_of(row, from), slot_size(row->slot)) == 0;
}

void
settings_init(const struct settings *s, struct arena *strings, void *to)
{
	for (size_t i = 0; i < s->count; i++)
		set_initial(&s->at[i], strings, to);
}

void
settings_copy(const struct settings *s, uint64_t given, const void *from, void *to)
{
	for (size_t i = 0; i < s->count; i++)
		if ((given >> i & 1) != 0)
			memcpy(slot_in(&s->at[i], to), slot_of(&s->at[i], from),
			    slot_size(s->at[i].slot));
}

void
settings_print(const struct settings *s, const void *from, const char *indent, struct text *to)
{
	for (size_t i = 0; i < s->count; i++) {
		const struct setting *row = &s->at[i];

		if ((row->traits & SETTING_SILENT) != 0)
			continue;
		if ((row->traits & SETTING_IF_SET) != 0 && setting_is_initial(row, from))
			continue;
		text_format(to, "%s%s ", indent, row->word);
		setting_print(row, from, to);
		text_string(to, ";\n");
	}
}

bool
settings_same(const struct settings *s, uint32_t traits, const void *a, const void *b)
{
	for (size_t i = 0; i < s->count; i++)
		if ((s->at[i].traits & traits) != 0 && !setting_same(&s->at[i], a, b))
			return false;
	return true;
}
