/* Growing characters. */
#include "case.h"

#include "base/text.h"

#include <inttypes.h>
#include <stdio.h>

Case(text, the_zero_value_is_an_empty_string)
{
	struct text t = { 0 };

	cr_expect(strcmp(text_chars(&t), "") == 0 && text_view(&t).len == 0);
	text_clear(&t);
	text_bytes(&t, NULL, 0);
	cr_expect(strcmp(text_chars(&t), "") == 0);
	text_free(&t);
	text_free(&t);
}

Case(text, all_that_was_added_is_there_in_order_with_an_end_mark)
{
	struct text t = { 0 };
	size_t want = 0;

	for (int i = 0; i < 5000; i++) {
		text_char(&t, 'a');
		text_string(&t, "bc");
		text_slice(&t, SLICE("d\0e"));
		want += 6;
		cr_assert(t.len == want && t.len < t.size && t.at[t.len] == '\0');
	}
	for (size_t i = 0; i < t.len; i += 6)
		cr_assert(memcmp(t.at + i, "abcd\0e", 6) == 0);
	text_free(&t);
}

Case(text, numbers_are_spelt_as_printf_does)
{
	static const uint64_t numbers[] = { 0, 1, 9, 10, 99, 100, 12345, UINT32_MAX, INT64_MAX,
		(uint64_t)INT64_MAX + 1, UINT64_MAX };

	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		struct text t = { 0 };
		char want[64];

		text_uint(&t, numbers[i]);
		text_char(&t, ' ');
		text_int(&t, (int64_t)numbers[i]);
		snprintf(
		    want, sizeof(want), "%" PRIu64 " %" PRId64, numbers[i], (int64_t)numbers[i]);
		cr_expect(strcmp(text_chars(&t), want) == 0, "%s %s", text_chars(&t), want);
		text_free(&t);
	}
}

Case(text, formats_grow_as_needed)
{
	struct text t = { 0 };

	for (int width = 0; width < 300; width++) {
		text_clear(&t);
		text_format(&t, "%*d|%s", width, 7, "x");
		cr_expect(t.len == (size_t)(width == 0 ? 1 : width) + 2 && t.at[t.len - 1] == 'x');
	}
	text_free(&t);
}

Case(text, hex_has_two_digits_a_byte)
{
	struct text t = { 0 };

	text_hex(&t, SLICE("\x00\x9f\xff"));
	text_hex_upper(&t, SLICE("\x00\x9f\xff"));
	text_hex(&t, SLICE(""));
	cr_expect(strcmp(text_chars(&t), "009fff009FFF") == 0);
	text_free(&t);
}

Case(text, it_is_freed_in_steps_that_end)
{
	struct text t = { 0 };
	unsigned steps = 0;

	text_reserve(&t, 10u << 20);
	while (text_free_some(&t) && steps < 1000)
		steps++;
	cr_expect(steps > 1 && steps < 1000, "%u", steps);
	cr_expect(t.at == NULL && t.size == 0 && !text_free_some(&t));
}
