/* How records are measured. */
#pragma once

#include "engine/measure.h"

/* A copy of the record, which is that long. */
void measured_add(struct measured *m, enum metric_kind kind, const void *record, size_t size);
/* A copy of a name: whose it is may be gone before it is told. */
const char *measured_name(struct measured *m, const char *name);
