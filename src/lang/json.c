/* JSON read into a tree (RFC 8259), strictly: UTF-8 only, no key twice, limited depth. */
#include "lang/json.h"

#include "base/hex.h"
#include "base/map.h"
#include "base/must.h"
#include "lang/utf8.h"

struct input {
	struct slice text;
	size_t at;
	struct arena *arena;
	struct text scratch; /* a string with escapes in the making */
	struct text *why;
	unsigned depth;
};

static bool
fail(struct input *in, size_t at, const char *sentence)
{
	if (in->why->len == 0)
		text_format(in->why, "offset %zu: %s", at, sentence);
	return false;
}

/* The next byte, or 0 at the end (no byte of JSON's own is 0). */
static uint8_t
peek(const struct input *in)
{
	return in->at < in->text.len ? in->text.at[in->at] : 0;
}

static void
skip_space(struct input *in)
{
	uint8_t c = peek(in);

	while (c == ' ' || c == '\t' || c == '\n' || c == '\r') {
		in->at++;
		c = peek(in);
	}
}

static bool
take(struct input *in, char c)
{
	if (peek(in) != (uint8_t)c)
		return false;
	in->at++;
	return true;
}

static struct slice
rest(const struct input *in)
{
	return slice_after(in->text, in->at);
}

/* After "\u": one unit of UTF-16. */
static bool
take_unit(struct input *in, uint32_t *unit)
{
	uint32_t n = 0;

	for (int i = 0; i < 4; i++) {
		int d = hex_digit(peek(in));

		if (d < 0)
			return fail(in, in->at, "expected a hexadecimal digit");
		n = n * 16 + (uint32_t)d;
		in->at++;
	}
	*unit = n;
	return true;
}

static bool
take_point(struct input *in, uint32_t *point)
{
	size_t begin = in->at - 2;
	uint32_t low;

	if (!take_unit(in, point))
		return false;
	if (*point < 0xd800 || *point >= 0xe000)
		return true;
	if (*point >= 0xdc00 || !take(in, '\\') || !take(in, 'u'))
		return fail(in, begin, "expected a pair of surrogates");
	if (!take_unit(in, &low))
		return false;
	if (low < 0xdc00 || low >= 0xe000)
		return fail(in, begin, "expected a pair of surrogates");
	*point = 0x10000 + ((*point - 0xd800) << 10) + (low - 0xdc00);
	return true;
}

/* After '\'. */
static bool
take_escape(struct input *in)
{
	static const char meant[128] = { ['"'] = '"',
		['\\'] = '\\',
		['/'] = '/',
		['b'] = '\b',
		['f'] = '\f',
		['n'] = '\n',
		['r'] = '\r',
		['t'] = '\t' };
	uint8_t c = peek(in);
	uint8_t room[4];
	uint32_t point;

	if (c != 'u' && (c >= 128 || meant[c] == 0))
		return fail(in, in->at - 1, "expected an escape of JSON");
	in->at++;
	if (c != 'u') {
		text_char(&in->scratch, meant[c]);
		return true;
	}
	if (!take_point(in, &point))
		return false;
	text_bytes(&in->scratch, room, utf8_put(point, room));
	return true;
}

/* Characters up to a quote, an escape or what is not allowed. */
static bool
take_plain(struct input *in)
{
	size_t begin = in->at;
	uint32_t point;
	size_t n;

	while (in->at < in->text.len && peek(in) != '"' && peek(in) != '\\') {
		n = utf8_take(rest(in), &point);
		if (n == 0)
			return fail(in, in->at, "expected UTF-8");
		if (point < 0x20)
			return fail(in, in->at, "expected no control character in a string");
		in->at += n;
	}
	text_bytes(&in->scratch, in->text.at + begin, in->at - begin);
	return true;
}

static bool
take_string(struct input *in, struct slice *to)
{
	size_t begin = in->at;

	if (!take(in, '"'))
		return fail(in, in->at, "expected a string");
	text_clear(&in->scratch);
	do {
		if (!take_plain(in))
			return false;
		if (take(in, '"')) {
			*to = arena_copy(in->arena, text_view(&in->scratch));
			return true;
		}
	} while (take(in, '\\') && take_escape(in));
	return fail(in, begin, "expected the end of the string");
}

static size_t
skip_digits(struct input *in)
{
	size_t begin = in->at;

	while (peek(in) >= '0' && peek(in) <= '9')
		in->at++;
	return in->at - begin;
}

/* More digits of exponent than any number needs: then an exponent fits 32 bits. */
#define EXPONENT_DIGITS 9

static bool
take_number(struct input *in, struct json *v)
{
	size_t begin = in->at;

	(void)take(in, '-');
	if (!take(in, '0') && skip_digits(in) == 0)
		return fail(in, begin, "expected a value");
	if (take(in, '.') && skip_digits(in) == 0)
		return fail(in, in->at, "expected a digit");
	if (take(in, 'e') || take(in, 'E')) {
		size_t n;

		if (!take(in, '+'))
			(void)take(in, '-');
		n = skip_digits(in);
		if (n == 0 || n > EXPONENT_DIGITS)
			return fail(in, in->at, "expected an exponent of 1 to 9 digits");
	}
	v->kind = JSON_NUMBER;
	v->text = arena_copy(in->arena, slice_of(in->text.at + begin, in->at - begin));
	return true;
}

static bool
take_literal(struct input *in, struct json *v)
{
	static const struct {
		const char *word;
		enum json_kind kind;
	} literals[] = { { "null", JSON_NULL }, { "false", JSON_FALSE }, { "true", JSON_TRUE } };

	for (size_t i = 0; i < sizeof(literals) / sizeof(literals[0]); i++) {
		if (!slice_begins(rest(in), literals[i].word))
			continue;
		v->kind = literals[i].kind;
		in->at += strlen(literals[i].word);
		return true;
	}
	return fail(in, in->at, "expected a value");
}

static struct json *take_value(struct input *in);

static bool
take_list(struct input *in, struct json *v)
{
	struct json **tail = &v->first;

	v->kind = JSON_LIST;
	skip_space(in);
	if (take(in, ']'))
		return true;
	do {
		*tail = take_value(in);
		if (*tail == NULL)
			return false;
		tail = &(*tail)->next;
	} while (take(in, ','));
	return take(in, ']') || fail(in, in->at, "expected , or ]");
}

/* A member, with its name; a name that was there is a fault. */
static struct json *
take_member(struct input *in, struct map *names)
{
	struct slice name;
	struct json *v;
	size_t begin;

	skip_space(in);
	begin = in->at;
	if (!take_string(in, &name))
		return NULL;
	if (map_get(names, name) != NULL) {
		(void)fail(in, begin, "expected a name that was not there before");
		return NULL;
	}
	skip_space(in);
	if (!take(in, ':')) {
		(void)fail(in, in->at, "expected :");
		return NULL;
	}
	v = take_value(in);
	if (v == NULL)
		return NULL;
	v->name = name;
	map_put(names, name, v);
	return v;
}

static bool
take_object(struct input *in, struct json *v)
{
	struct json **tail = &v->first;
	struct map names = { 0 };

	v->kind = JSON_OBJECT;
	skip_space(in);
	if (take(in, '}'))
		return true;
	do {
		*tail = take_member(in, &names);
		if (*tail == NULL)
			break;
		tail = &(*tail)->next;
	} while (take(in, ','));
	map_free(&names);
	if (in->why->len != 0)
		return false;
	return take(in, '}') || fail(in, in->at, "expected , or }");
}

static bool
take_kind(struct input *in, struct json *v)
{
	uint8_t c = peek(in);

	if (c == '"') {
		v->kind = JSON_STRING;
		return take_string(in, &v->text);
	}
	if (c != '{' && c != '[')
		return c == '-' || (c >= '0' && c <= '9') ? take_number(in, v)
							  : take_literal(in, v);
	if (in->depth == JSON_DEPTH)
		return fail(in, in->at, "expected less depth");
	in->at++;
	in->depth++;
	if (!(c == '{' ? take_object(in, v) : take_list(in, v)))
		return false;
	in->depth--;
	return true;
}

/* A value with the white space around it. */
static struct json *
take_value(struct input *in)
{
	struct json *v = arena_zero(in->arena, 1, sizeof(*v));

	skip_space(in);
	if (!take_kind(in, v))
		return NULL;
	skip_space(in);
	return v;
}

struct json *
json_read(struct slice bytes, struct arena *a, struct text *why)
{
	struct text reason = { 0 };
	struct input in = { .text = bytes, .arena = a, .why = &reason };
	struct json *v = take_value(&in);

	if (v != NULL && in.at != bytes.len)
		(void)fail(&in, in.at, "expected nothing more");
	text_slice(why, text_view(&reason));
	if (reason.len != 0)
		v = NULL;
	text_free(&in.scratch);
	text_free(&reason);
	return v;
}

struct json *
json_member(const struct json *object, const char *name)
{
	if (object->kind != JSON_OBJECT)
		return NULL;
	for (struct json *m = object->first; m != NULL; m = m->next) {
		if (slice_is(m->name, name))
			return m;
	}
	return NULL;
}
