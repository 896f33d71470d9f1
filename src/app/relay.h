/* Lines that pass through this process, changed on their way. */
#pragma once

#include "base/slice.h"
#include "base/text.h"

/* A line without its end: what is to be written instead. */
typedef void relay_line(void *owner, struct slice line, struct text *out);

/* From standard input to standard output; the exit status. */
int relay_lines(relay_line *change, void *owner);
/* With a program in between: what it writes goes to standard output, standard input to it. It is
 * waited for; its exit status. What the one side does not read does not stop the other. */
int relay_program(char **argv, relay_line *said, relay_line *told, void *owner);
