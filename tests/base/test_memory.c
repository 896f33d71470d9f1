/* Allocation, arenas, blobs: what is alive is counted, what was got is kept apart. */
#include "case.h"

#include "base/arena.h"
#include "base/blob.h"
#include "base/mem.h"
#include "pieces.h"

#include <signal.h>
#include <stdalign.h>

Case(mem, what_is_alive_is_counted)
{
	size_t before = mem_alive();
	void *p[] = { mem_get(0), mem_zero(0, 8), mem_copy(NULL, 0), mem_string("abc", 2),
		mem_grow(NULL, 4), mem_copy("xyz", 3), mem_zero(3, 5) };
	size_t n = sizeof(p) / sizeof(p[0]);

	cr_expect(mem_alive() == before + n);
	cr_expect(strcmp(p[3], "ab") == 0 && memcmp(p[5], "xyz", 3) == 0);
	cr_expect(memcmp(p[6], (uint8_t[15]){ 0 }, 15) == 0);
	p[4] = mem_grow(p[4], 4000);
	cr_expect(mem_alive() == before + n);
	for (size_t i = 0; i < n; i++)
		mem_free(p[i]);
	mem_free(NULL);
	cr_expect(mem_alive() == before);
}

Test(mem, a_product_that_overflows_ends_the_program, .signal = SIGABRT, .timeout = CASE_SECONDS)
{
	volatile size_t huge = SIZE_MAX / 2;

	(void)mem_zero(huge, 3);
}

struct grant {
	uint8_t *at;
	size_t size;
	uint8_t mark;
};

static void
roll_arena(struct arena *a, uint64_t *seed)
{
	struct grant grants[200];

	for (unsigned i = 0; i < 200; i++) {
		struct grant *g = &grants[i];

		g->size = dice(seed) % 16 == 0 ? dice(seed) % 20000 : dice(seed) % 100;
		g->at = arena_get(a, g->size);
		g->mark = (uint8_t)i;
		cr_assert((uintptr_t)g->at % alignof(max_align_t) == 0);
		memset(g->at, g->mark, g->size);
	}
	for (unsigned i = 0; i < 200; i++) {
		for (size_t k = 0; k < grants[i].size; k++)
			cr_assert(grants[i].at[k] == grants[i].mark, "grant %u byte %zu", i, k);
	}
}

Case(arena, grants_are_aligned_and_apart_and_go_at_once)
{
	size_t before = mem_alive();
	struct arena a = { 0 };
	uint64_t seed = 3;

	for (int round = 0; round < 50; round++) {
		roll_arena(&a, &seed);
		arena_reset(&a);
		cr_expect(mem_alive() <= before + 1, "a reset keeps one chunk");
	}
	arena_free(&a);
	cr_expect(mem_alive() == before);
}

Case(arena, a_steady_state_allocates_nothing)
{
	struct arena a = { 0 };
	struct arena_chunk *first;

	(void)arena_get(&a, 100);
	first = a.chunks;
	for (int round = 0; round < 100; round++) {
		struct slice s;

		arena_reset(&a);
		s = arena_copy(&a, SLICE("abc"));
		cr_expect(slice_is(s, "abc") && a.chunks == first);
		cr_expect(memcmp(arena_zero(&a, 4, 5), (uint8_t[20]){ 0 }, 20) == 0);
	}
	cr_expect(arena_copy(&a, (struct slice){ 0 }).len == 0);
	arena_free(&a);
}

Case(blob, the_last_drop_frees)
{
	size_t before = mem_alive();
	struct blob *b = blob_new(SLICE("bytes"));

	cr_expect(blob_hold(b) == b && slice_is(blob_slice(b), "bytes"));
	blob_drop(b);
	cr_expect(mem_alive() == before + 1 && slice_is(blob_slice(b), "bytes"));
	blob_drop(b);
	blob_drop(NULL);
	b = blob_room(0);
	cr_expect(blob_slice(b).len == 0);
	blob_drop(b);
	cr_expect(mem_alive() == before);
}
