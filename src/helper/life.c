/* The life of a helper as a table; the policy of starting again. */
#include "life.h"

/* A cell that is left out stays and does nothing. Death and the end of stdout come in either order;
 * only both make DOWN, so that the last lines are read. */
static const struct life_step table[LIFE_STATES][LIFE_EVENTS] = {
	[LIFE_OFF] = {
		[LIFE_START] = { LIFE_SPAWNING, DO_SPAWN },
		[LIFE_STOP] = { LIFE_OFF, DO_TELL },
	},
	[LIFE_SPAWNING] = {
		[LIFE_SPAWNED] = { LIFE_RUNNING, DO_TELL },
		[LIFE_FAILED] = { LIFE_DOWN, DO_JUDGE },
	},
	[LIFE_RUNNING] = {
		[LIFE_CLOSED] = { LIFE_MUTE, DO_TELL },
		[LIFE_DIED] = { LIFE_DRAINING, DO_DEADLINE | DO_TELL },
		[LIFE_FAULT] = { LIFE_CONDEMNED, DO_TERM | DO_TELL },
		[LIFE_STOP] = { LIFE_LAST, DO_LAST | DO_TELL },
	},
	[LIFE_MUTE] = {
		[LIFE_DIED] = { LIFE_DOWN, DO_RELEASE | DO_JUDGE },
		[LIFE_FAULT] = { LIFE_CONDEMNED, DO_TERM | DO_TELL },
		[LIFE_STOP] = { LIFE_LAST, DO_LAST | DO_TELL },
	},
	[LIFE_DRAINING] = {
		[LIFE_CLOSED] = { LIFE_DOWN, DO_RELEASE | DO_JUDGE },
		[LIFE_FAULT] = { LIFE_DOWN, DO_RELEASE | DO_JUDGE },
		[LIFE_TIMER] = { LIFE_DOWN, DO_RELEASE | DO_JUDGE },
		[LIFE_STOP] = { LIFE_OFF, DO_RELEASE | DO_TELL },
	},
	[LIFE_CONDEMNED] = {
		[LIFE_DIED] = { LIFE_DOWN, DO_RELEASE | DO_JUDGE },
		[LIFE_TIMER] = { LIFE_CONDEMNED, DO_KILL },
		[LIFE_STOP] = { LIFE_TERM, DO_TERM | DO_TELL },
	},
	[LIFE_DOWN] = {
		[LIFE_RETRY] = { LIFE_WAITING, DO_ARM_RETRY | DO_TELL },
		[LIFE_ENOUGH] = { LIFE_GONE, DO_TELL },
		[LIFE_STOP] = { LIFE_OFF, DO_TELL },
	},
	[LIFE_WAITING] = {
		[LIFE_START] = { LIFE_SPAWNING, DO_SPAWN },
		[LIFE_TIMER] = { LIFE_SPAWNING, DO_SPAWN },
		[LIFE_STOP] = { LIFE_OFF, DO_TELL },
	},
	[LIFE_GONE] = {
		[LIFE_START] = { LIFE_SPAWNING, DO_SPAWN },
		[LIFE_STOP] = { LIFE_OFF, DO_TELL },
	},
	[LIFE_LAST] = {
		[LIFE_DIED] = { LIFE_OFF, DO_RELEASE | DO_TELL },
		[LIFE_TIMER] = { LIFE_TERM, DO_TERM },
	},
	[LIFE_TERM] = {
		[LIFE_DIED] = { LIFE_OFF, DO_RELEASE | DO_TELL },
		[LIFE_TIMER] = { LIFE_KILL, DO_KILL },
	},
	[LIFE_KILL] = {
		[LIFE_DIED] = { LIFE_OFF, DO_RELEASE | DO_TELL },
	},
};

struct life_step
life_step(enum life_state now, enum life_event event)
{
	struct life_step s = table[now][event];

	if (s.next == LIFE_STAY)
		s.next = now;
	return s;
}

bool
life_listens(enum life_state s)
{
	return s == LIFE_RUNNING || s == LIFE_DRAINING;
}

bool
life_alive(enum life_state s)
{
	switch (s) {
	case LIFE_RUNNING:
	case LIFE_MUTE:
	case LIFE_CONDEMNED:
	case LIFE_LAST:
	case LIFE_TERM:
	case LIFE_KILL: return true;
	case LIFE_STAY:
	case LIFE_OFF:
	case LIFE_SPAWNING:
	case LIFE_DRAINING:
	case LIFE_DOWN:
	case LIFE_WAITING:
	case LIFE_GONE:
	case LIFE_STATES: break;
	}
	return false;
}

usec
life_delay(struct life_tally *t, usec now, usec lived, bool failed, unsigned most, usec window)
{
	usec delay = USEC_SECOND;

	if (lived >= LIFE_HEALTH)
		*t = (struct life_tally){ 0 };
	if (t->waits == 0 && (t->starts == 0 || now - t->window >= window)) {
		t->window = now;
		t->starts = 0;
	}
	if (!failed && t->starts < most) {
		t->starts++;
		return 0;
	}
	for (unsigned i = 0; i < t->waits && delay < LIFE_DELAY_MAX; i++)
		delay *= 2;
	t->waits++;
	return delay < LIFE_DELAY_MAX ? delay : LIFE_DELAY_MAX;
}

const char *
life_state_name(enum life_state s)
{
	static const char *const names[LIFE_STATES] = {
		[LIFE_STAY] = "STAY",
		[LIFE_OFF] = "OFF",
		[LIFE_SPAWNING] = "SPAWNING",
		[LIFE_RUNNING] = "RUNNING",
		[LIFE_MUTE] = "MUTE",
		[LIFE_DRAINING] = "DRAINING",
		[LIFE_CONDEMNED] = "CONDEMNED",
		[LIFE_DOWN] = "DOWN",
		[LIFE_WAITING] = "WAITING",
		[LIFE_GONE] = "GONE",
		[LIFE_LAST] = "LAST",
		[LIFE_TERM] = "TERM",
		[LIFE_KILL] = "KILL",
	};

	return names[s];
}

const char *
life_event_name(enum life_event e)
{
	static const char *const names[LIFE_EVENTS] = {
		[LIFE_START] = "START",
		[LIFE_SPAWNED] = "SPAWNED",
		[LIFE_FAILED] = "FAILED",
		[LIFE_CLOSED] = "CLOSED",
		[LIFE_DIED] = "DIED",
		[LIFE_FAULT] = "FAULT",
		[LIFE_TIMER] = "TIMER",
		[LIFE_STOP] = "STOP",
		[LIFE_RETRY] = "RETRY",
		[LIFE_ENOUGH] = "ENOUGH",
	};

	return names[e];
}
