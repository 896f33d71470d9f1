/* An adj-rib-out: what stands in it (out.c), and what is to be said of that (pending.c). */
#pragma once

#include "garbage.h"
#include "items.h"
#include "rib/out.h"
#include "store.h"
#include "withdraws.h"

#define REAP_STEP 16 /* with each change */

/* Of the first withdraw that carries attributes, while nothing was said in a session. */
struct trace {
	const struct family *family;
	struct attrs *attrs; /* NULL: there was none */
	bool said;           /* something was: none is kept any more */
};

struct rib_out {
	bool keep;
	struct accounts accounts;
	struct walks walks;
	struct store *now;
	struct withdraws withdraws;
	struct garbage garbage;
	struct trace trace;
	unsigned checks; /* that go on */
	/* Rooms that are kept between messages. */
	struct items items;
	uint8_t *lost; /* see out_copy() */
};
