/* The source itself, and the experiments; false: what has to hold in any case did not (nothing
 * is lost untold). */
#pragma once

#include <stdbool.h>

bool each_sending(void);
bool each_ingestion(void);
bool each_sizing(void);
bool each_batching(void);
bool each_work(void);
bool each_querying(void);
bool each_querying_light(void);
bool each_limits(void);
bool each_telling(void);
bool each_costs(void);
