/*
 * Time as a type: microseconds of a clock that only loop/ reads. A point in time is monotonic
 * unless its name says "wall" (microseconds since 1970 UTC).
 */
#pragma once

#include <stdint.h>

typedef int64_t usec;

#define USEC_SECOND INT64_C(1000000)
#define USEC_MSEC   INT64_C(1000)
#define USEC_NEVER  INT64_MAX
