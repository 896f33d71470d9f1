/* The table of RFC 4271 section 8: state and event to next state and what to do. */
#include "peer/fsm.h"

#define END      (FSM_DO_DOWN | FSM_DO_CLOSE)
#define LOST     (END | FSM_DO_RETRY)
#define REFUSED  (FSM_DO_NOTIFY | LOST)
#define BLAMED   (FSM_DO_BLAME | LOST)
#define SHAKES   (FSM_DO_AGREED | FSM_DO_KEEPALIVE | FSM_DO_HEARD)
#define HANDS_UP (FSM_DO_OPEN | SHAKES)

/* clang-format off */
/* What ends a connection in any state that has one. */
#define ENDINGS                                                                                    \
	[FSM_STOP]             = { FSM_IDLE, FSM_DO_NOTIFY | END },                                \
	[FSM_RESET]            = { FSM_IDLE, REFUSED },                                            \
	[FSM_TCP_FAILED]       = { FSM_IDLE, LOST },                                               \
	[FSM_TCP_GONE]         = { FSM_IDLE, LOST },                                               \
	[FSM_COLLIDED]         = { FSM_IDLE, FSM_DO_NOTIFY | END },                                \
	[FSM_HOLD_EXPIRED]     = { FSM_IDLE, REFUSED },                                            \
	[FSM_SEND_STUCK]       = { FSM_IDLE, REFUSED },                                            \
	[FSM_BAD_HEADER]       = { FSM_IDLE, REFUSED },                                            \
	[FSM_GOT_NOTIFICATION] = { FSM_IDLE, LOST } /* never answered */

/* Connecting or accepted, our OPEN not sent: messages come only if ours waits for theirs. */
#define BEFORE_OPEN(state)                                                                         \
	ENDINGS,                                                                                   \
	[FSM_START]            = { state, 0 },                                                     \
	[FSM_START_PASSIVE]    = { state, 0 },                                                     \
	[FSM_TCP_UP]           = { FSM_OPENSENT, FSM_DO_TELL_TCP | FSM_DO_WAIT | FSM_DO_OPEN },    \
	[FSM_TCP_UP_SILENT]    = { state, FSM_DO_TELL_TCP | FSM_DO_WAIT },                         \
	[FSM_KEEPALIVE_DUE]    = { state, 0 },                                                     \
	[FSM_OPEN_LATE]        = { FSM_IDLE, REFUSED },                                            \
	[FSM_GOT_OPEN]         = { FSM_OPENCONFIRM, HANDS_UP },                                    \
	[FSM_BAD_OPEN]         = { FSM_IDLE, REFUSED }

static const struct fsm_step table[FSM_STATES][FSM_EVENTS] = {
	[FSM_IDLE] = {
		[FSM_START]           = { FSM_CONNECT, FSM_DO_CONNECT },
		[FSM_START_PASSIVE]   = { FSM_ACTIVE, 0 },
	},
	[FSM_CONNECT] = { BEFORE_OPEN(FSM_CONNECT) },
	[FSM_ACTIVE] = { BEFORE_OPEN(FSM_ACTIVE) },
	[FSM_OPENSENT] = {
		ENDINGS,
		[FSM_START]           = { FSM_OPENSENT, 0 },
		[FSM_START_PASSIVE]   = { FSM_OPENSENT, 0 },
		[FSM_KEEPALIVE_DUE]   = { FSM_OPENSENT, 0 },
		[FSM_OPEN_LATE]       = { FSM_IDLE, REFUSED },
		[FSM_GOT_OPEN]        = { FSM_OPENCONFIRM, SHAKES },
		[FSM_BAD_OPEN]        = { FSM_IDLE, REFUSED },
	},
	[FSM_OPENCONFIRM] = {
		ENDINGS,
		[FSM_START]           = { FSM_OPENCONFIRM, 0 },
		[FSM_START_PASSIVE]   = { FSM_OPENCONFIRM, 0 },
		[FSM_OPEN_LATE]       = { FSM_OPENCONFIRM, 0 },
		[FSM_KEEPALIVE_DUE]   = { FSM_OPENCONFIRM, FSM_DO_KEEPALIVE },
		[FSM_GOT_KEEPALIVE]   = { FSM_ESTABLISHED, FSM_DO_HEARD | FSM_DO_UP },
	},
	[FSM_ESTABLISHED] = {
		ENDINGS,
		[FSM_START]           = { FSM_ESTABLISHED, 0 },
		[FSM_START_PASSIVE]   = { FSM_ESTABLISHED, 0 },
		[FSM_OPEN_LATE]       = { FSM_ESTABLISHED, 0 },
		[FSM_KEEPALIVE_DUE]   = { FSM_ESTABLISHED, FSM_DO_KEEPALIVE },
		[FSM_GOT_KEEPALIVE]   = { FSM_ESTABLISHED, FSM_DO_HEARD },
		[FSM_GOT_UPDATE]      = { FSM_ESTABLISHED, FSM_DO_HEARD | FSM_DO_TAKE },
		[FSM_GOT_REFRESH]     = { FSM_ESTABLISHED, FSM_DO_HEARD | FSM_DO_TAKE },
		[FSM_GOT_OPERATIONAL] = { FSM_ESTABLISHED, FSM_DO_HEARD | FSM_DO_TAKE },
		[FSM_BAD_MESSAGE]     = { FSM_IDLE, REFUSED },
	},
};
/* clang-format on */

struct fsm_step
fsm_step(enum fsm_state state, enum fsm_event event)
{
	struct fsm_step step = table[state][event];

	/* Left out: nothing in Idle; elsewhere RFC 4271 8.2.2, "in response to any other event". */
	if (state != FSM_IDLE && step.next == FSM_IDLE && step.todo == 0)
		step.todo = BLAMED;
	return step;
}

uint8_t
fsm_blame(enum fsm_state state)
{
	switch (state) {
	case FSM_OPENSENT: return 1;
	case FSM_OPENCONFIRM: return 2;
	case FSM_ESTABLISHED: return 3;
	case FSM_IDLE:
	case FSM_CONNECT:
	case FSM_ACTIVE:
	case FSM_STATES: break;
	}
	return 0;
}

const char *
fsm_state_name(enum fsm_state s)
{
	static const char *const names[FSM_STATES] = {
		[FSM_IDLE] = "IDLE",
		[FSM_CONNECT] = "CONNECT",
		[FSM_ACTIVE] = "ACTIVE",
		[FSM_OPENSENT] = "OPENSENT",
		[FSM_OPENCONFIRM] = "OPENCONFIRM",
		[FSM_ESTABLISHED] = "ESTABLISHED",
	};

	return names[s];
}

const char *
fsm_event_name(enum fsm_event e)
{
	static const char *const names[FSM_EVENTS] = {
		[FSM_START] = "START",
		[FSM_START_PASSIVE] = "START_PASSIVE",
		[FSM_STOP] = "STOP",
		[FSM_RESET] = "RESET",
		[FSM_TCP_UP] = "TCP_UP",
		[FSM_TCP_UP_SILENT] = "TCP_UP_SILENT",
		[FSM_TCP_FAILED] = "TCP_FAILED",
		[FSM_TCP_GONE] = "TCP_GONE",
		[FSM_COLLIDED] = "COLLIDED",
		[FSM_HOLD_EXPIRED] = "HOLD_EXPIRED",
		[FSM_OPEN_LATE] = "OPEN_LATE",
		[FSM_KEEPALIVE_DUE] = "KEEPALIVE_DUE",
		[FSM_SEND_STUCK] = "SEND_STUCK",
		[FSM_BAD_HEADER] = "BAD_HEADER",
		[FSM_GOT_OPEN] = "GOT_OPEN",
		[FSM_BAD_OPEN] = "BAD_OPEN",
		[FSM_GOT_KEEPALIVE] = "GOT_KEEPALIVE",
		[FSM_GOT_NOTIFICATION] = "GOT_NOTIFICATION",
		[FSM_GOT_UPDATE] = "GOT_UPDATE",
		[FSM_GOT_REFRESH] = "GOT_REFRESH",
		[FSM_GOT_OPERATIONAL] = "GOT_OPERATIONAL",
		[FSM_BAD_MESSAGE] = "BAD_MESSAGE",
	};

	return names[e];
}
