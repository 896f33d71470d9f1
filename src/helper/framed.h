/* A helper that speaks frames: HF/1. */
#pragma once

#include "hf/frame.h"
#include "hf/kept.h"
#include "hf/pending.h"
#include "hf/state.h"
#include "raw.h"
#include "says.h"
#include "tongue.h"

#define FRAMED_INFLIGHT 1024                  /* commands that wait */
#define FRAMED_WAITING  ((size_t)1024 * 1024) /* their bytes */
#define FRAMED_EXECS    16                    /* at most open at once, whatever it says */
#define FRAMED_QUEUED   1024                  /* execs that wait */
#define FRAMED_ASKS     16
#define FRAMED_CONTROL  64 /* slots: as much as all of these can need */

#define FRAMED_STOP_WAIT (2 * USEC_SECOND) /* between shutdown and SIGTERM */

struct told { /* numbers up to which everything is told, by event of the piece */
	uint64_t before;
	uint64_t *at;
	size_t count;
	size_t size;
};

struct framed {
	struct helper *helper;
	enum hf_state state;
	struct arena arena; /* the frame at hand */
	struct text said;   /* one in the making */
	struct answers control;
	struct timer clock; /* ready-timeout, then heartbeats, then its death */
	usec alive;         /* when it last said something */
	usec heartbeat;
	uint64_t newest; /* of its ids */
	unsigned hears;  /* bits of enum hf_news */
	bool tlv;        /* it takes the raw lane */
	bool paused;
	bool goodbye;
	bool end_due; /* shutdown is to be said, behind the events */
	bool end_said;
	struct raw raw;
	struct says says[2][2]; /* of this life and the one before: stdout, stderr */
	/* its commands: one is carried out, the others wait */
	struct {
		uint64_t id;
		uint64_t outs;
		usec since;
		bool open;
		struct text why;
	} now;
	struct list waiting;
	size_t waiting_count;
	size_t waiting_bytes;
	struct again next;
	/* what is asked of it, and what it asks */
	struct hf_pending pending;
	uint64_t inflight;
	struct timer due;
	struct list asks;
	size_t ask_count;
	/* what it keeps with us, and what it was told */
	struct hf_kept kept;
	uint64_t told; /* the last event that was written, or told as lost */
	struct told piece;
};

struct framed *framed_new(struct helper *h);
void framed_stop(struct framed *f); /* nothing of it is called any more */
void framed_free(struct framed *f); /* f may be NULL */

/* framed_session.c: a step; why: what is said of one that breaks the rules. */
void framed_step(struct framed *f, unsigned event, const struct hf_frame *frame, const char *why);
void framed_end_session(struct framed *f); /* nothing of it is open any more */

/* framed_say.c: what is in f->said goes out, and is empty: before answers, or among them. */
bool framed_writes(const struct framed *f); /* can it be told anything? */
void framed_say_first(struct framed *f);
void framed_say(struct framed *f);
void framed_refuse(struct framed *f, uint64_t re, enum hf_code code, const char *why);
struct blob *framed_control(struct helper *h);
bool framed_torn(const struct blob *b);

/* framed_clock.c: one of these at a time */
void framed_await_ready(struct framed *f);
void framed_deaf(struct helper *h);
void framed_watch_heart(struct framed *f, uint64_t seconds); /* as it said, 0: as configured */

/* framed_commands.c */
void commands_take(struct framed *f, const struct hf_frame *frame);
void commands_refuse(struct framed *f); /* those that wait: the program ends */
void commands_end(struct framed *f);    /* none is open, nobody is told */
void framed_freed(struct helper *h);
void framed_answer(struct helper *h, struct slice lines);
void framed_explain(struct helper *h, struct slice line);
void framed_ack(struct helper *h, bool done);

/* framed_events.c */
bool framed_events(const struct helper *h);
void framed_refused(struct helper *h);
struct blob *framed_event(
    struct helper *h, struct blob *b, uint64_t number, const struct helper_gap *gap);
void framed_unwritten(struct helper *h);

/* exec.c */
void execs_begin(struct framed *f);
void execs_out(struct framed *f, const struct hf_frame *frame);
void execs_terminal(struct framed *f, const struct hf_frame *frame);
void execs_end(struct framed *f); /* all are resolved */

/* ask.c */
void asks_take(struct framed *f, const struct hf_frame *frame);
void asks_end(struct framed *f, bool say);
usec asks_due(const struct framed *f);
void asks_expire(struct framed *f, usec now);
void framed_watch(struct framed *f); /* the timer for what is pending, and asked */
