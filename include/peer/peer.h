/*
 * One neighbor: connects, accepts, resolves collisions, keeps the session up, sends what
 * adj-rib-out has pending, keeps adj-rib-in. Tells what happens through hooks.
 */
#pragma once

#include "api/event.h"
#include "base/list.h"
#include "bgp/session.h"
#include "flow/level.h"
#include "flow/queue.h"
#include "frame/frame.h"
#include "loop/loop.h"
#include "loop/stream.h"
#include "peer/conf.h"
#include "peer/fsm.h"
#include "rib/in.h"
#include "rib/out.h"

#include <stdbool.h>
#include <stdint.h>

struct peer;
struct operational;

enum peer_want { /* what somebody wants to be told of: else it is not decoded */
	PEER_WANT_UPDATES_IN = 1,
	PEER_WANT_SENT = 2, /* messages that we send, as events */
	PEER_WANT_KEEPALIVES = 4,
};

struct peer_hooks {
	/* News. Everything it says is borrowed. It may do anything to the peer but free it. */
	void (*told)(struct peer *p, const struct event *e);
	/* It is over for good: attempts used up, or peer_stop() and the session has ended, or a
	 * range's session has ended. Told once, in a call of its own from the loop, when the last
	 * NOTIFICATION was read or its second has passed; the owner may peer_free() in it. */
	void (*over)(struct peer *p);
};

struct peer_counts {
	uint64_t sent[8]; /* messages by type, 0: all */
	uint64_t received[8];
	uint64_t prefixes_in; /* announced to us, ever */
	uint64_t withdrawn_in;
	uint64_t connects;
	uint64_t downs;
	uint64_t lost_routes; /* could not be said (pack_did PACK_LOST) */
};

struct peer_globals {       /* daemon-wide settings */
	uint16_t port;      /* default port to connect to: 179, or tcp.port */
	uint16_t open_wait; /* seconds; 0: only RFC 4271's large hold time of 240 */
	uint16_t send_hold; /* seconds; 0: RFC 9687's, 8 minutes or twice the hold time */
	uint32_t attempts;  /* 0: no limit */
	bool passive;       /* all neighbors are */
	usec linger; /* how long more commands are waited for before routes are sent; 0: not */
	uint64_t speaking;   /* a bit of the helper whose command is carried out now, or 0 */
	uint64_t unfinished; /* bits of helpers in the midst of what they said at once */
	bool audit_paths;    /* say when a peer tells more paths than our PATHS-LIMIT */
	bool coming_line;    /* answer as the reference's 6.0 where that differs in bytes */
};

/* conf is borrowed and outlives the peer, or is replaced by peer_reconfigure(); globals, whose
 * values may change, and hooks outlive it. It does nothing before peer_start(). */
struct peer *peer_new(struct loop *l, const struct peer_conf *conf,
    const struct peer_globals *globals, const struct peer_hooks *hooks, void *owner);
void *peer_owner(const struct peer *p);
void peer_free(struct peer *p); /* closes at once, without a word; buried */

void peer_start(struct peer *p);
/* Ends the session, with a NOTIFICATION unless code is 0, then over(). text: of 6/2 and 6/4 the
 * words of RFC 9003, else the data as it is; NULL or empty: the subcode's name. reason: what the
 * event "down" says. Both are borrowed. */
void peer_stop(struct peer *p, uint8_t code, uint8_t subcode, const char *text, const char *reason);
/* Ends the session the same way, then starts again at once. */
void peer_reset(
    struct peer *p, uint8_t code, uint8_t subcode, const char *text, const char *reason);
/* The session ends with 6/3 and starts again. Where graceful restart was offered it ends without a
 * word, so that the peer keeps our routes; that is the reason then. */
void peer_renew(struct peer *p, const char *reason);
/* New settings. With again, the session is renewed and comes back with them. */
void peer_reconfigure(struct peer *p, const struct peer_conf *conf, bool again);

/* An incoming connection that is for this neighbor; fd is taken. */
void peer_accept(struct peer *p, int fd, const struct addr *from);

struct rib_out *peer_out(struct peer *p);
struct rib_in *peer_in(struct peer *p); /* NULL when it is not kept */
/* Something is pending in adj-rib-out: it is sent at the end of the round. */
void peer_poke(struct peer *p);
/* If it put off sending, for a helper was in the midst of its commands: it looks again. */
void peer_resume(struct peer *p);
/* Nothing that is pending is sent until it is let go; counted. */
void peer_gather(struct peer *p);
void peer_let_go(struct peer *p);
/* A mark behind all that is pending now and what comes before that is sent: written() is called
 * once, when the last of it went to the kernel, or when the session ended. */
struct peer_mark {
	struct list link;
	bool lost;         /* the session ended */
	uint64_t position; /* of the connection's bytes */
	void (*written)(struct peer_mark *m);
};
/* False: nothing has to be waited for (no session, or nothing is pending); no mark is kept. */
bool peer_mark_start(struct peer *p, struct peer_mark *m);
void peer_mark_stop(struct peer_mark *m); /* idempotent */
/* A mark behind what was written so far, of a session that there is: written() is called only when
 * it ends. Did the other side's TCP acknowledge it all? Asks the kernel. */
void peer_mark_acks(struct peer *p, struct peer_mark *m);
bool peer_mark_acked(const struct peer *p, const struct peer_mark *m);

/* Routes were cleared: their memory is given back in small steps, between other work. */
void peer_tidy(struct peer *p);
/* Of one that ended, and that nobody finds any more: walks over its routes end, / they are
 * forgotten, / and what they held is given back: a step, true: there is more. */
void peer_unwalked(struct peer *p);
void peer_empty(struct peer *p);
bool peer_reap(struct peer *p);

/* Only while established; false if not. */
bool peer_send_eor(struct peer *p, const struct family *f);
/* Of a peer that offers to take it. Behind a full queue one of a family stands for all. */
bool peer_send_refresh(struct peer *p, uint16_t afi, uint8_t safi);
/* Now or when a session comes; what stays, in every session again. False: there is no capability,
 * or too much waits. */
bool peer_say_operational(struct peer *p, const struct operational *o);
/* An UPDATE of attributes alone, at once; a peer that reads nothing loses them. */
bool peer_send_attributes(struct peer *p, struct attrs *a);
/* All of adj-rib-out again, for these families. */
void peer_flush(struct peer *p, struct family_set families);

void peer_want(struct peer *p, uint32_t wants); /* bits of enum peer_want */
/* Take no more of what it says (backpressure), counted: the intake fills up, then the socket is not
 * read any more. */
void peer_hold(struct peer *p);
void peer_release(struct peer *p);

const struct peer_conf *peer_conf(const struct peer *p);
const char *peer_name(const struct peer *p);
enum fsm_state peer_state(const struct peer *p);
bool peer_established(const struct peer *p);
/* It calls, and nobody is there yet, or was not at once and has no session so far. */
bool peer_unanswered(const struct peer *p);
const struct session *peer_session(const struct peer *p); /* NULL unless agreed */
const struct open *peer_open_sent(const struct peer *p);  /* of this session, or NULL */
const struct open *peer_open_received(const struct peer *p);
struct addr peer_address(const struct peer *p); /* of the other side */
struct addr peer_local(const struct peer *p);   /* ours: configured, or of the socket */
const struct peer_counts *peer_counted(const struct peer *p);
/* What it said and is not taken yet, and what it is to be told: routes that are pending, bytes that
 * are queued. Borrowed. */
const struct queue *peer_intake(const struct peer *p);
/* The connection that is furthest; NULL: none. */
const struct stream *peer_stream(const struct peer *p, const struct framer **f);
const struct batch *peer_batches(const struct peer *p);
const struct level *peer_sending(struct peer *p);
/* The way of one UPDATE of the established session through the stages. */
enum peer_stage {
	STAGE_FRAMED, /* it is whole */
	STAGE_TAKEN,  /* out of the intake */
	STAGE_DECODED,
	STAGE_TOLD,    /* its events are in the channels of helpers */
	STAGE_APPLIED, /* adj-rib-in knows */
	STAGE_FLUSHED, /* what it led to was written, as far as there was room */
	PEER_STAGES
};
struct peer_way {
	size_t length;        /* of the message; 0: none came yet */
	usec begun;           /* of the loop's clock: the round that brought it */
	usec at[PEER_STAGES]; /* since then; USEC_NEVER: not reached, or not needed */
};
void peer_trace_next(struct peer *p);                     /* of the next one that comes */
const struct peer_way *peer_traced(const struct peer *p); /* NULL: nobody asked */
void peer_reset_marks(struct peer *p);                    /* their high-water marks start again */
usec peer_since(const struct peer *p); /* when the state last became or ceased to be established */
size_t peer_pending(const struct peer *p); /* routes and withdraws that wait to be sent */
bool peer_drained(const struct peer *p);   /* nothing pending, nothing queued, all acknowledged */
/* The last steps of the state machine, one line each, oldest first. */
void peer_history(const struct peer *p, struct text *to);
