/* Bytes against an unreadable page. */
#include "guard.h"

#include "base/must.h"

#include <sys/mman.h>
#include <unistd.h>

struct guard
guard_of(size_t most)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	struct guard g = { .size = (most + page) / page * page };
	void *map =
	    mmap(NULL, g.size + page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	MUST(map != MAP_FAILED);
	g.map = map;
	MUST(mprotect(g.map + g.size, page, PROT_NONE) == 0);
	return g;
}

struct slice
guard_lay(struct guard *g, struct slice bytes)
{
	uint8_t *at = g->map + g->size - bytes.len;

	MUST(bytes.len <= g->size);
	if (bytes.len != 0)
		memmove(at, bytes.at, bytes.len);
	return slice_of(at, bytes.len);
}

void
guard_done(struct guard *g)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);

	MUST(munmap(g->map, g->size + page) == 0);
	*g = (struct guard){ 0 };
}
