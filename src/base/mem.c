/* Allocation that never returns NULL, and counts what is alive. */
#include "base/mem.h"

#include "base/must.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static size_t alive;

_Noreturn void
must_fail(const char *what, const char *file, int line)
{
	fprintf(stderr, "peerpipe: broken promise: %s, %s:%d\n", what, file, line);
	abort();
}

static void *
checked(void *p, size_t size)
{
	if (p == NULL) {
		fprintf(stderr, "peerpipe: out of memory for %zu bytes\n", size);
		abort();
	}
	return p;
}

void *
mem_get(size_t size)
{
	void *p = checked(malloc(size == 0 ? 1 : size), size);

	alive++;
	return p;
}

void *
mem_zero(size_t count, size_t size)
{
	size_t all;
	void *p;

	MUST(!__builtin_mul_overflow(count, size, &all));
	p = checked(calloc(1, all == 0 ? 1 : all), all);
	alive++;
	return p;
}

void *
mem_grow(void *old, size_t size)
{
	void *p = checked(realloc(old, size == 0 ? 1 : size), size);

	if (old == NULL)
		alive++;
	return p;
}

void *
mem_copy(const void *from, size_t n)
{
	void *p = mem_get(n);

	if (n != 0)
		memcpy(p, from, n);
	return p;
}

char *
mem_string(const char *from, size_t n)
{
	char *p = mem_get(n + 1);

	if (n != 0)
		memcpy(p, from, n);
	p[n] = '\0';
	return p;
}

void
mem_free(void *p)
{
	if (p == NULL)
		return;
	MUST(alive > 0);
	alive--;
	free(p);
}

size_t
mem_alive(void)
{
	return alive;
}
