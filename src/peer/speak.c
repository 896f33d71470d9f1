/*
 * What a session says: keepalives at once; at the end of a round what adj-rib-out has pending, as
 * much as the queue takes, and markers (markers.c) when nothing is pending.
 *
 * A queue at its high mark stops the packing, never anything else: the rest stays in adj-rib-out,
 * which is the queue toward the peer.
 */
#include "inside.h"

#include "base/log.h"
#include "base/mem.h"
#include "base/must.h"
#include "rib/pack.h"

#include <inttypes.h>

#define APART_MOST  32               /* so many are sent one by one, as some peers read, */
#define APART_EVERY (10 * USEC_MSEC) /* in this time: a flood goes in large pieces to its end */
#define GATHER      16384
#define PUT_OFF     (20 * USEC_MSEC)
#define LATE        (10 * USEC_MSEC)   /* how late a rate-limited turn may make up for */
#define LOST_EVERY  (60 * USEC_SECOND) /* lines of lost routes */
#define ALONE_MOST  ((size_t)4 << 20)  /* bytes before attributes that no adj-rib-out keeps */

void
conn_say(struct conn *c, struct slice message)
{
	bool first = stream_idle(&c->stream);

	stream_send(&c->stream, message);
	/* Some peers want a whole message in one read. Behind a full queue it can't be helped. */
	if (first)
		stream_push(&c->stream, true);
	tell_sent(c, message);
}

void
conn_keepalive(struct conn *c)
{
	uint8_t room[BGP_HEADER];
	struct writer w = writer_on(room, sizeof(room));

	message_keepalive(&w);
	conn_say(c, writer_slice(&w));
}

struct turn {
	struct conn *conn;
	uint8_t *room;
	struct writer w; /* gathered, not queued */
	bool apart;      /* each message goes by itself */
	bool ended;      /* for this turn */
	bool more;       /* though there is more */
};

static void
queue_gathered(struct turn *t)
{
	if (writer_len(&t->w) != 0)
		stream_send(&t->conn->stream, writer_slice(&t->w));
	writer_back(&t->w, 0);
}

static void pace_due(struct timer *t);

/* At most rate-limit UPDATEs a second: each has its place in time; a late turn makes up a little.
 */
static bool
paced(struct peer *p)
{
	usec now = loop_now(p->loop);

	if (p->conf->rate_limit == 0)
		return true;
	if (p->pace_next < now - LATE)
		p->pace_next = now - LATE;
	if (p->pace_next > now) {
		usec due = p->pace_next;

		if (due < now + LATE && p->conf->rate_limit > USEC_SECOND / LATE)
			due = now + LATE; /* several a wake-up */
		timer_start(&p->pace, p->loop, due, pace_due, "peer rate-limit");
		return false;
	}
	return true;
}

/* One more message: whether it goes by itself. */
static bool
goes_apart(struct peer *p)
{
	usec now = loop_now(p->loop);

	if (now - p->apart_since >= APART_EVERY) {
		p->flood = p->apart > APART_MOST && now - p->apart_since < 2 * APART_EVERY;
		p->apart_since = now;
		p->apart = 0;
	}
	return ++p->apart <= APART_MOST && !p->flood;
}

static void
said_one(struct turn *t, struct slice message)
{
	struct peer *p = t->conn->peer;

	if (p->conf->rate_limit != 0)
		p->pace_next += (USEC_SECOND + p->conf->rate_limit - 1) / p->conf->rate_limit;
	t->apart = goes_apart(p) && t->apart;
	if (t->apart || (p->wants & PEER_WANT_SENT) || writer_len(&t->w) > GATHER)
		queue_gathered(t);
	tell_sent(t->conn, message);
	if (p->up != t->conn)
		t->ended = true;
}

/* One line a minute, for a whole table may be lost: a role keeps it, or no message holds it. */
static void
lost_route(struct peer *p, const char *family, struct slice nlri)
{
	usec now = loop_now(p->loop);
	struct text hex = { 0 };

	p->counts.lost_routes++;
	if (now < p->lost_next) {
		p->lost_untold++;
		return;
	}
	text_hex(&hex, nlri);
	log_say(LOG_ERROR, LOG_ROUTES,
	    "peer=%s what=route-can-not-be-sent zone=%s family=\"%s\" nlri=0x%s untold=%" PRIu64,
	    peer_name(p), zone_name(ZONE_DELIVER), family, text_chars(&hex), p->lost_untold);
	text_free(&hex);
	p->lost_next = now + LOST_EVERY;
	p->lost_untold = 0;
}

static void
say_next(struct turn *t)
{
	struct peer *p = t->conn->peer;
	struct pack_rules rules = {
		.group = p->conf->group_updates,
		.trace = p->globals->coming_line,
	};
	struct writer w = writer_on(t->w.at, BGP_EXTENDED_MAX);
	struct nlri lost;
	size_t routes;
	enum pack_did did = pack_next(p->out, &t->conn->session, &rules, &w, &routes, &lost);

	if (did == PACK_LOST || did == PACK_GONE)
		lost_route(p, lost.family->name, lost.bytes);
	if (did == PACK_ONE || did == PACK_GONE) {
		t->w.at = w.at;
		said_one(t, writer_slice(&w));
	}
	if (did == PACK_NOTHING) {
		queue_gathered(t);
		t->ended = !markers_caught_up(p, t->conn);
	}
}

static void again_due(struct again *a);

void
speak_measure(struct peer *p)
{
	const struct stream *s = p->up == NULL ? NULL : &p->up->stream;

	level_set(&p->sending, rib_out_pending(p->out), s == NULL ? 0 : s->queue_bytes,
	    s != NULL && s->full, loop_now(p->loop));
}

/* What the file has of attributes without a route, as ExaBGP says them. */
static void
say_alone(struct peer *p, const struct conn *c)
{
	p->alone = false;
	for (size_t i = 0; p->up == c && i < p->conf->alone.count; i++)
		(void)peer_send_attributes(p, p->conf->alone.at[i].attrs);
}

static void
speak(struct peer *p)
{
	struct turn t = { .conn = p->up, .apart = true };

	speak_measure(p);
	if (t.conn == NULL || t.conn->stream.full || p->gathers > 0)
		return; /* hook drained() comes back, or peer_let_go() */
	t.room = mem_get(GATHER + 2 * BGP_EXTENDED_MAX);
	t.w = writer_on(t.room, GATHER + 2 * BGP_EXTENDED_MAX);
	if (p->alone)
		say_alone(p, t.conn);
	if (p->up == t.conn && p->operational.len != 0)
		operational_speak(p, t.conn);
	if (p->up == t.conn)
		markers_before(p, t.conn);
	for (unsigned i = 0; p->up == t.conn && !t.ended; i++) {
		size_t queued = t.conn->stream.queue_bytes + writer_len(&t.w);

		t.more = (i != 0 && loop_spent(p->loop)) || queued >= t.conn->stream.high;
		if (t.more || (rib_out_pending(p->out) != 0 && !paced(p)))
			break;
		say_next(&t);
	}
	if (p->up == t.conn) {
		queue_gathered(&t);
		stream_push(&t.conn->stream, t.apart);
	}
	mem_free(t.room);
	speak_measure(p);
	if (p->up == t.conn && t.more && !t.conn->stream.full)
		loop_again(&p->more, p->loop, again_due, "peer more");
	if (p->up == t.conn)
		marks_emptied(p);
}

static void
again_due(struct again *a)
{
	speak(owner_of(a, struct peer, more));
}

/* More of what belongs to it may come in the next rounds, when a helper that has something for this
 * peer is in the midst of more: it begins when all has come. But one helper may be in the midst
 * before another is through: it does not wait for ever. */
static void
begin(struct peer *p)
{
	usec now = loop_now(p->loop);

	if ((p->globals->unfinished & p->said_by) == 0)
		p->put_off_until = 0;
	else if (p->put_off_until == 0)
		p->put_off_until = now + PUT_OFF;
	if (now < p->put_off_until)
		return; /* to peer_resume() */
	p->said_by = 0;
	speak(p);
}

static void
flush_due(struct flush *f)
{
	begin(owner_of(f, struct peer, speak));
}

static void
pace_due(struct timer *t)
{
	speak(owner_of(t, struct peer, pace));
}

void
speak_more(struct peer *p)
{
	loop_again(&p->more, p->loop, again_due, "peer more");
}

/* What was said before is one breath already: the table and its end wait for nothing. */
void
speak_up(struct peer *p)
{
	rib_out_up(p->out);
	p->alone = p->conf->alone.count != 0;
	operational_up(p);
	markers_up(p);
	p->pace_next = loop_now(p->loop);
	loop_flush(&p->speak, p->loop, flush_due, "peer speak");
}

void
speak_down(struct peer *p)
{
	rib_out_down(p->out);
	markers_down(p);
	flush_stop(&p->speak);
	again_stop(&p->more);
	timer_stop(&p->pace);
	timer_stop(&p->linger);
	p->said_by = 0;
	p->put_off_until = 0;
	speak_measure(p);
	marks_lost(p);
}

static void
linger_due(struct timer *t)
{
	begin(owner_of(t, struct peer, linger));
}

/* At the end of the round, or when it was waited long enough for what else a helper says in the
 * same breath: one that writes each line by itself may need more than a round. */
void
peer_poke(struct peer *p)
{
	usec linger = p->globals->linger;

	p->said_by |= p->globals->speaking;
	if (p->up == NULL || timer_running(&p->linger))
		return;
	if (linger == 0)
		loop_flush(&p->speak, p->loop, flush_due, "peer speak");
	else
		timer_start(
		    &p->linger, p->loop, loop_now(p->loop) + linger, linger_due, "peer linger");
}

void
peer_resume(struct peer *p)
{
	if (p->put_off_until != 0)
		peer_poke(p);
}

void
peer_gather(struct peer *p)
{
	p->gathers++;
}

void
peer_let_go(struct peer *p)
{
	MUST(p->gathers > 0);
	if (--p->gathers == 0)
		peer_poke(p);
}

bool
peer_send_attributes(struct peer *p, struct attrs *a)
{
	uint8_t *room;
	struct writer w;
	bool fine;

	if (p->up == NULL)
		return false;
	room = mem_get(BGP_EXTENDED_MAX);
	w = writer_on(room, BGP_EXTENDED_MAX);
	fine = p->up->stream.queue_bytes < ALONE_MOST && pack_attributes(a, &p->up->session, &w);
	if (fine)
		conn_say(p->up, writer_slice(&w));
	else
		lost_route(p, "none", SLICE(""));
	mem_free(room);
	return fine;
}

void
peer_flush(struct peer *p, struct family_set families)
{
	rib_out_again(p->out, families);
	peer_poke(p);
}

size_t
peer_pending(const struct peer *p)
{
	return rib_out_pending(p->out);
}

bool
peer_drained(const struct peer *p)
{
	return p->up != NULL && rib_out_pending(p->out) == 0 && stream_idle(&p->up->stream) &&
	    net_unsent(p->up->stream.write_fd) <= 0;
}
