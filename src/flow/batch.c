/* Size or deadline, whichever comes first. */
#include "flow/batch.h"

#include "base/must.h"

#include <stdbool.h>

void
batch_init(struct batch *b, const struct batch_rules *rules, usec now)
{
	MUST(rules->items >= 1 && rules->time >= 0);
	MUST(rules->mode == BATCH_LINGER || rules->time >= 1);
	*b = (struct batch){ .rules = *rules, .deadline = USEC_NEVER };
	if (rules->mode == BATCH_TICK)
		b->deadline = now + rules->time;
}

static bool
full(const struct batch *b)
{
	return b->count >= b->rules.items || (b->rules.bytes != 0 && b->bytes >= b->rules.bytes);
}

/* The next point of the period behind now: late rings don't shift it. */
static void
tick_on(struct batch *b, usec now)
{
	b->deadline += (now - b->deadline) / b->rules.time * b->rules.time + b->rules.time;
}

enum batch_reason
batch_due(struct batch *b, usec now)
{
	if (b->count != 0 && full(b))
		return BATCH_SIZE;
	if (now < b->deadline)
		return BATCH_NOT_DUE;
	if (b->count != 0)
		return BATCH_TIME;
	b->empty_ticks++;
	tick_on(b, now);
	return BATCH_NOT_DUE;
}

enum batch_reason
batch_add(struct batch *b, size_t bytes, usec now)
{
	MUST(!full(b));
	if (b->count == 0 && b->rules.mode == BATCH_LINGER)
		b->deadline = now + b->rules.time;
	b->count++;
	b->bytes += bytes;
	return batch_due(b, now);
}

size_t
batch_take(struct batch *b, usec now)
{
	enum batch_reason why = batch_due(b, now);
	size_t n = b->count;

	if (why == BATCH_SIZE)
		b->by_size++;
	if (why == BATCH_TIME)
		b->by_time++;
	if (b->rules.mode == BATCH_LINGER)
		b->deadline = USEC_NEVER;
	else if (now >= b->deadline)
		tick_on(b, now);
	b->count = 0;
	b->bytes = 0;
	return n;
}
