/*
 * A peer and the other end of its connections, played by hand over loopback. Nothing sleeps:
 * waiting is rounds of the loop until what is waited for is there, or a deadline.
 */
#pragma once

#include "base/text.h"
#include "bgp/attrs.h"
#include "bgp/message.h"
#include "bgp/notify.h"
#include "case.h"
#include "loop/loop.h"
#include "loop/net.h"
#include "peer/peer.h"

#define PLAY_IDS_LOW  0x01000001u /* ours is 10.0.0.1: lower */
#define PLAY_IDS_HIGH 0x7f000001u

/* What a message begins with: RFC 4271 4.1. */
#define MARKER "\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff"

struct play {
	struct loop *loop;
	struct peer *peer;
	struct peer_conf conf;
	struct peer_globals globals;
	int listen_fd; /* the far side's */
	uint16_t port;
	int door_fd; /* a listener on our side, for peer_accept() */
	uint16_t door_port;
	struct text news; /* one line per event */
	unsigned overs;
	bool parsed_all;       /* every message that was told was parsed */
	struct event_peer who; /* of the last event */
	void (*told)(struct play *p, const struct event *e); /* more to do, or NULL */
};

struct far {
	struct play *play;
	int fd;
	uint8_t in[1 << 17];
	size_t len;
	size_t used; /* of the message given last */
	bool ended;
	int error;
};

/* conf and globals may be changed between these two. */
void play_init(struct play *p);
void play_start(struct play *p);
void play_done(struct play *p);
/* A round of the loop, at most 5 ms. */
void play_round(struct play *p);
/* Rounds for so long. */
void play_for(struct play *p, usec time);
bool play_news(struct play *p, const char *line); /* is it there, or comes it in 5 s? */
size_t play_count(const struct play *p, const char *line);
bool play_state(struct play *p, enum fsm_state s); /* is it reached in 5 s? */

/* The peer connects to us. / We connect to the peer. */
void far_accept(struct play *p, struct far *f);
void far_connect(struct play *p, struct far *f);
void far_close(struct far *f);
void far_send(struct far *f, struct slice bytes);
void far_send_open(struct far *f, uint16_t hold_time, uint32_t id);
void far_send_type(struct far *f, uint8_t type, struct slice body);
void far_send_keepalive(struct far *f);
/* The next message, within 5 s: its type, 0 at the end of the connection, 255 if none comes. */
uint8_t far_next(struct far *f, struct slice *message);
uint8_t far_next_within(struct far *f, usec time, struct slice *message);
/* The next one that is no KEEPALIVE. */
uint8_t far_next_real(struct far *f, struct slice *message);
void far_expect(struct far *f, uint8_t type);
/* NOTIFICATION with this body, and then the end. */
void far_expect_notification(struct far *f, const char *label, uint8_t code, uint8_t subcode);
void far_expect_data(
    struct far *f, const char *label, uint8_t code, uint8_t subcode, struct slice data);
/* Accept or connect, both OPENs, both KEEPALIVEs, up. */
void far_establish(struct play *p, struct far *f, uint16_t hold_time);
void far_hands(struct far *f, uint16_t hold_time, uint32_t id);
enum far_when { AT_OPENSENT, AT_OPENCONFIRM, AT_ESTABLISHED };
/* Accept, and go on as far as that. */
void far_reach(struct play *p, struct far *f, enum far_when when);
/* All of that from the start, and all of it ended. */
void play_up(struct play *p, struct far *f, uint16_t hold_time);
void play_end(struct play *p, struct far *f);

/* 10.a.b.0/24 with next hop 10.0.0.1 */
void play_announce(struct play *p, uint8_t a, uint8_t b);
