/*
 * Allocation that never returns NULL: out of memory ends the program (sizes that come from outside
 * are limited before they are asked for). What is alive is counted, so that a test can say "this
 * gave back all it took".
 */
#pragma once

#include <stddef.h>

void *mem_get(size_t size);                   /* not initialised; size 0 gives a unique pointer */
void *mem_zero(size_t count, size_t size);    /* zeroed; the product is checked */
void *mem_grow(void *old, size_t size);       /* like realloc; old may be NULL */
void *mem_copy(const void *from, size_t n);   /* n bytes; from may be NULL if n is 0 */
char *mem_string(const char *from, size_t n); /* n characters and an end mark */
void mem_free(void *p);                       /* p may be NULL */

size_t mem_alive(void); /* allocations that were not freed */
