/* Levels, subsystems, one injected sink. */
#include "base/log.h"

#include "base/text.h"

#include <stddef.h>
#include <string.h>

static log_sink *the_sink;
static enum log_level the_level = LOG_INFO;
static unsigned own_level[LOG_SOURCES]; /* 0: none; else one more than it */
static bool muted[LOG_SOURCES] = {
	[LOG_PACKETS] = true,
	[LOG_MESSAGE] = true,
	[LOG_RIB] = true,
	[LOG_TIMERS] = true,
	[LOG_ROUTES] = true,
	[LOG_PARSER] = true,
};

static const char *const level_names[] = {
	[LOG_FATAL] = "FATAL",
	[LOG_CRITICAL] = "CRITICAL",
	[LOG_ERROR] = "ERROR",
	[LOG_WARN] = "WARNING",
	[LOG_INFO] = "INFO",
	[LOG_DEBUG] = "DEBUG",
};

static const char *const source_names[LOG_SOURCES] = {
	[LOG_CONFIGURATION] = "configuration",
	[LOG_REACTOR] = "reactor",
	[LOG_DAEMON] = "daemon",
	[LOG_PROCESSES] = "processes",
	[LOG_NETWORK] = "network",
	[LOG_STATISTICS] = "statistics",
	[LOG_PACKETS] = "packets",
	[LOG_MESSAGE] = "message",
	[LOG_RIB] = "rib",
	[LOG_TIMERS] = "timers",
	[LOG_ROUTES] = "routes",
	[LOG_PARSER] = "parser",
};

void
log_to(log_sink *sink)
{
	the_sink = sink;
}

void
log_at(enum log_level most)
{
	the_level = most;
}

void
log_source_at(enum log_source source, enum log_level most)
{
	own_level[source] = (unsigned)most + 1;
}

void
log_source_on(enum log_source source, bool on)
{
	muted[source] = !on;
}

bool
log_wants(enum log_level level, enum log_source source)
{
	if (the_sink == NULL)
		return false;
	if (own_level[source] != 0)
		return level < own_level[source];
	return level <= the_level && (level < LOG_INFO || !muted[source]);
}

const char *
log_level_name(enum log_level level)
{
	return level_names[level];
}

const char *
log_source_name(enum log_source source)
{
	return source_names[source];
}

/* Control characters become '?': a line stays a line. */
static void
tame(struct text *t)
{
	for (size_t i = 0; i < t->len; i++) {
		unsigned char c = (unsigned char)t->at[i];

		if (c < 0x20 || c == 0x7f)
			t->at[i] = '?';
	}
}

void
log_say(enum log_level level, enum log_source source, const char *format, ...)
{
	struct text t = { 0 };
	va_list args;

	if (!log_wants(level, source))
		return;
	va_start(args, format);
	text_vformat(&t, format, args);
	va_end(args);
	tame(&t);
	the_sink(level, source, text_chars(&t));
	text_free(&t);
}

void
log_lines(enum log_level level, enum log_source source, const char *lines)
{
	while (*lines != '\0') {
		size_t len = strcspn(lines, "\n");

		if (len > 0)
			log_say(level, source, "%.*s", (int)len, lines);
		lines += len + (lines[len] == '\n');
	}
}
