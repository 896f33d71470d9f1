/*
 * How a helper is spoken to: what differs between lines and frames. Starting, feeding, reading and
 * ending are the same for both.
 */
#pragma once

#include "inside.h"

struct tongue {
	/* The descriptors that it gets, and more words "NAME=value" of its environment, each with
	 * an end mark. */
	void (*plan)(const struct helper *h, struct child_plan *plan, struct text *environ);
	void (*begin)(
	    struct helper *h, const struct child_pipes *pipes); /* a life; starts h->stream */
	void (*unwritten)(struct helper *h); /* what is left of the piece will not be written */
	void (*end)(struct helper *h);       /* of the life: the stream is still there */
	void (*final)(struct helper *h);     /* there will be no other, for now */

	bool (*listens)(const struct helper *h); /* what it says counts */
	bool (*held)(const struct helper *h);    /* and is not read now */
	void (*heard)(struct helper *h, struct slice message);
	void (*bad)(struct helper *h);                 /* what it wrote can't be a message */
	void (*closed)(struct helper *h, bool inside); /* it says no more; inside of a message? */
	void (*freed)(struct helper *h);               /* nobody holds it any more */
	void (*deaf)(struct helper *h);                /* it can't be written to */
	void (*jammed)(struct helper *h);              /* it has not read for the stall limit */
	usec (*last)(struct helper *h); /* says that it is to end; how long until SIGTERM */

	void (*answer)(struct helper *h, struct slice lines);
	void (*explain)(struct helper *h, struct slice line);
	void (*ack)(struct helper *h, bool done);
	bool acks_always;
	bool queues; /* commands that wait are not left in the stream, and it counts them */

	struct blob *(*control)(struct helper *h); /* what goes before answers; NULL: nothing */
	void (*refused)(
	    struct helper *h); /* an event had no room, and is lost: the first in a row */
	bool (*torn)(const struct blob *b); /* does the rest of a line come behind this answer? */
	bool (*events)(const struct helper *h); /* may they go now? */
	bool reads_all; /* not reading anything for the stall limit is a fault, full or not */
	/* What is written for an event and the gap before it. b is taken; NULL: something may have
	 * been lost behind the last event, whose number this would be. NULL: nothing is written. */
	struct blob *(*event)(
	    struct helper *h, struct blob *b, uint64_t number, const struct helper_gap *gap);
};

extern const struct tongue tongue_lines;
extern const struct tongue tongue_frames;
