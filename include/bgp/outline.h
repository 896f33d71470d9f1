/* What stands in a message, for whoever looks for a mistake: no part of it has to be right. */
#pragma once

#include "base/slice.h"
#include "base/text.h"

#include <stddef.h>

struct cap_seen;

/* Parts of the body of an UPDATE, a line each ("what=attribute name=med code=4 flags=0x80 length=4
 * value=00000007"), up to where it is cut off. */
void update_outline(struct slice body, struct text *to);
/* The capabilities of an OPEN. */
void caps_outline(const struct cap_seen *seen, size_t count, struct text *to);
