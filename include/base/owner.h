/* From an embedded member to the thing that embeds it. */
#pragma once

#include <stddef.h>

#define owner_of(member_ptr, type, member) ((type *)((char *)(member_ptr)-offsetof(type, member)))
