/* Options of cli and run: how the daemon is reached, and what it is asked. */
#pragma once

#include "control.h"

struct cli_options {
	const char *batch;  /* a file of commands, "-": standard input; NULL: none */
	const char *pipe;   /* a path: these pipes, PATH.in and PATH.out */
	const char *socket; /* a path: this socket */
	bool pipes_only;
	bool socket_only;
};

/* The number of arguments that were options, the program's name with them; 0 and *why if one is
 * unknown or lacks its value. A name, not a path, goes into *s. What is found points into argv. */
int cli_options_read(struct cli_options *o, struct env *s, int argc, char **argv, struct text *why);
/* What was found, as far as the options allow it. */
void cli_options_apply(const struct cli_options *o, struct control_paths *p);
