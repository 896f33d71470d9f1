/* Configurations in tests: one that has to be read, one that has to be refused. */
#pragma once

#include "config/config.h"

/* A reading that has to succeed; free it. Warnings into *warnings, which may be NULL. */
struct config *read_good(const char *text, struct text *warnings);
/* Refused with this sentence, whether or not ExaBGP's stands behind it in parentheses. */
void expect_fault(const char *text, const char *want);
/* "neighbor 10.0.0.1 { ...what is needed...; BODY }" read, and its neighbor. */
struct config *read_neighbor(const char *body);
/* The fault that such a body gives, */
void neighbor_fault(const char *body, struct text *why);
/* and what it has to be, without its place. */
void expect_neighbor_fault(const char *body, const char *want);

/* Every sample file: its name and text. False at the end. */
struct sample {
	const char *name;
	struct text text;
};
typedef void sample_fn(const struct sample *s);
void each_sample(sample_fn *each);
