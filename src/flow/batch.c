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

void
batch_change(struct batch *b, const struct batch_rules *rules, usec now)
{
	struct batch old = *b;

	batch_init(b, rules, now);
	b->count = old.count;
	b->by_size = old.by_size;
	b->by_time = old.by_time;
	b->by_need = old.by_need;
	b->empty_ticks = old.empty_ticks;
	if (b->count != 0 && rules->mode == BATCH_LINGER)
		b->deadline = now + rules->time;
}

static bool
full(const struct batch *b)
{
	return b->count >= b->rules.items;
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
	if (full(b))
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
batch_add(struct batch *b, size_t items, usec now)
{
	if (b->count == 0 && b->rules.mode == BATCH_LINGER)
		b->deadline = now + b->rules.time;
	b->count += items;
	return batch_due(b, now);
}

size_t
batch_take(struct batch *b, usec now)
{
	enum batch_reason why = batch_due(b, now);
	size_t n = full(b) ? b->rules.items : b->count;

	b->by_size += why == BATCH_SIZE;
	b->by_time += why == BATCH_TIME;
	b->by_need += why == BATCH_NOT_DUE && n != 0;
	b->count -= n;
	if (b->rules.mode == BATCH_LINGER)
		b->deadline = b->count == 0 ? USEC_NEVER : now + b->rules.time;
	else if (now >= b->deadline)
		tick_on(b, now);
	return n;
}

void
batch_drop(struct batch *b)
{
	b->count = 0;
	if (b->rules.mode == BATCH_LINGER)
		b->deadline = USEC_NEVER;
}
