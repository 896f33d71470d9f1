/*
 * Connections from an address with several neighbors, one for each family (multisession): whose one
 * is, its OPEN says. Until that is there it waits here, unread, for a second at most.
 */
#include "house.h"

#include "base/mem.h"
#include "bgp/message.h"
#include "bgp/open.h"

#include <sys/socket.h>
#include <unistd.h>

#define GUESTS_MOST 64 /* at once; the next ones go to the first neighbor */
#define PATIENCE    USEC_SECOND

struct guest {
	struct list link;
	struct door *door;
	struct addr from;
	struct addr local;
	int fd;
	struct watch watch;
	struct timer patience;
	struct grave grave;
};

static void
guest_buried(struct grave *g)
{
	mem_free(owner_of(g, struct guest, grave));
}

/* The descriptor is the caller's from now on. */
static int
guest_end(struct guest *g)
{
	int fd = g->fd;

	watch_stop(&g->watch);
	timer_stop(&g->patience);
	list_cut(&g->link);
	g->door->engine->guest_count--;
	loop_bury(&g->grave, g->door->engine->loop, guest_buried);
	return fd;
}

/* The families of the OPEN that has come, which stays unread; false: not all of it is there. */
static bool
families_of(int fd, struct family_set *to)
{
	uint8_t room[BGP_MESSAGE_MAX];
	ssize_t n = recv(fd, room, sizeof(room), MSG_PEEK | MSG_DONTWAIT);
	struct arena a = { 0 };
	struct notification why;
	struct open o;
	size_t len;

	*to = (struct family_set){ 0 };
	if (n < BGP_HEADER)
		return n == 0; /* it left */
	len = load_u16(room + BGP_MARKER_LEN);
	if (len < BGP_HEADER || len > sizeof(room))
		return true; /* whoever gets it says what is wrong */
	if ((size_t)n < len)
		return false;
	if (open_decode(slice_of(room + BGP_HEADER, len - BGP_HEADER), &a, &o, &why))
		*to = family_list_set(&o.caps.families);
	arena_free(&a);
	return true;
}

static void
seat(struct guest *g, struct family_set families)
{
	struct door *d = g->door;
	struct addr from = g->from;
	struct member *m = door_member(d, &from, &g->local, families);
	int fd = guest_end(g);

	if (m == NULL)
		refuse(d->engine, fd, 3); /* a reload took the neighbor away */
	else
		peer_accept(m->peer, fd, &from);
}

static void
guest_ready(struct watch *w, uint32_t ready)
{
	struct guest *g = owner_of(w, struct guest, watch);
	struct family_set families;

	if (families_of(g->fd, &families) || (ready & LOOP_HUP) != 0)
		seat(g, families);
	else
		watch_want(w, 0); /* in pieces: the rest is looked for when its time is up */
}

static void
guest_late(struct timer *t)
{
	struct guest *g = owner_of(t, struct guest, patience);
	struct family_set families;

	(void)families_of(g->fd, &families); /* none: the first neighbor */
	seat(g, families);
}

bool
lobby_enter(struct door *d, int fd, const struct addr *from, const struct addr *local)
{
	struct engine *e = d->engine;
	struct guest *g;

	if (e->guest_count >= GUESTS_MOST)
		return false;
	g = mem_zero(1, sizeof(*g));
	*g = (struct guest){ .door = d, .from = *from, .local = *local, .fd = fd };
	if (watch_start(&g->watch, e->loop, fd, LOOP_IN, guest_ready, "lobby") != 0) {
		mem_free(g);
		return false;
	}
	timer_start(&g->patience, e->loop, loop_now(e->loop) + PATIENCE, guest_late, "lobby");
	list_add(&e->guests, &g->link);
	e->guest_count++;
	return true;
}

void
lobby_close(struct engine *e, const struct door *d)
{
	list_each (link, &e->guests) {
		struct guest *g = owner_of(link, struct guest, link);

		if (g->door == d)
			(void)close(guest_end(g));
	}
}
