/* Numbers out of words, with limits. */
#include "base/num.h"

#include "base/hex.h"

static bool
digits(struct slice word, unsigned base, uint64_t max, uint64_t *to)
{
	uint64_t n = 0;

	if (word.len == 0)
		return false;
	for (size_t i = 0; i < word.len; i++) {
		unsigned d = (unsigned)hex_digit(word.at[i]); /* none: more than any base */

		if (d >= base || __builtin_mul_overflow(n, base, &n) ||
		    __builtin_add_overflow(n, d, &n))
			return false;
	}
	if (n > max)
		return false;
	*to = n;
	return true;
}

bool
num_decimal(struct slice word, uint64_t max, uint64_t *to)
{
	return digits(word, 10, max, to);
}

bool
num_hex(struct slice word, uint64_t max, uint64_t *to)
{
	if (!hex_marked(word))
		return false;
	return digits(slice_after(word, 2), 16, max, to);
}

bool
num_any(struct slice word, uint64_t max, uint64_t *to)
{
	return num_hex(word, max, to) || num_decimal(word, max, to);
}

bool
num_u32(struct slice word, uint32_t *to)
{
	uint64_t n;

	if (!num_decimal(word, UINT32_MAX, &n))
		return false;
	*to = (uint32_t)n;
	return true;
}

bool
num_u16(struct slice word, uint16_t *to)
{
	uint64_t n;

	if (!num_decimal(word, UINT16_MAX, &n))
		return false;
	*to = (uint16_t)n;
	return true;
}

bool
num_asn(struct slice word, uint32_t *to)
{
	struct slice head;
	struct slice tail;
	uint16_t high;
	uint16_t low;

	if (!word_cut(word, '.', &head, &tail))
		return num_u32(word, to);
	if (!num_u16(head, &high) || !num_u16(tail, &low))
		return false;
	*to = ((uint32_t)high << 16) | low;
	return true;
}

bool
word_cut(struct slice word, char mark, struct slice *head, struct slice *tail)
{
	const uint8_t *at = word.len == 0 ? NULL : memchr(word.at, mark, word.len);
	size_t n;

	if (at == NULL)
		return false;
	n = (size_t)(at - word.at);
	*head = slice_of(word.at, n);
	*tail = slice_after(word, n + 1);
	return true;
}

static bool
is_space(uint8_t c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

struct slice
word_trim(struct slice word)
{
	while (word.len > 0 && is_space(word.at[0]))
		word = slice_after(word, 1);
	while (word.len > 0 && is_space(word.at[word.len - 1]))
		word.len--;
	return word;
}

bool
word_same_case(struct slice word, const char *string)
{
	if (word.len != strlen(string))
		return false;
	for (size_t i = 0; i < word.len; i++) {
		uint8_t a = word.at[i];
		uint8_t b = (uint8_t)string[i];

		if (a >= 'A' && a <= 'Z')
			a = (uint8_t)(a + 32);
		if (b >= 'A' && b <= 'Z')
			b = (uint8_t)(b + 32);
		if (a != b)
			return false;
	}
	return true;
}
