/* The command line of server: its options and its files. */
#pragma once

#include "base/usec.h"
#include "env.h"

#include <stdio.h>

struct server_options {
	char **files; /* made absolute */
	size_t file_count;
	int file_at; /* where they begin in argv, behind the options */
	bool once;
	bool passive;
	bool verbose;
	bool help;         /* and nothing else was looked at */
	usec signal_after; /* -s: SIGUSR1 to ourselves; 0: never */
};

/* False: an option is unknown or lacks its value, or no file is named. */
bool server_options_read(struct server_options *o, int argc, char **argv);
void server_options_done(struct server_options *o);
/* They go before the settings. */
void server_options_apply(const struct server_options *o, struct env *s);
/* The status to exit with: 2, but 0 for who asked. */
int server_usage(FILE *to);
