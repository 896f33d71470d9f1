/*
 * A whole engine on a loop of its own, with an issuer whose answers and acknowledgements are
 * written down. Peers are not started unless a case does, so nothing goes to the network.
 */
#pragma once

#include "case.h"

#include "base/text.h"
#include "engine/account.h"
#include "engine/engine.h"

struct stage {
	struct loop *loop;
	struct engine *engine;
	struct issuer issuer; /* "boss", may command all; a case may change name and all */
	struct text said;     /* answers, explanations, "done\n" and "error\n" */
	struct text file;     /* what a reload reads */
	struct text rib;
	struct text seen; /* lines of helpers: "NAME: LINE\n" */
	bool acks;
	bool full; /* the issuer does not drain */
	int holds;
	unsigned ended;
	void (*line)(struct stage *s, struct issuer *i, struct slice line); /* or NULL */
	void *more;                                                         /* of the case */
};

#define STAGE_UUID "01234567-89ab-4cde-8f01-23456789abcd"

void stage_start(struct stage *s, const char *file);
void stage_done(struct stage *s);
/* The next reload reads this. */
void stage_file(struct stage *s, const char *file);
/* Rounds until nothing is left to be done at once. */
void stage_settle(struct stage *s);
struct rib_out *stage_out(struct stage *s, size_t member);
/* adj-rib-out of a member, a line each: "FAMILY ROUTE\n". Dies with the next call. */
const char *stage_rib(struct stage *s, size_t member);
struct member *stage_member(struct stage *s, const char *address);

/* Two neighbors, 127.0.0.1 and 127.0.0.2, whose helpers are h1, and h1 and h2. */
extern const char stage_two[];
