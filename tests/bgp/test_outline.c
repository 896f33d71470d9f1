/* Messages part by part. */
#include "bgp/outline.h"

#include "bgp/cap.h"
#include "case.h"

#define EXPECT(t, want) cr_expect_str_eq(text_chars(&(t)), want)

/* Withdrawn, ORIGIN, MED and MP_REACH_NLRI, announced. */
static const uint8_t update[] = { 0, 2, 8, 10, 0, 18, 0x40, 1, 1, 0, 0x80, 4, 4, 0, 0, 0, 7, 0x90,
	14, 0, 3, 0, 2, 1, 8, 11 };

Case(outline, an_update_is_told_part_by_part)
{
	struct text t = { 0 };

	update_outline(slice_of(update, sizeof(update)), &t);
	EXPECT(t,
	    "what=withdrawn length=2 value=080A\n"
	    "what=attribute name=origin code=1 flags=0x40 length=1 value=00\n"
	    "what=attribute name=med code=4 flags=0x80 length=4 value=00000007\n"
	    "what=attribute code=14 flags=0x90 length=3 value=000201\n"
	    "what=nlri length=2 value=080B\n");
	text_free(&t);
}

/* Every beginning of it is lines, and says that it is one. */
Case(outline, what_is_cut_off_is_told_so)
{
	static const uint8_t torn[] = { 0, 0, 0, 7, 0x40, 1, 1, 0, 0x80, 4, 4, 8, 11 };
	struct text t = { 0 };

	for (size_t n = 0; n < sizeof(update) - 2; n++) {
		uint8_t *exact = malloc(n + 1);

		memcpy(exact, update, n);
		text_clear(&t);
		update_outline(slice_of(exact, n), &t);
		EXPECT(t, "what=cut-off\n");
		free(exact);
	}
	text_clear(&t);
	update_outline(slice_of(torn, sizeof(torn)), &t);
	EXPECT(t,
	    "what=attribute name=origin code=1 flags=0x40 length=1 value=00\n"
	    "what=nlri length=2 value=080B\n"
	    "what=cut-off\n");
	text_free(&t);
}

Case(outline, capabilities_have_names_and_bytes)
{
	static const struct cap_seen seen[] = {
		{ 65, { (const uint8_t *)"\0\0\xfd\xe9", 4 } },
		{ 66, { (const uint8_t *)"\3", 1 } },
		{ 2, { NULL, 0 } },
	};
	struct text t = { 0 };

	caps_outline(seen, sizeof(seen) / sizeof(seen[0]), &t);
	EXPECT(t,
	    "what=capability name=asn4 code=65 length=4 value=0000FDE9\n"
	    "what=capability code=66 length=1 value=03\n"
	    "what=capability name=route-refresh code=2 length=0 value=\n");
	text_free(&t);
}
