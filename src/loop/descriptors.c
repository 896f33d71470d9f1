/* See loop/descriptors.h. */
#include "loop/descriptors.h"

#include "inside.h"

#include <sys/resource.h>

static rlim_t found; /* 0: it was not raised */
static struct rlimit ours;

void
descriptors_raise(void)
{
	rlim_t before;

	if (found != 0 || getrlimit(RLIMIT_NOFILE, &ours) != 0)
		return;
	before = ours.rlim_cur;
	ours.rlim_cur = ours.rlim_max;
	if (setrlimit(RLIMIT_NOFILE, &ours) == 0)
		found = before;
}

/* A limit under what is open takes nothing away. Ours is looked up, for others may change it. */
void
descriptors_for_child(bool on)
{
	struct rlimit theirs;

	if (found == 0 || (on && getrlimit(RLIMIT_NOFILE, &ours) != 0))
		return;
	theirs = ours;
	theirs.rlim_cur = found < ours.rlim_max ? found : ours.rlim_max;
	(void)setrlimit(RLIMIT_NOFILE, on ? &theirs : &ours); /* within what is allowed */
}

bool
descriptors_scarce(int fd)
{
	struct rlimit now;

	return getrlimit(RLIMIT_NOFILE, &now) == 0 && (rlim_t)fd >= now.rlim_cur / 4 * 3;
}
