/* What is to be known of the loop, descriptors, buffers and messages, as plain values. */
#include "measuring.h"

#include "house.h"

#include "base/mem.h"
#include "loop/net.h"

#include <string.h>

void
measured_ask(struct measured *m, enum metric_kind kind)
{
	m->metrics.pages[kind].asked = true;
}

void
measured_free(struct measured *m)
{
	for (enum metric_kind kind = 0; kind < METRIC_KINDS; kind++)
		mem_free(m->rooms[kind]);
	arena_free(&m->names);
	*m = (struct measured){ 0 };
}

void
measured_add(struct measured *m, enum metric_kind kind, const void *record, size_t size)
{
	struct metric_page *page = &m->metrics.pages[kind];

	if (page->count == m->sizes[kind]) {
		m->sizes[kind] = m->sizes[kind] == 0 ? 16 : 2 * m->sizes[kind];
		m->rooms[kind] = mem_grow(m->rooms[kind], m->sizes[kind] * size);
		page->records = m->rooms[kind];
	}
	memcpy((char *)m->rooms[kind] + page->count++ * size, record, size);
}

const char *
measured_name(struct measured *m, const char *name)
{
	return (const char *)arena_copy(&m->names, slice_of(name, strlen(name) + 1)).at;
}

void
measure_loop(struct engine *e, struct measured *to)
{
	const struct loop_counts *c = loop_counted(e->loop);
	struct metric_loop l = {
		.rounds = c->rounds,
		.wakeups = c->wakeups,
		.ready = c->ready,
		.timers = c->timers,
		.leftovers = c->leftovers,
		.flushes = c->flushes,
		.slow = c->slow,
		.slowest = (uint64_t)c->slowest, /* no time is below zero */
		.slowest_name = measured_name(to, c->slowest_name == NULL ? "" : c->slowest_name),
		.lag = metric_times(&c->lag),
	};

	measured_ask(to, METRIC_LOOP);
	measured_add(to, METRIC_LOOP, &l, sizeof(l));
}

static void
add_watch(const struct watch *w, void *to)
{
	struct metric_fd fd = {
		.of = measured_name(to, w->name),
		.fd = (uint64_t)w->fd, /* an open one */
		.reads = (w->want & LOOP_IN) != 0,
		.writes = (w->want & LOOP_OUT) != 0,
	};

	measured_add(to, METRIC_FDS, &fd, sizeof(fd));
}

void
measure_fds(struct engine *e, struct measured *to)
{
	measured_ask(to, METRIC_FDS);
	loop_watches(e->loop, add_watch, to);
}

/* What the kernel says of a descriptor; of one that can't say nothing is told. */
static uint64_t
told(int bytes)
{
	return bytes < 0 ? METRIC_UNKNOWN : (uint64_t)bytes;
}

static void
add_buffer(struct measured *to, const char *stage, const char *of, const struct stream *s,
    const struct framer *f)
{
	static const char *const places[] = {
		[FRAME_BETWEEN] = "between",
		[FRAME_IN_HEADER] = "header",
		[FRAME_IN_BODY] = "body",
	};
	struct metric_buffer b;
	struct slice have;

	if (s == NULL)
		return;
	have = stream_input(s);
	b = (struct metric_buffer){
		.stage = stage,
		.of = measured_name(to, of),
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
	measured_add(to, METRIC_BUFFERS, &b, sizeof(b));
}

void
measure_buffers(struct engine *e, struct measured *to)
{
	const struct framer *f;
	const struct stream *s;
	const char *name;

	measured_ask(to, METRIC_BUFFERS);
	for (size_t i = 0; i < e->member_count; i++) {
		s = peer_stream(e->members[i]->peer, &f);
		add_buffer(to, "peer", peer_name(e->members[i]->peer), s, f);
	}
	for (size_t i = 0; i < e->crew_count; i++) {
		s = helper_stream(e->crews[i]->helper, &f);
		add_buffer(to, "helper", e->crews[i]->conf->name, s, f);
	}
	list_each (link, &e->clients) {
		s = client_stream(link, &name, &f);
		add_buffer(to, "client", name, s, f);
	}
}

static uint64_t
reached(usec at)
{
	return at == USEC_NEVER ? METRIC_UNKNOWN : (uint64_t)at;
}

static void
add_way(struct measured *to, const char *of, const struct peer_way *w)
{
	struct metric_way way = {
		.of = measured_name(to, of),
		.length = w->length,
		.framed = reached(w->at[STAGE_FRAMED]),
		.taken = reached(w->at[STAGE_TAKEN]),
		.decoded = reached(w->at[STAGE_DECODED]),
		.told = reached(w->at[STAGE_TOLD]),
		.applied = reached(w->at[STAGE_APPLIED]),
		.flushed = reached(w->at[STAGE_FLUSHED]),
	};

	measured_add(to, METRIC_WAYS, &way, sizeof(way));
}

void
measure_ways(struct engine *e, struct measured *to)
{
	measured_ask(to, METRIC_WAYS);
	for (size_t i = 0; i < e->member_count; i++) {
		const struct peer *p = e->members[i]->peer;
		const struct peer_way *w = peer_traced(p);

		if (w != NULL)
			add_way(to, peer_name(p), w);
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
