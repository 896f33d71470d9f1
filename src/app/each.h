/* Several configurations: a process of the program for each. */
#pragma once

#include <stddef.h>

/* argv[1] to argv[options - 1] are what every one of them is given. Ours waits for all, passes
 * signals on, and gives the worst exit status: 0 or 1. */
int each_serve(char **argv, int options, char **files, size_t count);
