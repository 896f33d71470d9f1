/* Abbreviated commands of the command line: "s n su" for "show neighbor summary". Pure. */
#pragma once

#include "base/slice.h"
#include "base/text.h"

#include <stdbool.h>

/* True when something was expanded. What no command begins with stays as it is. */
bool expand_command(struct slice words, struct text *to);
