/* Every cell of the table. */
#include "case.h"

#include "hf/state.h"

#define EACH_CELL(s, e)                                                                            \
	for (enum hf_state s = HF_SPAWNED; s < HF_STATES; s++)                                     \
		for (unsigned e = 0; e < HF_EVENTS; e++)

static bool
is_over(enum hf_state s)
{
	return s == HF_EXITED || s == HF_GIVEN_UP;
}

Case(state, every_cell_leads_to_a_state_with_a_name)
{
	EACH_CELL(s, e)
	{
		struct hf_step step = hf_step(s, e);

		cr_expect(step.next > HF_STAY && step.next < HF_STATES, "%d %d", s, e);
		cr_expect(hf_state_name(step.next) != NULL && hf_event_name(e) != NULL);
	}
}

Case(state, before_ready_every_other_frame_breaks_the_session)
{
	for (unsigned t = 0; t < HF_TYPES; t++) {
		struct hf_step step = hf_step(HF_HELLO_SENT, t);

		if (t == HF_READY)
			cr_expect(step.next == HF_OPEN && step.act == HF_DO_BEGIN);
		else
			cr_expect(step.next == HF_BROKEN && step.act == HF_DO_BREAK, "%u", t);
	}
}

Case(state, ready_comes_once_only)
{
	EACH_CELL(s, e)
	{
		if (e == HF_READY && hf_speaks(s))
			cr_expect(hf_step(s, e).act == HF_DO_BREAK);
		cr_expect(
		    (hf_step(s, e).act == HF_DO_BEGIN) == (s == HF_HELLO_SENT && e == HF_READY));
	}
}

Case(state, commands_pass_while_it_is_ready_and_are_refused_when_it_ends)
{
	EACH_CELL(s, e)
	{
		enum hf_act act = hf_step(s, e).act;

		cr_expect((act == HF_DO_COMMAND) == (e == HF_CMD && hf_speaks(s)), "%d %d", s, e);
		cr_expect(
		    (act == HF_DO_REFUSE) == (s == HF_STOPPING && (e == HF_CMD || e == HF_ASK)),
		    "%d %d", s, e);
	}
}

Case(state, who_broke_the_rules_is_not_heard_again)
{
	for (unsigned t = 0; t < HF_TYPES; t++) {
		cr_expect(hf_step(HF_BROKEN, t).act == HF_NOTHING, "%u", t);
		cr_expect(hf_step(HF_STUCK, t).act == HF_NOTHING, "%u", t);
	}
	for (unsigned e = 0; e < HF_EVENTS; e++) {
		enum hf_state next = hf_step(HF_BROKEN, e).next;

		cr_expect(next == HF_BROKEN || (next == HF_EXITED && e == HF_ON_EXIT), "%u", e);
	}
}

Case(state, what_is_pending_is_resolved_by_each_end)
{
	EACH_CELL(s, e)
	{
		struct hf_step step = hf_step(s, e);

		cr_expect((step.act == HF_DO_END) == (!is_over(s) && step.next == HF_EXITED));
		if (e == HF_ON_EXIT)
			cr_expect(is_over(step.next), "%d", s);
		else
			cr_expect(step.next != HF_EXITED || s == HF_EXITED, "%d %d", s, e);
	}
}

Case(state, a_session_begins_with_a_spawn_and_hello_only)
{
	EACH_CELL(s, e)
	{
		enum hf_state next = hf_step(s, e).next;

		if (is_over(s) && !is_over(next))
			cr_expect(e == HF_ON_SPAWN && next == HF_SPAWNED);
		if (s == HF_SPAWNED && next != HF_SPAWNED && next != HF_EXITED)
			cr_expect(e == HF_ON_HELLO && next == HF_HELLO_SENT);
	}
}
