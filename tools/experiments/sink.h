/*
 * The helper of the experiments: reads events as JSON lines, notes when each was read, and works on
 * it as the board says.
 */
#pragma once

#include "board.h"

/* Until stdin ends or the board says stop. Its exit status. */
int sink_run(struct board *b, unsigned sink);
