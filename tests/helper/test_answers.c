/* The channel: order, counting, cost. */
#include "case.h"

#include "answers.h"
#include "base/text.h"

#include <stdlib.h>

static struct text
drain(struct answers *c, size_t most)
{
	struct text t = { 0 };
	struct blob *b;

	while ((b = answers_give(c, most, 0)) != NULL) {
		text_slice(&t, blob_slice(b));
		blob_drop(b);
	}
	return t;
}

Case(answers, any_mix_comes_out_in_order_in_any_pieces)
{
	for (unsigned seed = 0; seed < 50; seed++) {
		struct answers c = { 0 };
		struct text want = { 0 }, got = { 0 };

		srand(seed);
		for (int i = 0; i < 2000; i++) {
			int what = rand() % 5;

			if (what == 0) {
				struct text line = { 0 };

				text_format(&line, "event %d\n", i);
				text_slice(&want, text_view(&line));
				answers_put(&c, blob_new(text_view(&line)));
				text_free(&line);
			} else {
				answers_ack(&c, what != 1);
				text_string(&want, what != 1 ? "done\n" : "error\n");
			}
			if (rand() % 50 == 0) {
				struct text part = drain(&c, (size_t)rand() % 40);

				text_slice(&got, text_view(&part));
				text_free(&part);
			}
		}
		{
			struct text part = drain(&c, 17);

			text_slice(&got, text_view(&part));
			text_free(&part);
		}
		cr_expect(slice_same(text_view(&want), text_view(&got)), "seed %u", seed);
		cr_expect(c.bytes == 0 && c.count == 0);
		text_free(&want);
		text_free(&got);
		answers_done(&c);
	}
}

Case(answers, a_million_acks_cost_one_entry)
{
	struct answers c = { 0 };
	struct blob *b;
	size_t bytes;
	uint64_t n = 0;

	answers_ack(&c, true);
	bytes = c.bytes;
	for (int i = 1; i < 1000000; i++)
		answers_ack(&c, true);
	cr_expect(c.count == 1 && c.bytes == bytes);
	while ((b = answers_give(&c, 65536, 0)) != NULL) {
		cr_expect(b->len <= 65536 && b->len % 5 == 0);
		n += b->len / 5;
		blob_drop(b);
	}
	cr_expect(n == 1000000);
	answers_done(&c);
}

Case(answers, acks_that_differ_cost_a_bit)
{
	struct answers c = { 0 };
	struct text got, want = { 0 };

	for (int i = 0; i < 64000; i++) {
		answers_ack(&c, i % 3 == 0);
		text_string(&want, i % 3 == 0 ? "done\n" : "error\n");
	}
	cr_expect(c.count == 1000, "%zu entries", c.count);
	got = drain(&c, 100);
	cr_expect(slice_same(text_view(&want), text_view(&got)));
	text_free(&want);
	text_free(&got);
	answers_done(&c);
}

Case(answers, clear_gives_all_back)
{
	struct answers c = { 0 };
	struct blob *b = blob_new(SLICE("event\n"));

	for (int i = 0; i < 100; i++) {
		answers_put(&c, blob_hold(b));
		answers_ack(&c, i % 3 == 0);
	}
	answers_clear(&c);
	cr_expect(b->holders == 1 && c.bytes == 0 && c.ring == NULL);
	cr_expect(answers_give(&c, 10, 0) == NULL);
	blob_drop(b);
	answers_done(&c);
}

Case(answers, one_that_is_given_too_late_is_the_other)
{
	struct answers c = { 0 };
	struct blob *b;

	for (int i = 0; i < 3; i++)
		answers_put_until(&c, blob_new(SLICE("in time")), 10, blob_new(SLICE("late")));
	b = answers_give(&c, 100, 10);
	cr_expect(slice_is(blob_slice(b), "in time"));
	blob_drop(b);
	b = answers_give(&c, 100, 11);
	cr_expect(slice_is(blob_slice(b), "late"));
	blob_drop(b);
	answers_done(&c);
}
