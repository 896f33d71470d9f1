/*
 * The keys of a listening socket: for whom TCP takes signed connections only. While a key is away
 * TCP takes unsigned ones, so a reload leaves alone what stays.
 */
#include "house.h"

#include "base/log.h"
#include "base/map.h"

#include <string.h>

static bool
is_for(const struct door *d, const struct peer_conf *p)
{
	return door_serves(d, p) && (p->md5_len != 0 || p->ao.len != 0);
}

static struct slice
key_of(const struct peer_conf *p, uint8_t room[17])
{
	size_t len = addr_len(&p->peer.addr);

	memcpy(room, p->peer.addr.bytes, len);
	room[len] = p->peer.len;
	return slice_of(room, len + 1);
}

/* Those that have a key here, by whom it is for. */
static struct map
by_peer(const struct door *d, const struct config *c)
{
	struct map to = { 0 };
	uint8_t room[17];

	for (size_t i = 0; c != NULL && i < c->neighbor_count; i++) {
		struct peer_conf *p = &c->neighbors[i]->peer;

		if (is_for(d, p))
			map_put(&to, key_of(p, room), p);
	}
	return to;
}

static bool
same_ao(const struct net_ao *a, const struct net_ao *b)
{
	return a->algorithm == b->algorithm && a->id == b->id && a->len == b->len &&
	    memcmp(a->bytes, b->bytes, a->len) == 0;
}

static void
md5(struct door *d, const struct peer_conf *p, size_t len)
{
	int error = net_md5(d->fd, &p->peer, p->md5, len);

	if (error != 0)
		log_say(LOG_ERROR, LOG_NETWORK, "MD5 key refused peer=\"%s\" error=\"%s\"", p->name,
		    strerror(-error));
}

static void
ao(struct door *d, const struct peer_conf *p, bool set)
{
	int error = net_ao_listening(d->fd, &p->peer, &p->ao, set);

	if (error != 0)
		log_say(LOG_ERROR, LOG_NETWORK, "TCP-AO key refused peer=\"%s\" error=\"%s\"",
		    p->name, net_ao_error(error));
}

/* Another MD5 key takes the place of the old one. */
static void
remove_gone(struct door *d, const struct config *old, const struct map *now)
{
	uint8_t room[17];

	for (size_t i = 0; old != NULL && i < old->neighbor_count; i++) {
		const struct peer_conf *p = &old->neighbors[i]->peer;
		const struct peer_conf *q = is_for(d, p) ? map_get(now, key_of(p, room)) : p;

		if (p->md5_len != 0 && (q == NULL || q->md5_len == 0))
			md5(d, p, 0);
		if (p->ao.len != 0 && (q == NULL || !same_ao(&p->ao, &q->ao)))
			ao(d, p, false);
	}
}

static void
set_new(struct door *d, const struct config *new, const struct map *before)
{
	uint8_t room[17];

	for (size_t i = 0; i < new->neighbor_count; i++) {
		const struct peer_conf *p = &new->neighbors[i]->peer;
		const struct peer_conf *q;

		if (!is_for(d, p))
			continue;
		q = map_get(before, key_of(p, room));
		if (p->md5_len != 0)
			md5(d, p, p->md5_len);
		if (p->ao.len != 0 && (q == NULL || !same_ao(&p->ao, &q->ao)))
			ao(d, p, true);
	}
}

void
keys_change(struct door *d, const struct config *old, const struct config *new)
{
	struct map before = by_peer(d, old);
	struct map now = by_peer(d, new);

	remove_gone(d, old, &now);
	set_new(d, new, &before);
	map_free(&before);
	map_free(&now);
}
