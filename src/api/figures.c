/* The figures: rows, records of one kind a sheet. */
#include "figures.h"

#include "base/must.h"

#define QUEUE(member)  offsetof(struct metric_queue, member)
#define PEER(member)   offsetof(struct metric_peer, member)
#define LOOP(member)   offsetof(struct metric_loop, member)
#define FD(member)     offsetof(struct metric_fd, member)
#define BUFFER(member) offsetof(struct metric_buffer, member)
#define WAY(member)    offsetof(struct metric_way, member)

static const struct figure queue_rows[] = {
	{ "depth", "depth", FIGURE_GAUGE, false, QUEUE(depth), "Items that wait." },
	{ "bytes", "bytes", FIGURE_GAUGE, false, QUEUE(bytes), "Bytes that wait." },
	{ "limit", "limit", FIGURE_GAUGE, false, QUEUE(limit), "Items that may wait." },
	{ "limit-bytes", "limit_bytes", FIGURE_GAUGE, false, QUEUE(limit_bytes),
	    "Bytes that may wait." },
	{ "high-water", "high_water", FIGURE_GAUGE, false, QUEUE(most), "Most items that waited." },
	{ "high-water-bytes", "high_water_bytes", FIGURE_GAUGE, false, QUEUE(most_bytes),
	    "Most bytes that waited." },
	{ "offered", "offered", FIGURE_COUNTER, false, QUEUE(offered), "Items that came." },
	{ "taken", "taken", FIGURE_COUNTER, false, QUEUE(taken), "Items that went on." },
	{ "dropped", "dropped", FIGURE_PARTS, false, QUEUE(dropped), "Items that were lost." },
	{ "batches", "batches", FIGURE_PARTS, false, QUEUE(batches), "Batches that went on." },
	{ "empty-ticks", "empty_ticks", FIGURE_COUNTER, false, QUEUE(empty_ticks),
	    "Periods that brought nothing." },
	{ "shut", "shut", FIGURE_GAUGE, false, QUEUE(shut), "Whether who fills it is stopped." },
	{ "shuts", "shuts", FIGURE_COUNTER, false, QUEUE(shuts), "Times that it was stopped." },
	{ "blocked-us", "blocked", FIGURE_COUNTER, true, QUEUE(blocked),
	    "How long who fills it was stopped." },
	{ "wait", "wait", FIGURE_TIMES, true, QUEUE(waits), "How long items waited." },
};

static const struct figure peer_rows[] = {
	{ "up", "up", FIGURE_GAUGE, false, PEER(up), "Whether the session is established." },
	{ "connects", "connects", FIGURE_COUNTER, false, PEER(connects), "Connections made." },
	{ "downs", "downs", FIGURE_COUNTER, false, PEER(downs), "Sessions that ended." },
	{ "received", "received", FIGURE_PARTS, false, PEER(received), "Messages received." },
	{ "sent", "sent", FIGURE_PARTS, false, PEER(sent), "Messages sent." },
	{ "announced", "announced", FIGURE_COUNTER, false, PEER(announced_in),
	    "Prefixes that it announced." },
	{ "withdrawn", "withdrawn", FIGURE_COUNTER, false, PEER(withdrawn_in),
	    "Prefixes that it withdrew." },
	{ "routes-in", "routes_in", FIGURE_GAUGE, false, PEER(routes_in),
	    "Routes kept of what it said." },
	{ "routes-out", "routes_out", FIGURE_GAUGE, false, PEER(routes_out),
	    "Routes kept for it." },
	{ "unsayable", "unsayable", FIGURE_COUNTER, false, PEER(unsayable),
	    "Routes that no message of the session can say." },
};

static const struct figure loop_rows[] = {
	{ "rounds", "rounds", FIGURE_COUNTER, false, LOOP(rounds), "Rounds." },
	{ "wakeups", "wakeups", FIGURE_COUNTER, false, LOOP(wakeups), "Rounds that slept." },
	{ "ready", "ready", FIGURE_COUNTER, false, LOOP(ready), "Descriptors served." },
	{ "timers", "timers", FIGURE_COUNTER, false, LOOP(timers), "Timers that went off." },
	{ "leftovers", "leftovers", FIGURE_COUNTER, false, LOOP(leftovers),
	    "Turns of what had more to do than one allowed." },
	{ "flushes", "flushes", FIGURE_COUNTER, false, LOOP(flushes),
	    "Calls at the end of a round." },
	{ "slow", "slow", FIGURE_COUNTER, false, LOOP(slow), "Callbacks over 50 ms." },
	{ "slowest-us", "slowest", FIGURE_GAUGE, true, LOOP(slowest), "The longest callback." },
	{ "slowest-name", NULL, FIGURE_WORD, false, LOOP(slowest_name), NULL },
	{ "lag", "lag", FIGURE_TIMES, true, LOOP(lag), "How long rounds took." },
};

static const struct figure fd_rows[] = {
	{ "fd", "fd", FIGURE_GAUGE, false, FD(fd), "Its number." },
	{ "reads", "reads", FIGURE_GAUGE, false, FD(reads), "Whether it is watched for input." },
	{ "writes", "writes", FIGURE_GAUGE, false, FD(writes), "Whether it is watched for room." },
};

static const struct figure buffer_rows[] = {
	{ "fd", "fd", FIGURE_GAUGE, false, BUFFER(fd), "The descriptor that is read." },
	{ "held", "held", FIGURE_GAUGE, false, BUFFER(held), "Whether it is not read." },
	{ "unread", "unread", FIGURE_GAUGE, false, BUFFER(unread), "Bytes not read yet." },
	{ "have", "have", FIGURE_GAUGE, false, BUFFER(have), "Bytes read and not used yet." },
	{ "need", "need", FIGURE_GAUGE, false, BUFFER(need), "Bytes missing at least." },
	{ "place", NULL, FIGURE_WORD, false, BUFFER(place), NULL },
	{ "blobs", "blobs", FIGURE_GAUGE, false, BUFFER(blobs), "Pieces to be written." },
	{ "bytes", "bytes", FIGURE_GAUGE, false, BUFFER(bytes), "Bytes to be written." },
	{ "unsent", "unsent", FIGURE_GAUGE, false, BUFFER(unsent), "Bytes not acknowledged." },
	{ "bytes-in", "in_bytes", FIGURE_COUNTER, false, BUFFER(bytes_in), "Bytes read." },
	{ "bytes-out", "out_bytes", FIGURE_COUNTER, false, BUFFER(bytes_out), "Bytes written." },
};

static const struct figure way_rows[] = {
	{ "length", "length", FIGURE_GAUGE, false, WAY(length), "Bytes of the message." },
	{ "framed-us", "framed", FIGURE_GAUGE, true, WAY(framed), "When it was whole." },
	{ "taken-us", "taken", FIGURE_GAUGE, true, WAY(taken), "When it left the intake." },
	{ "decoded-us", "decoded", FIGURE_GAUGE, true, WAY(decoded), "When it was decoded." },
	{ "told-us", "told", FIGURE_GAUGE, true, WAY(told), "When helpers' channels had it." },
	{ "applied-us", "applied", FIGURE_GAUGE, true, WAY(applied), "When adj-rib-in had it." },
	{ "flushed-us", "flushed", FIGURE_GAUGE, true, WAY(flushed),
	    "When what it led to was written." },
};

#define ROWS(of) .rows = of, .row_count = sizeof(of) / sizeof((of)[0])

static const struct sheet sheets[METRIC_KINDS] = {
	[METRIC_LOOP] = {
		.word = "loop",
		.words = "loop",
		.single = true,
		.metric = "peerpipe_loop",
		ROWS(loop_rows),
		.size = sizeof(struct metric_loop),
	},
	[METRIC_QUEUES] = {
		.word = "queue",
		.words = "queues",
		.metric = "peerpipe_queue",
		ROWS(queue_rows),
		.size = sizeof(struct metric_queue),
		.labels = { "stage", "of" },
		.label_count = 2,
	},
	[METRIC_PEERS] = {
		.word = "peer",
		.words = "peers",
		.metric = "peerpipe_peer",
		ROWS(peer_rows),
		.size = sizeof(struct metric_peer),
		.labels = { "of" },
		.label_count = 1,
	},
	[METRIC_FDS] = {
		.word = "fd",
		.words = "fds",
		.metric = "peerpipe_fd",
		ROWS(fd_rows),
		.size = sizeof(struct metric_fd),
		.labels = { "of" },
		.label_count = 1,
	},
	[METRIC_BUFFERS] = {
		.word = "buffer",
		.words = "buffers",
		.metric = "peerpipe_buffer",
		ROWS(buffer_rows),
		.size = sizeof(struct metric_buffer),
		.labels = { "stage", "of" },
		.label_count = 2,
	},
	[METRIC_WAYS] = {
		.word = "way",
		.words = "ways",
		.metric = "peerpipe_way",
		ROWS(way_rows),
		.size = sizeof(struct metric_way),
		.labels = { "of" },
		.label_count = 1,
	},
};

const struct sheet *
sheet_of(enum metric_kind kind)
{
	return &sheets[kind];
}

void
metric_part(struct metric_parts *to, const char *why, uint64_t times)
{
	MUST(to->count < METRIC_PARTS);
	to->at[to->count].why = why;
	to->at[to->count++].times = times;
}

struct metric_times
metric_times(const struct histogram *h)
{
	if (h == NULL)
		return (struct metric_times){ 0 };
	return (struct metric_times){
		.known = true,
		.count = h->count,
		.sum = h->sum,
		.mean = histogram_mean(h),
		.p50 = histogram_at(h, 500),
		.p99 = histogram_at(h, 990),
		.most = h->most,
	};
}

const char *
figure_label(const void *record, size_t i)
{
	return ((const char *const *)record)[i];
}

const void *
figure_slot(const void *record, const struct figure *row)
{
	return (const char *)record + row->offset;
}

uint64_t
figure_number(const void *record, const struct figure *row)
{
	return *(const uint64_t *)figure_slot(record, row);
}

const void *
sheet_record(const struct sheet *s, const void *records, size_t i)
{
	return (const char *)records + i * s->size;
}
