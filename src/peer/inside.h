/*
 * The inside of the room: a peer is its life (life.c) and its connections (session.c), of which
 * there are two while a collision is open and one afterwards.
 *
 * A connection is in peer->conns until it ends; then, if a NOTIFICATION is still to be read by the
 * other side, it stays in peer->leaving for a second. It is buried, never freed at once: whoever
 * told somebody may look at conn->over afterwards.
 */
#pragma once

#include "base/arena.h"
#include "bgp/message.h"
#include "bgp/notify.h"
#include "flow/level.h"
#include "flow/queue.h"
#include "flow/zone.h"
#include "frame/frame.h"
#include "loop/net.h"
#include "loop/stream.h"
#include "peer/peer.h"

#define PEER_STEPS      64
#define PEER_LEAVING    16 /* connections that still wait for the other side's end */
#define PEER_WAIT_MOST  60 /* seconds between attempts */
#define PEER_WAIT_OPEN  (240 * USEC_SECOND) /* RFC 4271 8.2.2: the large hold time of OpenSent */
#define PEER_PATIENCE   USEC_SECOND         /* for the end of a connection that we left */
#define PEER_YIELD      USEC_SECOND         /* for the OPEN of a connection that is preferred */
#define PEER_SEND_STUCK (8 * 60)            /* seconds, RFC 9687 */

struct conn {
	struct list link;
	struct peer *peer;
	struct stream stream;
	struct framer framer;
	enum fsm_state state;
	bool outgoing;
	bool connected; /* TCP is up */
	bool silent;    /* our OPEN waits for the peer's */
	bool over;      /* ended: leaving or buried */
	bool buried;
	bool held;   /* reading is held: its intake is full, or it yields */
	bool yields; /* could be established, but waits for another connection's OPEN */
	bool graced; /* the hold timer was due once while bytes waited in the kernel */
	bool agreed;
	bool has_ours;
	bool has_theirs;
	struct timer hold;
	struct timer keep;
	struct timer stuck;
	struct timer deadline; /* of connecting, of the peer's OPEN, of yielding, of leaving */
	usec hold_limit;       /* 0: no hold timer */
	usec heard;            /* last whole message */
	struct addr local;
	struct addr remote;
	struct arena opens; /* both OPENs and what they borrow */
	struct open ours;
	struct open theirs;
	struct slice open_message; /* ours, whole, in opens */
	struct session session;
	struct family_set disabled; /* RFC 7606 2: nothing of them is believed any more */
	struct arena message;       /* of the message being heard */
	struct attr_cache *cache;
	const struct update *update; /* what FSM_DO_TAKE takes: one of these */
	const struct refresh *refresh;
	uint64_t malformed; /* UPDATEs that were not fine */
	bool spoilt;        /* one of them ended it */
	struct grave grave;
};

struct remembered { /* a step of the state machine */
	usec at;
	uint32_t times;
	uint8_t state;
	uint8_t event;
	uint8_t next;
	bool outgoing;
};

/* What the established session said and is not done yet. */
struct intake {
	struct queue queue;
	struct batch batch;
	struct timer due;
	struct again next;
	size_t open; /* messages of the batch that is being handed on */
	bool held;   /* reading, until there is room */
	bool last;   /* nothing comes behind what is queued: no batch is waited for */
	bool gone;   /* the end of the connection came, and waits behind what is queued */
};

enum trace_phase { TRACE_ASKED, TRACE_RUNS, TRACE_WAITS, TRACE_DONE };

struct trace {
	struct peer *peer;
	struct peer_way way;
	enum trace_phase phase; /* RUNS: what is called now is for it; WAITS: in the intake */
	uint64_t number;        /* there */
	struct flush flush;
};

struct peer {
	struct loop *loop;
	const struct peer_conf *conf;
	const struct peer_globals *globals;
	const struct peer_hooks *hooks;
	void *owner;
	struct list conns;
	struct list leaving;
	unsigned leaving_count;
	struct conn *up; /* the established one, in conns */
	struct rib_out *out;
	struct rib_in *in;
	uint32_t wants;
	unsigned holds;
	struct intake intake;
	struct trace *trace; /* NULL: nobody asked */
	/* life */
	bool started;
	bool stopping; /* when the last connection has ended, it is over */
	bool over_told;
	bool connected_told;
	enum fsm_state told; /* what the last fsm event said */
	struct timer retry;
	struct again over;
	struct again tidy; /* giving back what cleared routes held */
	unsigned tries;    /* connects that failed in this attempt */
	usec attempt_since;
	unsigned wait;      /* seconds before the next attempt */
	unsigned short_ups; /* sessions in a row that ended young */
	unsigned spoilt;    /* and those of them that an UPDATE of theirs ended */
	uint32_t lost;      /* connections that came up and ended */
	uint64_t random;
	usec since;
	struct peer_counts counts;
	struct remembered steps[PEER_STEPS];
	size_t step_count; /* ever */
	/* speaking */
	struct level sending; /* routes pending, bytes queued */
	struct list marks;    /* struct peer_mark: waiting until nothing is left to be written, */
	struct list unacked;  /* or acknowledged */
	struct flush speak;
	uint64_t said_by;   /* whose commands are to be sent: bits of peer_globals.speaking */
	usec put_off_until; /* 0: it does not put off sending */
	unsigned gathers;   /* who wants all of something to be pending before any of it is sent */
	struct again more;
	struct timer pace; /* rate-limit */
	struct timer linger;
	usec pace_next;
	usec apart_since;     /* since then so many messages */
	unsigned apart;       /* were said */
	bool flood;           /* too many in the time before */
	usec lost_next;       /* when the log may name a lost route again */
	uint64_t lost_untold; /* routes that it did not name since */
	bool eor_due;
	struct text eors; /* ids of families that were asked for, sent when nothing is pending */
	struct text advisories;  /* bodies of OPERATIONAL messages that every session hears */
	struct text operational; /* those that wait to be said */
	bool alone;              /* attributes without a route are to be said */
	struct family_set refresh_wanted; /* asked for by the peer, not begun */
	struct family_set refreshing;     /* begun, the end marker is due */
	struct family_set refresh_asked;  /* by us, when there is room for it */
	struct grave grave;
};

/* Why a connection ends. */
struct ending {
	struct notification note;         /* code 0: without a word */
	const char *reason;               /* of state down; NULL: "notification sent (C,S)" */
	const struct notification *heard; /* that the peer ended it with, or NULL */
};

/* conn.c */
struct conn *conn_new(struct peer *p, bool outgoing);
void conn_connect(struct conn *c);
void conn_accepted(struct conn *c, int fd);
void conn_leave(struct conn *c, const struct notification *note);
/* Says why, and leaves; no session of it was ever there. fd is taken. */
void conn_refuse(struct peer *p, int fd, uint8_t code, uint8_t subcode);
void conn_bury(struct conn *c);
void conn_hold(struct conn *c);
void conn_release(struct conn *c);

/* session.c */
void conn_step(struct conn *c, enum fsm_event event, const struct ending *why);
void conn_make_open(struct conn *c);
void conn_alive(struct conn *c); /* the hold timer starts again */

/* hear.c: hook bytes() of a connection's stream, one message, and FSM_DO_TAKE */
size_t conn_bytes(struct stream *s, struct slice in);
void conn_hear(struct conn *c, struct slice message, uint8_t type);
void conn_take(struct conn *c);

/* intake.c */
void intake_init(struct peer *p);
void intake_done(struct peer *p);
void intake_change(struct peer *p); /* there are new settings */
void intake_up(struct peer *p);
void intake_down(struct peer *p);         /* what was not taken is dropped, and counted */
void intake_release(struct peer *p);      /* nobody holds the peer any more */
bool intake_passes(const struct conn *c); /* nothing waits: messages are taken where they lie */
/* One message of the established session into the queue. False: it waits in the stream. */
bool intake_put(struct conn *c, struct slice message, uint8_t type);
/* So many were taken without waiting: a batch. */
void intake_passed(struct peer *p, size_t messages, size_t bytes);
void intake_settle(struct conn *c); /* something was put */
/* True: messages are queued, it is come back to when they were taken. Of what can't be framed: read
 * again; of the end of the connection: FSM_TCP_GONE. */
bool intake_before_fault(struct conn *c);
bool intake_before_end(struct conn *c);

/* trace.c */
void trace_stop(struct peer *p);
void trace_framed(struct conn *c, size_t length, uint8_t type);
void trace_queued(struct peer *p, bool fits);
void trace_dequeued(struct peer *p, uint64_t number);
void trace_cleared(struct peer *p);
void trace_stage(struct peer *p, enum peer_stage stage);

/* timing.c */
void timing_connecting(struct conn *c);
void timing_wait(struct conn *c);
void timing_agreed(struct conn *c);
void timing_yield(struct conn *c);
void timing_up(struct conn *c);
void timing_leave(struct conn *c);
void timing_stop(struct conn *c);

/* speak.c */
void conn_say(struct conn *c, struct slice message);
void conn_keepalive(struct conn *c);
void speak_up(struct peer *p);
void speak_down(struct peer *p);
void speak_measure(struct peer *p); /* how much waits to be said */
void speak_more(struct peer *p);

/* markers.c */
void markers_up(struct peer *p);
void markers_down(struct peer *p);
void markers_refresh(struct peer *p, const struct family *f); /* the peer asks for it */
void markers_before(struct peer *p, struct conn *c);          /* a turn: the refresh that is due */
/* Nothing is pending: what waits for that. True if something is pending again. */
bool markers_caught_up(struct peer *p, struct conn *c);

/* marks.c */
void marks_emptied(struct peer *p); /* nothing is left in the queue of the session */
void marks_lost(struct peer *p);    /* the session ended */

/* operational.c */
void operational_configured(struct peer *p, const struct text *before); /* conf is new */
void operational_up(struct peer *p);
void operational_speak(struct peer *p, struct conn *c); /* what waits */

/* tell.c */
void tell_fsm(struct peer *p, struct conn *c, enum fsm_state s);
void tell_state(struct peer *p, struct conn *c, const char *name, const struct ending *why);
void tell_negotiated(struct conn *c);
/* A message that came: e says what it was parsed to. */
void tell_heard(struct conn *c, struct slice message, struct event *e);
/* A message that we sent, counted, and told if somebody wants it. */
void tell_sent(struct conn *c, struct slice message);
void tell_printable(struct text *to, struct slice s); /* for the log */

/* life.c */
/* RFC 4271 10: 0.75 to 1 of the time. random is not 0. */
usec life_jitter(uint64_t *random, usec time);
/* The next attempt, after the wait that is due. */
void life_attempt(struct peer *p);
/* RFC 4271 6.8, now that c's OPEN is known: false if c was the one to go. */
bool peer_resolve(struct peer *p, struct conn *c);
/* There is a connection without its OPEN yet, which will be preferred to c. */
bool peer_has_rival(const struct peer *p, const struct conn *c);
void conn_yield(struct conn *c);
void conn_go_on(struct conn *c); /* it yielded */
void peer_came_up(struct peer *p, struct conn *c);
void peer_ended(struct peer *p, struct conn *c, enum fsm_state was, uint32_t todo,
    const struct ending *why);    /* its note is what was said */
void peer_settle(struct peer *p); /* over, if nothing is left */

/* ask.c */
void peer_remember(struct peer *p, const struct conn *c, enum fsm_event event, enum fsm_state next);
