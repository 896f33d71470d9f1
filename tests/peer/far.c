/* The other end, see far.h. */
#include "far.h"

#include "base/mem.h"
#include "bgp/open.h"

#include <errno.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

#define PATIENCE (30 * USEC_SECOND)
#define ROUND    (5 * USEC_MSEC)

static void
told(struct peer *peer, const struct event *e)
{
	struct play *p = peer_owner(peer);
	static const char *const directions[] = { "receive", "send", "in" };

	p->who = *e->peer;
	switch (e->kind) {
	case EVENT_STATE:
		text_format(&p->news, "state %s", e->state.name);
		if (e->state.reason.len != 0)
			text_char(&p->news, ' ');
		text_slice(&p->news, e->state.reason);
		break;
	case EVENT_FSM: text_format(&p->news, "fsm %s", e->state.name); break;
	case EVENT_NEGOTIATED:
		cr_assert(e->session != NULL);
		text_string(&p->news, "negotiated");
		break;
	case EVENT_MESSAGE:
		text_format(&p->news, "%s %u", directions[e->direction], e->type);
		if (e->type == MESSAGE_NOTIFICATION && e->parsed)
			text_format(
			    &p->news, " %u/%u", e->notification->code, e->notification->subcode);
		if (!e->parsed)
			text_string(&p->news, " raw");
		break;
	case EVENT_SIGNAL:
	case EVENT_SHUTDOWN:
	case EVENT_BACKPRESSURE:
	case EVENT_GAP:
	case EVENT_KINDS: text_string(&p->news, "?"); break;
	}
	text_char(&p->news, '\n');
	if (p->told != NULL)
		p->told(p, e);
}

static void
over(struct peer *peer)
{
	struct play *p = peer_owner(peer);

	p->overs++;
}

static const struct peer_hooks hooks = { .told = told, .over = over };

void
play_init(struct play *p)
{
	struct net_options o = { .ttl_out = -1, .ttl_in_min = -1 };
	struct addr home;
	struct addr local;
	int error;

	*p = (struct play){ 0 };
	p->loop = loop_new(&error);
	cr_assert(p->loop != NULL, "loop: %d", error);
	cr_assert(addr_parse(SLICE("127.0.0.1"), &home));
	cr_assert_eq(net_listen(&home, 0, &o, &p->listen_fd), 0);
	cr_assert_eq(net_local(p->listen_fd, &local, &p->port), 0);
	cr_assert_eq(net_listen(&home, 0, &o, &p->door_fd), 0);
	cr_assert_eq(net_local(p->door_fd, &local, &p->door_port), 0);
	p->conf = (struct peer_conf){
		.peer = { home, 32 },
		.local = home,
		.local_as = 65001,
		.peer_as = 65002,
		.router_id = 0x0a000001,
		.hold_time = 180,
		.connect = p->port,
		.ttl_out = PEER_TTL_UNSET,
		.ttl_in = PEER_TTL_UNSET,
		.group_updates = true,
		.queue = 1000,
		.queue_bytes = 4 << 20,
		.batch_size = 100,
		.adj_rib_out = true,
		.description = mem_string("", 0),
		.host_name = mem_string("", 0),
		.domain_name = mem_string("", 0),
		.interface = mem_string("", 0),
		.md5_password = mem_string("", 0),
		.name = mem_string("neighbor 127.0.0.1", 18),
	};
	family_list_add(&p->conf.caps.families, family_of(1, 1));
	family_list_add(&p->conf.caps.families, family_of(2, 1));
	p->conf.families = family_list_set(&p->conf.caps.families);
	p->conf.caps.asn4 = true;
	p->conf.caps.route_refresh = true;
	p->conf.caps.enhanced_refresh = true;
	p->globals = (struct peer_globals){ .port = p->port, .open_wait = 60 };
}

void
play_start(struct play *p)
{
	p->peer = peer_new(p->loop, &p->conf, &p->globals, &hooks, p);
	peer_want(p->peer, PEER_WANT_UPDATES_IN | PEER_WANT_SENT | PEER_WANT_KEEPALIVES);
	peer_start(p->peer);
}

void
play_done(struct play *p)
{
	if (p->peer != NULL)
		peer_free(p->peer);
	(void)loop_round(p->loop, 0);
	loop_free(p->loop);
	close(p->listen_fd);
	close(p->door_fd);
	text_free(&p->news);
	mem_free(p->conf.description);
	mem_free(p->conf.host_name);
	mem_free(p->conf.domain_name);
	mem_free(p->conf.interface);
	mem_free(p->conf.md5_password);
	mem_free(p->conf.name);
}

void
play_round(struct play *p)
{
	int fd;
	struct addr from;
	uint16_t port;

	if (net_accept(p->door_fd, &fd, &from, &port) == 0)
		peer_accept(p->peer, fd, &from);
	(void)loop_round(p->loop, ROUND);
}

void
play_for(struct play *p, usec time)
{
	usec end = loop_clock() + time;

	/* one that waits for a processor has as many rounds as another */
	for (usec rounds = 0; rounds < time / ROUND || loop_clock() < end; rounds++)
		play_round(p);
}

size_t
play_count(const struct play *p, const char *line)
{
	struct slice rest = text_view(&p->news);
	size_t count = 0;

	while (rest.len != 0) {
		const uint8_t *end = memchr(rest.at, '\n', rest.len);
		size_t n = (size_t)(end - rest.at);

		count += slice_is(slice_of(rest.at, n), line);
		rest = slice_after(rest, n + 1);
	}
	return count;
}

bool
play_news(struct play *p, const char *line)
{
	usec end = loop_clock() + PATIENCE;

	while (play_count(p, line) == 0 && loop_clock() < end)
		play_round(p);
	return play_count(p, line) != 0;
}

bool
play_state(struct play *p, enum fsm_state s)
{
	usec end = loop_clock() + PATIENCE;

	while (peer_state(p->peer) != s && loop_clock() < end)
		play_round(p);
	return peer_state(p->peer) == s;
}

void
far_accept(struct play *p, struct far *f)
{
	usec end = loop_clock() + PATIENCE;
	struct addr from;
	uint16_t port;

	*f = (struct far){ .play = p, .fd = -1 };
	while (net_accept(p->listen_fd, &f->fd, &from, &port) != 0) {
		cr_assert(loop_clock() < end, "nobody connects");
		play_round(p);
	}
}

void
far_connect(struct play *p, struct far *f)
{
	struct net_options o = { .ttl_out = -1, .ttl_in_min = -1 };
	struct addr home;

	*f = (struct far){ .play = p, .fd = -1 };
	cr_assert(addr_parse(SLICE("127.0.0.1"), &home));
	o.local = home;
	cr_assert_eq(net_connect(&home, p->door_port, &o, &f->fd), 0);
	play_round(p);
	play_round(p);
}

void
far_close(struct far *f)
{
	if (f->fd >= 0)
		close(f->fd);
	f->fd = -1;
}

void
far_send(struct far *f, struct slice bytes)
{
	usec end = loop_clock() + PATIENCE;

	while (bytes.len != 0) {
		ssize_t n = send(f->fd, bytes.at, bytes.len, MSG_NOSIGNAL);

		if (n > 0) {
			bytes = slice_after(bytes, (size_t)n);
			continue;
		}
		cr_assert(n < 0 && (errno == EAGAIN || errno == ENOTCONN), "send: %d", errno);
		cr_assert(loop_clock() < end, "nobody reads");
		play_round(f->play);
	}
}

void
far_send_open(struct far *f, uint16_t hold_time, uint32_t id)
{
	struct open o = {
		.version = 4,
		.as_field = 65002,
		.asn = 65002,
		.hold_time = hold_time,
		.router_id = id,
		.caps = f->play->conf.caps,
	};
	uint8_t room[4096];
	struct writer w = writer_on(room, sizeof(room));

	if (f->play->conf.local_as != 0 && f->play->conf.peer_as == f->play->conf.local_as) {
		o.asn = f->play->conf.local_as;
		o.as_field = (uint16_t)o.asn;
	}
	o.caps.asn = o.asn;
	open_encode(&o, &w);
	far_send(f, writer_slice(&w));
}

void
far_send_type(struct far *f, uint8_t type, struct slice body)
{
	static uint8_t room[65535];
	struct writer w = writer_on(room, sizeof(room));
	struct gap g = message_begin(&w, type);

	write_slice(&w, body);
	message_finish(&w, g);
	far_send(f, writer_slice(&w));
}

void
far_send_keepalive(struct far *f)
{
	far_send_type(f, MESSAGE_KEEPALIVE, slice_of(NULL, 0));
}

static bool
whole(struct far *f, struct slice *message)
{
	struct reader r;
	size_t len;

	r = reader_on(slice_of(f->in, f->len));
	read_skip(&r, BGP_MARKER_LEN);
	len = read_u16(&r);
	read_skip(&r, 1);
	if (!reader_ok(&r) || f->len < len)
		return false;
	*message = slice_of(f->in, len);
	f->used = len;
	return true;
}

uint8_t
far_next_within(struct far *f, usec time, struct slice *message)
{
	usec end = loop_clock() + time;

	memmove(f->in, f->in + f->used, f->len - f->used);
	f->len -= f->used;
	f->used = 0;
	while (!whole(f, message)) {
		ssize_t n = recv(f->fd, f->in + f->len, sizeof(f->in) - f->len, 0);

		if (n > 0) {
			f->len += (size_t)n;
			continue;
		}
		if (n == 0 || errno != EAGAIN) {
			f->ended = true;
			f->error = n == 0 ? 0 : errno;
			return 0;
		}
		if (loop_clock() >= end)
			return 255;
		play_round(f->play);
	}
	return message->at[BGP_HEADER - 1];
}

uint8_t
far_next(struct far *f, struct slice *message)
{
	return far_next_within(f, PATIENCE, message);
}

uint8_t
far_next_real(struct far *f, struct slice *message)
{
	uint8_t type;

	do
		type = far_next(f, message);
	while (type == MESSAGE_KEEPALIVE);
	return type;
}

void
far_expect(struct far *f, uint8_t type)
{
	struct slice message;
	uint8_t got = far_next(f, &message);

	cr_assert_eq(
	    got, type, "expected type %u, got %u\n%s", type, got, text_chars(&f->play->news));
}

static struct slice
notification(struct far *f, const char *label, uint8_t code, uint8_t subcode)
{
	struct slice message;
	uint8_t got = far_next_real(f, &message);

	while (got == MESSAGE_OPEN || got == MESSAGE_UPDATE)
		got = far_next_real(f, &message);
	cr_assert_eq(got, MESSAGE_NOTIFICATION, "%s: got type %u error %d\n%s", label, got,
	    f->error, text_chars(&f->play->news));
	cr_expect_eq(message.at[19], code, "%s: code %u", label, message.at[19]);
	cr_expect_eq(message.at[20], subcode, "%s: subcode %u", label, message.at[20]);
	return slice_after(message, 21);
}

void
far_expect_notification(struct far *f, const char *label, uint8_t code, uint8_t subcode)
{
	struct slice end;
	uint8_t got;

	(void)notification(f, label, code, subcode);
	got = far_next(f, &end);
	cr_expect_eq(got, 0, "%s: behind it came %u", label, got);
	cr_expect_eq(f->error, 0, "%s: the connection was reset", label);
}

void
far_expect_data(struct far *f, const char *label, uint8_t code, uint8_t subcode, struct slice data)
{
	struct slice got = notification(f, label, code, subcode);

	cr_expect(slice_same(got, data), "%s: %zu bytes of data", label, got.len);
}

void
far_hands(struct far *f, uint16_t hold_time, uint32_t id)
{
	far_send_open(f, hold_time, id);
	far_expect(f, MESSAGE_OPEN);
	far_expect(f, MESSAGE_KEEPALIVE);
	far_send_keepalive(f);
}

void
far_establish(struct play *p, struct far *f, uint16_t hold_time)
{
	far_accept(p, f);
	far_hands(f, hold_time, PLAY_IDS_LOW);
	cr_assert(play_state(p, FSM_ESTABLISHED), "%s", text_chars(&p->news));
}

void
play_up(struct play *p, struct far *f, uint16_t hold_time)
{
	play_start(p);
	far_establish(p, f, hold_time);
}

void
play_end(struct play *p, struct far *f)
{
	far_close(f);
	play_done(p);
}

void
play_announce(struct play *p, uint8_t a, uint8_t b)
{
	static uint8_t room[ATTRS_MAX];
	struct writer w = writer_on(room, sizeof(room));
	const uint8_t hop[] = { 10, 0, 0, 1 };
	const uint8_t bytes[] = { 24, 10, a, b };
	struct attrs_build build = { .room = &w, .next_hop = slice_of(hop, sizeof(hop)) };
	struct nlri n = { .family = family_of(1, 1), .bytes = slice_of(bytes, sizeof(bytes)) };
	struct attrs *attrs = attrs_freeze(&build);

	(void)rib_out_announce(peer_out(p->peer), &n, attrs);
	attrs_drop(attrs);
	peer_poke(p->peer);
}

void
far_reach(struct play *p, struct far *f, enum far_when when)
{
	far_accept(p, f);
	far_expect(f, MESSAGE_OPEN);
	if (when == AT_OPENSENT)
		return;
	far_send_open(f, 90, PLAY_IDS_LOW);
	far_expect(f, MESSAGE_KEEPALIVE);
	if (when == AT_OPENCONFIRM)
		return;
	far_send_keepalive(f);
	cr_assert(play_state(p, FSM_ESTABLISHED));
}
