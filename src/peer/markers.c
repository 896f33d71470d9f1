/*
 * End-of-RIB, and the markers around the routes of a refresh: each is said when nothing is pending.
 */
#include "inside.h"

#define EORS_MOST 1024

static void
say_eor(struct conn *c, const struct family *f)
{
	uint8_t room[64];
	struct writer w = writer_on(room, sizeof(room));

	eor_encode(f, &w);
	conn_say(c, writer_slice(&w));
}

static void
say_refresh(struct conn *c, uint16_t afi, uint8_t safi, uint8_t subtype)
{
	uint8_t room[64];
	struct writer w = writer_on(room, sizeof(room));

	refresh_encode(&(struct refresh){ .afi = afi, .safi = safi, .subtype = subtype }, &w);
	conn_say(c, writer_slice(&w));
}

/* RFC 7313 4: a marker before the routes and one behind them. */
static void
begin_refresh(struct peer *p, struct conn *c)
{
	struct family_set begun = { p->refresh_wanted.bits & ~p->refreshing.bits };

	p->refresh_wanted.bits &= ~begun.bits;
	for (unsigned i = 0; c->session.refresh == REFRESH_ENHANCED && i < family_count(); i++) {
		const struct family *f = family_at(i);

		if (!family_in(begun, f))
			continue;
		family_add(&p->refreshing, f);
		say_refresh(c, f->afi, f->safi, REFRESH_BEGIN);
		if (p->up != c)
			return;
	}
	rib_out_again(p->out, begun);
}

static void
end_refresh(struct peer *p, struct conn *c)
{
	for (unsigned i = 0; p->refreshing.bits != 0 && i < family_count(); i++) {
		const struct family *f = family_at(i);

		if (!family_in(p->refreshing, f))
			continue;
		family_cut(&p->refreshing, f);
		say_refresh(c, f->afi, f->safi, REFRESH_END);
		if (p->up != c)
			return;
	}
}

static void
first_eors(struct peer *p, struct conn *c)
{
	p->eor_due = false;
	if (p->conf->manual_eor)
		return;
	if (c->session.families.count == 0)
		conn_keepalive(c);
	for (unsigned i = 0; p->up == c && i < c->session.families.count; i++)
		say_eor(c, family_at(c->session.families.ids[i]));
}

static void
asked_eors(struct peer *p, struct conn *c)
{
	struct text eors = p->eors;
	struct reader r = reader_on(text_view(&eors));

	p->eors = (struct text){ 0 };
	while (p->up == c && reader_more(&r))
		say_eor(c, family_at(read_u8(&r)));
	text_free(&eors);
}

bool
markers_caught_up(struct peer *p, struct conn *c)
{
	end_refresh(p, c);
	if (p->up == c && p->eor_due)
		first_eors(p, c);
	if (p->up == c && p->eors.len != 0)
		asked_eors(p, c);
	if (p->up != c || p->refresh_wanted.bits == 0)
		return false;
	begin_refresh(p, c);
	return p->up == c;
}

static void
ask_refreshes(struct peer *p, struct conn *c)
{
	for (unsigned i = 0; p->refresh_asked.bits != 0 && i < family_count(); i++) {
		const struct family *f = family_at(i);

		if (!family_in(p->refresh_asked, f))
			continue;
		family_cut(&p->refresh_asked, f);
		say_refresh(c, f->afi, f->safi, REFRESH_QUERY);
		if (p->up != c)
			return;
	}
}

void
markers_before(struct peer *p, struct conn *c)
{
	ask_refreshes(p, c);
	if (p->up != c)
		return;
	if (!p->eor_due && p->refresh_wanted.bits != 0)
		begin_refresh(p, c);
}

void
markers_up(struct peer *p)
{
	p->eor_due = true;
}

void
markers_down(struct peer *p)
{
	p->eor_due = false;
	p->refresh_wanted.bits = 0;
	p->refreshing.bits = 0;
	p->refresh_asked.bits = 0;
	text_clear(&p->eors);
}

void
markers_refresh(struct peer *p, const struct family *f)
{
	/* Without adj-rib-out there is nothing to say again, and markers around nothing would make
	 * the peer forget what it has. */
	if (!p->conf->adj_rib_out)
		return;
	family_add(&p->refresh_wanted, f);
	p->wait = 0;
	peer_poke(p);
}

bool
peer_send_eor(struct peer *p, const struct family *f)
{
	char id = (char)f->id; /* a number under FAMILY_MAX */

	if (p->up == NULL)
		return false;
	/* they are said together: where many wait, one more says nothing */
	if (p->eors.len < EORS_MOST || memchr(p->eors.at, id, p->eors.len) == NULL)
		text_char(&p->eors, id);
	peer_poke(p);
	return true;
}

bool
peer_send_refresh(struct peer *p, uint16_t afi, uint8_t safi)
{
	const struct caps *can = p->up == NULL ? NULL : &p->up->theirs.caps;
	const struct family *f = family_of(afi, safi);

	if (can == NULL || (!can->route_refresh && !can->route_refresh_cisco))
		return false; /* RFC 2918 4 */
	if (p->up->stream.full && f != NULL)
		family_add(
		    &p->refresh_asked, f); /* once there is room, however often it was asked */
	else
		say_refresh(p->up, afi, safi, REFRESH_QUERY);
	return true;
}
