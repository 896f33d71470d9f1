/*
 * The state machine of RFC 4271 section 8, as one table: says what to do, does nothing. A cell that
 * was left out is the safe answer.
 */
#pragma once

#include <stdint.h>

enum fsm_state {
	FSM_IDLE,
	FSM_CONNECT,
	FSM_ACTIVE,
	FSM_OPENSENT,
	FSM_OPENCONFIRM,
	FSM_ESTABLISHED,
	FSM_STATES
};

const char *fsm_state_name(enum fsm_state s); /* "IDLE" ... */
