/* See baseline.h. */
#include "baseline.h"

#include "said.h"
#include "source.h"

#include "api/tell.h"
#include "bgp/message.h"
#include "bgp/update.h"
#include "frame/frame.h"
#include "rib/in.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define ROOM ((size_t)64 * 1024)

struct caller {
	int fd; /* -1: gone */
	struct session session;
	struct event_peer who;
	struct attr_cache *cache;
	struct rib_in *rib;
	struct framer framer;
	uint64_t counter;
	uint8_t in[ROOM];
	size_t from;
	size_t to;
};

struct baseline {
	struct caller *callers;
	unsigned peers;
	struct telling how;
	struct arena arena;
	struct text out;
};

static bool
write_out(struct baseline *b)
{
	size_t done = 0;

	while (done < b->out.len) {
		ssize_t n = write(1, b->out.at + done, b->out.len - done);

		if (n < 0)
			return false;
		done += (size_t)n;
	}
	text_clear(&b->out);
	return true;
}

/* What was told goes out before we wait; it blocks as well. */
static bool
read_more(struct baseline *b, struct caller *c)
{
	ssize_t n;

	if (!write_out(b))
		return false;
	memmove(c->in, c->in + c->from, c->to - c->from);
	c->to -= c->from;
	c->from = 0;
	n = read(c->fd, c->in + c->to, ROOM - c->to);
	if (n <= 0)
		return false;
	c->to += (size_t)n;
	return true;
}

/* The next message, whenever it comes. */
static bool
wait_for_message(struct baseline *b, struct caller *c, struct frame *f)
{
	for (;;) {
		struct slice rest = slice_of(c->in + c->from, c->to - c->from);
		enum frame_status status = frame_next(&c->framer, rest, f);

		if (status == FRAME_READY) {
			c->from += f->used;
			return true;
		}
		if (status == FRAME_BAD || !read_more(b, c))
			return false;
	}
}

static void
hear(struct baseline *b, struct caller *c, struct slice message)
{
	struct update u;
	struct event e = {
		.kind = EVENT_MESSAGE,
		.peer = &c->who,
		.counter = ++c->counter,
		.session = &c->session,
		.type = MESSAGE_UPDATE,
		.header = message_header(message),
		.body = message_body(message),
		.parsed = true,
		.update = &u,
	};

	update_decode(message_body(message), &c->session, &b->arena, c->cache, &u);
	tell_event(&e, &b->how, &b->out);
	rib_in_apply(c->rib, &u);
	update_done(&u);
	arena_reset(&b->arena);
}

static bool
serve_one(struct baseline *b, struct caller *c)
{
	struct frame f;

	if (!wait_for_message(b, c, &f))
		return false;
	if (f.type == MESSAGE_UPDATE)
		hear(b, c, f.body);
	return b->out.len < ROOM || write_out(b);
}

static bool
greet(struct caller *c, const struct sockaddr_in *from)
{
	uint8_t said[2 * SAID_MOST];
	size_t len = said_open(said, SOURCE_LOCAL, 0x0a000001);

	c->session = said_session(addr_v4_of(ntohl(from->sin_addr.s_addr)));
	c->who = (struct event_peer){
		.local = c->session.local,
		.peer = c->session.peer,
		.local_as = SOURCE_LOCAL,
		.peer_as = SOURCE_AS,
		.router_id = 0x0a000001,
	};
	c->cache = attr_cache_new(0);
	c->rib = rib_in_new();
	c->framer = frame_bgp(BGP_MESSAGE_MAX);
	len += said_keepalive(said + len);
	return write(c->fd, said, len) == (ssize_t)len;
}

static int
listen_on(uint16_t port)
{
	struct sockaddr_in at = { .sin_family = AF_INET, .sin_port = htons(port) };
	int on = 1;
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) != 0 ||
	    bind(fd, (struct sockaddr *)&at, sizeof(at)) != 0 || listen(fd, 128) != 0)
		return -1;
	return fd;
}

static bool
accept_all(struct baseline *b, uint16_t port)
{
	int listening = listen_on(port);

	if (listening < 0)
		return false;
	for (unsigned i = 0; i < b->peers; i++) {
		struct sockaddr_in from;
		socklen_t len = sizeof(from);

		b->callers[i].fd = accept(listening, (struct sockaddr *)&from, &len);
		if (b->callers[i].fd < 0 || !greet(&b->callers[i], &from))
			return false;
	}
	return close(listening) == 0;
}

int
baseline_run(uint16_t port, unsigned peers)
{
	struct baseline b = { .peers = peers,
		.how = { .dialect = &dialect_5_0, .encoder = TELL_JSON, .parsed = true } };
	unsigned left = peers;

	b.callers = calloc(peers, sizeof(*b.callers));
	if (b.callers == NULL || !accept_all(&b, port))
		return 1;
	while (left > 0) {
		for (unsigned i = 0; i < peers; i++) {
			struct caller *c = &b.callers[i];

			if (c->fd < 0 || serve_one(&b, c))
				continue;
			(void)close(c->fd);
			c->fd = -1;
			left--;
		}
	}
	return write_out(&b) ? 0 : 1;
}
