/* Clients of the control socket that ask on an absolute schedule. */
#pragma once

#include "run.h"

/* From board->go for so long; the answers' times are left on the board. Its exit status. */
int queries_run(struct board *b, const struct queries *queries, uint64_t window);
