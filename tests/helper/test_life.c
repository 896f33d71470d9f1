/* Every cell of the table, and the policy. */
#include "case.h"

#include "life.h"

static bool
on_ladder(enum life_state s)
{
	return s == LIFE_LAST || s == LIFE_TERM || s == LIFE_KILL;
}

#define EACH_CELL(s, e)                                                                            \
	for (enum life_state s = LIFE_OFF; s < LIFE_STATES; s++)                                   \
		for (enum life_event e = LIFE_START; e < LIFE_EVENTS; e++)

Case(life, every_cell_leads_to_a_state)
{
	EACH_CELL(s, e)
	{
		struct life_step step = life_step(s, e);

		cr_expect(step.next > LIFE_STAY && step.next < LIFE_STATES, "%d %d", s, e);
	}
}

Case(life, a_process_is_only_left_by_its_death)
{
	EACH_CELL(s, e)
	{
		struct life_step step = life_step(s, e);

		if (life_alive(s) && !life_alive(step.next))
			cr_expect(e == LIFE_DIED, "%d %d", s, e);
		if (!life_alive(s) && life_alive(step.next))
			cr_expect(s == LIFE_SPAWNING && e == LIFE_SPAWNED, "%d %d", s, e);
		if (step.todo & DO_SPAWN)
			cr_expect(!life_alive(s) && s != LIFE_DRAINING, "two at once: %d %d", s, e);
	}
}

Case(life, pipes_are_given_back_whenever_the_last_of_both_ends_comes)
{
	EACH_CELL(s, e)
	{
		struct life_step step = life_step(s, e);
		bool pipes = life_alive(s) || s == LIFE_DRAINING;
		bool after = life_alive(step.next) || step.next == LIFE_DRAINING;

		cr_expect(((step.todo & DO_RELEASE) != 0) == (pipes && !after), "%d %d", s, e);
	}
}

Case(life, nobody_is_left_waiting_without_a_timer)
{
	EACH_CELL(s, e)
	{
		struct life_step step = life_step(s, e);
		unsigned armed = 0;

		if (step.next == s)
			continue;
		switch (step.next) {
		case LIFE_DRAINING: armed = DO_DEADLINE; break;
		case LIFE_WAITING: armed = DO_ARM_RETRY; break;
		case LIFE_LAST: armed = DO_LAST; break;
		case LIFE_TERM: armed = DO_TERM; break;
		case LIFE_SPAWNING: armed = DO_SPAWN; break;
		case LIFE_DOWN: armed = DO_JUDGE; break;
		case LIFE_CONDEMNED: armed = DO_TERM; break;
		case LIFE_KILL: armed = DO_KILL; break;
		case LIFE_STAY:
		case LIFE_OFF:
		case LIFE_RUNNING:
		case LIFE_MUTE:
		case LIFE_GONE:
		case LIFE_STATES: break;
		}
		cr_expect((step.todo & armed) == armed, "%d %d", s, e);
	}
}

Case(life, a_fault_is_a_ladder_too)
{
	EACH_CELL(s, e)
	{
		if (e == LIFE_FAULT && life_alive(s) && !on_ladder(s) && s != LIFE_CONDEMNED)
			cr_expect(life_step(s, e).next == LIFE_CONDEMNED, "%d", s);
	}
	cr_expect(life_step(LIFE_CONDEMNED, LIFE_TIMER).todo & DO_KILL);
	cr_expect(life_step(LIFE_CONDEMNED, LIFE_DIED).todo & DO_JUDGE);
}

Case(life, a_stop_never_starts_again_and_ends_off)
{
	EACH_CELL(s, e)
	{
		struct life_step step = life_step(s, e);

		if (on_ladder(s)) {
			cr_expect(on_ladder(step.next) || step.next == LIFE_OFF, "%d %d", s, e);
			cr_expect(!(step.todo & (DO_JUDGE | DO_SPAWN)), "%d %d", s, e);
		}
		if (e == LIFE_STOP && s != LIFE_SPAWNING)
			cr_expect(on_ladder(step.next) || step.next == LIFE_OFF, "%d", s);
		if (step.next == LIFE_OFF && (s != LIFE_OFF || e == LIFE_STOP))
			cr_expect(step.todo & DO_TELL, "OFF is told: %d %d", s, e);
	}
}

Case(life, every_ladder_ends_with_timers_and_a_death_only)
{
	for (enum life_state s = LIFE_OFF; s < LIFE_STATES; s++) {
		enum life_state at = life_step(s, LIFE_STOP).next;

		if (s == LIFE_SPAWNING)
			continue;
		for (int i = 0; i < 2; i++)
			at = life_step(at, LIFE_TIMER).next;
		if (at != LIFE_OFF)
			cr_expect(at == LIFE_KILL && life_step(at, LIFE_DIED).next == LIFE_OFF);
	}
}

Case(life, the_first_deaths_cost_nothing_then_the_delay_doubles_to_a_minute)
{
	static const int seconds[] = { 0, 0, 0, 0, 0, 1, 2, 4, 8, 16, 32, 60, 60, 60 };
	struct life_tally t = { 0 };
	usec now = 1000;

	for (size_t i = 0; i < sizeof(seconds) / sizeof(seconds[0]); i++) {
		usec d = life_delay(&t, now, 10, false, 5, 64 * USEC_SECOND);

		cr_expect(d == seconds[i] * USEC_SECOND, "%zu: %d", i, (int)(d / USEC_SECOND));
		now += d + 10;
	}
	cr_expect(life_delay(&t, now, LIFE_HEALTH, false, 5, 64 * USEC_SECOND) == 0, "health");
	cr_expect(life_delay(&t, now, 10, false, 5, 64 * USEC_SECOND) == 0);
}

Case(life, deaths_far_apart_never_wait_and_ten_thousand_waits_do_not_overflow)
{
	struct life_tally t = { 0 };
	usec now = 0;

	for (int i = 0; i < 1000; i++, now += 13 * USEC_SECOND)
		cr_expect(life_delay(&t, now, 12 * USEC_SECOND, false, 5, 64 * USEC_SECOND) == 0,
		    "%d", i);
	for (int i = 0; i < 10000; i++)
		cr_expect(life_delay(&t, now, 0, false, 5, 64 * USEC_SECOND) <= LIFE_DELAY_MAX);
}

Case(life, one_that_can_not_be_started_waits_from_the_first_time)
{
	struct life_tally t = { 0 };

	cr_expect(life_delay(&t, 5, 0, true, 5, 64 * USEC_SECOND) == USEC_SECOND);
	cr_expect(life_delay(&t, 6, 0, true, 5, 64 * USEC_SECOND) == 2 * USEC_SECOND);
}
