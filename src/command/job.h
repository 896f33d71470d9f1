/*
 * Commands that take more than a round: their routes go out a block at a time, the issuer's next
 * commands wait, and what belongs behind them (answer, receipt, marks, the rest of a group) comes
 * when all is in the adj-ribs.
 */
#pragma once

#include "routes.h"

/* Routes times neighbors that all commands of a round may say at once. */
#define JOB_ROUND 32768

struct sync_marks;

struct job {
	struct dump dump;
	struct commands *commands;
	struct issuer *by;
	struct spread spread;
	uint32_t *numbers; /* of the neighbors that were meant */
	size_t count;
	/* The routes were said: true if there is more to do. NULL: nothing. */
	bool (*then)(struct job *j);
	void (*drop)(struct job *j); /* gives more back; NULL: nothing */
	void *more;
	bool sync; /* behind all that, wait until it is written: */
	struct sync_marks *marks;
};

/* Is there time left in this round for so many? Then it is used up by them. */
bool job_fits(struct call *c, size_t weight);
/* For the neighbors of the call; it says nothing yet. In c->job, until it is started. */
struct job *job_new(struct call *c);
/* It says the routes of the commands, which move. */
void job_says(struct job *j, route_say *say);
/* As far as it comes in this round. DONE: it is over, and gone. Else LATER. */
enum call_result job_try(struct call *c);
size_t job_parts(const struct job *j); /* how many routes it says */
/* j goes on with the routes of another one, which was not started and is gone then. */
void job_takes_over(struct job *j, struct job *from);
/* Nothing is sent to its neighbors until they are let go. */
void job_gather(struct job *j, bool on);
/* The issuer waits from now on. */
void job_start(struct job *j);
/* Those of its neighbors that are there now, in the room of the commands; how many are not. */
size_t job_peers(struct job *j, struct selection *to);

/* sync.c: is it still to be written? Asked again when it was. */
bool sync_waits(struct job *j);
void sync_drop(struct sync_marks *all); /* may be NULL */
