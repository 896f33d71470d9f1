/*
 * Roles of neighbors and the routes that leak: RFC 9234. A role says what we are to the other side;
 * it counts on external sessions, for IPv4 and IPv6 unicast.
 */
#pragma once

#include "bgp/attrs.h"
#include "bgp/family.h"
#include "bgp/session.h"

#include <stdbool.h>

uint8_t role_number(enum role r); /* on the wire; not of ROLE_NONE */
/* Can we, with this role, be what the number of the other side's capability wants? */
bool role_fits(enum role ours, uint8_t theirs);

/* A route that came: false if it leaked. A set that lacks ONLY_TO_CUSTOMER gets it where it has to:
 * *set, which is held, is replaced then. */
bool role_hears(const struct session *s, const struct family *f, struct attrs **set);
/* A route that goes out: the set to say, held for the caller, or NULL where it would leak. */
struct attrs *role_says(const struct session *s, const struct family *f, struct attrs *a);
