/*
 * One helper program: started, fed, listened to, started again, ended. Its pipes never block us;
 * its death harms nobody.
 */
#pragma once

#include "base/blob.h"
#include "base/histogram.h"
#include "base/slice.h"
#include "base/text.h"
#include "frame/frame.h"
#include "helper/conf.h"
#include "helper/exec.h"
#include "hf/frame.h"
#include "loop/loop.h"
#include "loop/stream.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct helper;

enum helper_state {
	HELPER_OFF, /* never started, or stopped */
	HELPER_RUNNING,
	HELPER_MUTE,     /* closed its stdout, lives */
	HELPER_DRAINING, /* dead, last lines are being read; or killed for a fault */
	HELPER_WAITING,  /* dead, will be started again */
	HELPER_STOPPING, /* on the ladder: line, close, TERM, KILL */
	HELPER_GONE,     /* dead, not started again */
};

/* Why an event did not arrive. */
enum helper_loss {
	HELPER_LOST_NEWEST,  /* drop-newest */
	HELPER_LOST_OLDEST,  /* drop-oldest, or it stalled */
	HELPER_LOST_REFUSED, /* error */
	HELPER_LOST_OVERRUN, /* over twice its bounds: what comes though everybody is held */
	HELPER_LOST_DEAF,    /* it had closed its stdin */
	HELPER_LOST_DOWN,    /* it did not run */
	HELPER_LOST_DIED,    /* it waited, or was being written, when the helper went */
	HELPER_LOSSES
};
const char *helper_loss_word(enum helper_loss why);

/* Events of a life are numbered from 1: these ones, in a row, were lost. */
struct helper_gap {
	uint64_t count;
	uint64_t first;
	uint64_t last;
	enum helper_loss why; /* of the last one */
};

/* What became of its events, over all its lives. Always
 * offered = delivered + all that is lost + queued + writing. */
struct helper_counts {
	uint64_t offered;
	uint64_t delivered; /* into its pipe, whole */
	uint64_t lost[HELPER_LOSSES];
	uint64_t answers_lost; /* it did not read them for the stall limit */
	size_t queued;
	size_t writing; /* of the piece that is being written */
	size_t bytes;   /* of what is queued */
	size_t most;    /* high-water marks */
	size_t most_bytes;
	bool shut;                     /* over the high mark, or not yet at the low one */
	uint64_t shuts;                /* how often it became so */
	usec blocked;                  /* how long it has been so */
	const struct histogram *waits; /* in the channel, in microseconds; borrowed */
	/* its commands */
	uint64_t lines;       /* taken, ever */
	size_t lines_waiting; /* read and not taken, as nothing is while it is held */
	size_t lines_bytes;
	size_t lines_most; /* high-water marks */
	size_t lines_most_bytes;
	const struct histogram *lines_waits; /* until none waited any more; borrowed */
	bool held;
	uint64_t holds; /* how often it became so */
	usec held_for;  /* how long it has been so */
};

struct helper_hooks {
	/* A whole line of its stdout without newline. Any helper_*() may be called. */
	void (*line)(struct helper *h, struct slice line);
	/* There are more commands of those that came at once, / or no more: what they mean for
	 * others belongs together. May be NULL. */
	void (*unfinished)(struct helper *h, bool on);
	/* It started (again), died, gave up: for the log and for who waits. */
	void (*changed)(struct helper *h, enum helper_state now);
	/* Its channel filled up to the high mark / drained to the low one: hold or release who
	 * feeds it. Only with HELPER_BLOCK. */
	void (*shut)(struct helper *h);
	void (*open)(struct helper *h);
	/* There is room for long answers again. */
	void (*room)(struct helper *h);
	/* The line that tells of lost events. NULL, or no line: it is not told. */
	void (*gap)(struct helper *h, const struct helper_gap *gap, struct text *line);
	/* Of one that speaks frames: who we are, the first thing that it is told. May be NULL. */
	void (*hello)(struct helper *h, struct hf_hello *to);
};

struct helper_limits {
	size_t line_max;     /* longest line, default 1 MiB */
	unsigned respawns;   /* starts again at once within the window, then 1 s, doubling to 60 s;
				default 5 */
	usec respawn_window; /* default 64 s */
	bool respawn;        /* api.respawn */
	bool final;          /* too many starts: gone, instead of waited for */
};

/* conf is borrowed until helper_reconfigure() gives another one, hooks are for ever, limits are
 * copied (0: the default). It does nothing before helper_start(). */
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

/* An event; b is borrowed (held if queued). keep: one that no policy drops. False: it is lost, and
 * counted; one that runs is told of it where the event would have been. */
bool helper_tell(struct helper *h, struct blob *b, bool keep);
/* Does it want to hear of these (bits of enum hf_news)? One that speaks lines wants all. */
bool helper_hears(const struct helper *h, unsigned news);
/* Lines of an answer: they go before events. While the last one has no end yet, its rest is waited
 * for. One that does not read them is not asked for more commands, but when it has stalled: then
 * what is over twice queue_bytes is lost. */
void helper_answer(struct helper *h, struct slice lines);
/* Why a command was refused: lost when its answers are not read, for its commands never wait for
 * it. */
void helper_explain(struct helper *h, struct slice line);
/* One "done" or "error" line: counted, not queued, and never lost while its stdin is there. */
void helper_ack(struct helper *h, bool done);

void helper_hold(struct helper *h); /* read no more commands, counted */
void helper_release(struct helper *h);

void helper_reconfigure(struct helper *h, const struct helper_conf *conf); /* for the next start */
enum helper_state helper_state_of(const struct helper *h);
pid_t helper_pid(const struct helper *h);                    /* 0: none */
size_t helper_queued(const struct helper *h, size_t *bytes); /* items, answers among them */
bool helper_shut(const struct helper *h);                    /* its feeders were told to hold */
bool helper_full(const struct helper *h);                    /* no more long answers until room() */
void helper_count(const struct helper *h, struct helper_counts *to);
/* Its pipes; NULL: it has none. Borrowed. */
const struct stream *helper_stream(const struct helper *h, const struct framer **f);
/* The last steps of its life, one line each, oldest first. */
void helper_history(const struct helper *h, struct text *to);
void helper_reset_marks(struct helper *h); /* high-water marks start again */
bool helper_acks(const struct helper *h);  /* ack control, per helper */
void helper_set_acks(struct helper *h, bool on);
