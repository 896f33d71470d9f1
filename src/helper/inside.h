/* What the files of the room share: one helper. */
#pragma once

#include "channel.h"
#include "flow/level.h"
#include "frame/frame.h"
#include "helper/helper.h"
#include "life.h"
#include "loop/child.h"
#include "loop/stream.h"

/* So much is in the stream at a time, the rest waits in the channel. */
#define HELPER_PIECE ((size_t)64 * 1024)

/* So much is read at a time of one that never ends, while others have something to say: what takes
 * a tenth of a millisecond or two to carry out. */
#define HELPER_SHARE ((size_t)16 * 1024)

#define HELPER_STEPS 32

struct lived { /* a step of its life */
	usec at;
	enum life_state state;
	enum life_event event;
	enum life_state next;
};

struct framed;
struct tongue;

struct helper {
	struct loop *loop;
	const struct tongue *tongue;
	struct framed *framed; /* NULL: it has never spoken frames */
	const struct helper_conf *conf;
	struct helper_limits limits;
	const struct helper_hooks *hooks;
	void *owner;
	struct grave grave;
	bool freed;

	enum life_state state;
	struct life_tally tally;
	struct lived steps[HELPER_STEPS];
	size_t step_count; /* ever */
	usec born;         /* when it was started last */
	usec delay;        /* until the next start */
	bool unborn;       /* the last start failed */
	int error;         /* why */
	pid_t pid;         /* 0: none */
	uint64_t lives;
	struct timer timer; /* what the state waits for */

	struct child child;
	struct stream stream; /* its stdout and stdin, or what stands for them */
	struct framer framer;
	unsigned holds;
	bool held;            /* the stream was told */
	bool unfinished;      /* what it said at once, and told */
	usec together;        /* until when that may be held together */
	uint64_t lines;       /* that it said, ever */
	struct level reading; /* commands that wait for those before them */

	struct channel channel;
	struct flush feed;
	struct timer stall;
	struct timer block;
	bool parked; /* held its neighbors for too long: nobody waits for it any more */
	bool acks;
	bool deaf;    /* its stdin is gone */
	bool closing; /* stdin ends after what is queued */
	bool shut;    /* told */
	bool full;    /* of answers */
	bool waits;   /* held for that */
	bool stalled; /* doesn't read: nobody waits for it any more */
	bool losing;  /* said: events are lost */
	usec quiet;   /* until then losses are not said again */
	uint64_t lost_before;
	uint64_t answers_lost;
	unsigned refused; /* events in a row */
	uint64_t piece;   /* events in the stream, when it was filled */
	bool piece_gap;   /* the last line of it tells of a gap */
	bool torn;        /* the last answer in it is not whole: no event may follow */
};

/* Its program runs, or a negative errno: told to the log, not to its table. */
int helper_spawn(struct helper *h);
void helper_died(struct child *c, int status); /* it was reaped */

/* The steps of its life, for who asks how it came to this. */
void history_add(struct helper *h, enum life_event event, enum life_state next);
void history_log(const struct helper *h);

/* It breaks the rules: SIGTERM, 2 s later SIGKILL, and it is started again as one that died. */
void helper_fault(struct helper *h);

/* Carries out what the table says to this. */
void helper_step(struct helper *h, enum life_event event);

/* The stream of this life, with messages of at most so many bytes. */
void helper_stream_start(struct helper *h, int read_fd, int write_fd, size_t most);
void hear_look(struct helper *h);                /* is it read now? */
void hear_unfinished(struct helper *h, bool on); /* false: idempotent */

size_t helper_lines_in(struct slice s);

/* Its stdin: queued, fed once a round. */
bool feed_takes(const struct helper *h);                   /* is there somebody to write to? */
void feed_later(struct helper *h);                         /* something was put into the channel */
void feed_last_word(struct helper *h, struct slice bytes); /* now, or never */
void feed_finish(struct helper *h);                        /* end its stdin after what is queued */
void feed_reset(struct helper *h);             /* everything is dropped, nobody is held any more */
uint64_t feed_writing(const struct helper *h); /* events of the piece that are not out yet */
void feed_drained(struct stream *s);
void feed_broken(struct stream *s, int error);

/* How much waits for it, and for how long. */
void marks_look(struct helper *h);
void marks_loss(struct helper *h, uint64_t lost_before); /* some are lost: said once in a while */
bool marks_answer(struct helper *h);                     /* is there room for one? */
bool marks_explain(const struct helper *h); /* so far from full that explanations can't fill it */
