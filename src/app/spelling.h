/* The command line of the reference's 4.2, where the program had options in place of subcommands.
 */
#pragma once

#include <stdbool.h>

/* --test FILE, --validate FILE, --decode HEX FILE, --fi, --run cli ...: carries it out and gives
 * the exit status. False: it is no such line. argv has the program in front. */
bool spelling_run(int argc, char **argv, int *status);
