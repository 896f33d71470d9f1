/*
 * Case(suite, name): a Criterion test whose body runs between two counts, of open descriptors and
 * of living allocations, and fails inside the body when either grew (Criterion itself forgives
 * leaks). Every case has a deadline.
 */
#pragma once

#include <criterion/criterion.h>

struct case_count {
	unsigned fds;
	unsigned children;
	size_t allocations;
};

struct case_count case_begin(void);
void case_end(struct case_count before); /* asserts */

#define CASE_SECONDS 90

#define Case(suite, name)                                                                          \
	static void suite##_##name##_body(void);                                                   \
	Test(suite, name, .timeout = CASE_SECONDS)                                                 \
	{                                                                                          \
		struct case_count before = case_begin();                                           \
		suite##_##name##_body();                                                           \
		case_end(before);                                                                  \
	}                                                                                          \
	static void suite##_##name##_body(void)
