/*
 * The life of a helper as a table: computing a step does nothing, it says what to do. And the
 * policy of starting again, as arithmetic.
 */
#pragma once

#include "base/usec.h"

#include <stdbool.h>

enum life_state {
	LIFE_STAY, /* in a cell: no change */
	LIFE_OFF,
	LIFE_SPAWNING, /* within a call only */
	LIFE_RUNNING,
	LIFE_MUTE,      /* closed its stdout, lives */
	LIFE_DRAINING,  /* dead, its stdout is still open */
	LIFE_CONDEMNED, /* down the ladder for a fault, not dead yet */
	LIFE_DOWN,      /* within a call only: dead and drained */
	LIFE_WAITING,
	LIFE_GONE,
	LIFE_LAST, /* the ladder: last line and end of stdin */
	LIFE_TERM, /* SIGTERM was sent */
	LIFE_KILL, /* SIGKILL was sent */
	LIFE_STATES
};

enum life_event {
	LIFE_START, /* asked for */
	LIFE_SPAWNED,
	LIFE_FAILED, /* it can't be started */
	LIFE_CLOSED, /* its stdout ended */
	LIFE_DIED,   /* reaped */
	LIFE_FAULT,  /* it breaks the rules */
	LIFE_TIMER,  /* what the state waited for came due */
	LIFE_STOP,   /* asked for */
	LIFE_RETRY,  /* the policy: start again later */
	LIFE_ENOUGH, /* the policy: no more */
	LIFE_EVENTS
};

enum life_todo {               /* in this order */
	DO_SPAWN = 1,          /* gives SPAWNED or FAILED */
	DO_LAST = 1 << 1,      /* write the last line, end stdin, wait 100 ms */
	DO_TERM = 1 << 2,      /* SIGTERM to the group, wait 2 s */
	DO_KILL = 1 << 3,      /* SIGKILL to the group */
	DO_DEADLINE = 1 << 4,  /* wait 2 s for the end of stdout */
	DO_RELEASE = 1 << 5,   /* pipes and queue are given back */
	DO_JUDGE = 1 << 6,     /* gives RETRY or ENOUGH */
	DO_ARM_RETRY = 1 << 7, /* wait as long as the policy said */
	DO_TELL = 1 << 8,
};

struct life_step {
	enum life_state next; /* never STAY in what life_step() gives */
	unsigned todo;
};

const char *life_state_name(enum life_state s); /* "RUNNING" ... */
const char *life_event_name(enum life_event e); /* "DIED" ... */
struct life_step life_step(enum life_state now, enum life_event event);
bool life_listens(enum life_state s); /* lines of its stdout are commands */
bool life_alive(enum life_state s);   /* there is a process */

/* Starts after deaths, for the policy. */
struct life_tally {
	usec window; /* when the first start counted here was */
	unsigned starts;
	unsigned waits; /* delays since the last health */
};

#define LIFE_HEALTH    (60 * USEC_SECOND) /* who lived so long begins anew */
#define LIFE_DELAY_MAX (60 * USEC_SECOND)

/* How long to wait before the next start: nothing for the first `most` deaths within `window`, then
 * 1 s doubling to 60 s. One that could not be started at all waits always. */
usec life_delay(
    struct life_tally *t, usec now, usec lived, bool failed, unsigned most, usec window);
