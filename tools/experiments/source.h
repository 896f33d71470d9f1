/*
 * The load source: routers that send an UPDATE a message on a schedule of their own. The schedule
 * is absolute: when a message is due does not depend on when the one before was sent, so what could
 * not be sent in time is late and not forgotten.
 */
#pragma once

#include "board.h"

enum load_shape {
	LOAD_EVEN,   /* equal gaps, with jitter */
	LOAD_RANDOM, /* each router a Poisson process */
};

struct load {
	unsigned peers;
	uint16_t port;
	enum load_shape shape;
	double rate;     /* messages a second, of all; within a burst */
	double flood;    /* beside it, messages a second of the first router alone; 0: none */
	uint64_t window; /* ns; nothing is due behind it */
	uint64_t burst;  /* messages; 0: no bursts, the rate all the time */
	uint64_t cycle;  /* ns from burst to burst */
	uint64_t jitter; /* ns; even in +-; a message never overtakes another of its router */
	uint64_t seed;
	bool hangs_up; /* a router that has said everything ends its side */
	bool whole;    /* also what could not be sent within the window is sent */
};

#define SOURCE_AS    65001
#define SOURCE_LOCAL 65000
#define SOURCE_BASE  0x0a000000u /* 10.0.0.0 */

/* 127.0.1.1 and so on, for 250 of them */
void source_address(unsigned peer, char to[16]);
/* A process of its own: sessions, then waits for board->go. Its exit status. */
int source_run(struct board *b, const struct load *load);
