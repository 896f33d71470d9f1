/* The log sink: one line, one write, never blocking. */
#include "sink.h"

#include "system_log.h"

#include "base/log.h"
#include "base/mem.h"
#include "base/num.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define ROTATE_AT   (1024 * 1024)
#define ROTATE_KEEP 3

static struct {
	int fd; /* -1: syslog, or nowhere */
	bool syslog;
	bool brief;
	char *path;   /* of a file */
	bool regular; /* it can be renamed, and a write to it waits for nobody */
	off_t size;
	bool cut;      /* the last line has no end: it was taken in part */
	unsigned lost; /* lines that were not taken, or not whole */
} sink = { .fd = STDERR_FILENO, .brief = true };

static void
rotate(void)
{
	struct text from = { 0 };
	struct text to = { 0 };
	int fd;

	for (int i = ROTATE_KEEP; i > 0; i--) {
		text_clear(&from);
		text_clear(&to);
		text_string(&from, sink.path);
		if (i > 1)
			text_format(&from, ".%d", i - 1);
		text_format(&to, "%s.%d", sink.path, i);
		(void)rename(text_chars(&from), text_chars(&to)); /* there may be none yet */
	}
	text_free(&from);
	text_free(&to);
	sink.size = 0;
	fd = open(sink.path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
	if (fd < 0)
		return; /* the directory is not ours any more: the old one grows on */
	(void)close(sink.fd);
	sink.fd = fd;
}

/* Is there room for a piece? A pipe that has some takes PIPE_BUF bytes without a wait. */
static bool
has_room(void)
{
	struct pollfd p = { .fd = sink.fd, .events = POLLOUT };

	return sink.regular || (poll(&p, 1, 0) == 1 && (p.revents & POLLOUT) != 0);
}

/* False: a full pipe or disk did not take all of it. */
static bool
put(const struct text *line)
{
	size_t done = 0;

	while (done < line->len && has_room()) {
		size_t piece = line->len - done;
		ssize_t n;

		if (!sink.regular && piece > PIPE_BUF)
			piece = PIPE_BUF;
		n = write(sink.fd, line->at + done, piece);
		if (n <= 0)
			break;
		done += (size_t)n;
	}
	if (done > 0)
		sink.cut = done < line->len;
	sink.size += (off_t)done;
	if (sink.regular && sink.size >= ROTATE_AT)
		rotate();
	return done == line->len;
}

/* RFC 5424 */
static int
severity_of(enum log_level level)
{
	static const int of[] = {
		[LOG_FATAL] = 2,
		[LOG_CRITICAL] = 2,
		[LOG_ERROR] = 3,
		[LOG_WARN] = 4,
		[LOG_INFO] = 6,
		[LOG_DEBUG] = 7,
	};

	return of[level];
}

static void
head(struct text *t, enum log_level level, enum log_source source)
{
	time_t now = time(NULL);
	struct tm tm;

	if (!sink.brief && localtime_r(&now, &tm) != NULL)
		text_format(
		    t, "%02d:%02d:%02d %-6d ", tm.tm_hour, tm.tm_min, tm.tm_sec, (int)getpid());
	text_format(t, "%-15s ", log_source_name(source));
	if (level <= LOG_WARN)
		text_format(t, "%s ", log_level_name(level));
}

static bool
put_line(enum log_level level, enum log_source source, const char *line)
{
	struct text t = { 0 };
	bool taken;

	if (sink.syslog)
		return system_log(severity_of(level), log_source_name(source), line);
	if (sink.cut)
		text_char(&t, '\n');
	head(&t, level, source);
	text_string(&t, line);
	text_char(&t, '\n');
	taken = put(&t);
	text_free(&t);
	return taken;
}

static void
write_line(enum log_level level, enum log_source source, const char *line)
{
	char told[64];

	if (sink.lost > 0) {
		(void)snprintf(told, sizeof(told), "%u log lines were lost, nobody took them",
		    sink.lost); /* fits */
		if (put_line(LOG_WARN, LOG_DAEMON, told))
			sink.lost = 0;
	}
	if (sink.lost > 0 || !put_line(level, source, line))
		sink.lost++;
}

/* Names of levels that older settings have, after those of log_level_name(). */
static const struct alias {
	const char *name;
	enum log_level level;
} aliases[] = {
	{ "EMERG", LOG_FATAL },
	{ "ALERT", LOG_FATAL },
	{ "CRIT", LOG_CRITICAL },
	{ "ERR", LOG_ERROR },
	{ "WARN", LOG_WARN },
	{ "NOTICE", LOG_INFO },
	{ "NOTSET", LOG_DEBUG },
};

static bool
level_of(const char *word, enum log_level *level)
{
	for (int l = LOG_FATAL; l <= LOG_DEBUG; l++) {
		*level = (enum log_level)l;
		if (word_same_case(slice_on(word), log_level_name(*level)))
			return true;
	}
	for (size_t i = 0; i < sizeof(aliases) / sizeof(*aliases); i++) {
		*level = aliases[i].level;
		if (word_same_case(slice_on(word), aliases[i].name))
			return true;
	}
	*level = LOG_INFO;
	return false;
}

/* The daemon goes to / before it turns the file over. */
static char *
full_path(const char *path)
{
	struct text t = { 0 };
	char here[PATH_MAX];
	char *full;

	if (path[0] != '/' && getcwd(here, sizeof(here)) != NULL)
		text_format(&t, "%s/", here);
	text_string(&t, path);
	full = mem_string(text_chars(&t), t.len);
	text_free(&t);
	return full;
}

static bool
open_file(const char *path, struct text *why)
{
	struct stat st;
	/* a named pipe without a reader is told, not waited for */
	int fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NONBLOCK, 0644);

	if (fd < 0) {
		text_format(why, "log file %s: %s", path, strerror(errno));
		return false;
	}
	sink.fd = fd;
	sink.regular = fstat(fd, &st) == 0 && S_ISREG(st.st_mode);
	sink.size = sink.regular ? st.st_size : 0;
	sink.path = full_path(path);
	return true;
}

static bool
destination(const char *word, struct text *why)
{
	if (strcmp(word, "syslog") == 0) {
		system_log_open();
		sink.syslog = true;
		sink.fd = -1;
		return true;
	}
	if (strncmp(word, "file:", 5) == 0)
		return open_file(word + 5, why);
	if (word[0] == '~' && word[1] == '/') {
		struct text path = { 0 };
		const char *home = getenv("HOME");
		bool fine;

		text_format(&path, "%s%s", home == NULL ? "" : home, word + 1);
		fine = open_file(text_chars(&path), why);
		text_free(&path);
		return fine;
	}
	if (word[0] == '/')
		return open_file(word, why);
	return true;
}

/* Both are stderr. */
static bool
is_terminal(const char *word)
{
	return strcmp(word, "stdout") == 0 || strcmp(word, "stderr") == 0 || *word == '\0';
}

bool
sink_is_file(const struct env *s)
{
	const char *word = s->log_destination;

	return s->log_enable &&
	    (word[0] == '/' || strncmp(word, "~/", 2) == 0 || strncmp(word, "file:", 5) == 0);
}

bool
sink_open(const struct env *s, struct text *why)
{
	enum log_level level;
	bool known = level_of(s->log_level, &level);

	if (!s->log_enable) {
		log_to(NULL);
		return true;
	}
	log_at(level);
	for (int i = 0; i < LOG_SOURCES; i++)
		log_source_on((enum log_source)i, s->log_all || s->log_source[i]);
	sink.brief = s->log_short;
	if (!destination(s->log_destination, why))
		return false;
	log_to(write_line);
	if (!known)
		log_say(LOG_WARN, LOG_CONFIGURATION,
		    "log.level \"%s\" is none of FATAL CRITICAL ERROR WARNING INFO DEBUG NOTSET, "
		    "INFO is used",
		    s->log_level);
	if (sink_is_terminal() && !is_terminal(s->log_destination))
		log_say(LOG_WARN, LOG_CONFIGURATION,
		    "log.destination \"%s\" is none, stderr is used", s->log_destination);
	return true;
}

void
sink_close(void)
{
	log_to(NULL);
	if (sink.path != NULL) {
		(void)close(sink.fd);
		mem_free(sink.path);
		sink.path = NULL;
	}
	if (sink.syslog)
		system_log_close();
	sink.syslog = false;
	sink.regular = false;
	sink.fd = STDERR_FILENO;
}

bool
sink_is_terminal(void)
{
	return !sink.syslog && sink.path == NULL;
}
