/*
 * How many descriptors the program may have at once (RLIMIT_NOFILE). The limit in force when it
 * starts is made for programs that count to it or use select(), and too low for a thousand
 * sessions; what the administrator allows is another number.
 */
#pragma once

#include <stdbool.h>

/* As many as are allowed, from now on. Children get the limit that was found. Not getting it is no
 * fault. */
void descriptors_raise(void);
/* Is this one, just opened, in the last quarter of them? The lowest free number is given out, so
 * then the others are in use. Who serves anybody leaves that quarter to whom it knows. */
bool descriptors_scarce(int fd);
