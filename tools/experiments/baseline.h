/*
 * What the loop is compared with: the same decoding, adj-rib-in and JSON, read by blocking reads
 * from one router after the other, a message each, as one writes it first.
 */
#pragma once

#include <stdint.h>

/* Until all routers are gone: events go to stdout. Its exit status. */
int baseline_run(uint16_t port, unsigned peers);
