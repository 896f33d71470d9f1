/*
 * The system's log: a message a line to the socket that its daemon reads, and never a wait for it.
 * Libc's syslog() would stand still as long as that daemon does.
 */
#pragma once

#include <stdbool.h>

void system_log_open(void);
/* severity: of RFC 5424, 0 to 7; the source stands in front of the line. False: it was not taken.
 */
bool system_log(int severity, const char *source, const char *line);
void system_log_close(void);
