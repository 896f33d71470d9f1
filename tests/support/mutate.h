/*
 * Every small wrong in a seed, in the same order in every run: each truncation, each bit flipped,
 * each byte made 0, 0xff, cut out or doubled. What is tried lies against an unreadable page (see
 * guard.h), so that a byte read too far ends the test.
 */
#pragma once

#include "base/slice.h"

/* bytes die when it returns; what says which wrong it is, as "bit 3 of byte 7" */
typedef void mutate_try(struct slice bytes, const char *what, void *with);

/* The seed itself is tried first. Gives how many were tried. */
size_t mutate_each(struct slice seed, mutate_try *each, void *with);
