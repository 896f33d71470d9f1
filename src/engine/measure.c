/* What is to be known of everything that runs, as plain values. */
#include "engine/measure.h"

#include "house.h"

#include "base/mem.h"
#include "bgp/message.h"
#include "loop/net.h"

#define QUEUES_OF_MEMBER 2
#define QUEUES_OF_CREW   3
#define QUEUES_OF_CLIENT 2

void
measured_free(struct measured *m)
{
	mem_free(m->queues);
	mem_free(m->peers);
	mem_free(m->fds);
	mem_free(m->buffers);
	mem_free(m->ways);
	*m = (struct measured){ 0 };
}

void
measure_loop(struct engine *e, struct measured *to)
{
	const struct loop_counts *c = loop_counted(e->loop);

	to->loop = (struct metric_loop){
		.rounds = c->rounds,
		.wakeups = c->wakeups,
		.ready = c->ready,
		.timers = c->timers,
		.leftovers = c->leftovers,
		.flushes = c->flushes,
		.slow = c->slow,
		.slowest = (uint64_t)c->slowest, /* no time is below zero */
		.slowest_name = c->slowest_name == NULL ? "" : c->slowest_name,
		.lag = &c->lag,
	};
}

static struct metric_queue
intake_of(const struct member *m)
{
	const struct queue *q = peer_intake(m->peer);
	const struct batch *b = peer_batches(m->peer);
	usec now = loop_now(m->engine->loop);
	struct metric_queue to = {
		.stage = "intake",
		.of = peer_name(m->peer),
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
		.waits = &q->counts.waits,
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
		.waits = &l->waits,
	};
}

static struct metric_queue
channel_of(const struct crew *c, const struct helper_counts *n)
{
	struct metric_queue to = {
		.stage = "channel",
		.of = c->conf->name,
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
		.waits = n->waits,
	};

	for (enum helper_loss why = 0; why < HELPER_LOSSES; why++)
		metric_part(&to.dropped, helper_loss_word(why), n->lost[why]);
	return to;
}

static struct metric_queue
commands_of(const struct crew *c, const struct helper_counts *n)
{
	return (struct metric_queue){
		.stage = "commands",
		.of = c->conf->name,
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
		.waits = n->lines_waits,
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
		.waits = &i->receipts.waits,
	};

	metric_part(&to.dropped, "failed", i->receipts.failed);
	metric_part(&to.dropped, "gone", i->receipts.gone);
	return to;
}

void
measure_queues(struct engine *e, struct measured *to)
{
	usec now = loop_now(e->loop);
	size_t n = 0;

	to->queues = mem_zero(e->member_count * QUEUES_OF_MEMBER + e->crew_count * QUEUES_OF_CREW +
		e->client_count * QUEUES_OF_CLIENT,
	    sizeof(*to->queues));
	for (size_t i = 0; i < e->member_count; i++) {
		struct peer *p = e->members[i]->peer;

		to->queues[n++] = intake_of(e->members[i]);
		to->queues[n++] = level_of("pending", peer_name(p), peer_sending(p), now);
	}
	for (size_t i = 0; i < e->crew_count; i++) {
		struct helper_counts counts;

		helper_count(e->crews[i]->helper, &counts);
		to->queues[n++] = channel_of(e->crews[i], &counts);
		to->queues[n++] = commands_of(e->crews[i], &counts);
		to->queues[n++] = receipts_of(e->crews[i]->conf->name, &e->crews[i]->issuer);
	}
	list_each (link, &e->clients) {
		const char *name;
		const struct level *l = client_level(link, &name);

		to->queues[n++] = level_of("client", name, l, now);
		to->queues[n++] = receipts_of(name, client_issuer(link));
	}
	to->queue_count = n;
}

static void
count_messages(const uint64_t *counts, struct metric_parts *to)
{
	for (uint8_t type = MESSAGE_OPEN; type <= MESSAGE_REFRESH; type++)
		metric_part(to, message_of(type)->word, counts[type]);
}

void
measure_peers(struct engine *e, struct measured *to)
{
	to->peers = mem_zero(e->member_count, sizeof(*to->peers));
	to->peer_count = e->member_count;
	for (size_t i = 0; i < e->member_count; i++) {
		struct peer *p = e->members[i]->peer;
		const struct peer_counts *c = peer_counted(p);
		struct metric_peer *at = &to->peers[i];

		*at = (struct metric_peer){
			.of = peer_name(p),
			.up = peer_established(p),
			.connects = c->connects,
			.downs = c->downs,
			.announced_in = c->prefixes_in,
			.withdrawn_in = c->withdrawn_in,
			.routes_in = peer_in(p) == NULL ? 0 : rib_in_count(peer_in(p)),
			.routes_out = rib_out_count(peer_out(p)),
			.unsayable = c->lost_routes,
		};
		count_messages(c->received, &at->received);
		count_messages(c->sent, &at->sent);
	}
}

static void
count_watch(const struct watch *w, void *to)
{
	(void)w;
	(*(size_t *)to)++;
}

static void
add_watch(const struct watch *w, void *to)
{
	struct measured *m = to;

	m->fds[m->fd_count++] = (struct metric_fd){
		.of = w->name,
		.fd = (uint64_t)w->fd, /* an open one */
		.reads = (w->want & LOOP_IN) != 0,
		.writes = (w->want & LOOP_OUT) != 0,
	};
}

void
measure_fds(struct engine *e, struct measured *to)
{
	size_t n = 0;

	loop_watches(e->loop, count_watch, &n);
	to->fds = mem_zero(n, sizeof(*to->fds));
	loop_watches(e->loop, add_watch, to);
}

/* What the kernel says of a descriptor; of one that can't say nothing is told. */
static uint64_t
told(int bytes)
{
	return bytes < 0 ? METRIC_UNKNOWN : (uint64_t)bytes;
}

static struct metric_buffer
buffer_of(const char *stage, const char *of, const struct stream *s, const struct framer *f)
{
	static const char *const places[] = {
		[FRAME_BETWEEN] = "between",
		[FRAME_IN_HEADER] = "header",
		[FRAME_IN_BODY] = "body",
	};
	struct slice have = stream_input(s);

	return (struct metric_buffer){
		.stage = stage,
		.of = of,
		.fd = told(s->read_fd),
		.held = stream_held(s),
		.unread = told(net_unread(s->read_fd)),
		.have = have.len,
		.need = frame_need(f, have),
		.place = places[frame_place_of(f, have)],
		.blobs = s->queue_count,
		.bytes = s->queue_bytes,
		.unsent = told(net_unsent(s->write_fd)),
		.bytes_in = s->bytes_in,
		.bytes_out = s->bytes_out,
	};
}

void
measure_buffers(struct engine *e, struct measured *to)
{
	const struct framer *f;
	size_t n = 0;

	to->buffers =
	    mem_zero(e->member_count + e->crew_count + e->client_count, sizeof(*to->buffers));
	for (size_t i = 0; i < e->member_count; i++) {
		struct peer *p = e->members[i]->peer;
		const struct stream *s = peer_stream(p, &f);

		if (s != NULL)
			to->buffers[n++] = buffer_of("peer", peer_name(p), s, f);
	}
	for (size_t i = 0; i < e->crew_count; i++) {
		const struct stream *s = helper_stream(e->crews[i]->helper, &f);

		if (s != NULL)
			to->buffers[n++] = buffer_of("helper", e->crews[i]->conf->name, s, f);
	}
	list_each (link, &e->clients) {
		const char *name;
		const struct stream *s = client_stream(link, &name, &f);

		to->buffers[n++] = buffer_of("client", name, s, f);
	}
	to->buffer_count = n;
}

static uint64_t
reached(usec at)
{
	return at == USEC_NEVER ? METRIC_UNKNOWN : (uint64_t)at;
}

void
measure_ways(struct engine *e, struct measured *to)
{
	to->ways = mem_zero(e->member_count, sizeof(*to->ways));
	for (size_t i = 0; i < e->member_count; i++) {
		const struct peer *p = e->members[i]->peer;
		const struct peer_way *w = peer_traced(p);

		if (w == NULL)
			continue;
		to->ways[to->way_count++] = (struct metric_way){
			.of = peer_name(p),
			.length = w->length,
			.framed = reached(w->at[STAGE_FRAMED]),
			.taken = reached(w->at[STAGE_TAKEN]),
			.decoded = reached(w->at[STAGE_DECODED]),
			.told = reached(w->at[STAGE_TOLD]),
			.applied = reached(w->at[STAGE_APPLIED]),
			.flushed = reached(w->at[STAGE_FLUSHED]),
		};
	}
}

static void
receipts_reset_mark(struct issuer *i)
{
	i->receipts.most = i->promised;
}

void
measure_reset(struct engine *e)
{
	loop_reset_marks(e->loop);
	for (size_t i = 0; i < e->member_count; i++)
		peer_reset_marks(e->members[i]->peer);
	for (size_t i = 0; i < e->crew_count; i++)
		helper_reset_marks(e->crews[i]->helper);
	for (size_t i = 0; i < e->crew_count; i++)
		receipts_reset_mark(&e->crews[i]->issuer);
	list_each (link, &e->clients) {
		const char *name;

		level_reset_marks(client_level(link, &name));
		receipts_reset_mark(client_issuer(link));
	}
}
