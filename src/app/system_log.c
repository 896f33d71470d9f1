/* syslog(3), as "peerpipe", facility daemon. */
#include "system_log.h"

#include <syslog.h>

void
system_log_open(void)
{
	openlog("peerpipe", LOG_PID, LOG_DAEMON);
}

void
system_log(int severity, const char *source, const char *line)
{
	syslog(severity, "%-15s %s", source, line);
}

void
system_log_close(void)
{
	closelog();
}
