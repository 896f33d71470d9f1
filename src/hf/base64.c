/* Base64 (RFC 4648 4): how many bytes it stands for. What it says is nobody's business here. */
#include "hf/kept.h"

static bool
is_letter(uint8_t c)
{
	return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
	    c == '+' || c == '/';
}

bool
base64_length(struct slice letters, size_t *bytes)
{
	size_t n = letters.len;
	size_t pads = 0;

	if (n % 4 != 0)
		return false;
	while (pads < 2 && n > 0 && letters.at[n - 1] == '=') {
		n--;
		pads++;
	}
	for (size_t i = 0; i < n; i++) {
		if (!is_letter(letters.at[i]))
			return false;
	}
	*bytes = letters.len / 4 * 3 - pads;
	return true;
}
