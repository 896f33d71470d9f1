/* PEERPIPE_DEBUG=loop: what the loop does, second by second, in the log. */
#pragma once

#include "loop/loop.h"

/* Starts what the words of PEERPIPE_DEBUG ask for (NULL: nothing); false: they are not known. */
bool debug_start(struct loop *l, const char *words);
void debug_stop(void);
