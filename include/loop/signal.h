/* Signals become calls: one signalfd. Watched signals are blocked for the process. */
#pragma once

#include "loop/loop.h"

struct signals;
typedef void signal_fn(void *owner, int number);

/* NULL with *error = negative errno. numbers ends in 0. SIGCHLD always belongs to the child manager
 * and may not be listed. */
struct signals *signals_start(
    struct loop *l, const int *numbers, signal_fn *fn, void *owner, int *error);
void signals_stop(struct signals *s); /* the old mask is back */
/* The same for a process that ends: they stay blocked, so that one that comes late does not take
 * its status from it. */
void signals_end(struct signals *s);
