/* MUST: promises that a correct program keeps, checked in every build. Never for input. */
#pragma once

_Noreturn void must_fail(const char *what, const char *file, int line);

/* cond has no side effect; it stays in release builds. */
#define MUST(cond) ((cond) ? (void)0 : must_fail(#cond, __FILE__, __LINE__))
