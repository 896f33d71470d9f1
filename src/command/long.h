/* What long answers about neighbors share: they go on while members come and go. */
#pragma once

#include "call.h"

/* Members by their names, one after the other; any may be gone by now. */
struct meant {
	char **names; /* room for all of them is the maker's */
	size_t count;
	size_t at;
};

void meant_add(struct meant *m, const struct member *who);
void meant_free(struct meant *m);
bool meant_over(const struct meant *m);
struct member *meant_member(const struct meant *m, struct engine *e); /* NULL: gone */

/* The sections that they could have come from; meant is taken. */
enum call_result configuration_told(struct call *c, struct meant meant);
