/*
 * The log: levels, subsystems, one injected sink. Pure rooms never log; glue logs once, where a
 * decision is taken. A line says who, what and why as key=value.
 */
#pragma once

#include <stdbool.h>

enum log_level { LOG_FATAL, LOG_CRITICAL, LOG_ERROR, LOG_WARN, LOG_INFO, LOG_DEBUG };

/* Subsystems, by the names of the settings log.NAME. */
enum log_source {
	LOG_CONFIGURATION,
	LOG_REACTOR,
	LOG_DAEMON,
	LOG_PROCESSES,
	LOG_NETWORK,
	LOG_STATISTICS,
	LOG_PACKETS,
	LOG_MESSAGE,
	LOG_RIB,
	LOG_TIMERS,
	LOG_ROUTES,
	LOG_PARSER,
	LOG_SOURCES
};

/* line has no newline and no control characters. */
typedef void log_sink(enum log_level level, enum log_source source, const char *line);

void log_to(log_sink *sink);      /* NULL: nowhere (the start) */
void log_at(enum log_level most); /* the most talkative level that is written; starts at INFO */
void log_source_on(enum log_source source, bool on);
void log_source_at(enum log_source source, enum log_level most); /* whatever the others have */
bool log_wants(enum log_level level, enum log_source source);
const char *log_level_name(enum log_level level);    /* "INFO" ... */
const char *log_source_name(enum log_source source); /* "configuration" ... */

/* One line, if it is wanted: control characters that the arguments bring become "?". */
void log_say(enum log_level level, enum log_source source, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* Each line of the text by itself; empty ones are left out. */
void log_lines(enum log_level level, enum log_source source, const char *lines);
