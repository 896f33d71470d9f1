/* When JSON values are the same: numbers by value, members in any order. */
#include "lang/json.h"

static struct json *
member(const struct json *object, struct slice name)
{
	for (struct json *m = object->first; m != NULL; m = m->next) {
		if (slice_same(m->name, name))
			return m;
	}
	return NULL;
}

struct json *
json_member(const struct json *object, const char *name)
{
	return object->kind == JSON_OBJECT ? member(object, slice_on(name)) : NULL;
}

/* A number as 0.DIGITS times ten to the power; zero has no digits. */
struct decimal {
	struct slice digits; /* with a point somewhere; from the first to the last that is not 0 */
	int64_t power;
	bool negative;
};

static int64_t
exponent_of(struct slice s)
{
	bool negative = s.len != 0 && s.at[0] == '-';
	int64_t n = 0;

	for (size_t i = 0; i < s.len; i++) {
		if (s.at[i] >= '0' && s.at[i] <= '9')
			n = n * 10 + (s.at[i] - '0');
	}
	return negative ? -n : n;
}

static struct decimal
decimal_of(struct slice s)
{
	struct decimal d = { .negative = s.at[0] == '-' };
	size_t mark = 0;
	size_t point;
	size_t first;
	size_t end;

	while (mark < s.len && s.at[mark] != 'e' && s.at[mark] != 'E')
		mark++;
	if (mark < s.len)
		d.power = exponent_of(slice_after(s, mark + 1));
	point = 0;
	while (point < mark && s.at[point] != '.')
		point++;
	first = d.negative;
	while (first < mark && (s.at[first] == '0' || s.at[first] == '.'))
		first++;
	end = mark;
	while (end > first && (s.at[end - 1] == '0' || s.at[end - 1] == '.'))
		end--;
	if (first == end)
		return (struct decimal){ 0 };
	d.digits = slice_of(s.at + first, end - first);
	d.power += first < point ? (int64_t)(point - first) : -(int64_t)(first - point - 1);
	return d;
}

static int
next_digit(struct slice *digits)
{
	while (digits->len != 0) {
		uint8_t c = digits->at[0];

		*digits = slice_after(*digits, 1);
		if (c != '.')
			return c;
	}
	return -1;
}

static bool
number_same(struct slice a, struct slice b)
{
	struct decimal x = decimal_of(a);
	struct decimal y = decimal_of(b);
	int c;

	if (x.power != y.power || x.negative != y.negative)
		return false;
	do {
		c = next_digit(&x.digits);
		if (c != next_digit(&y.digits))
			return false;
	} while (c >= 0);
	return true;
}

/* The member of that name, quickly where the order is the same: *hint is tried first. */
static const struct json *
hinted(const struct json *object, const struct json **hint, struct slice name)
{
	const struct json *m =
	    *hint != NULL && slice_same((*hint)->name, name) ? *hint : member(object, name);

	if (m != NULL)
		*hint = m->next;
	return m;
}

static size_t
count(const struct json *v)
{
	size_t n = 0;

	for (const struct json *m = v->first; m != NULL; m = m->next)
		n++;
	return n;
}

static bool
inside_same(const struct json *a, const struct json *b)
{
	const struct json *hint = b->first;

	if (count(a) != count(b))
		return false;
	for (const struct json *m = a->first; m != NULL; m = m->next) {
		const struct json *other = hint;

		if (a->kind == JSON_OBJECT)
			other = hinted(b, &hint, m->name);
		else
			hint = hint->next;
		if (other == NULL || !json_same(m, other))
			return false;
	}
	return true;
}

bool
json_same(const struct json *a, const struct json *b)
{
	if (a->kind != b->kind)
		return false;
	switch (a->kind) {
	case JSON_NULL:
	case JSON_FALSE:
	case JSON_TRUE: return true;
	case JSON_NUMBER: return number_same(a->text, b->text);
	case JSON_STRING: return slice_same(a->text, b->text);
	case JSON_LIST:
	case JSON_OBJECT: return inside_same(a, b);
	}
	return false;
}
