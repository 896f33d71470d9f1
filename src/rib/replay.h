/* The replay of a store, for the store alone. */
#pragma once

#include "store.h"

#define REPLAY_STEP 64 /* entries that the cursor passes for each look at the queue */

/* The cursor passes that many entries; what is pending among them is queued. */
void replay_step(struct store *s, size_t most);
