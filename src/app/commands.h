/* UPDATEs as the commands that would send them. */
#pragma once

#include "base/text.h"
#include "bgp/update.h"

/* A line each; false, and nothing is written, if there is no command for something in it. */
bool commands_of_update(const struct update *u, struct text *to);
