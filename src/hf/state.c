/* The states of a session as a table. A cell that is left out stays and does nothing. */
#include "hf/state.h"

/* what every living state has */
#define ENDS                                                                                       \
	[HF_ON_BAD] = { HF_BROKEN, HF_DO_BREAK }, [HF_ON_JAM] = { HF_STUCK, HF_DO_KILL },          \
	[HF_ON_EXIT] = { HF_EXITED, HF_DO_END }, [HF_ON_STOP] = { HF_STOPPING, HF_DO_SHUTDOWN }

/* what one that is ready may say */
#define SPEECH                                                                                     \
	[HF_READY] = { HF_BROKEN, HF_DO_BREAK }, /* exactly once */                                \
	    [HF_CMD] = { HF_STAY, HF_DO_COMMAND }, [HF_OUT] = { HF_STAY, HF_DO_OUT },              \
	[HF_RESULT] = { HF_STAY, HF_DO_TERMINAL }, [HF_ERROR] = { HF_STAY, HF_DO_TERMINAL },       \
	[HF_ASK] = { HF_STAY, HF_DO_ASK }, [HF_PAUSE] = { HF_STAY, HF_DO_PAUSE },                  \
	[HF_RESUME] = { HF_STAY, HF_DO_RESUME }, [HF_CHECKPOINT] = { HF_STAY, HF_DO_KEEP },        \
	[HF_BYE] = { HF_STAY, HF_DO_BYE }, [HF_UNKNOWN] = { HF_STAY, HF_DO_UNKNOWN },              \
	[HF_ON_SILENT] = { HF_STUCK, HF_DO_KILL }, ENDS

/* before ready nothing else may come */
#define BREAKS                                                                                     \
	[HF_CMD] = EARLY, [HF_ACCEPT] = EARLY, [HF_OUT] = EARLY, [HF_RESULT] = EARLY,              \
	[HF_ERROR] = EARLY, [HF_ASK] = EARLY, [HF_HB] = EARLY, [HF_PAUSE] = EARLY,                 \
	[HF_RESUME] = EARLY, [HF_CHECKPOINT] = EARLY, [HF_BYE] = EARLY, [HF_UNKNOWN] = EARLY
#define EARLY                                                                                      \
	{                                                                                          \
		HF_BROKEN, HF_DO_BREAK                                                             \
	}

static const struct hf_step table[HF_STATES][HF_EVENTS] = {
	[HF_SPAWNED] = {
		[HF_ON_HELLO] = { HF_HELLO_SENT, HF_DO_HELLO },
		[HF_ON_EXIT] = { HF_EXITED, HF_DO_END },
	},
	[HF_HELLO_SENT] = {
		[HF_READY] = { HF_OPEN, HF_DO_BEGIN },
		[HF_ON_LATE] = { HF_BROKEN, HF_DO_BREAK },
		BREAKS,
		ENDS,
	},
	[HF_OPEN] = {
		[HF_ON_WORK] = { HF_WORKING, HF_NOTHING },
		SPEECH,
	},
	[HF_WORKING] = {
		[HF_ON_IDLE] = { HF_OPEN, HF_NOTHING },
		SPEECH,
	},
	[HF_STOPPING] = {
		[HF_CMD] = { HF_STAY, HF_DO_REFUSE },
		[HF_ASK] = { HF_STAY, HF_DO_REFUSE },
		[HF_OUT] = { HF_STAY, HF_DO_OUT },
		[HF_RESULT] = { HF_STAY, HF_DO_TERMINAL },
		[HF_ERROR] = { HF_STAY, HF_DO_TERMINAL },
		[HF_CHECKPOINT] = { HF_STAY, HF_DO_KEEP },
		[HF_BYE] = { HF_STAY, HF_DO_BYE },
		[HF_ON_BAD] = { HF_BROKEN, HF_DO_BREAK },
		[HF_ON_EXIT] = { HF_EXITED, HF_DO_END },
	},
	[HF_STUCK] = { [HF_ON_EXIT] = { HF_EXITED, HF_DO_END } },
	[HF_BROKEN] = { [HF_ON_EXIT] = { HF_EXITED, HF_DO_END } },
	[HF_EXITED] = {
		[HF_ON_SPAWN] = { HF_SPAWNED, HF_NOTHING },
		[HF_ON_GIVE_UP] = { HF_GIVEN_UP, HF_NOTHING },
	},
	[HF_GIVEN_UP] = { [HF_ON_SPAWN] = { HF_SPAWNED, HF_NOTHING } },
};

struct hf_step
hf_step(enum hf_state now, unsigned event)
{
	struct hf_step s = table[now][event];

	if (s.next == HF_STAY)
		s.next = now;
	return s;
}

bool
hf_speaks(enum hf_state s)
{
	return s == HF_OPEN || s == HF_WORKING;
}

const char *
hf_state_name(enum hf_state s)
{
	static const char *const names[HF_STATES] = {
		[HF_STAY] = "STAY",
		[HF_SPAWNED] = "SPAWNED",
		[HF_HELLO_SENT] = "HELLO_SENT",
		[HF_OPEN] = "READY",
		[HF_WORKING] = "BUSY",
		[HF_STOPPING] = "STOPPING",
		[HF_STUCK] = "STUCK",
		[HF_BROKEN] = "BROKEN",
		[HF_EXITED] = "EXITED",
		[HF_GIVEN_UP] = "GIVEN_UP",
	};

	return names[s];
}

const char *
hf_event_name(unsigned event)
{
	static const char *const names[HF_EVENTS - HF_TYPES] = {
		[HF_ON_SPAWN - HF_TYPES] = "SPAWN",
		[HF_ON_HELLO - HF_TYPES] = "HELLO",
		[HF_ON_WORK - HF_TYPES] = "WORK",
		[HF_ON_IDLE - HF_TYPES] = "IDLE",
		[HF_ON_STOP - HF_TYPES] = "STOP",
		[HF_ON_LATE - HF_TYPES] = "LATE",
		[HF_ON_SILENT - HF_TYPES] = "SILENT",
		[HF_ON_JAM - HF_TYPES] = "JAM",
		[HF_ON_BAD - HF_TYPES] = "BAD",
		[HF_ON_EXIT - HF_TYPES] = "EXIT",
		[HF_ON_GIVE_UP - HF_TYPES] = "GIVE_UP",
	};

	return event < HF_TYPES ? hf_type_word((enum hf_type)event) : names[event - HF_TYPES];
}
