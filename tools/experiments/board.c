/* See board.h. */
#include "board.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static int memory = -1;
static char path[64];

static struct board *
map(int fd)
{
	void *at = mmap(NULL, sizeof(struct board), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);

	return at == MAP_FAILED ? NULL : at;
}

struct board *
board_new(void)
{
	memory = memfd_create("board", MFD_CLOEXEC);
	if (memory < 0 || ftruncate(memory, sizeof(struct board)) != 0)
		return NULL;
	(void)snprintf(path, sizeof(path), "/proc/%d/fd/%d", (int)getpid(), memory);
	return map(memory);
}

const char *
board_path(void)
{
	return path;
}

struct board *
board_open(const char *name)
{
	int fd = open(name, O_RDWR | O_CLOEXEC);
	struct board *b = fd < 0 ? NULL : map(fd);

	if (fd >= 0)
		(void)close(fd); /* the mapping stays */
	return b;
}

void
board_clear(struct board *b)
{
	/* Pages that were touched are given back. */
	if (ftruncate(memory, 0) != 0 || ftruncate(memory, sizeof(*b)) != 0)
		memset((void *)b, 0, sizeof(*b));
}
