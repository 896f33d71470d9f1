/*
 * What a message costs, from its parts: each is measured alone, on the CPU's clock, with the
 * messages of the source. Their sum is what one who has read the code would predict of the server
 * when it is full; beside it stands what the server took.
 */
#include "each.h"
#include "instant.h"
#include "run.h"
#include "said.h"
#include "source.h"

#include "api/tell.h"
#include "base/blob.h"
#include "bgp/message.h"
#include "bgp/update.h"
#include "flow/queue.h"
#include "frame/frame.h"
#include "loop/stream.h"
#include "rib/in.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#define MESSAGES ((size_t)700000) /* about as many as are taken in a second: tables grow */
#define REPEATS  3
#define TURNS    3
#define CHUNK    ((size_t)64 * 1024)

struct bench {
	size_t messages;
	uint8_t *bytes; /* all of them, as they come */
	size_t len;
	struct session session;
	struct event_peer who;
	struct attr_cache *cache;
	struct rib_in *rib;
	struct arena arena;
	struct text out; /* an event */
};

typedef void part_fn(struct bench *b);

typedef void each_fn(struct bench *b, struct slice message);

static void
frame_all(struct bench *b, each_fn *fn)
{
	struct framer framer = frame_bgp(BGP_MESSAGE_MAX);
	struct slice rest = slice_of(b->bytes, b->len);
	struct frame f;

	while (frame_next(&framer, rest, &f) == FRAME_READY) {
		if (fn != NULL)
			fn(b, f.body);
		rest = slice_after(rest, f.used);
	}
}

static void
hear(struct bench *b, struct slice message, struct update *u)
{
	update_decode(message_body(message), &b->session, &b->arena, b->cache, u);
}

static void
forget(struct bench *b, struct update *u)
{
	update_done(u);
	arena_reset(&b->arena);
}

static void
decode_one(struct bench *b, struct slice message)
{
	struct update u;

	hear(b, message, &u);
	forget(b, &u);
}

static void
store_one(struct bench *b, struct slice message)
{
	struct update u;

	hear(b, message, &u);
	rib_in_apply(b->rib, &u);
	forget(b, &u);
}

static void
tell_one(struct bench *b, struct slice message)
{
	static const struct telling how = {
		.dialect = &dialect_5_0, .encoder = TELL_JSON, .parsed = true
	};
	struct update u;
	struct event e = {
		.kind = EVENT_MESSAGE,
		.peer = &b->who,
		.counter = 1,
		.session = &b->session,
		.type = MESSAGE_UPDATE,
		.header = message_header(message),
		.body = message_body(message),
		.parsed = true,
		.update = &u,
	};

	hear(b, message, &u);
	text_clear(&b->out);
	tell_event(&e, &how, &b->out);
	forget(b, &u);
}

static void
part_frame(struct bench *b)
{
	frame_all(b, NULL);
}

static void
part_decode(struct bench *b)
{
	frame_all(b, decode_one);
}

static void
part_store(struct bench *b)
{
	b->rib = rib_in_new(); /* each time the routes are new */
	frame_all(b, store_one);
	rib_in_free(b->rib);
}

static void
part_tell(struct bench *b)
{
	frame_all(b, tell_one);
}

/* The event as a blob, through a queue. */
static void
part_queue(struct bench *b)
{
	struct queue q;
	struct queued out;

	queue_init(&q, &QUEUE_DEFAULT);
	for (size_t i = 0; i < b->messages; i++) {
		struct blob *one = blob_new(text_view(&b->out));

		(void)queue_put(&q, one, QUEUE_NORMAL, (usec)i);
		blob_drop(one);
		if (queue_take(&q, (usec)i, &out))
			blob_drop(out.blob);
	}
	queue_done(&q);
}

static void
fail(const char *what)
{
	perror(what);
	exit(1);
}

/* A connection over loopback: ends[0] is to be read. */
static void
tcp_pair(int ends[2])
{
	struct sockaddr_in at = { .sin_family = AF_INET };
	socklen_t len = sizeof(at);
	int door = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	ends[1] = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (door < 0 || ends[1] < 0 || bind(door, (struct sockaddr *)&at, sizeof(at)) != 0 ||
	    listen(door, 1) != 0 || getsockname(door, (struct sockaddr *)&at, &len) != 0 ||
	    connect(ends[1], (struct sockaddr *)&at, len) != 0 ||
	    (ends[0] = accept(door, NULL, NULL)) < 0)
		fail("connection");
	(void)close(door);
}

/* The other end, in a process of its own: it says all of it, or reads to the end. */
static pid_t
other_end(int mine, int theirs, struct slice say)
{
	static uint8_t away[CHUNK];
	pid_t pid = fork();

	if (pid < 0)
		fail("fork");
	if (pid > 0) {
		(void)close(mine);
		return pid;
	}
	(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
	(void)close(theirs);
	while (say.len > 0) {
		ssize_t n = write(mine, say.at, say.len < CHUNK ? say.len : CHUNK);

		if (n <= 0)
			_exit(1);
		say = slice_after(say, (size_t)n);
	}
	(void)shutdown(mine, SHUT_WR); /* a pipe has no such half */
	while (read(mine, away, sizeof(away)) > 0)
		;
	_exit(0);
}

static void
part_read(struct bench *b)
{
	static uint8_t chunk[CHUNK];
	int ends[2];
	pid_t pid;

	tcp_pair(ends);
	pid = other_end(ends[1], ends[0], slice_of(b->bytes, b->len));
	while (read(ends[0], chunk, sizeof(chunk)) > 0)
		;
	(void)close(ends[0]);
	(void)waitpid(pid, NULL, 0);
}

/* As many events at a time as a stream writes. */
static void
part_write(struct bench *b)
{
	struct iovec v[STREAM_BLOBS];
	int ends[2];
	pid_t pid;

	if (pipe(ends) != 0)
		fail("pipe");
	(void)fcntl(ends[1], F_SETPIPE_SZ, 1024 * 1024);
	pid = other_end(ends[0], ends[1], slice_of(NULL, 0));
	for (size_t i = 0; i < STREAM_BLOBS; i++)
		v[i] = (struct iovec){ b->out.at, b->out.len };
	for (size_t left = b->messages; left > 0;) {
		int n = left < STREAM_BLOBS ? (int)left : STREAM_BLOBS;

		if (writev(ends[1], v, n) <= 0)
			fail("pipe");
		left -= (size_t)n;
	}
	(void)close(ends[1]);
	(void)waitpid(pid, NULL, 0);
}

static const struct part {
	const char *name;
	part_fn *run;
	int without; /* the part that is in it as well, -1: none */
} parts[] = {
	{ "read", part_read, -1 },
	{ "frame", part_frame, -1 },
	{ "decode", part_decode, 1 },
	{ "adj-rib-in", part_store, 2 },
	{ "JSON", part_tell, 2 },
	{ "queue", part_queue, -1 },
	{ "write", part_write, -1 },
};

#define PARTS (sizeof(parts) / sizeof(parts[0]))

static void
prepare(struct bench *b)
{
	*b = (struct bench){ .messages = options.quick ? MESSAGES / 100 : MESSAGES };
	b->bytes = calloc(b->messages, SAID_MOST);
	if (b->bytes == NULL)
		fail("memory");
	for (size_t i = 0; i < b->messages; i++)
		b->len += said_update(b->bytes + b->len, SOURCE_AS, SOURCE_BASE + (uint32_t)i);
	b->session = said_session(addr_v4_of(0x7f000101));
	b->who = (struct event_peer){
		.local = b->session.local,
		.peer = b->session.peer,
		.local_as = SOURCE_LOCAL,
		.peer_as = SOURCE_AS,
		.router_id = 0x0a000001,
	};
	b->cache = attr_cache_new(0);
}

static void
put_away(struct bench *b)
{
	attr_cache_free(b->cache);
	arena_free(&b->arena);
	text_free(&b->out);
	free(b->bytes);
}

static int
compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return x < y ? -1 : x > y;
}

/* The middle, ns of the CPU for a message. */
static double
measure(struct bench *b, part_fn *fn)
{
	double took[REPEATS];

	for (size_t i = 0; i < REPEATS; i++) {
		uint64_t begin = instant_cpu();

		fn(b);
		took[i] = (double)(instant_cpu() - begin) / (double)b->messages;
	}
	qsort(took, REPEATS, sizeof(took[0]), compare);
	return took[REPEATS / 2];
}

static void
predict(unsigned turn, FILE *csv)
{
	struct bench b;
	double took[PARTS];
	double sum = 0;

	prepare(&b);
	tell_one(&b, slice_of(b.bytes, b.len / b.messages)); /* an event for those that need one */
	for (size_t i = 0; i < PARTS; i++) {
		double own;

		took[i] = measure(&b, parts[i].run);
		own = took[i] - (parts[i].without < 0 ? 0 : took[parts[i].without]);
		sum += own;
		(void)fprintf(csv, "%u,%s,%.0f\n", turn, parts[i].name, own);
	}
	(void)fprintf(csv, "%u,all parts,%.0f\n", turn, sum);
	put_away(&b);
}

static bool
take(unsigned turn, const char *name, bool blocking, double rate, FILE *csv)
{
	struct outcome o;
	struct run run = {
		.load = { .peers = 1,
		    .shape = LOAD_RANDOM,
		    .rate = options.quick ? 10000 : rate,
		    .hangs_up = blocking,
		    .whole = options.quick,
		    .window = options.quick ? NS_SECOND / 4 : NS_SECOND },
		.blocking = blocking,
		.sinks = 1,
		.patience = options.quick ? 60 * NS_SECOND : 3 * NS_SECOND,
	};

	if (!run_middle(&run, options.quick ? 1 : REPEATS, &o))
		return false;
	(void)fprintf(
	    csv, "%u,%s at %.0f a second,%.0f\n", turn, name, o.rate, o.server_cpu * 1e9 / o.got);
	return o.conserved || !options.quick;
}

/* Parts and whole one after the other, since the machine is not the same from minute to minute. */
static bool
one_turn(unsigned turn, FILE *csv)
{
	predict(turn, csv);
	return take(turn, "blocking reader", true, 2e6, csv) &&
	    take(turn, "server", false, 2e6, csv) && take(turn, "server", false, 1e5, csv) &&
	    take(turn, "server", false, 1e4, csv);
}

bool
each_costs(void)
{
	FILE *csv = result_file("costs.csv");
	bool holds = true;

	(void)fputs("turn,what,ns_per_message\n", csv);
	for (unsigned turn = 1; turn <= (options.quick ? 1 : TURNS); turn++)
		holds = holds && one_turn(turn, csv);
	(void)fclose(csv);
	return holds;
}
