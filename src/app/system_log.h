/*
 * syslog(3), in a file of its own: names of its header are names of base/log.h, with other values.
 */
#pragma once

void system_log_open(void);
/* severity: of RFC 5424, 0 to 7; the source stands in front of the line. */
void system_log(int severity, const char *source, const char *line);
void system_log_close(void);
