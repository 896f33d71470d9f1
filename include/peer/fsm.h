/*
 * The state machine of RFC 4271 section 8, as one table: says what to do, does nothing. A cell that
 * was left out is the safe answer: the FSM error of RFC 4271 8.2.2, and the end of the connection.
 *
 * There is one machine per connection (RFC 4271 8.2.1). One that connects starts with START; one
 * that was accepted starts with START_PASSIVE, and gets TCP_UP at once.
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

enum fsm_event {
	FSM_START,         /* connect */
	FSM_START_PASSIVE, /* a connection is there */
	FSM_STOP,          /* the operator ends it */
	FSM_RESET,         /* the operator ends it, and it shall come back */
	FSM_TCP_UP,        /* connected or accepted */
	FSM_TCP_UP_SILENT, /* the same, but our OPEN waits for the peer's (local-as auto) */
	FSM_TCP_FAILED,    /* connecting failed, or took too long */
	FSM_TCP_GONE,      /* end of input, or an error */
	FSM_COLLIDED,      /* RFC 4271 6.8: another connection is kept */
	FSM_HOLD_EXPIRED,
	FSM_OPEN_LATE, /* the wait for the peer's OPEN is over */
	FSM_KEEPALIVE_DUE,
	FSM_SEND_STUCK, /* RFC 9687: the peer takes nothing */
	FSM_BAD_HEADER,
	FSM_GOT_OPEN, /* and it suits */
	FSM_BAD_OPEN,
	FSM_GOT_KEEPALIVE,
	FSM_GOT_NOTIFICATION,
	FSM_GOT_UPDATE,
	FSM_GOT_REFRESH,
	FSM_GOT_OPERATIONAL,
	FSM_BAD_MESSAGE, /* an UPDATE or another message that ends the session */
	FSM_EVENTS
};

enum fsm_do { /* carried out in this order */
	FSM_DO_CONNECT = 1 << 0,
	FSM_DO_TELL_TCP = 1 << 1, /* state "connected" */
	FSM_DO_WAIT = 1 << 2,     /* start waiting for the peer's OPEN */
	FSM_DO_OPEN = 1 << 3,     /* send ours */
	FSM_DO_AGREED = 1 << 4,   /* take up what was agreed, start the timers, tell */
	FSM_DO_KEEPALIVE = 1 << 5,
	FSM_DO_HEARD = 1 << 6,  /* the hold timer starts again */
	FSM_DO_UP = 1 << 7,     /* established: tell, send routes */
	FSM_DO_TAKE = 1 << 8,   /* the message acts */
	FSM_DO_NOTIFY = 1 << 9, /* with the code that came with the event */
	FSM_DO_BLAME = 1 << 10, /* NOTIFICATION 5/x of the state that is left (RFC 6608) */
	FSM_DO_DOWN = 1 << 11,  /* tell that it is down, if it was told to be up or connected */
	FSM_DO_CLOSE = 1 << 12, /* the socket; after a NOTIFICATION with patience */
	FSM_DO_RETRY = 1 << 13, /* the peer may start another connection */
};

struct fsm_step {
	enum fsm_state next;
	uint32_t todo; /* bits of enum fsm_do */
};

struct fsm_step fsm_step(enum fsm_state state, enum fsm_event event);
uint8_t fsm_blame(enum fsm_state state); /* the subcode of 5/x: RFC 6608 */

const char *fsm_state_name(enum fsm_state s); /* "IDLE" ... */
const char *fsm_event_name(enum fsm_event e); /* "START" ... */
