/* See priority.h. */
#include "priority.h"

#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

/* Where the system groups processes by session, their niceness counts only within it. */
static void
set_group(const char *nice)
{
	int fd = open("/proc/self/autogroup", O_WRONLY | O_CLOEXEC);

	if (fd < 0)
		return; /* there are none */
	if (write(fd, nice, strlen(nice)) < 0)
		perror("/proc/self/autogroup");
	(void)close(fd);
}

bool
priority_take(enum priority p)
{
	int real_time = p == PRIORITY_SOON ? 2 : p == PRIORITY_AFTER ? 1 : 0;
	struct sched_param how = { .sched_priority = real_time };

	if (sched_setscheduler(0, real_time > 0 ? SCHED_RR : SCHED_OTHER, &how) != 0 ||
	    setpriority(PRIO_PROCESS, 0, p == PRIORITY_MUCH ? -20 : 0) != 0) {
		perror("priority");
		return false;
	}
	set_group(p == PRIORITY_MUCH ? "-20" : "0");
	return true;
}
