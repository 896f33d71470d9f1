/* A pair of sockets: one end is a stream that does with its input what it is told to. */
#pragma once

#include "rounds.h"

#include "base/text.h"
#include "loop/stream.h"

enum manner {
	EATS,     /* everything */
	BITES,    /* `bite` bytes a call */
	YIELDS,   /* after each bite */
	WAITS,    /* for `bite` bytes at least, takes them */
	NEVER,    /* uses nothing */
	CLOSES,   /* itself */
	BURIES,   /* itself */
	KILLS,    /* its neighbour */
	HOLDS,    /* itself after each bite */
	RESTARTS, /* closes and starts on another descriptor */
};

struct end {
	struct stream stream;
	struct grave grave;
	struct loop *l;
	struct end *victim;
	enum manner manner;
	size_t bite;
	unsigned calls;
	unsigned ends;
	unsigned drained;
	unsigned broken;
	int error;
	size_t rest;
	int next_fd;
	struct text got;
	bool close_at_end;
	bool close_when_drained;
};

extern const struct stream_hooks end_hooks;
extern unsigned ends_buried;

/* Gives the other end. */
int end_start(struct end *e, struct loop *l, enum manner manner, size_t bite);
void end_stop(struct end *e, int fd); /* -1: it is closed already */
void put(int fd, const void *at, size_t n);
