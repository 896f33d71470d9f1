/* Counting around every case. */
#include "case.h"

#include "base/mem.h"

#include <dirent.h>
#include <stdlib.h>
#include <sys/wait.h>

#if defined(__SANITIZE_ADDRESS__)
int __lsan_do_recoverable_leak_check(void);
#endif

static unsigned
open_descriptors(void)
{
	DIR *d = opendir("/proc/self/fd");
	unsigned n = 0;

	cr_assert(d != NULL, "/proc is needed");
	while (readdir(d) != NULL)
		n++;
	closedir(d);
	return n;
}

struct case_count
case_begin(void)
{
	return (struct case_count){ .fds = open_descriptors(), .allocations = mem_alive() };
}

void
case_end(struct case_count before)
{
	cr_assert(mem_alive() == before.allocations, "%zu allocations before, %zu after",
	    before.allocations, mem_alive());
	cr_assert(open_descriptors() == before.fds, "%u descriptors before, %u after", before.fds,
	    open_descriptors());
	cr_assert(waitpid(-1, NULL, WNOHANG) <= 0, "a child was left");
#if defined(__SANITIZE_ADDRESS__)
	cr_assert(__lsan_do_recoverable_leak_check() == 0, "memory leaked");
#endif
}
