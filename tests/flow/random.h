/* Numbers that replay. */
#pragma once

#include <stdint.h>

static inline uint32_t
next_random(uint32_t *seed)
{
	*seed = *seed * 1664525 + 1013904223;
	return *seed >> 8;
}
