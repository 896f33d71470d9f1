/* Requests that wait, each for one answer. */
#include "case.h"

#include "hf/pending.h"

static void
clear(struct hf_pending *p)
{
	list_each (link, &p->open)
		hf_pending_close(p, owner_of(link, struct hf_request, link));
}

Case(pending, ids_ascend_and_are_not_zero)
{
	uint64_t newest = 0;

	cr_expect(!hf_id_follows(&newest, 0));
	cr_expect(hf_id_follows(&newest, 1) && hf_id_follows(&newest, 7));
	cr_expect(!hf_id_follows(&newest, 7) && !hf_id_follows(&newest, 3));
	cr_expect(hf_id_follows(&newest, UINT64_MAX) && !hf_id_follows(&newest, UINT64_MAX));
}

Case(pending, as_many_are_open_as_may_be_in_the_order_that_they_came)
{
	struct hf_pending p;
	struct hf_request *all[5];
	struct hf_request *r = NULL;

	hf_pending_init(&p);
	for (int i = 0; i < 5; i++)
		all[i] = hf_pending_add(&p, &all[i], 0, 100);
	cr_expect(hf_pending_next(&p, 2) == all[0] && hf_pending_next(&p, 2) == all[1]);
	cr_expect(hf_pending_next(&p, 2) == NULL);
	cr_assert(hf_pending_match(&p, 1, true, &r) == HF_FOUND && r == all[0]);
	hf_pending_close(&p, r);
	cr_expect(hf_pending_next(&p, 2) == all[2] && all[2]->id == 3);
	cr_expect(p.count == 4 && p.sent == 2 && p.most == 5);
	clear(&p);
	cr_expect(p.count == 0 && p.sent == 0 && p.resolved == 5);
}

Case(pending, an_answer_is_found_once_then_late_and_never_of_an_id_that_was_not_given)
{
	struct hf_pending p;
	struct hf_request *r = NULL;

	hf_pending_init(&p);
	(void)hf_pending_add(&p, &p, 0, 100);
	(void)hf_pending_next(&p, 1);
	cr_assert(hf_pending_match(&p, 1, true, &r) == HF_FOUND);
	hf_pending_close(&p, r);
	cr_expect(hf_pending_match(&p, 1, true, &r) == HF_LATE && p.late == 1);
	cr_expect(hf_pending_match(&p, 2, true, &r) == HF_NEVER && p.late == 1);
	cr_expect(hf_pending_match(&p, 0, true, &r) == HF_NEVER);
}

Case(pending, one_that_nobody_waits_for_keeps_its_place_until_it_is_answered)
{
	struct hf_pending p;
	struct hf_request *r;
	struct hf_request *found = NULL;

	hf_pending_init(&p);
	r = hf_pending_add(&p, &p, 0, 100);
	(void)hf_pending_next(&p, 1);
	r->owner = NULL;
	cr_expect(hf_pending_match(&p, 1, false, &found) == HF_LATE && p.count == 1);
	cr_expect(hf_pending_match(&p, 1, true, &found) == HF_LATE && p.count == 0);
	cr_expect(found == NULL && p.late == 2);
}

Case(pending, what_is_answered_is_not_due_and_what_is_due_is_told_at_its_time)
{
	struct hf_pending p;
	struct hf_request *r = NULL;

	hf_pending_init(&p);
	cr_expect(hf_pending_due(&p) == USEC_NEVER);
	(void)hf_pending_add(&p, &p, 0, 100);
	(void)hf_pending_add(&p, &p, 0, 50);
	(void)hf_pending_next(&p, 9);
	(void)hf_pending_next(&p, 9);
	cr_expect(hf_pending_due(&p) == 50 && hf_pending_over(&p, 49) == NULL);
	cr_assert(hf_pending_over(&p, 50) != NULL && hf_pending_over(&p, 50)->id == 2);
	cr_assert(hf_pending_match(&p, 2, true, &r) == HF_FOUND); /* in the same turn */
	hf_pending_close(&p, r);
	cr_expect(hf_pending_over(&p, 50) == NULL && hf_pending_due(&p) == 100);
	clear(&p);
}
