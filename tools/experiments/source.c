/* See source.h. */
#include "source.h"

#include "instant.h"
#include "said.h"

#include "base/wire.h"
#include "bgp/message.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#define ROOM   ((size_t)64 * 1024) /* of a router, what TCP has not taken */
#define TICK   (50 * NS_USEC)      /* what is due within it goes together */
#define LISTEN (10 * NS_SECOND)    /* a session is up by then */

struct router {
	int fd;
	uint64_t next; /* when its next message is due; UINT64_MAX: it has none */
	uint64_t made; /* messages */
	bool hung_up;
	struct chance chance;
	uint8_t out[ROOM];
	size_t from;
	size_t to;
};

struct source {
	struct board *board;
	const struct load *load;
	struct router *routers;
	struct pollfd *polls;
	uint64_t listened; /* when input was last thrown away */
};

void
source_address(unsigned peer, char to[16])
{
	(void)snprintf(to, 16, "127.0.1.%u", 1 + peer % 250);
}

static int
connect_once(const struct load *load, unsigned peer)
{
	struct sockaddr_in at = { .sin_family = AF_INET };
	char address[16];
	int on = 1;
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	source_address(peer, address);
	(void)inet_pton(AF_INET, address, &at.sin_addr); /* ours is one */
	if (fd < 0 || bind(fd, (struct sockaddr *)&at, sizeof(at)) != 0)
		goto out;
	at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	at.sin_port = htons(load->port);
	if (connect(fd, (struct sockaddr *)&at, sizeof(at)) != 0)
		goto out;
	(void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	return fd;
out:
	if (fd >= 0)
		(void)close(fd);
	return -1;
}

static bool
read_all(int fd, uint8_t *to, size_t n)
{
	for (size_t got = 0; got < n;) {
		ssize_t k = read(fd, to + got, n - got);

		if (k <= 0)
			return false;
		got += (size_t)k;
	}
	return true;
}

/* Its OPEN and its KEEPALIVE. */
static bool
hear_both(int fd)
{
	uint8_t message[4096];

	for (unsigned i = 0; i < 2; i++) {
		size_t len;

		if (!read_all(fd, message, BGP_HEADER))
			return false;
		len = load_u16(message + 16);
		if (len < BGP_HEADER || len > sizeof(message) ||
		    !read_all(fd, message, len - BGP_HEADER))
			return false;
	}
	return true;
}

static bool
meet(struct source *s, unsigned peer)
{
	struct router *r = &s->routers[peer];
	uint64_t until = instant_now() + LISTEN;
	uint8_t said[2 * SAID_MOST];
	size_t len = said_open(said, SOURCE_AS, 0x0a800000u + peer);

	len += said_keepalive(said + len);
	do {
		if (r->fd >= 0)
			(void)close(r->fd);
		r->fd = connect_once(s->load, peer);
		if (r->fd >= 0 && write(r->fd, said, len) == (ssize_t)len && hear_both(r->fd))
			return fcntl(r->fd, F_SETFL, O_NONBLOCK) == 0;
		instant_sleep_until(instant_now() + 5 * NS_MSEC);
	} while (instant_now() < until);
	return false;
}

static double
shake(struct router *r, const struct load *load)
{
	return load->jitter == 0 ? 0 : (2 * chance_even(&r->chance) - 1) * (double)load->jitter;
}

static uint64_t
even_due(struct source *s, struct router *r, unsigned peer)
{
	const struct load *load = s->load;
	uint64_t n = r->made * load->peers + peer;
	uint64_t bursts = load->burst == 0 ? 0 : n / load->burst;
	double at = (double)(n - bursts * load->burst) * 1e9 / load->rate + shake(r, load);

	at += (double)(bursts * load->cycle);
	return s->board->start + (at < 0 ? 0 : (uint64_t)at);
}

/* ns between messages of a router */
static double
mean_gap(const struct load *load, unsigned peer)
{
	if (load->flood > 0)
		return peer == 0 ? 1e9 / load->flood : 1e9 * (load->peers - 1) / load->rate;
	return 1e9 * load->peers / load->rate;
}

static void
set_next(struct source *s, unsigned peer)
{
	struct router *r = &s->routers[peer];
	double mean = mean_gap(s->load, peer);
	uint64_t due = s->load->shape == LOAD_RANDOM
	    ? r->next + (uint64_t)chance_gap(&r->chance, mean)
	    : even_due(s, r, peer);

	r->next = due < r->next ? r->next : due;
	if (r->next >= s->board->start + s->load->window)
		r->next = UINT64_MAX;
}

static void
make_due(struct source *s, unsigned peer, uint64_t now)
{
	struct router *r = &s->routers[peer];
	struct board *b = s->board;

	while (r->next <= now && r->to + SAID_MOST <= ROOM && b->sent < BOARD_MESSAGES) {
		size_t number = atomic_fetch_add(&b->sent, 1);

		b->due[number] = r->next;
		b->router[number] = (uint8_t)peer; /* of 250 */
		r->to += said_update(r->out + r->to, SOURCE_AS, SOURCE_BASE + (uint32_t)number);
		r->made++;
		set_next(s, peer);
	}
}

/* From when a burst was due to its last byte given to TCP. */
static void
note_burst(struct source *s, const struct router *r)
{
	const struct load *load = s->load;
	uint64_t bursts, took;

	if (load->burst == 0 || r->made % load->burst != 0 || r->from != r->to)
		return;
	bursts = r->made / load->burst;
	took = s->board->source_last - s->board->start - (bursts - 1) * load->cycle;
	if (took > s->board->burst_longest)
		s->board->burst_longest = took;
}

static bool
send_some(struct source *s, struct router *r)
{
	ssize_t n;

	if (r->from == r->to)
		return true;
	n = write(r->fd, r->out + r->from, r->to - r->from);
	if (n < 0 && errno != EAGAIN)
		return false;
	if (n > 0) {
		r->from += (size_t)n;
		s->board->source_last = instant_now();
		note_burst(s, r);
	}
	if (r->from == r->to)
		r->from = r->to = 0; /* else it seems to be full */
	return true;
}

/* What could not be sent by the end of the window is not made, if the load says so. */
static bool
over(const struct source *s, const struct router *r, uint64_t now)
{
	return r->next == UINT64_MAX || s->board->sent >= BOARD_MESSAGES ||
	    (!s->load->whole && now >= s->board->start + s->load->window);
}

static bool
finished(const struct source *s, struct router *r, uint64_t now)
{
	if (!over(s, r, now) || r->from != r->to)
		return false;
	if (s->load->hangs_up && !r->hung_up)
		r->hung_up = shutdown(r->fd, SHUT_WR) == 0;
	return true;
}

static void
listen_a_little(struct source *s, uint64_t now)
{
	static uint8_t away[ROOM];

	if (now < s->listened + 100 * NS_MSEC)
		return;
	s->listened = now;
	for (unsigned i = 0; i < s->load->peers; i++)
		while (read(s->routers[i].fd, away, sizeof(away)) > 0)
			;
}

static void
rest(struct source *s, uint64_t until)
{
	uint64_t now = instant_now();
	nfds_t blocked = 0;
	struct timespec t;

	for (unsigned i = 0; i < s->load->peers; i++)
		if (s->routers[i].from != s->routers[i].to)
			s->polls[blocked++] = (struct pollfd){ s->routers[i].fd, POLLOUT, 0 };
	until = until < now + TICK ? now + TICK : until;
	until = until > now + 10 * NS_MSEC ? now + 10 * NS_MSEC : until;
	t = (struct timespec){ 0, (long)(until - now) };
	(void)ppoll(s->polls, blocked, &t, NULL); /* what is due is looked for anyway */
}

/* False when all is sent, or a session is lost. */
static bool
turn(struct source *s)
{
	uint64_t now = instant_now();
	uint64_t next = UINT64_MAX;
	bool all = true;

	for (unsigned i = 0; i < s->load->peers; i++) {
		struct router *r = &s->routers[i];

		if (!over(s, r, now))
			make_due(s, i, now);
		if (!send_some(s, r))
			return false;
		all = finished(s, r, now) && all;
		if (!over(s, r, now) && r->to + SAID_MOST <= ROOM && r->next < next)
			next = r->next;
	}
	listen_a_little(s, now);
	if (!all)
		rest(s, next);
	return !all && !s->board->stop;
}

int
source_run(struct board *b, const struct load *load)
{
	struct source s = { .board = b, .load = load };

	(void)prctl(PR_SET_TIMERSLACK, 1);
	s.routers = calloc(load->peers, sizeof(*s.routers));
	s.polls = calloc(load->peers, sizeof(*s.polls));
	if (s.routers == NULL || s.polls == NULL)
		return 1;
	for (unsigned i = 0; i < load->peers; i++) {
		s.routers[i].fd = -1;
		s.routers[i].chance = chance_of(load->seed * 1000 + i);
		if (!meet(&s, i))
			return 1;
	}
	b->source_ready = true;
	while (!b->go)
		instant_sleep_until(instant_now() + NS_MSEC);
	for (unsigned i = 0; i < load->peers; i++) {
		s.routers[i].next = load->shape == LOAD_RANDOM ? b->start : 0;
		set_next(&s, i);
	}
	instant_sleep_until(b->start);
	while (turn(&s))
		;
	b->source_done = true;
	while (!b->stop) { /* sessions stay up until everything was read */
		listen_a_little(&s, instant_now());
		instant_sleep_until(instant_now() + 5 * NS_MSEC);
	}
	return 0;
}
