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

/* All members by their numbers, which no other gets. */
struct numbered {
	uint32_t *numbers;
	size_t count;
	size_t at;
};

struct numbered numbered_all(struct engine *e);
void numbered_free(struct numbered *n);
bool numbered_over(const struct numbered *n);
struct member *numbered_member(const struct numbered *n, struct engine *e); /* NULL: gone */

/* Of few members the answer is whole at once; of many a dump, which may have to wait its turn. */
enum call_result long_told(struct call *c, struct dump *d, size_t members);

/* Gives what there is of the lines, and takes it out. */
void long_give(struct dump *d, struct text *lines);

enum told_as { TOLD_SUMMARY, TOLD_EXTENSIVE, TOLD_JSON };

/* Members, one after the other; meant is taken. */
enum call_result neighbors_told(struct call *c, enum told_as as, struct meant meant);

/* The sections that they could have come from; meant is taken. */
enum call_result configuration_told(struct call *c, struct meant meant);
