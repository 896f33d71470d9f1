/* Listening sockets, and which neighbor a connection is for. */
#include "house.h"

#include "base/log.h"
#include "base/mem.h"
#include "loop/descriptors.h"
#include "loop/net.h"

#include <errno.h>
#include <netinet/ip.h>
#include <string.h>
#include <unistd.h>

#define ACCEPTS_A_ROUND 32
#define FULL_PAUSE      (100 * USEC_MSEC)

static bool
local_fits(const struct member *m, const struct addr *local)
{
	const struct addr *want = &m->conf->peer.local;

	return want->family == ADDR_NONE || addr_same(want, local);
}

/* An own listen port takes only its own neighbor's connections; a shared one takes all. */
static bool
port_fits(const struct member *m, const struct door *d)
{
	return d->shared || m->conf->peer.listen == d->port;
}

struct member *
door_member(const struct door *d, const struct addr *from, const struct addr *local,
    struct family_set families)
{
	struct engine *e = d->engine;
	struct member *first = NULL;

	for (size_t i = 0; i < e->member_count; i++) {
		struct member *m = e->members[i];

		if (m->leaving || peer_conf_is_range(&m->conf->peer) || !port_fits(m, d) ||
		    !addr_same(&m->conf->peer.peer.addr, from) || !local_fits(m, local))
			continue;
		if (m->conf->peer.families.bits == families.bits)
			return m;
		if (first == NULL)
			first = m;
	}
	return first;
}

/* Is there another neighbor of the same address, for another family? */
static bool
shares(const struct door *d, const struct member *m, const struct addr *local)
{
	struct engine *e = d->engine;

	for (size_t i = 0; m->conf->peer.caps.multisession && i < e->member_count; i++) {
		const struct member *other = e->members[i];

		if (other != m && !other->leaving && !peer_conf_is_range(&other->conf->peer) &&
		    port_fits(other, d) && local_fits(other, local) &&
		    addr_same(&other->conf->peer.peer.addr, &m->conf->peer.peer.addr))
			return true;
	}
	return false;
}

/* The one range that holds the address; *many if there are more. */
static struct member *
ranging(struct door *d, const struct addr *from, const struct addr *local, bool *many)
{
	struct engine *e = d->engine;
	struct member *found = NULL;

	for (size_t i = 0; i < e->member_count; i++) {
		struct member *m = e->members[i];

		if (m->leaving || !peer_conf_is_range(&m->conf->peer) || !port_fits(m, d) ||
		    !prefix_holds(&m->conf->peer.peer, from) || !local_fits(m, local))
			continue;
		*many = found != NULL;
		found = m;
	}
	return found;
}

/* A connection that should have proved itself, and can't have if the kernel takes no keys. */
static bool
key_missing(const struct member *m)
{
	const struct peer_conf *p = &m->conf->peer;
	int ao = p->ao.len == 0 ? 0 : net_ao_works(&p->peer, &p->ao);
	int md5 = p->md5_len == 0 ? 0 : net_md5_works(&p->peer, p->md5, p->md5_len);

	if (ao != 0 || md5 != 0)
		log_say(LOG_ERROR, LOG_NETWORK, "peer=%s what=connection-refused error=\"%s\"",
		    p->name, ao != 0 ? net_ao_error(ao) : strerror(-md5));
	return ao != 0 || md5 != 0;
}

/* cease: the subcode, RFC 4486. */
static void
turn_away(struct door *d, int fd, const struct addr *from, const char *why, uint8_t cease)
{
	struct text who = { 0 };

	if (refuse_is_told(d->engine)) {
		addr_print(&who, from);
		log_say(LOG_WARN, LOG_NETWORK, "connection refused from=%s reason=\"%s\"",
		    text_chars(&who), why);
		text_free(&who);
	}
	refuse(d->engine, fd, cease);
}

static void
dispatch(struct door *d, int fd, const struct addr *from)
{
	struct addr local = { 0 };
	uint16_t port;
	bool many = false;
	bool scarce = false;
	struct member *m;

	if (net_local(fd, &local, &port) != 0) {
		(void)close(fd); /* it is gone already */
		return;
	}
	m = door_member(d, from, &local, (struct family_set){ 0 });
	if (m != NULL && key_missing(m)) {
		(void)close(fd);
		return;
	}
	if (m != NULL && shares(d, m, &local) && lobby_enter(d, fd, from, &local))
		return;
	if (m == NULL) {
		struct member *range = ranging(d, from, &local, &many);

		scarce = range != NULL && descriptors_scarce(fd);
		if (range != NULL && !many && !scarce && d->engine->running &&
		    !key_missing(range)) {
			m = member_new_session(range, from, &local);
			peer_start(m->peer);
		}
	}
	if (m != NULL) {
		peer_accept(m->peer, fd, from);
		return;
	}
	if (many)
		turn_away(d, fd, from, "several ranges hold the address", 5);
	else if (scarce)
		turn_away(d, fd, from, "the other descriptors are for neighbors with a name", 8);
	else
		turn_away(d, fd, from, "no session configured for the peer", 3);
}

static void
door_again(struct timer *t)
{
	watch_want(&owner_of(t, struct door, full)->watch, LOOP_IN);
}

/* A connection that can't be taken stays in the backlog, readable for ever: not looked at for a
 * while. */
static void
door_pause(struct door *d)
{
	watch_want(&d->watch, 0);
	timer_start(&d->full, d->engine->loop, loop_now(d->engine->loop) + FULL_PAUSE, door_again,
	    "listen full");
}

static bool
no_descriptors(int error)
{
	return error == -EMFILE || error == -ENFILE || error == -ENOBUFS || error == -ENOMEM;
}

static void
door_ready(struct watch *w, uint32_t ready)
{
	struct door *d = owner_of(w, struct door, watch);

	(void)ready;
	for (int i = 0; i < ACCEPTS_A_ROUND && d->fd >= 0; i++) {
		struct addr from = { 0 };
		uint16_t port;
		int fd;
		int error = net_accept(d->fd, &fd, &from, &port);

		if (error == -EAGAIN)
			return;
		if (error != 0) {
			log_say(LOG_ERROR, LOG_NETWORK, "accept failed zone=%s error=\"%s\"",
			    zone_name(ZONE_EXTRACT), strerror(-error));
			engine_failed(d->engine, ZONE_EXTRACT);
			if (no_descriptors(error))
				door_pause(d);
			return;
		}
		engine_fine(d->engine, ZONE_EXTRACT);
		dispatch(d, fd, &from);
	}
}

static void
door_close(struct door *d)
{
	lobby_close(d->engine, d);
	watch_stop(&d->watch);
	timer_stop(&d->full);
	if (d->fd >= 0)
		(void)close(d->fd);
	list_cut(&d->link);
	mem_free(d->interface);
	mem_free(d);
}

void
doors_close(struct engine *e)
{
	list_each (link, &e->doors) {
		door_close(owner_of(link, struct door, link));
	}
}

/* Where to listen. */
struct place {
	struct addr local;
	const char *interface; /* of a link-local address, which is of that alone; or "" */
	uint16_t port;
	bool shared;
};

static struct door *
door_find(struct engine *e, const struct place *p)
{
	list_each (link, &e->doors) {
		struct door *d = owner_of(link, struct door, link);

		if (d->port == p->port && addr_same(&d->local, &p->local) &&
		    strcmp(d->interface, p->interface) == 0)
			return d;
	}
	return NULL;
}

static int
door_open(struct engine *e, const struct place *p, struct text *why)
{
	struct door *d = door_find(e, p);
	struct net_options o = { .ttl_out = -1, .ttl_in_min = -1 };
	int error;

	if (d != NULL) {
		d->needed = true;
		return 0;
	}
	d = mem_zero(1, sizeof(*d));
	d->fd = -1;
	d->engine = e;
	d->local = p->local;
	d->port = p->port;
	d->shared = p->shared;
	d->interface = mem_string(p->interface, strlen(p->interface));
	if (d->interface[0] != '\0')
		o.interface = d->interface;
	d->needed = true;
	d->fresh = true;
	list_add(&e->doors, &d->link);
	error = net_listen(&p->local, p->port, &o, &d->fd);
	if (error == 0)
		error = watch_start(&d->watch, e->loop, d->fd, LOOP_IN, door_ready, "listen");
	if (error != 0) {
		text_string(why, "can not listen on ");
		addr_print(why, &p->local);
		text_format(why, " port %u: %s", p->port, strerror(-error));
		door_close(d);
	}
	return error;
}

bool
door_serves(const struct door *d, const struct peer_conf *p)
{
	return (d->shared || p->listen == d->port) && p->peer.addr.family == d->local.family;
}

/*
 * Until the handshake is done the kernel acts for all neighbors of the door: it takes what any of
 * them may send, and answers far enough for each. With incoming-ttl the peer is as near, and may
 * ask for the same. The connection has then what its neighbor says.
 */
static void
door_ttls(const struct door *d, const struct config *c)
{
	bool anyone = d->shared; /* is there one who says no TTL? of no file there may be */
	int least = anyone ? -1 : UINT8_MAX;
	int out = -1;
	int error;

	for (size_t i = 0; i < c->neighbor_count; i++) {
		const struct peer_conf *p = &c->neighbors[i]->peer;
		int ttl = p->ttl_out > p->ttl_in ? p->ttl_out : p->ttl_in;

		if (!door_serves(d, p))
			continue;
		anyone = anyone || p->ttl_out <= 0;
		least = p->ttl_in < least ? p->ttl_in : least;
		out = ttl > out ? ttl : out;
	}
	if (anyone && out < IPDEFTTL)
		out = -1;
	error = net_listen_ttl(d->fd, out, least);
	if (error != 0)
		log_say(LOG_ERROR, LOG_NETWORK, "TTL refused port=%u error=\"%s\"", d->port,
		    strerror(-error));
}

static void
doors_close_fresh(struct engine *e)
{
	list_each (link, &e->doors) {
		struct door *d = owner_of(link, struct door, link);

		if (d->fresh)
			door_close(d);
	}
}

/* Opens what the configuration needs and closes what it does not; on a fault all is as before. */
int
doors_open(struct engine *e, const struct config *c, struct text *why)
{
	int error = 0;

	list_each (link, &e->doors) {
		owner_of(link, struct door, link)->needed = false;
		owner_of(link, struct door, link)->fresh = false;
	}
	for (size_t i = 0; error == 0 && i < e->conf.bind_count; i++) {
		struct place all = { e->conf.binds[i], "", e->conf.bind_port, true };

		error = door_open(e, &all, why);
	}
	for (size_t i = 0; error == 0 && i < c->neighbor_count; i++) {
		const struct peer_conf *p = &c->neighbors[i]->peer;
		struct place own = { p->local, addr_is_link_local(&p->local) ? p->interface : "",
			p->listen, false };

		if (p->listen != 0)
			error = door_open(e, &own, why);
	}
	if (error != 0) {
		doors_close_fresh(e);
		return error;
	}
	list_each (link, &e->doors) {
		struct door *d = owner_of(link, struct door, link);

		if (!d->needed) {
			door_close(d);
			continue;
		}
		keys_change(d, d->fresh ? NULL : e->config, c);
		door_ttls(d, c);
	}
	return 0;
}
