/* Where log lines go: stderr, a file that rotates, syslog. Never blocks. */
#pragma once

#include "env.h"

#include <stdbool.h>

/* False with *why when the destination can't be used. Lines go to stderr before. */
bool sink_open(const struct env *s, struct text *why);
void sink_close(void);
bool sink_is_file(const struct env *s); /* would lines go to a file? */
bool sink_is_terminal(void);            /* lines go to stderr: the daemon stays in the foreground */
