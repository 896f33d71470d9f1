/* The channel: whatever comes and goes, numbers and gaps account for every event. */
#include "case.h"

#include "channel.h"

#include <stdlib.h>

struct reader {
	uint64_t next; /* the number of the next event, as a helper counts */
	uint64_t told; /* as lost */
	uint64_t got;
};

static struct blob *
event_of(uint64_t number, size_t len)
{
	struct blob *b = blob_room(len);

	memset(b->bytes, 0, len);
	memcpy(b->bytes, &number, sizeof(number));
	return b;
}

/* What a helper knows: the gap goes on where it was, the event has the number that follows. */
static bool
read_one(struct channel *c, struct reader *r, usec now)
{
	struct helper_gap gap;
	uint64_t counted;
	struct blob *b = channel_next(c, now, &counted, &gap);
	uint64_t number;

	if (gap.count != 0) {
		cr_assert(gap.first == r->next && gap.last == gap.first + gap.count - 1);
		r->next = gap.last + 1;
		r->told += gap.count;
	}
	if (b == NULL)
		return false;
	memcpy(&number, b->bytes, sizeof(number));
	cr_assert(number == r->next, "%lu, not %lu", (unsigned long)number, (unsigned long)r->next);
	r->next++;
	r->got++;
	blob_drop(b);
	return true;
}

static struct helper_conf
conf_of(enum helper_overflow overflow, unsigned seed)
{
	return (struct helper_conf){
		.overflow = overflow,
		.queue_items = seed % 3 == 0 ? 0 : 1 + seed % 20,
		.queue_bytes = 200 + seed * 7 % 1000,
		.queue_low = 1 + seed % 99,
	};
}

static void
balances(const struct channel *c, const struct reader *r)
{
	uint64_t known = r->got + channel_lost(c) + queue_depth(&c->events);

	cr_assert(
	    c->offered == known, "%lu, not %lu", (unsigned long)c->offered, (unsigned long)known);
	cr_assert(c->events.items <= c->events.rules.items && c->events.kept_items <= c->most_kept);
	cr_assert(c->events.bytes <= c->events.rules.bytes &&
	    c->events.kept_bytes < c->most_kept_bytes + 100);
}

static void
put_some(struct channel *c, uint64_t *number, usec now)
{
	for (int n = rand() % 30; n > 0; n--) {
		struct blob *b = event_of(++*number, 8 + (size_t)rand() % 92);

		(void)channel_put(c, b, rand() % 10 == 0, now);
		blob_drop(b);
	}
}

/* A life: puts, takes, and stalls in any order. */
static void
live(struct channel *c, struct reader *total)
{
	struct reader r = { .next = 1 };
	uint64_t number = 0;

	for (usec now = 1; now < 200; now++) {
		put_some(c, &number, now);
		for (int n = rand() % 30; n > 0 && read_one(c, &r, now); n--)
			;
		if (rand() % 10 == 0)
			channel_degrade(c, rand() % 2 == 0);
		total->got += r.got;
		r.got = 0;
		balances(c, total);
	}
	if (rand() % 2 == 0) {
		while (read_one(c, &r, 200))
			;
		cr_assert(r.next == number + 1, "all are known");
		total->got += r.got;
	}
	channel_degrade(c, false);
}

Case(channel, numbers_and_gaps_account_for_every_event)
{
	for (unsigned seed = 0; seed < 120; seed++) {
		struct helper_conf conf = conf_of((enum helper_overflow)(seed % 4), seed);
		struct reader total = { 0 };
		struct channel c;

		srand(seed);
		channel_init(&c, &conf);
		for (int lives = 0; lives < 3; lives++) {
			channel_begin(&c, &conf, 0);
			live(&c, &total);
			channel_clear(&c, 300);
			balances(&c, &total);
		}
		channel_done(&c);
	}
}

Case(channel, every_loss_has_its_reason)
{
	static const enum helper_loss why[] = {
		[HELPER_BLOCK] = HELPER_LOST_OVERRUN,
		[HELPER_DROP_NEWEST] = HELPER_LOST_NEWEST,
		[HELPER_DROP_OLDEST] = HELPER_LOST_OLDEST,
		[HELPER_ERROR] = HELPER_LOST_REFUSED,
	};

	for (int o = HELPER_BLOCK; o <= HELPER_ERROR; o++) {
		struct helper_conf conf = { .overflow = (enum helper_overflow)o,
			.queue_items = 10 };
		struct blob *b = event_of(1, 8);
		struct channel c;

		channel_init(&c, &conf);
		for (int i = 0; i < 100; i++)
			(void)channel_put(&c, b, false, 0);
		cr_expect(c.lost[why[o]] == (o == HELPER_BLOCK ? 80u : 90u), "policy %d", o);
		cr_expect(channel_lost(&c) == c.lost[why[o]] && queue_shut(&c.events));
		channel_done(&c);
		blob_drop(b);
	}
}

Case(channel, what_is_kept_is_not_dropped)
{
	struct helper_conf conf = { .overflow = HELPER_DROP_OLDEST, .queue_items = 10 };
	struct blob *b = event_of(1, 8);
	struct channel c;

	channel_init(&c, &conf);
	for (int i = 0; i < 100; i++) {
		(void)channel_put(&c, b, false, 0);
		if (i % 10 == 0)
			cr_expect(channel_put(&c, b, true, 0));
	}
	cr_expect(c.events.kept_items == 10 && c.lost[HELPER_LOST_OLDEST] == 90);
	for (int i = 0; i < 100; i++)
		(void)channel_put(&c, b, true, 0);
	cr_expect(queue_depth(&c.events) == 20 && c.lost[HELPER_LOST_OVERRUN] == 100,
	    "but there is an end to it");
	channel_done(&c);
	blob_drop(b);
}
