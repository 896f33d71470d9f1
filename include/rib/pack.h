/*
 * Pending routes to UPDATE messages: grouped by attribute set, within the session's message size.
 * RFC 4271 9.2; which families share an UPDATE, and in which order, is in docs/wire.md.
 */
#pragma once

#include "base/wire.h"
#include "bgp/session.h"
#include "rib/out.h"

#include <stdbool.h>
#include <stddef.h>

struct pack_rules {
	bool group; /* group-updates */
	bool trace; /* the first withdraw of a session is preceded by its attributes alone */
};

enum pack_did {
	PACK_NOTHING, /* nothing is pending */
	PACK_LATER,   /* nothing was found yet: the next call goes on */
	PACK_ONE,     /* one whole message was written to w */
	PACK_LOST, /* a route can't be said to this session (too large, family not agreed, no next
		      hop): it is skipped until it changes or all is said again; *lost tells which,
		      until the next call. Nothing was written */
	PACK_GONE, /* the same of one that the peer has in another form: its withdraw was written
		      (RFC 8654 4) */
};

/* The next message, at most s->message_max bytes, into w (65535 bytes of room). The routes in it
 * count as sent. routes: how many. */
enum pack_did pack_next(struct rib_out *r, const struct session *s, const struct pack_rules *rules,
    struct writer *w, size_t *routes, struct nlri *lost);

/* One route as one message, announce or withdraw, by itself. False, and nothing is written: the
 * session can't be told it (no next hop, RFC 9234, longer than message_max or the room of w). a may
 * be NULL in a withdraw. */
bool pack_route(const struct nlri *n, struct attrs *a, bool withdraw, const struct session *s,
    struct writer *w);
/* An UPDATE of attributes alone. False, and nothing is written: it is too long. */
bool pack_attributes(struct attrs *a, const struct session *s, struct writer *w);
