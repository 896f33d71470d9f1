/* What was read as JSON and is written again reads the same. */
#include "lang/emit.h"
#include "lang/json.h"

#include "base/must.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	struct arena a = { 0 };
	struct text why = { 0 };
	struct text once = { 0 };
	struct text again = { 0 };
	struct json *v = json_read(slice_of(bytes, len), &a, &why);

	MUST((v == NULL) == (why.len != 0));
	if (v != NULL) {
		struct json *back;

		json_print(v, &once);
		back = json_read(text_view(&once), &a, &why);
		MUST(back != NULL);
		json_print(back, &again);
		MUST(slice_same(text_view(&once), text_view(&again)));
	}
	text_free(&once);
	text_free(&again);
	text_free(&why);
	arena_free(&a);
	return 0;
}
