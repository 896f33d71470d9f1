/*
 * The ring of a bounded queue. A slot whose blob was dropped stays as a hole until it comes to the
 * front or the ring is full, so dropping the oldest costs the same however many kept ones stand
 * before it.
 */
#include "flow/queue.h"

#include "base/mem.h"
#include "base/must.h"

#define SIZE_LEAST 16

static void
set_rules(struct queue *q, const struct queue_rules *r)
{
	MUST(r->items >= 1 && r->bytes >= 1);
	q->rules = *r;
	q->by_items = valve_of(r->high_items == 0 ? r->items : r->high_items, r->low_items);
	q->by_bytes = valve_of(r->high_bytes == 0 ? r->bytes : r->high_bytes, r->low_bytes);
}

void
queue_init(struct queue *q, const struct queue_rules *rules)
{
	*q = (struct queue){ .shut_since = USEC_NEVER };
	set_rules(q, rules);
}

void
queue_pass(struct queue *q, size_t items, size_t bytes)
{
	MUST(queue_depth(q) == 0);
	q->next_number += items;
	q->told = q->next_number;
	q->counts.offered += items;
	q->counts.taken += items;
	histogram_add_many(&q->counts.waits, 0, items);
	if (items > q->counts.most_items)
		q->counts.most_items = items;
	if (bytes > q->counts.most_bytes)
		q->counts.most_bytes = bytes;
}

static struct queue_slot *
slot_at(const struct queue *q, size_t at)
{
	return &q->slots[at & (q->size - 1)];
}

void
queue_done(struct queue *q)
{
	for (size_t at = q->first; at != q->last; at++)
		blob_drop(slot_at(q, at)->blob);
	mem_free(q->slots);
	histogram_done(&q->counts.waits);
	*q = (struct queue){ .shut_since = USEC_NEVER };
}

/* The living slots into a ring of this size, without holes. */
static void
move_to(struct queue *q, size_t size)
{
	struct queue_slot *slots = mem_get(size * sizeof(*slots));
	size_t n = 0;
	size_t oldest = 0;

	for (size_t at = q->first; at != q->last; at++) {
		const struct queue_slot *s = slot_at(q, at);

		if (at == q->oldest)
			oldest = n;
		if (s->blob != NULL)
			slots[n++] = *s;
	}
	if (q->oldest == q->last)
		oldest = n;
	mem_free(q->slots);
	q->slots = slots;
	q->size = size;
	q->first = 0;
	q->last = n;
	q->oldest = oldest;
}

static void
make_room(struct queue *q)
{
	size_t size = q->size == 0 ? SIZE_LEAST : q->size;

	if (q->last - q->first < q->size)
		return;
	if (queue_depth(q) >= size / 2)
		size *= 2;
	move_to(q, size);
}

/* Notes when the valves became shut or open. */
static void
note_edge(struct queue *q, usec now)
{
	if (queue_shut(q) == (q->shut_since != USEC_NEVER))
		return;
	if (queue_shut(q)) {
		q->shut_since = now;
		q->counts.shuts++;
		return;
	}
	q->counts.blocked += now - q->shut_since;
	q->shut_since = USEC_NEVER;
}

static void
set_levels(struct queue *q, usec now)
{
	(void)valve_set(&q->by_items, q->items);
	(void)valve_set(&q->by_bytes, q->bytes);
	note_edge(q, now);
}

void
queue_change(struct queue *q, const struct queue_rules *rules, usec now)
{
	set_rules(q, rules);
	set_levels(q, now);
}

void
queue_clear(struct queue *q, usec now)
{
	for (; q->first != q->last; q->first++)
		blob_drop(slot_at(q, q->first)->blob);
	q->counts.cleared += queue_depth(q);
	q->oldest = q->first;
	q->items = q->bytes = q->kept_items = q->kept_bytes = 0;
	q->told = q->next_number;
	set_levels(q, now);
}

/* Out of the bounds and of the ring's living; what its blob becomes is the caller's. */
static void
count_out(struct queue *q, const struct queue_slot *s)
{
	if (s->keep) {
		q->kept_items--;
		q->kept_bytes -= s->blob->len;
		return;
	}
	q->items--;
	q->bytes -= s->blob->len;
}

static void
drop_oldest(struct queue *q)
{
	struct queue_slot *s = slot_at(q, q->oldest);

	while (s->blob == NULL || s->keep)
		s = slot_at(q, ++q->oldest);
	count_out(q, s);
	blob_drop(s->blob);
	s->blob = NULL;
	q->oldest++;
	q->counts.dropped_oldest++;
}

static bool
fits(const struct queue *q, size_t len)
{
	if (q->items == 0)
		return true;
	return q->items < q->rules.items && q->bytes <= q->rules.bytes &&
	    len <= q->rules.bytes - q->bytes;
}

static void
append(struct queue *q, struct blob *b, enum queue_kind kind, usec now)
{
	make_room(q);
	*slot_at(q, q->last++) = (struct queue_slot){
		.blob = blob_hold(b),
		.since = now,
		.number = q->next_number++,
		.keep = kind == QUEUE_KEEP,
	};
	if (kind == QUEUE_KEEP) {
		q->kept_items++;
		q->kept_bytes += b->len;
	} else {
		q->items++;
		q->bytes += b->len;
	}
	q->counts.offered++;
	if (queue_depth(q) > q->counts.most_items)
		q->counts.most_items = queue_depth(q);
	if (queue_bytes(q) > q->counts.most_bytes)
		q->counts.most_bytes = queue_bytes(q);
	set_levels(q, now);
}

void
queue_miss(struct queue *q)
{
	q->counts.offered++;
	q->counts.dropped_newest++;
	q->next_number++;
}

/* There is no room: what the policy says of it. */
static enum queue_did
put_full(struct queue *q, struct blob *b, usec now)
{
	switch (q->rules.policy) {
	case QUEUE_BLOCK:
		/* Below the mark when a long blob did not fit: shut all the same, so that there is
		 * an opening to wait for. */
		q->by_bytes.shut = true;
		note_edge(q, now);
		q->counts.full++;
		return QUEUE_FULL;
	case QUEUE_ERROR: q->counts.refused++; return QUEUE_REFUSED;
	case QUEUE_DROP_NEWEST: queue_miss(q); return QUEUE_DROPPED;
	case QUEUE_DROP_OLDEST:
		while (!fits(q, b->len))
			drop_oldest(q);
		append(q, b, QUEUE_NORMAL, now);
		return QUEUE_DISPLACED;
	}
	return QUEUE_REFUSED;
}

enum queue_did
queue_put(struct queue *q, struct blob *b, enum queue_kind kind, usec now)
{
	if (kind != QUEUE_KEEP && !fits(q, b->len))
		return put_full(q, b, now);
	append(q, b, kind, now);
	return QUEUE_TAKEN;
}

bool
queue_take(struct queue *q, usec now, struct queued *to)
{
	struct queue_slot *s;

	if (queue_depth(q) == 0)
		return false;
	s = slot_at(q, q->first++);
	while (s->blob == NULL)
		s = slot_at(q, q->first++);
	if (q->oldest < q->first)
		q->oldest = q->first;
	count_out(q, s);
	*to = (struct queued){
		.blob = s->blob,
		.waited = now - s->since,
		.number = s->number,
		.lost = s->number - q->told,
	};
	q->told = s->number + 1;
	q->counts.taken++;
	histogram_add(&q->counts.waits, to->waited < 0 ? 0 : (uint64_t)to->waited);
	set_levels(q, now);
	return true;
}

uint64_t
queue_lost(struct queue *q)
{
	uint64_t lost = q->next_number - q->told;

	if (queue_depth(q) != 0)
		return 0;
	q->told = q->next_number;
	return lost;
}

bool
queue_shut(const struct queue *q)
{
	return q->by_items.shut || q->by_bytes.shut;
}

usec
queue_shut_for(const struct queue *q, usec now)
{
	return q->shut_since == USEC_NEVER ? 0 : now - q->shut_since;
}

size_t
queue_depth(const struct queue *q)
{
	return q->items + q->kept_items;
}

size_t
queue_bytes(const struct queue *q)
{
	return q->bytes + q->kept_bytes;
}

void
queue_set_policy(struct queue *q, enum queue_policy policy)
{
	q->rules.policy = policy;
}

void
queue_reset_marks(struct queue *q)
{
	q->counts.most_items = queue_depth(q);
	q->counts.most_bytes = queue_bytes(q);
}
