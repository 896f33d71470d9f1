/* Checkpoints. */
#include "case.h"

#include "hf/frame.h"
#include "hf/kept.h"

Case(kept, the_newest_of_each_key_is_restored)
{
	struct hf_kept k = { 0 };
	struct text to = { 0 };

	hf_say_restore(&to, &k);
	cr_expect(to.len == 0);
	cr_expect(hf_kept_put(&k, SLICE("a"), SLICE("AAAA")));
	cr_expect(hf_kept_put(&k, SLICE("a"), SLICE("QUJD")));
	hf_say_restore(&to, &k);
	cr_expect_str_eq(text_chars(&to) + 4, "{\"t\":\"restore\",\"keys\":{\"a\":\"QUJD\"}}");
	text_free(&to);
	hf_kept_free(&k);
}

Case(kept, keys_and_bytes_are_bounded_and_what_was_there_stays)
{
	struct hf_kept k = { 0 };
	struct text large = { 0 };

	for (unsigned char i = 0; i < HF_KEPT_KEYS; i++)
		cr_expect(hf_kept_put(&k, slice_of(&i, 1), SLICE("AAAA")));
	cr_expect(!hf_kept_put(&k, SLICE("one more"), SLICE("AAAA")));
	for (size_t i = 0; i <= HF_KEPT_TOTAL; i++)
		text_char(&large, 'A');
	cr_expect(!hf_kept_put(&k, SLICE("\x01"), text_view(&large)));
	cr_expect(k.keys.count == HF_KEPT_KEYS && k.bytes == 4 * HF_KEPT_KEYS);
	text_free(&large);
	hf_kept_free(&k);
}

Case(kept, base64_has_a_length_or_is_none)
{
	static const struct {
		const char *letters;
		int bytes; /* -1: none */
	} rows[] = {
		{ "", 0 },
		{ "QQ==", 1 },
		{ "QUI=", 2 },
		{ "QUJD", 3 },
		{ "QUJDRA==", 4 },
		{ "Q", -1 },
		{ "Q===", -1 },
		{ "QQ=A", -1 },
		{ "QQ-_", -1 },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		size_t n = 0;
		bool fine = base64_length(slice_on(rows[i].letters), &n);

		cr_expect(fine == (rows[i].bytes >= 0) && (!fine || n == (size_t)rows[i].bytes),
		    "%s", rows[i].letters);
	}
}
