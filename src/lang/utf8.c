/* UTF-8 characters, strictly (RFC 3629). */
#include "lang/utf8.h"

static size_t
length_of(uint8_t first)
{
	if (first < 0x80)
		return 1;
	if (first >= 0xc2 && first < 0xe0)
		return 2;
	if (first >= 0xe0 && first < 0xf0)
		return 3;
	return first >= 0xf0 && first < 0xf5 ? 4 : 0;
}

size_t
utf8_take(struct slice s, uint32_t *point)
{
	static const uint32_t least[5] = { 0, 0, 0x80, 0x800, 0x10000 };
	size_t n = s.len == 0 ? 0 : length_of(s.at[0]);
	uint32_t p;

	if (n == 0 || s.len < n)
		return 0;
	p = n == 1 ? s.at[0] : s.at[0] & (0xffu >> (n + 1));
	for (size_t i = 1; i < n; i++) {
		if ((s.at[i] & 0xc0) != 0x80)
			return 0;
		p = p << 6 | (s.at[i] & 0x3fu);
	}
	if (p < least[n] || p > 0x10ffff || (p >= 0xd800 && p < 0xe000))
		return 0;
	*point = p;
	return n;
}

size_t
utf8_put(uint32_t point, uint8_t room[4])
{
	static const uint8_t lead[5] = { 0, 0, 0xc0, 0xe0, 0xf0 };
	size_t n = point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;

	if (n == 1) {
		room[0] = (uint8_t)point;
		return 1;
	}
	for (size_t i = n - 1; i > 0; i--) {
		room[i] = (uint8_t)(0x80 | (point & 0x3f));
		point >>= 6;
	}
	room[0] = (uint8_t)(lead[n] | point);
	return n;
}
