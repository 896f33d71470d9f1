/* What waits to be written to a helper's stdin: policy and counting. */
#include "channel.h"

#define BYTES_DEFAULT ((size_t)8 * 1024 * 1024)
#define LOW_DEFAULT   50
#define NO_BOUND      (SIZE_MAX / 2)

static size_t
low_mark(size_t high, unsigned percent)
{
	size_t low = high / 100 * percent + high % 100 * percent / 100;

	return low < high ? low : high - 1;
}

/* With the block policy there is room behind the high mark: what was read already, and what does
 * not come from a neighbor's socket, arrives all the same. */
static struct queue_rules
rules_of(const struct helper_conf *conf)
{
	size_t items = conf->queue_items == 0 ? NO_BOUND : conf->queue_items;
	size_t bytes = conf->queue_bytes == 0 ? BYTES_DEFAULT : conf->queue_bytes;
	unsigned low = conf->queue_low == 0 ? LOW_DEFAULT : conf->queue_low;
	unsigned times = conf->overflow == HELPER_BLOCK ? 2 : 1;

	return (struct queue_rules){
		.items = times * items,
		.bytes = times * bytes,
		.high_items = items,
		.high_bytes = bytes,
		.low_items = low_mark(items, low),
		.low_bytes = low_mark(bytes, low),
		.policy =
		    conf->overflow == HELPER_DROP_OLDEST ? QUEUE_DROP_OLDEST : QUEUE_DROP_NEWEST,
	};
}

static void
set_bounds(struct channel *c, const struct helper_conf *conf, const struct queue_rules *rules)
{
	c->overflow = conf->overflow;
	c->lasting = conf->protocol == HELPER_FRAMES;
	c->most_kept = rules->high_items;
	c->most_kept_bytes = rules->high_bytes;
}

void
channel_init(struct channel *c, const struct helper_conf *conf)
{
	struct queue_rules rules = rules_of(conf);

	*c = (struct channel){ 0 };
	queue_init(&c->events, &rules);
	set_bounds(c, conf, &rules);
}

void
channel_begin(struct channel *c, const struct helper_conf *conf, usec now)
{
	struct queue_rules rules = rules_of(conf);

	queue_change(&c->events, &rules, now);
	set_bounds(c, conf, &rules);
	if (!c->lasting)
		c->born = c->events.next_number;
}

void
channel_done(struct channel *c)
{
	queue_done(&c->events);
	answers_done(&c->answers);
}

bool
channel_waits(const struct channel *c)
{
	return c->lasting && c->overflow == HELPER_BLOCK;
}

void
channel_empty(struct channel *c, usec now)
{
	c->lost[HELPER_LOST_DIED] += queue_depth(&c->events);
	c->why = HELPER_LOST_DIED;
	queue_clear(&c->events, now);
}

void
channel_clear(struct channel *c, usec now)
{
	answers_clear(&c->answers);
	if (!channel_waits(c))
		channel_empty(c, now);
}

void
channel_degrade(struct channel *c, bool on)
{
	bool oldest = on || c->overflow == HELPER_DROP_OLDEST;

	queue_set_policy(&c->events, oldest ? QUEUE_DROP_OLDEST : QUEUE_DROP_NEWEST);
}

static enum helper_loss
loss_of(enum helper_overflow o)
{
	switch (o) {
	case HELPER_BLOCK: break;
	case HELPER_DROP_NEWEST: return HELPER_LOST_NEWEST;
	case HELPER_DROP_OLDEST: return HELPER_LOST_OLDEST;
	case HELPER_ERROR: return HELPER_LOST_REFUSED;
	}
	return HELPER_LOST_OVERRUN;
}

static bool
lose(struct channel *c, enum helper_loss why)
{
	c->lost[why]++;
	c->why = why;
	return false;
}

/* What is kept counts against no bound of the queue, so that there is one here. */
static bool
overrun(const struct channel *c)
{
	return c->events.kept_items >= c->most_kept || c->events.kept_bytes >= c->most_kept_bytes;
}

bool
channel_has_room(const struct channel *c, size_t len)
{
	const struct queue *q = &c->events;

	return q->items + 1 < q->rules.high_items && q->bytes + len < q->rules.high_bytes;
}

bool
channel_put(struct channel *c, struct blob *b, bool keep, usec now)
{
	uint64_t displaced = c->events.counts.dropped_oldest;

	c->offered++;
	if (keep && overrun(c)) {
		queue_miss(&c->events);
		return lose(c, HELPER_LOST_OVERRUN);
	}
	switch (queue_put(&c->events, b, keep ? QUEUE_KEEP : QUEUE_NORMAL, now)) {
	case QUEUE_TAKEN: break;
	case QUEUE_DISPLACED:
		c->lost[HELPER_LOST_OLDEST] += c->events.counts.dropped_oldest - displaced;
		c->why = HELPER_LOST_OLDEST;
		break;
	case QUEUE_DROPPED:
	case QUEUE_FULL:
	case QUEUE_REFUSED: return lose(c, loss_of(c->overflow));
	}
	return true;
}

void
channel_miss(struct channel *c, enum helper_loss why)
{
	c->offered++;
	(void)lose(c, why);
	if (c->lasting) /* it takes its number */
		queue_miss(&c->events);
}

static struct helper_gap
gap_before(const struct channel *c, uint64_t lost, uint64_t number)
{
	if (lost == 0)
		return (struct helper_gap){ 0 };
	return (struct helper_gap){
		.count = lost,
		.first = number - lost - c->born + 1,
		.last = number - c->born,
		.why = c->why,
	};
}

struct blob *
channel_next(struct channel *c, usec now, uint64_t *number, struct helper_gap *gap)
{
	struct queued next;

	if (!queue_take(&c->events, now, &next)) {
		uint64_t lost = queue_lost(&c->events);

		*gap = gap_before(c, lost, c->events.next_number);
		*number = c->events.next_number - c->born;
		return NULL;
	}
	*gap = gap_before(c, next.lost, next.number);
	*number = next.number - c->born + 1;
	return next.blob;
}

uint64_t
channel_lost(const struct channel *c)
{
	uint64_t n = 0;

	for (size_t i = 0; i < HELPER_LOSSES; i++)
		n += c->lost[i];
	return n;
}

const char *
helper_loss_word(enum helper_loss why)
{
	static const char *const words[HELPER_LOSSES] = {
		[HELPER_LOST_NEWEST] = "drop-newest",
		[HELPER_LOST_OLDEST] = "drop-oldest",
		[HELPER_LOST_REFUSED] = "error",
		[HELPER_LOST_OVERRUN] = "overrun",
		[HELPER_LOST_DEAF] = "deaf",
		[HELPER_LOST_DOWN] = "down",
		[HELPER_LOST_DIED] = "died",
	};

	return words[why];
}
