/*
 * Work that a helper which speaks frames does for somebody: asked for, answered in parts and once
 * at the end, or cancelled. And values that such a helper asks for.
 */
#pragma once

#include "base/list.h"
#include "base/slice.h"
#include "base/text.h"
#include "base/usec.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct helper;
struct hf_request;

struct helper_exec {           /* embedded in who asks, zero before it is started */
	struct helper *helper; /* NULL: it is over */
	struct hf_request *request;
	struct text kind; /* the copies that wait to be sent */
	struct text peer;
	struct text body;
	usec limit;
	/* A part of the answer. */
	void (*part)(struct helper_exec *x, struct slice data);
	/* Once, and nothing after it: code NULL, and the value as JSON; or a code and a sentence.
	 */
	void (*over)(struct helper_exec *x, const char *code, struct slice what);
};

/* kind, peer (may be empty) and body are copied. limit: until it is given up with the code timeout.
 * 0, or -EPROTONOSUPPORT: it speaks lines; -ESRCH: it is not there; -ENOBUFS: too many wait. */
int helper_exec_start(struct helper *h, struct helper_exec *x, struct slice kind, struct slice peer,
    struct slice body, usec limit);
/* Nobody waits for it any more: it is cancelled. */
void helper_exec_stop(struct helper_exec *x);
/* All that are open are cancelled: each is over when it says so, or is interrupted. How many. */
size_t helper_exec_cancel(struct helper *h);

/* The value that it asked for by this id; false: it asks nothing by that. */
bool helper_reply(struct helper *h, uint64_t id, struct slice data);

/* Messages as bytes, for one that asked for them. */
enum helper_raw_type { HELPER_RAW_RECEIVED = 1, HELPER_RAW_SENT = 2, HELPER_RAW_STATE = 3 };
bool helper_wants_raw(const struct helper *h);
/* peer: a number that stands for it as long as the program runs; of a state the bytes are its word,
 * a blank and the address. */
void helper_tell_raw(
    struct helper *h, enum helper_raw_type type, uint32_t peer, usec wall, struct slice bytes);

struct helper_session {    /* of one that speaks frames */
	const char *state; /* "READY" ... */
	size_t pending;    /* execs */
	size_t pending_most;
	uint64_t resolved;
	uint64_t timeouts;
	uint64_t late;
	size_t waiting; /* its commands */
	size_t asks;
	bool paused;
	size_t kept; /* keys of checkpoints */
	size_t kept_bytes;
	uint64_t raw_offered; /* messages on the raw lane */
	uint64_t raw_delivered;
	uint64_t raw_dropped;
	size_t raw_queued;
};
/* False: it speaks lines. */
bool helper_session_of(const struct helper *h, struct helper_session *to);
/* The questions that are open, from 0: false at the end. Borrowed. */
bool helper_question(const struct helper *h, size_t i, uint64_t *id, struct slice *prompt);
