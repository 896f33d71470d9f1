/*
 * The states of a session of HF/1 as a table: a state and what happens give the next state and what
 * to do. Making a step does nothing.
 */
#pragma once

#include "hf/frame.h"

enum hf_state {
	HF_STAY, /* in a cell: no change */
	HF_SPAWNED,
	HF_HELLO_SENT,
	HF_OPEN,     /* it said ready */
	HF_WORKING,  /* and something is asked of it */
	HF_STOPPING, /* was told to end */
	HF_STUCK,    /* does not live, or does not read */
	HF_BROKEN,   /* broke the rules */
	HF_EXITED,
	HF_GIVEN_UP,
	HF_STATES
};
const char *hf_state_name(enum hf_state s); /* "READY", "BUSY" ... */

/* What happens: a frame of one of the types, or one of these. */
enum hf_event {
	HF_ON_SPAWN = HF_TYPES,
	HF_ON_HELLO,  /* it was said */
	HF_ON_WORK,   /* the first exec is open */
	HF_ON_IDLE,   /* the last one was answered */
	HF_ON_STOP,   /* it is to end */
	HF_ON_LATE,   /* no ready within ready-timeout */
	HF_ON_SILENT, /* heartbeats are missing */
	HF_ON_JAM,    /* it does not read */
	HF_ON_BAD,    /* no frame, or one that is not as it has to be */
	HF_ON_EXIT,
	HF_ON_GIVE_UP, /* it is not started again */
	HF_EVENTS
};
const char *hf_event_name(unsigned event); /* of frames too */

enum hf_act {
	HF_NOTHING,
	HF_DO_HELLO,
	HF_DO_BEGIN, /* restore, then events */
	HF_DO_COMMAND,
	HF_DO_REFUSE, /* a request that comes too late: error shutting-down */
	HF_DO_OUT,
	HF_DO_TERMINAL, /* an exec has its result or error */
	HF_DO_ASK,
	HF_DO_PAUSE,
	HF_DO_RESUME,
	HF_DO_KEEP,
	HF_DO_BYE,
	HF_DO_UNKNOWN,  /* error unknown-type */
	HF_DO_SHUTDOWN, /* say it, and answer what is asked */
	HF_DO_END,      /* resolve what is pending */
	HF_DO_BREAK,    /* error protocol, kill */
	HF_DO_KILL
};

struct hf_step {
	enum hf_state next; /* never HF_STAY in what hf_step() gives */
	enum hf_act act;
};
struct hf_step hf_step(enum hf_state now, unsigned event); /* enum hf_type or enum hf_event */
bool hf_speaks(enum hf_state s);                           /* events and commands pass */
