/* What is to be known of queues and peers, as plain values. */
#include "measuring.h"

#include "house.h"

#include "bgp/message.h"

static void
add_queue(struct measured *m, struct metric_queue q)
{
	measured_add(m, METRIC_QUEUES, &q, sizeof(q));
}

static struct metric_queue
intake_of(const struct member *m, const char *name)
{
	const struct queue *q = peer_intake(m->peer);
	const struct batch *b = peer_batches(m->peer);
	usec now = loop_now(m->engine->loop);
	struct metric_queue to = {
		.stage = "intake",
		.of = name,
		.depth = queue_depth(q),
		.bytes = queue_bytes(q),
		.limit = q->rules.items,
		.limit_bytes = q->rules.bytes,
		.most = q->counts.most_items,
		.most_bytes = q->counts.most_bytes,
		.offered = q->counts.offered,
		.taken = q->counts.taken,
		.shut = queue_shut(q),
		.shuts = q->counts.shuts,
		.blocked = (uint64_t)(q->counts.blocked + queue_shut_for(q, now)),
		.empty_ticks = b->empty_ticks,
		.waits = metric_times(&q->counts.waits),
	};

	metric_part(&to.dropped, "session-ended", q->counts.cleared);
	metric_part(&to.batches, "size", b->by_size);
	metric_part(&to.batches, "time", b->by_time);
	metric_part(&to.batches, "need", b->by_need);
	return to;
}

/* What is told of its level alone. */
static struct metric_queue
level_of(const char *stage, const char *of, const struct level *l, usec now)
{
	return (struct metric_queue){
		.stage = stage,
		.of = of,
		.depth = l->items,
		.bytes = l->bytes,
		.limit = METRIC_UNKNOWN,
		.limit_bytes = METRIC_UNKNOWN,
		.most = l->most_items,
		.most_bytes = l->most_bytes,
		.offered = METRIC_UNKNOWN,
		.taken = METRIC_UNKNOWN,
		.shut = l->shut,
		.shuts = l->shuts,
		.blocked = (uint64_t)level_blocked(l, now),
		.empty_ticks = METRIC_UNKNOWN,
		.waits = metric_times(&l->waits),
	};
}

static struct metric_queue
channel_of(const struct crew *c, const struct helper_counts *n, const char *name)
{
	struct metric_queue to = {
		.stage = "channel",
		.of = name,
		.depth = n->queued,
		.bytes = n->bytes,
		.limit = c->conf->queue_items == 0 ? METRIC_UNKNOWN : c->conf->queue_items,
		.limit_bytes = c->conf->queue_bytes == 0 ? METRIC_UNKNOWN : c->conf->queue_bytes,
		.most = n->most,
		.most_bytes = n->most_bytes,
		.offered = n->offered,
		.taken = n->delivered,
		.shut = n->shut,
		.shuts = n->shuts,
		.blocked = (uint64_t)n->blocked, /* no time is below zero */
		.empty_ticks = METRIC_UNKNOWN,
		.waits = metric_times(n->waits),
	};

	for (enum helper_loss why = 0; why < HELPER_LOSSES; why++)
		metric_part(&to.dropped, helper_loss_word(why), n->lost[why]);
	return to;
}

static struct metric_queue
commands_of(const struct helper_counts *n, const char *name)
{
	return (struct metric_queue){
		.stage = "commands",
		.of = name,
		.depth = n->lines_waiting,
		.bytes = n->lines_bytes,
		.limit = METRIC_UNKNOWN,
		.limit_bytes = METRIC_UNKNOWN,
		.most = n->lines_most,
		.most_bytes = n->lines_most_bytes,
		.offered = METRIC_UNKNOWN,
		.taken = n->lines,
		.shut = n->held,
		.shuts = n->holds,
		.blocked = (uint64_t)n->held_for,
		.empty_ticks = METRIC_UNKNOWN,
		.waits = metric_times(n->lines_waits),
	};
}

static struct metric_queue
receipts_of(const char *of, const struct issuer *i)
{
	struct metric_queue to = {
		.stage = "receipts",
		.of = of,
		.depth = i->promised,
		.bytes = METRIC_UNKNOWN,
		.limit = RECEIPTS_MOST,
		.limit_bytes = METRIC_UNKNOWN,
		.most = i->receipts.most,
		.most_bytes = METRIC_UNKNOWN,
		.offered = i->receipts.made,
		.taken = i->receipts.kept,
		.shut = METRIC_UNKNOWN,
		.shuts = METRIC_UNKNOWN,
		.blocked = METRIC_UNKNOWN,
		.empty_ticks = METRIC_UNKNOWN,
		.waits = metric_times(&i->receipts.waits),
	};

	metric_part(&to.dropped, "failed", i->receipts.failed);
	metric_part(&to.dropped, "gone", i->receipts.gone);
	return to;
}

static void
count_messages(const uint64_t *counts, struct metric_parts *to)
{
	for (uint8_t type = MESSAGE_OPEN; type <= MESSAGE_REFRESH; type++)
		metric_part(to, message_of(type)->word, counts[type]);
}

static struct metric_peer
peer_of(struct peer *p, const char *name)
{
	const struct peer_counts *c = peer_counted(p);
	struct metric_peer to = {
		.of = name,
		.up = peer_established(p),
		.connects = c->connects,
		.downs = c->downs,
		.announced_in = c->prefixes_in,
		.withdrawn_in = c->withdrawn_in,
		.routes_in = peer_in(p) == NULL ? 0 : rib_in_count(peer_in(p)),
		.routes_out = rib_out_count(peer_out(p)),
		.unsayable = c->lost_routes,
	};

	count_messages(c->received, &to.received);
	count_messages(c->sent, &to.sent);
	return to;
}

void
measure_member(const struct member *m, struct measured *to)
{
	usec now = loop_now(m->engine->loop);
	const char *name = measured_name(to, peer_name(m->peer));

	if (to->metrics.pages[METRIC_QUEUES].asked) {
		add_queue(to, intake_of(m, name));
		add_queue(to, level_of("pending", name, peer_sending(m->peer), now));
	}
	if (to->metrics.pages[METRIC_PEERS].asked) {
		struct metric_peer peer = peer_of(m->peer, name);

		measured_add(to, METRIC_PEERS, &peer, sizeof(peer));
	}
}

static void
measure_crew(const struct crew *c, struct measured *to)
{
	const char *name = measured_name(to, c->conf->name);
	struct helper_counts counts;

	helper_count(c->helper, &counts);
	add_queue(to, channel_of(c, &counts, name));
	add_queue(to, commands_of(&counts, name));
	add_queue(to, receipts_of(name, &c->issuer));
}

static void
measure_client(struct list *client, struct measured *to, usec now)
{
	const char *name;
	const struct level *l = client_level(client, &name);

	name = measured_name(to, name);
	add_queue(to, level_of("client", name, l, now));
	add_queue(to, receipts_of(name, client_issuer(client)));
}

void
measure_others(struct engine *e, struct measured *to)
{
	if (!to->metrics.pages[METRIC_QUEUES].asked)
		return;
	for (size_t i = 0; i < e->crew_count; i++)
		measure_crew(e->crews[i], to);
	list_each (link, &e->clients)
		measure_client(link, to, loop_now(e->loop));
}
