/*
 * What waits to be written to a helper's stdin: answers, which go first, and events, which are
 * bounded by a policy. What became of each event is counted.
 */
#pragma once

#include "answers.h"
#include "flow/queue.h"
#include "helper/helper.h"

struct channel {
	struct queue events;
	struct answers answers;
	enum helper_overflow overflow;
	size_t most_kept; /* events and bytes of those that no policy drops: as many again */
	size_t most_kept_bytes;
	bool lasting;  /* events are numbered over all lives; with block they wait for the next */
	uint64_t born; /* the number of the first event of this life */
	enum helper_loss why; /* the last event was lost */
	uint64_t offered;
	uint64_t delivered;
	uint64_t lost[HELPER_LOSSES];
};

void channel_init(struct channel *c, const struct helper_conf *conf);
/* The next life: bounds of conf, numbers from 1. Nothing is queued. */
void channel_begin(struct channel *c, const struct helper_conf *conf, usec now);
void channel_done(struct channel *c);
/* The life is over: what is left is counted as lost, but events that wait for the next one. */
void channel_clear(struct channel *c, usec now);
void channel_empty(struct channel *c, usec now); /* there is no next one */
bool channel_waits(const struct channel *c);     /* do events wait for the next life? */
/* From now on the oldest make room, whatever the policy; or no longer. */
void channel_degrade(struct channel *c, bool on);

/* Is it below its marks with that many bytes more? */
bool channel_has_room(const struct channel *c, size_t len);
/* b is borrowed. False: it is lost. */
bool channel_put(struct channel *c, struct blob *b, bool keep, usec now);
/* One that nobody is there for. */
void channel_miss(struct channel *c, enum helper_loss why);
/* The next event, the caller's, its number, and what was lost before it (a count of 0: nothing).
 * NULL: none is queued, but something may have been lost behind the last one; the number is that of
 * the last one that was offered then. */
struct blob *channel_next(struct channel *c, usec now, uint64_t *number, struct helper_gap *gap);

uint64_t channel_lost(const struct channel *c); /* all reasons */
