/* Events of one dialect in the shape of another, for helpers that were written for that. */
#pragma once

#include "api/dialect.h"
#include "base/text.h"

#include <stdbool.h>

/*
 * A line of JSON. What the line does not say can't be told: the router-id and the message of a
 * NOTIFICATION behind 4.2, the order of segments of its AS paths, unknown attributes by their name.
 * Members of link state are told as they came, but for their next hop and descriptors. False: the
 * line is no event, and nothing is written.
 */
bool event_translate(
    struct slice line, const struct dialect *from, const struct dialect *to, struct text *out);
