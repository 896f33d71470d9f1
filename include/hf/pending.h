/*
 * Requests that wait for their one answer, by id. Ids ascend and are never used again: an answer
 * without a request is late, or names an id that never was, which breaks the rules. Pure: who keeps
 * the table asks it when the next one is due.
 */
#pragma once

#include "base/list.h"
#include "base/usec.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum hf_phase {
	HF_QUEUED,      /* not sent: as many as may be are open */
	HF_SENT,        /* until its deadline */
	HF_CANCELLING,  /* cancel was said; until the end of the grace */
	HF_INTERRUPTING /* interrupt was said; then it is killed */
};

struct hf_request {
	struct list link;
	uint64_t id; /* 0: not sent */
	enum hf_phase phase;
	usec started;
	usec due;          /* of the phase */
	uint64_t next_out; /* the n that has to come */
	void *owner;       /* who waits for it; NULL: nobody any more, its answer is late */
};

struct hf_pending {
	struct list open; /* in the order of their ids; the queued ones last */
	size_t count;
	size_t sent;     /* of these */
	size_t most;     /* high-water mark of count */
	uint64_t newest; /* the last id that was given */
	uint64_t timeouts;
	uint64_t late;
	uint64_t resolved;
};

void hf_pending_init(struct hf_pending *p);
/* In the end of the queue; due: when it is given up, sent or not. */
struct hf_request *hf_pending_add(struct hf_pending *p, void *owner, usec now, usec due);
/* The first one that is queued gets its id, if less than most are open; NULL: none may go. */
struct hf_request *hf_pending_next(struct hf_pending *p, size_t most);

enum hf_match { HF_FOUND, HF_LATE, HF_NEVER };
/* Counts what is late: *r is set if found and somebody waits for it. One that nobody waits for is
 * closed by its terminal. */
enum hf_match hf_pending_match(
    struct hf_pending *p, uint64_t re, bool terminal, struct hf_request **r);
/* Out of the table and freed: whatever is due for it can't happen any more. */
void hf_pending_close(struct hf_pending *p, struct hf_request *r);

usec hf_pending_due(const struct hf_pending *p);                          /* USEC_NEVER: none */
struct hf_request *hf_pending_over(const struct hf_pending *p, usec now); /* a due one, or NULL */

/* Ids of one sender ascend strictly and are not 0; false: this one may not come. */
bool hf_id_follows(uint64_t *newest, uint64_t id);
