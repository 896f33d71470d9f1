/* Bytes out of hexadecimal and base64 words. */
#include "base/hex.h"

int
hex_digit(uint8_t c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

bool
hex_marked(struct slice word)
{
	return slice_begins(word, "0x") || slice_begins(word, "0X");
}

bool
hex_decode(struct slice digits, uint8_t *room, size_t size, size_t *len)
{
	if (digits.len % 2 != 0 || digits.len / 2 > size)
		return false;
	for (size_t i = 0; i < digits.len; i += 2) {
		int high = hex_digit(digits.at[i]);
		int low = hex_digit(digits.at[i + 1]);

		if (high < 0 || low < 0)
			return false;
		room[i / 2] = (uint8_t)(high * 16 + low);
	}
	*len = digits.len / 2;
	return true;
}

bool
hex_pairs(struct slice word, uint8_t *to, size_t n)
{
	if (word.len != n * 3 - 1)
		return false;
	for (size_t i = 0; i < word.len; i++)
		if (i % 3 == 2 ? word.at[i] != ':' : hex_digit(word.at[i]) < 0)
			return false;
	for (size_t i = 0; i < n; i++)
		to[i] = (uint8_t)(hex_digit(word.at[i * 3]) * 16 + hex_digit(word.at[i * 3 + 1]));
	return true;
}

static int
base64_digit(uint8_t c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return c - '0' + 52;
	if (c == '+')
		return 62;
	return c == '/' ? 63 : -1;
}

bool
base64_decode(struct slice word, uint8_t *room, size_t size, size_t *len)
{
	uint32_t bits = 0;
	unsigned count = 0;
	size_t n = 0;

	while (word.len > 0 && word.at[word.len - 1] == '=')
		word.len--;
	if (word.len % 4 == 1)
		return false;
	for (size_t i = 0; i < word.len; i++) {
		int d = base64_digit(word.at[i]);

		if (d < 0)
			return false;
		bits = (bits << 6) | (uint32_t)d;
		count += 6;
		if (count < 8)
			continue;
		count -= 8;
		if (n == size)
			return false;
		room[n++] = (uint8_t)(bits >> count);
	}
	*len = n;
	return true;
}
