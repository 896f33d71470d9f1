/* What announce and withdraw share. */
#pragma once

#include "call.h"

#include <string.h>

/* What the row is about: "ipv4" of "announce ipv4". */
static inline const char *
row_object(const struct call *c)
{
	return strchr(c->row->words, ' ') + 1;
}

typedef void route_say(struct member *m, const struct issuer *by, const struct route *r);

/* Every route of the commands to every peer that is meant: DONE, or LATER, by c->job. */
enum call_result routes_to_peers(struct call *c, route_say *say);
/* After a route statement was parsed: the end of the command, then every route to every peer. */
enum call_result routes_said(struct call *c, route_say *say);
/* "routes list": one JSON list of what the peers are announced, of these families. */
enum call_result routes_list(struct call *c, struct family_set families);
/* The name of a route in that list, in hexadecimal. */
void route_index(const struct nlri *n, struct text *to);
/* "10.0.0.0/24 next-hop ...", as events of the text encoder say it. */
void route_words(
    const struct member *m, const struct nlri *n, const struct attrs *a, struct text *to);
/* The routes of the file by the name that comes. */
enum call_result watchdog_said(struct call *c, bool announce);
