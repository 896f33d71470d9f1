/*
 * One helper program: started, fed, listened to, started again, ended. Its pipes never block us;
 * its death harms nobody.
 */
#pragma once

#include "base/blob.h"
#include "base/slice.h"
#include "helper/conf.h"
#include "loop/loop.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct helper;

enum helper_state {
	HELPER_OFF,      /* never started, or stopped */
	HELPER_RUNNING,
	HELPER_MUTE,     /* closed its stdout, lives */
	HELPER_DRAINING, /* dead, last lines are being read; or killed for a fault */
	HELPER_WAITING,  /* dead, will be started again */
	HELPER_STOPPING, /* on the ladder: line, close, TERM, KILL */
	HELPER_GONE,     /* dead, not started again */
};

struct helper_hooks {
	/* A whole line of its stdout without newline. Any helper_*() may be called. */
	void (*line)(struct helper *h, struct slice line);
	/* It started (again), died, gave up: for the log and for who waits. */
	void (*changed)(struct helper *h, enum helper_state now);
	/* Its channel filled up to the high mark / drained below the low one: hold or release who
	 * feeds it. */
	void (*shut)(struct helper *h);
	void (*open)(struct helper *h);
};

struct helper_limits {
	size_t line_max;       /* longest line, default 1 MiB */
	size_t channel_bytes;  /* queued events and answers; default 8 MiB: high mark; low is half */
	usec stall_limit;      /* shut and nothing read for so long: said loudly, the channel opens
	                          and new events are lost until it reads again; 0: never */
	unsigned respawns;     /* starts again at once within the window, then 1 s, doubling to 60 s;
	                          default 5 */
	usec respawn_window;   /* default 64 s */
	bool respawn;          /* api.respawn */
	bool final;            /* too many starts: gone, instead of waited for */
};

struct helper *helper_new(struct loop *l, const struct helper_conf *conf,
    const struct helper_limits *limits, const struct helper_hooks *hooks, void *owner);
void *helper_owner(const struct helper *h);
void helper_free(struct helper *h); /* kills what is left; buried */

/* 0 or negative errno, also told by changed(): one that can't be started is tried again like one
 * that died. -EALREADY: it runs. -EBUSY: it is ending; its end is told. */
int helper_start(struct helper *h);
/* The ladder: last (may be empty) is written, stdin closed, then SIGTERM, 2 s, SIGKILL. Ends in
 * changed(HELPER_OFF), within the call when nothing of it lives. */
void helper_stop(struct helper *h, struct slice last);

/* An event; b is borrowed (held if queued). False: not running, its stdin is gone, or it doesn't
 * read (over twice channel_bytes, or stalled): lost, counted and logged. */
bool helper_tell(struct helper *h, struct blob *b);
/* Lines of an answer; lost only over twice channel_bytes: commands of one that never reads go on. */
void helper_answer(struct helper *h, struct slice lines);
/* One "done" or "error" line: counted, not queued, and never lost while its stdin is there. */
void helper_ack(struct helper *h, bool done);

void helper_hold(struct helper *h); /* read no more commands, counted */
void helper_release(struct helper *h);

const struct helper_conf *helper_conf(const struct helper *h);
void helper_reconfigure(struct helper *h, const struct helper_conf *conf); /* for the next start */
enum helper_state helper_state_of(const struct helper *h);
pid_t helper_pid(const struct helper *h); /* 0: none */
size_t helper_queued(const struct helper *h, size_t *bytes); /* items in the channel */
bool helper_shut(const struct helper *h);
bool helper_acks(const struct helper *h);  /* ack control, per helper */
void helper_set_acks(struct helper *h, bool on);
