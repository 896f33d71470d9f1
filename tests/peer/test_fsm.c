/* The table of the state machine: claims about all of its cells. */
#include "case.h"
#include "peer/fsm.h"

#define each_cell(s, e)                                                                            \
	for (enum fsm_state s = FSM_IDLE; s < FSM_STATES; s++)                                     \
		for (enum fsm_event e = FSM_START; e < FSM_EVENTS; e++)

Case(fsm, every_state_and_event_has_a_name)
{
	each_cell(s, e)
	{
		cr_expect(fsm_state_name(s) != NULL, "state %u", s);
		cr_expect(fsm_event_name(e) != NULL, "event %u", e);
	}
	cr_expect_str_eq(fsm_state_name(FSM_ESTABLISHED), "ESTABLISHED");
	cr_expect_str_eq(fsm_event_name(FSM_BAD_MESSAGE), "BAD_MESSAGE");
}

Case(fsm, whoever_leaves_established_tells)
{
	for (enum fsm_event e = FSM_START; e < FSM_EVENTS; e++) {
		struct fsm_step step = fsm_step(FSM_ESTABLISHED, e);

		if (step.next == FSM_ESTABLISHED)
			continue;
		cr_expect_eq(step.next, FSM_IDLE, "%s", fsm_event_name(e));
		cr_expect(step.todo & FSM_DO_DOWN, "%s", fsm_event_name(e));
	}
}

Case(fsm, whoever_returns_to_idle_closes_the_socket_and_nobody_else)
{
	each_cell(s, e)
	{
		struct fsm_step step = fsm_step(s, e);
		bool ends = s != FSM_IDLE && step.next == FSM_IDLE;

		cr_expect_eq((step.todo & FSM_DO_CLOSE) != 0, ends, "%s %s", fsm_state_name(s),
		    fsm_event_name(e));
		cr_expect_eq((step.todo & FSM_DO_DOWN) != 0, ends, "%s %s", fsm_state_name(s),
		    fsm_event_name(e));
	}
}

Case(fsm, stop_and_collision_never_reconnect_and_all_other_ends_may)
{
	each_cell(s, e)
	{
		struct fsm_step step = fsm_step(s, e);
		bool again = (step.todo & FSM_DO_CLOSE) != 0 && e != FSM_STOP && e != FSM_COLLIDED;

		cr_expect_eq((step.todo & FSM_DO_RETRY) != 0, again, "%s %s", fsm_state_name(s),
		    fsm_event_name(e));
	}
}

Case(fsm, stop_ends_in_idle_from_everywhere)
{
	for (enum fsm_state s = FSM_IDLE; s < FSM_STATES; s++) {
		cr_expect_eq(fsm_step(s, FSM_STOP).next, FSM_IDLE, "%s", fsm_state_name(s));
		cr_expect_eq(fsm_step(s, FSM_RESET).next, FSM_IDLE, "%s", fsm_state_name(s));
	}
}

Case(fsm, a_notification_is_never_answered)
{
	for (enum fsm_state s = FSM_IDLE; s < FSM_STATES; s++) {
		struct fsm_step step = fsm_step(s, FSM_GOT_NOTIFICATION);

		cr_expect_eq(step.next, FSM_IDLE, "%s", fsm_state_name(s));
		cr_expect_eq(
		    step.todo & (FSM_DO_NOTIFY | FSM_DO_BLAME), 0, "%s", fsm_state_name(s));
	}
}

Case(fsm, a_connection_that_is_gone_is_not_written_to)
{
	const uint32_t writes = FSM_DO_NOTIFY | FSM_DO_BLAME | FSM_DO_OPEN | FSM_DO_KEEPALIVE;

	for (enum fsm_state s = FSM_IDLE; s < FSM_STATES; s++) {
		cr_expect_eq(fsm_step(s, FSM_TCP_GONE).todo & writes, 0, "%s", fsm_state_name(s));
		cr_expect_eq(fsm_step(s, FSM_TCP_FAILED).todo & writes, 0, "%s", fsm_state_name(s));
	}
}

Case(fsm, an_end_has_at_most_one_notification)
{
	each_cell(s, e)
	{
		uint32_t todo = fsm_step(s, e).todo;

		cr_expect(!(todo & FSM_DO_NOTIFY) || !(todo & FSM_DO_BLAME), "%s %s",
		    fsm_state_name(s), fsm_event_name(e));
		if (todo & (FSM_DO_NOTIFY | FSM_DO_BLAME))
			cr_expect(
			    todo & FSM_DO_CLOSE, "%s %s", fsm_state_name(s), fsm_event_name(e));
	}
}

Case(fsm, header_errors_are_answered_in_every_state_that_hears)
{
	for (enum fsm_state s = FSM_CONNECT; s < FSM_STATES; s++)
		cr_expect(
		    fsm_step(s, FSM_BAD_HEADER).todo & FSM_DO_NOTIFY, "%s", fsm_state_name(s));
}

Case(fsm, only_open_and_then_keepalive_lead_to_established)
{
	each_cell(s, e)
	{
		struct fsm_step step = fsm_step(s, e);

		if (step.next == FSM_ESTABLISHED && s != FSM_ESTABLISHED) {
			cr_expect_eq(s, FSM_OPENCONFIRM);
			cr_expect_eq(e, FSM_GOT_KEEPALIVE);
			cr_expect(step.todo & FSM_DO_UP);
		} else {
			cr_expect_eq(step.todo & FSM_DO_UP, 0, "%s %s", fsm_state_name(s),
			    fsm_event_name(e));
		}
		if (step.next == FSM_OPENCONFIRM && s != FSM_OPENCONFIRM) {
			cr_expect_eq(e, FSM_GOT_OPEN);
			cr_expect(step.todo & FSM_DO_AGREED);
			cr_expect(step.todo & FSM_DO_KEEPALIVE);
		}
	}
}

Case(fsm, our_open_goes_out_once_on_the_way_to_openconfirm)
{
	each_cell(s, e)
	{
		struct fsm_step step = fsm_step(s, e);
		bool before = s == FSM_CONNECT || s == FSM_ACTIVE;
		bool behind = step.next == FSM_OPENSENT || step.next == FSM_OPENCONFIRM;

		cr_expect_eq((step.todo & FSM_DO_OPEN) != 0, before && behind, "%s %s",
		    fsm_state_name(s), fsm_event_name(e));
	}
}

Case(fsm, unexpected_messages_are_blamed_on_the_state)
{
	static const struct {
		enum fsm_state state;
		enum fsm_event event;
		uint8_t subcode;
	} rows[] = {
		{ FSM_OPENSENT, FSM_GOT_UPDATE, 1 },
		{ FSM_OPENSENT, FSM_GOT_KEEPALIVE, 1 },
		{ FSM_OPENSENT, FSM_GOT_REFRESH, 1 },
		{ FSM_OPENCONFIRM, FSM_GOT_UPDATE, 2 },
		{ FSM_OPENCONFIRM, FSM_GOT_OPEN, 2 },
		{ FSM_OPENCONFIRM, FSM_BAD_OPEN, 2 },
		{ FSM_OPENCONFIRM, FSM_GOT_OPERATIONAL, 2 },
		{ FSM_ESTABLISHED, FSM_GOT_OPEN, 3 },
		{ FSM_ESTABLISHED, FSM_BAD_OPEN, 3 },
		{ FSM_CONNECT, FSM_GOT_UPDATE, 0 },
		{ FSM_ACTIVE, FSM_GOT_KEEPALIVE, 0 },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct fsm_step step = fsm_step(rows[i].state, rows[i].event);

		cr_expect_eq(step.next, FSM_IDLE, "row %zu", i);
		cr_expect(step.todo & FSM_DO_BLAME, "row %zu", i);
		cr_expect_eq(fsm_blame(rows[i].state), rows[i].subcode, "row %zu", i);
	}
}

Case(fsm, messages_act_in_established_only)
{
	each_cell(s, e)
	{
		if (fsm_step(s, e).todo & FSM_DO_TAKE)
			cr_expect_eq(s, FSM_ESTABLISHED, "%s", fsm_event_name(e));
	}
}

Case(fsm, a_second_start_changes_nothing)
{
	for (enum fsm_state s = FSM_CONNECT; s < FSM_STATES; s++) {
		cr_expect_eq(fsm_step(s, FSM_START).next, s);
		cr_expect_eq(fsm_step(s, FSM_START).todo, 0);
		cr_expect_eq(fsm_step(s, FSM_START_PASSIVE).next, s);
		cr_expect_eq(fsm_step(s, FSM_START_PASSIVE).todo, 0);
	}
}

Case(fsm, idle_does_nothing_but_start)
{
	for (enum fsm_event e = FSM_START; e < FSM_EVENTS; e++) {
		struct fsm_step step = fsm_step(FSM_IDLE, e);

		if (e == FSM_START || e == FSM_START_PASSIVE)
			continue;
		cr_expect_eq(step.next, FSM_IDLE, "%s", fsm_event_name(e));
		cr_expect_eq(step.todo, 0, "%s", fsm_event_name(e));
	}
}
