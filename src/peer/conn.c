/*
 * One TCP connection: made, accepted or refused, held, left and buried. What it hears is in hear.c,
 * its clocks are in timing.c, what its states ask for is in session.c.
 */
#include "inside.h"

#include "base/log.h"
#include "base/mem.h"

#include <string.h>

static void
ended(struct stream *s, int error, struct slice rest)
{
	struct conn *c = owner_of(s, struct conn, stream);
	struct ending why = { .reason = "closing connection" };

	(void)rest; /* half a message */
	if (error != 0)
		log_say(LOG_INFO, LOG_NETWORK, "peer=%s what=lost error=\"%s\"", peer_name(c->peer),
		    strerror(error));
	if (!intake_before_end(c))
		conn_step(c, FSM_TCP_GONE, &why);
}

/* What the other side wrote before it closed may still be there and say why: read on. */
static void
broken(struct stream *s, int error)
{
	struct conn *c = owner_of(s, struct conn, stream);

	if (stream_held(s) || s->ended)
		ended(s, error, slice_of(NULL, 0));
	else
		timing_leave(c);
}

static void
drained(struct stream *s)
{
	struct conn *c = owner_of(s, struct conn, stream);

	if (c->peer->up == c)
		speak_more(c->peer);
}

static void
emptied(struct stream *s)
{
	struct conn *c = owner_of(s, struct conn, stream);

	if (c->peer->up == c)
		marks_emptied(c->peer);
}

static struct net_options
options_of(const struct peer *p)
{
	const struct peer_conf *conf = p->conf;

	return (struct net_options){
		.local = conf->md5_ip.family != ADDR_NONE ? conf->md5_ip : conf->local,
		.interface = conf->interface[0] == '\0' ? NULL : conf->interface,
		.ttl_out = conf->ttl_out,
		.ttl_in_min = conf->ttl_in,
		.md5 = conf->md5_len == 0 ? NULL : conf->md5,
		.md5_len = conf->md5_len,
		.ao = conf->ao.len == 0 ? NULL : &conf->ao,
	};
}

static void
came_up(struct conn *c)
{
	struct net_options o = options_of(c->peer);
	uint16_t port;
	struct addr a;

	/* A socket that died in the meantime has no addresses; its end is heard soon. */
	if (net_local(c->stream.read_fd, &a, &port) == 0)
		c->local = a;
	if (net_remote(c->stream.read_fd, &a, &port) == 0)
		c->remote = a;
	if (net_tune(c->stream.read_fd, &o) != 0)
		log_say(LOG_WARN, LOG_NETWORK, "peer=%s what=socket-options-refused",
		    peer_name(c->peer));
	c->connected = true;
	c->peer->counts.connects++;
	c->silent = c->peer->conf->local_as == 0;
	conn_step(c, c->silent ? FSM_TCP_UP_SILENT : FSM_TCP_UP, NULL);
}

static void
connected(struct stream *s, int error)
{
	struct conn *c = owner_of(s, struct conn, stream);

	if (c->over)
		return;
	if (error != 0)
		conn_step(c, FSM_TCP_FAILED, &(struct ending){ .reason = strerror(error) });
	else
		came_up(c);
}

static const struct stream_hooks talking = {
	.bytes = conn_bytes,
	.ended = ended,
	.drained = drained,
	.emptied = emptied,
	.broken = broken,
	.connected = connected,
};

/* Leaving: the other side reads our last words, we read until it closes. */

static size_t
drop_bytes(struct stream *s, struct slice in)
{
	(void)s;
	return in.len;
}

static void
left(struct stream *s, int error, struct slice rest)
{
	(void)error;
	(void)rest;
	conn_bury(owner_of(s, struct conn, stream));
}

static void
left_broken(struct stream *s, int error)
{
	left(s, error, slice_of(NULL, 0));
}

static const struct stream_hooks leaving = {
	.bytes = drop_bytes,
	.ended = left,
	.broken = left_broken,
};

void
conn_leave(struct conn *c, const struct notification *note)
{
	struct peer *p = c->peer;
	uint8_t room[BGP_MESSAGE_MAX];
	struct writer w = writer_on(room, sizeof(room));

	notify_encode(note, &w);
	if (!writer_ok(&w)) { /* the data is too much for a message */
		w = writer_on(room, sizeof(room));
		notify_encode(&(struct notification){ note->code, note->subcode, { NULL, 0 } }, &w);
	}
	c->stream.hooks = &leaving;
	list_add(&p->leaving, &c->link);
	if (++p->leaving_count > PEER_LEAVING)
		conn_bury(owner_of(p->leaving.next, struct conn, link));
	if (c->held)
		conn_release(c);
	timing_leave(c);
	conn_say(c, writer_slice(&w));
	if (c->stream.loop != NULL)
		stream_finish(&c->stream);
}

struct conn *
conn_new(struct peer *p, bool outgoing)
{
	struct conn *c = mem_zero(1, sizeof(*c));

	c->peer = p;
	c->outgoing = outgoing;
	c->state = FSM_IDLE;
	c->framer = frame_bgp(BGP_MESSAGE_MAX);
	c->local = p->conf->local;
	c->remote = p->conf->peer.addr;
	list_add(&p->conns, &c->link);
	return c;
}

static void
conn_free(struct grave *g)
{
	struct conn *c = owner_of(g, struct conn, grave);

	arena_free(&c->opens);
	arena_free(&c->message);
	attr_cache_free(c->cache);
	mem_free(c);
}

void
conn_bury(struct conn *c)
{
	struct peer *p = c->peer;

	if (c->buried)
		return;
	c->buried = true;
	if (c->stream.hooks == &leaving)
		p->leaving_count--;
	list_cut(&c->link);
	timing_stop(c);
	if (c->stream.hooks != NULL)
		stream_close(&c->stream);
	loop_bury(&c->grave, p->loop, conn_free);
	peer_settle(p);
}

void
conn_accepted(struct conn *c, int fd)
{
	stream_start(&c->stream, c->peer->loop, fd, fd, &talking, "peer");
	conn_step(c, FSM_START_PASSIVE, NULL);
	came_up(c);
}

void
conn_refuse(struct peer *p, int fd, uint8_t code, uint8_t subcode)
{
	struct conn *c = conn_new(p, false);
	struct text data = { 0 };

	list_cut(&c->link);
	c->over = true;
	notify_default_data(code, subcode, &data);
	stream_start(&c->stream, p->loop, fd, fd, &talking, "peer");
	conn_leave(c, &(struct notification){ code, subcode, text_view(&data) });
	text_free(&data);
}

void
conn_connect(struct conn *c)
{
	struct peer *p = c->peer;
	uint16_t port = p->conf->connect != 0 ? p->conf->connect : p->globals->port;
	struct net_options o = options_of(p);
	int fd;
	int error = net_connect(&p->conf->peer.addr, port, &o, &fd);

	if (error < 0) {
		const char *why = o.ao == NULL ? strerror(-error) : net_ao_error(error);

		conn_step(c, FSM_TCP_FAILED, &(struct ending){ .reason = why });
		return;
	}
	timing_connecting(c);
	stream_start_connecting(&c->stream, p->loop, fd, &talking, "peer");
}

void
conn_hold(struct conn *c)
{
	c->held = true;
	stream_hold(&c->stream);
}

void
conn_release(struct conn *c)
{
	c->held = false;
	stream_release(&c->stream);
}
