/* Who a helper works for: what it says and how it changes is kept, for a look. */
#pragma once

#include "rounds.h"

#include "base/text.h"
#include "helper/helper.h"

struct boss {
	struct loop *l;
	struct helper *h;
	struct helper_conf conf;
	struct helper_limits limits;
	char **argv;
	struct text lines; /* each with its newline */
	unsigned line_count;
	unsigned told[HELPER_GONE + 1];
	unsigned shuts;
	unsigned opens;
	bool hold_after_line;
	bool free_after_line;
	bool stop_after_line;
	bool ack_each_line;
};

extern const struct helper_hooks boss_hooks;

struct boss boss_of(const char *script); /* of /bin/sh */
void boss_start(struct boss *b);
void boss_pause(struct boss *b); /* it is stopped by a signal, for sure */
void boss_end(struct boss *b);
struct blob *boss_event(size_t len); /* that many x, to be told */

#define lines_are(b, s)                                                                            \
	cr_expect(slice_is(text_view(&(b)->lines), s), "got %s", text_chars(&(b)->lines))
